"""Work owed, as leased rows in the archive's own database.

Owns the queue: asking for work (`enqueue`), saying who does it (`handles`, `every`) and doing it
(`run_one`, `run_due`). Stages call `enqueue` inside their own transaction, so that the work is
owed exactly if what it follows from was committed. `archive.worker` runs the loop. A job never
carries content, only ids.

What is promised, and how:

* *At least once.* A row is leased, worked on outside any transaction of ours, and deleted at the
  end. A worker that dies leaves its lease behind, and whoever comes after it runs out takes the
  row again. Handlers must therefore bear being run twice: they ask the database what is still
  owed rather than believing the job.
* *The lease.* It lasts `JOB_LEASE_SECONDS` and is renewed by a heartbeat at every quarter of that
  for as long as the handler runs, however long that is. A worker whose lease was lost all the same
  (it slept, the machine was suspended) cannot end the job: it no longer holds the token.
* *One row for each (kind, key).* Asking again while it waits makes no second row; asking while it
  runs makes it run once more afterwards. The newest word counts: payload and time are the last
  ones given, attempts begin again, and a job that was given up is revived.
* *Back-off.* A handler that raises is tried again after 10 s, 20 s, 40 s … up to an hour, each
  spread by half either way, and given up after `JOB_ATTEMPTS`. The row then stays, visible.

Written by hand because nothing at hand survives `kill -9` on SQLite with one small process
(dependencies.md has the trials).
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from archive.discretion import where
from archive.models.work import Job

logger = logging.getLogger(__name__)

Payload = Mapping[str, Any]
Handler = Callable[[dict[str, Any]], None]

FIRST_RETRY = 10  # seconds; doubled with each attempt
LONGEST_RETRY = 3600  # seconds; a mail server that is down for a night is asked hourly

_handlers: dict[str, Handler] = {}
_recurring: dict[str, timedelta] = {}


class UnknownKind(LookupError):
    """No handler is registered for a kind of work; a newer or an older release asked for it."""


class WorkerDied(RuntimeError):
    """The lease ran out too often: each worker that took the job vanished while doing it."""


# --- asking ------------------------------------------------------------------------------------


def enqueue(
    kind: str, key: str = "", payload: Payload | None = None, run_at: datetime | None = None
) -> None:
    """Owe a piece of work, in the caller's transaction.

    `payload` holds ids only (JSON). `key` says what the work is about; left empty, the payload
    says it, so that the same work asked for twice is one job and different work is two.
    `run_at` is the earliest moment (aware); now, if left out.
    """
    given = dict(payload or {})
    Job.objects.bulk_create(
        [
            Job(
                kind=kind,
                key=key or _key_of(given),
                payload=given,
                ticket=secrets.token_hex(16),
                run_at=run_at or timezone.now(),
            )
        ],
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["payload", "ticket", "run_at", "attempts", "failed_at", "last_error"],
    )


def _key_of(payload: Payload) -> str:
    if not payload:
        return ""
    canonical = json.dumps(payload, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


# --- who does it -------------------------------------------------------------------------------


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does this kind of work: payload in, nothing out."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def every(kind: str, *, hours: float) -> Callable[[Handler], Handler]:
    """Register work that the worker does by itself, the first time soon, then every `hours`.

    It never gives up: after a failure it is tried again with the usual back-off, at the latest
    when its time comes round.
    """
    _recurring[kind] = timedelta(hours=hours)
    return handles(kind)


def plan_recurring() -> None:
    """Make sure that each recurring kind has its row; called by the worker when it starts."""
    Job.objects.bulk_create(
        [Job(kind=kind, ticket=secrets.token_hex(16)) for kind in sorted(_recurring)],
        ignore_conflicts=True,
    )


# --- doing it ----------------------------------------------------------------------------------


def run_due(limit: int = 100) -> int:
    """Run what is due, oldest first, at most `limit` jobs; how many were run."""
    count = 0
    while count < limit and run_one():
        count += 1
    return count


def run_one() -> bool:
    """Lease and run the oldest job that is due; False when there is none.

    Never raises for what a handler does: its failure is written into the row.
    """
    job = _lease()
    if job is None:
        return False
    started = time.monotonic()
    try:
        _refuse_deadly(job)
        with _heartbeat(job):
            _handler_of(job.kind)(job.payload)
    except Exception as problem:
        _put_back(job, problem)
    else:
        _finish(job)
        # What comes round every minute would drown the rest.
        level = logging.DEBUG if job.kind in _recurring else logging.INFO
        logger.log(level, "%s done in %.1f s", job, time.monotonic() - started)
    return True


def _handler_of(kind: str) -> Handler:
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(kind) from None


def _due() -> QuerySet[Job]:
    """Open rows whose time has come and that nobody holds."""
    now = timezone.now()
    return Job.objects.filter(
        Q(leased_until=None) | Q(leased_until__lte=now), failed_at=None, run_at__lte=now
    ).order_by("run_at", "pk")


def _lease() -> Job | None:
    """Take the oldest due row for ourselves, or nothing.

    The look before the transaction keeps an idle worker from taking SQLite's write lock twice a
    second. Inside it, SQLite's IMMEDIATE transaction lets one worker at a time choose; PostgreSQL
    passes over rows that another worker is choosing.
    """
    if not _due().exists():
        return None
    with transaction.atomic():
        due = _due()
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        job = due.first()
        if job is None:
            return None
        job.lease_token = secrets.token_hex(16)
        job.leased_until = _lease_end()
        # Counted when taken, not when it fails: a job that kills its worker must run out too.
        job.attempts += 1
        job.save(update_fields=["lease_token", "leased_until", "attempts"])
    return job


def _refuse_deadly(job: Job) -> None:
    """Raise `WorkerDied` where a job was taken more often than it may fail."""
    if job.attempts > settings.JOB_ATTEMPTS and job.kind not in _recurring:
        raise WorkerDied


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _held(job: Job) -> QuerySet[Job]:
    """The row, as long as the lease is still ours."""
    return Job.objects.filter(pk=job.pk, lease_token=job.lease_token)


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    """Renew the lease from a thread of its own for as long as the work takes."""
    ended = threading.Event()
    thread = threading.Thread(target=_beat, args=(job, ended), name=f"lease of {job}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _beat(job: Job, ended: threading.Event) -> None:
    try:
        while not ended.wait(settings.JOB_LEASE_SECONDS / 4):
            try:
                _held(job).update(leased_until=_lease_end())
            except Exception as problem:  # the database is busy: three more beats fit in the lease
                logger.warning("%s: heartbeat missed (%s)", job, type(problem).__name__)
    finally:
        connection.close()  # this thread's own


def _finish(job: Job) -> None:
    """Take the row away; or put it back, if it was asked for again or comes round by itself."""
    with transaction.atomic():
        asked_once = _held(job).filter(ticket=job.ticket)
        period = _recurring.get(job.kind)
        if period is not None:
            asked_once.update(run_at=timezone.now() + period)
        elif asked_once.delete()[0]:
            return
        _held(job).update(leased_until=None, lease_token="", attempts=0, last_error="")


def _put_back(job: Job, problem: Exception) -> None:
    """Write down that it failed, by the name of the error alone, and when to try again."""
    name = type(problem).__name__
    delay = _delay(job)
    given_up = job.attempts >= settings.JOB_ATTEMPTS and job.kind not in _recurring
    now = timezone.now()
    with transaction.atomic():
        # Asked for again while it ran: that request counts from the beginning, and at once.
        _held(job).filter(ticket=job.ticket).update(
            run_at=now + timedelta(seconds=delay), failed_at=now if given_up else None
        )
        _held(job).update(leased_until=None, lease_token="", last_error=name[:100])
    after = "given up" if given_up else f"again in {delay:.0f} s"
    logger.warning("%s failed with %s at %s; %s", job, name, where(problem), after)


def _delay(job: Job) -> float:
    """Seconds until the next attempt, spread so that what failed together returns apart."""
    longest = float(LONGEST_RETRY)
    if job.kind in _recurring:
        longest = min(longest, _recurring[job.kind].total_seconds())
    # The exponent is bounded: recurring work may fail a thousand times.
    return min(FIRST_RETRY * 2 ** min(job.attempts - 1, 16), longest) * random.uniform(0.5, 1.5)  # noqa: S311


# --- looking -----------------------------------------------------------------------------------


def waiting() -> QuerySet[Job]:
    """Jobs that are still owed, for the desk's morning page."""
    return Job.objects.filter(failed_at=None)


def given_up() -> QuerySet[Job]:
    """Jobs that failed too often; asking for the same work again revives them."""
    return Job.objects.exclude(failed_at=None)
