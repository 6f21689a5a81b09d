"""How long contributors wait for their first answer, as measured.

Reads the ledger, writes nothing. Shown on the receipt page, so that the promise stands beside what
is kept of it.
"""

from __future__ import annotations

import statistics
from datetime import timedelta

from django.utils import timezone

from archive.models.review import LedgerEntry

LOOK_BACK = timedelta(days=90)
FEWEST = 5  # fewer would tell of single pieces
_ANSWERS = ("ask", "accept", "decline", "refer")


def usual_days() -> int | None:
    """Days from sending to the first word of the desk, in the middle; None while too few are known."""
    since = timezone.now() - LOOK_BACK
    lines = LedgerEntry.objects.filter(at__gte=since, verb__in=("send", *_ANSWERS)).order_by("pk")
    sent: dict[str, int] = {}
    waited: dict[str, int] = {}
    for piece, verb, at in lines.values_list("piece", "verb", "at"):
        day = timezone.localtime(at).toordinal()
        if verb == "send":
            sent[piece] = day
        elif piece in sent:
            waited.setdefault(piece, day - sent[piece])
    return round(statistics.median(waited.values())) if len(waited) >= FEWEST else None
