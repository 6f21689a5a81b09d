"""Keeps the index true to the database: what is owed, paid, rebuilt, and by which jobs.

The debt is in the row itself, raised in the transaction that changes it. A failing index blocks no
publication and no withdrawal: it stays owed, and the worker pays.
"""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from archive import jobs
from archive.catalogue.describing import BATCH, describe, families
from archive.models.story import Story
from search import index
from search.document import Document
from search.index import IndexUnavailable
from search.query import Query

logger = logging.getLogger(__name__)

CALENDAR_DAYS = 7  # a worker may have slept for so long, and still notices what came due


def owe(story: Story) -> None:
    """Say, in the caller's transaction, that the index must hear of this story; tried on commit."""
    owe_all([story])


def owe_all(stories: Iterable[Story]) -> None:
    """The same for many stories, tried once."""
    for some in _in_batches([story.pk for story in stories]):
        Story.objects.filter(pk__in=some).update(index_debt=F("index_debt") + 1)
    _on_commit(settle)


def forget(story: Story) -> None:
    """Say that this story is about to be no more: out of the index now, its bytes with a rebuild."""
    key = story.public_id
    # A translation shares the entry that is about to go.
    owe_all(Story.objects.in_families([story.root_id]))
    jobs.enqueue("catalogue.drop", key=key, payload={"key": key})
    jobs.enqueue("catalogue.rebuild")
    _on_commit(lambda: index.drop([key]))


def settle() -> int:
    """Pay what the index owes; how many stories it heard of. Raises `IndexUnavailable`.

    Under a lock, so that an older text never overtakes a newer one. A story that changes meanwhile
    has a higher debt than the one that was read, and stays owed.
    """
    paid = 0
    if not Story.objects.filter(index_debt__gt=0).exists():
        return paid
    with _alone():
        while owed := list(Story.objects.filter(index_debt__gt=0).order_by("pk")[:BATCH]):
            roots = {story.root_id for story in owed}
            shown = list(families(Story.objects.public().in_families(roots)))
            public = {story.pk for story in shown}
            index.drop([story.public_id for story in owed if story.pk not in public])
            index.put(map(describe, shown))
            _mark_paid({story.pk: story.index_debt for story in owed})
            paid += len(owed)
    return paid


def ensure() -> None:
    """See to it that there is an index; the engine makes none by itself, lest a lost one be
    mistaken for an empty archive. Called where an archive is set up."""
    try:
        index.find(Query(limit=0, facets=()))
    except IndexUnavailable:
        rebuild()


def rebuild(progress: Callable[[int, int], None] | None = None) -> int:
    """Build the index beside the one in use, from everything public, and switch; how many stories.

    `progress` is called with (done, total).
    """
    with _alone():
        stories = families(Story.objects.public())
        total = stories.count()
        debts = dict(Story.objects.filter(index_debt__gt=0).values_list("pk", "index_debt"))

        def documents() -> Iterator[Document]:
            for done, story in enumerate(stories.iterator(chunk_size=BATCH), start=1):
                yield describe(story)
                if progress:
                    progress(done, total)

        index.rebuild(documents())
        _mark_paid(debts)
    return total


def _mark_paid(debts: dict[int, int]) -> None:
    """Nothing is owed any more for these stories, unless one has changed since it was read."""
    by_debt: dict[int, list[int]] = {}
    for pk, debt in debts.items():
        by_debt.setdefault(debt, []).append(pk)
    with transaction.atomic():
        for debt, pks in by_debt.items():
            for some in _in_batches(pks):
                Story.objects.filter(pk__in=some, index_debt=debt).update(index_debt=0)


def _in_batches(pks: list[int]) -> Iterator[list[int]]:
    """Keys for one statement after the other: databases count the variables of each."""
    for start in range(0, len(pks), BATCH):
        yield pks[start : start + BATCH]


@jobs.every("catalogue.settle", hours=1 / 60)
def _settle_job(_payload: dict[str, str]) -> None:
    ensure()
    settle()


@jobs.every("catalogue.calendar", hours=1 / 4)
def _calendar_job(_payload: dict[str, str]) -> None:
    """Owe what begins or ceases to be public by its date alone: nobody touches its row that day.

    Looks back over `CALENDAR_DAYS`; whoever had no worker for longer runs `reindex`.
    """
    today = timezone.localdate()
    first, day = today - timedelta(days=CALENDAR_DAYS), timedelta(days=1)
    begun = Q(visible_from__gt=F("published_on"), visible_from__range=(first, today))
    ended = Q(visible_until__range=(first - day, today - day))
    owe_all(Story.objects.filter(begun | ended, withdrawn=False))


@jobs.handles("catalogue.drop")
def _drop_job(payload: dict[str, str]) -> None:
    index.drop([payload["key"]])


@jobs.handles("catalogue.rebuild")
def _rebuild_job(_payload: dict[str, str]) -> None:
    rebuild()


def _on_commit(tell: Callable[[], object]) -> None:
    """Once, on commit. What fails stays owed, and the worker pays it: publishing never fails here."""

    def attempt() -> None:
        try:
            tell()
        except (IndexUnavailable, OSError) as problem:
            logger.warning("The index was not told (%s); the worker will", type(problem).__name__)

    transaction.on_commit(attempt)


@contextmanager
def _alone() -> Iterator[None]:
    """One process and thread at a time reads what is owed and tells the index."""
    with open(settings.DATA_DIR / "catalogue.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
