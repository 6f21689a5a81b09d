"""Erasing as its contributor asks for it: hidden at once, erased some days later, or at once.

Owns the waiting time, in which a stolen code can be undone (safety.md G8), and the forgetting of
drafts that nobody came back to. `publication.erase` does the erasing itself; here it is decided
when. Called by `web.share_receipt` and, every hour, by the worker.
"""

from __future__ import annotations

import datetime
import logging
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from archive import jobs, ledger, moves, publication
from archive.actors import SYSTEM, Contributor
from archive.models.submission import Draft, State, Submission, SubmissionQuerySet

logger = logging.getLogger(__name__)


@transaction.atomic
def ask(submission: Submission, *, by: Contributor) -> datetime.date:
    """Hide a piece now and erase it on the day that is given back; `publication.restore` undoes it.

    The day begins when the waiting time is over, so that no row tells the hour of the asking (H8).
    """
    piece = Submission.objects.locked(submission)
    moves.check("erase", piece, by)
    if piece.state != State.WITHDRAWN:
        publication.withdraw(piece, by=by)
        piece = Submission.objects.locked(submission)
    over = timezone.localtime() + datetime.timedelta(days=settings.ERASE_AFTER_DAYS)
    piece.erase_on = over.date() + datetime.timedelta(days=1)
    piece.save(update_fields=["erase_on"])
    ledger.write("ask erasure", piece, by=by)
    return piece.erase_on


@transaction.atomic
def keep(submission: Submission, *, by: Contributor) -> Submission:
    """Think better of it: the piece stays hidden and is not erased."""
    piece = Submission.objects.locked(submission)
    moves.check("restore", piece, by)
    piece.erase_on = None
    piece.save(update_fields=["erase_on"])
    ledger.write("keep", piece, by=by)
    return piece


def at_once(submission: Submission, *, by: Contributor) -> None:
    """Erase now, whatever was asked before: somebody may be in danger."""
    publication.erase(submission, by=by)
    jobs.enqueue("erasing.scrub")


@jobs.every("erasing.due", hours=1)
def erase_due(payload: dict[str, Any]) -> None:
    """Erase what is due today, and drafts that were left alone for a year."""
    today = timezone.localdate()
    left = today - datetime.timedelta(days=settings.DRAFT_KEPT_DAYS)
    alone = Draft.objects.filter(submission__state=State.DRAFT, kept_on__lt=left)
    due = Submission.objects.filter(
        Q(state=State.WITHDRAWN, erase_on__lte=today) | Q(pk__in=alone.values("submission"))
    )
    erased = sum(_erase_if_still(due, pk) for pk in list(due.values_list("pk", flat=True)))
    if erased:
        jobs.enqueue("erasing.scrub")
        logger.info("erased %d pieces that were due", erased)


@transaction.atomic
def _erase_if_still(due: SubmissionQuerySet, pk: int) -> bool:
    """Asked again behind the lock: its contributor may have thought better of it in this moment."""
    piece = due.held().filter(pk=pk).first()
    if piece is not None:
        publication.erase(piece, by=SYSTEM)
    return piece is not None


@jobs.handles("erasing.scrub")
def scrub(payload: dict[str, Any]) -> None:
    """Empty SQLite's write-ahead log, where the overwritten pages would still be read (G5)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
