"""Counts the searches that found nothing, so that editors can teach the archive their words.

Owns the table of missed words: words only, dated to the day, dropped after `MISSES_KEPT_DAYS`, not
shown below `MISSES_SHOWN_FROM`, for a rare search may be somebody's name. Called by the catalogue
when it finds nothing, by the desk, and by an erasure, which takes the names of its piece from here.
What strangers search for after that is counted as any other word: to know a name that must not be
written, one would have to keep it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from archive import jobs
from archive.models.missed import Missed

logger = logging.getLogger(__name__)


def count(words: str) -> None:
    """One more search for these words that found nothing. Never fails a reader's search."""
    asked = " ".join(words.casefold().split())[:200]
    today = timezone.localdate()
    try:
        with transaction.atomic():
            if Missed.objects.filter(words=asked, day=today).update(count=F("count") + 1):
                return
            if Missed.objects.filter(day=today).count() < settings.MISSES_A_DAY:
                Missed.objects.get_or_create(words=asked, day=today)
    except DatabaseError as problem:
        logger.warning("A missed search was not counted (%s)", type(problem).__name__)


def often() -> QuerySet[Missed, Any]:
    """`words` and `times`, most often first, of what was missed often enough to be nobody's secret."""
    return (
        Missed.objects.order_by()
        .values("words")
        .annotate(times=Sum("count"))
        .filter(times__gte=settings.MISSES_SHOWN_FROM)
        .order_by("-times", "words")
    )


def forget(names: Iterable[str]) -> None:
    """Drop every search that has one of these names, or a part of one, in it."""
    parts = {part for name in names for part in _words(name) if len(part) > 2}
    if parts:
        missed = Missed.objects.values_list("pk", "words")
        rows = [pk for pk, words in missed.iterator() if parts & _words(words)]
        Missed.objects.filter(pk__in=rows).delete()


def _words(said: str) -> set[str]:
    return set(re.findall(r"\w+", said.casefold()))


@jobs.every("misses.forget", hours=24)
def _forget(_payload: dict[str, str]) -> None:
    oldest = timezone.localdate() - timedelta(days=settings.MISSES_KEPT_DAYS)
    Missed.objects.filter(day__lt=oldest).delete()
