"""Writes the ledger: one row for every verb, in the transaction of that verb.

Ground floor; called by the stages alone. Never holds a word of a story, a name or an address.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from archive.actors import Actor
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.models.submission import Submission


def write(
    verb: str, submission: Submission, *, by: Actor, reason: str = "", about: str = ""
) -> None:
    """Record that `by` did `verb` to this piece; `about` names what else it was about."""
    write_all(verb, [submission], by=by, reason=reason, about=about)


def write_about(verb: str, about: str, *, by: Actor, reason: str = "") -> None:
    """Record that `by` did `verb` to something that is no piece: "theme:visits", "person:7"."""
    LedgerEntry.objects.create(
        at=timezone.localtime(),
        verb=verb,
        about=about[:100],
        actor_role=by.role,
        actor=by if isinstance(by, Person) else None,
        reason=reason,
    )


def write_all(
    verb: str,
    submissions: Iterable[Submission],
    *,
    by: Actor,
    reason: str = "",
    about: str = "",
) -> None:
    """The same for many pieces, a row for each.

    What a contributor does is dated to the day only: a minute can tell who was at a keyboard
    (safety.md H8). The order is kept by the row's number.
    """
    now = timezone.localtime()
    if by.role == "contributor":
        now = now.replace(hour=0, minute=0, second=0, microsecond=0)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            at=now,
            verb=verb,
            piece=submission.reference,
            version=submission.version or None,
            actor_role=by.role,
            actor=by if isinstance(by, Person) else None,
            reason=reason,
            about=about,
        )
        for submission in submissions
    )
