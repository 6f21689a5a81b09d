"""Who at the desk has a piece just now, and whom it was given to.

Ground floor: one sentence for every stage that changes what somebody may be reading.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from archive.models.person import Person
from archive.models.submission import Submission
from archive.refusals import NotAllowed


def demand_free(piece: Submission, by: Person) -> None:
    """Raise `NotAllowed` while another person has claimed it."""
    if sentence := said_to(piece, by):
        raise NotAllowed(sentence)


def said_to(piece: Submission, person: Person) -> str:
    """Who else is reading it and how long; "" where this person may go on."""
    if not piece.claimed or piece.claimed_by_id == person.pk:
        return ""
    holder, until = piece.claimed_by, piece.claimed_until
    return _(
        "%(person)s is reading this piece until %(time)s, so choose another one, or ask them."
    ) % {
        "person": holder.shown if holder else "",
        "time": time_format(timezone.localtime(until)),
    }


def given_to(piece: Submission) -> Person | None:
    """Whom a colleague asked to read it; others may read it too."""
    handling = getattr(piece, "handling", None)
    return handling.assigned_to if handling else None
