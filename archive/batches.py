"""One thing done to many pieces at once: seen before it is done, done to all or to none, undone.

Owns the deed, what would come of it, and the lines of the ledger by which it is taken back. Stands
on `moderation` and `publication`, whose rules are asked for each piece. Called by `web.desk_many`.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from archive import claims, ledger, moderation, permission, publication, spreadsheets
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.models.submission import State, Submission
from archive.models.vocabulary import Theme
from archive.refusals import Incomplete, NotAllowed, Refusal, WrongState

COLUMNS = (
    "reference", "state", "kind", "language", "title", "words", "received_on", "themes",
    "assigned_to",
)  # fmt: skip


class Deed(NamedTuple):
    """What is done to each: a theme given or taken, or somebody asked to read it (None: nobody)."""

    verb: str
    theme: Theme | None = None
    person: Person | None = None

    @property
    def about(self) -> str:
        """What it is about, for the ledger."""
        if self.theme is not None:
            return f"theme:{self.theme.slug}"
        return f"person:{self.person.pk if self.person else 0}"


@dataclass
class Outcome:
    """What a deed changes, what it finds done already, and what stands against it."""

    changed: list[Submission] = field(default_factory=list)
    same: list[Submission] = field(default_factory=list)
    refused: list[tuple[Submission, str]] = field(default_factory=list)


def chosen(references: Sequence[str]) -> list[Submission]:
    """The pieces of these references that stand at the desk, in the order of the queue.

    Raises `Incomplete` where there is none, or more than `MANY_AT_ONCE`.
    """
    if len(references) > settings.MANY_AT_ONCE:
        raise Incomplete(
            {
                "piece": [
                    _("These are more than %(most)s. Narrow the list down, and go in steps.")
                    % {"most": settings.MANY_AT_ONCE}
                ]
            }
        )
    rows = Submission.objects.at_the_desk().filter(reference__in=references)
    rows = rows.select_related("current", "handling__assigned_to").prefetch_related("themes")
    found = list(rows)
    if not found:
        raise Incomplete({"piece": [_("Choose the pieces first.")]})
    return found


@transaction.atomic
def foresee(pieces: Sequence[Submission], deed: Deed, *, by: Person) -> Outcome:
    """What would come of it: everything is done, looked at, and taken back."""
    _batch, outcome = _each([(piece, deed) for piece in pieces], by)
    transaction.set_rollback(True)
    return outcome


@transaction.atomic
def do(pieces: Sequence[Submission], deed: Deed, *, by: Person) -> tuple[str, Outcome]:
    """Do it to all of these, or to none; the name by which it can be undone, and what came of it.

    Raises `NotAllowed` with the first sentence that stands against any of them.
    """
    batch, outcome = _each([(piece, deed) for piece in pieces], by)
    if outcome.refused:
        piece, sentence = outcome.refused[0]
        raise NotAllowed(f"{piece.reference}: {sentence}")
    return batch, outcome


@transaction.atomic
def undo(batch: str, *, by: Person) -> tuple[str, Outcome]:
    """Take a batch back where the rules still allow it; what stands otherwise by now stays so.

    Raises `WrongState` where nothing of that name stands in the ledger.
    """
    lines = LedgerEntry.objects.filter(about__startswith=f"batch:{batch} ", verb__startswith="many")
    deeds = {line.piece: _backwards(line) for line in lines}
    if not deeds:
        raise WrongState(_("There is nothing to undo under this name."))
    return _each([(piece, deeds[piece.reference]) for piece in chosen(list(deeds))], by)


@transaction.atomic
def export(pieces: Sequence[Submission], *, by: Person) -> str:
    """What the queue says about these, as CSV: no text, no name, no way to reach anybody."""
    permission.require(by, permission.EDITORS, _("Editors and administrators export pieces."))
    table = spreadsheets.table(COLUMNS, map(_cells, pieces))
    ledger.write_about("export", f"pieces:{len(pieces)}", by=by)
    return table


def _cells(piece: Submission) -> tuple[object, ...]:
    """One piece, by `COLUMNS`."""
    now, reader = piece.current, claims.given_to(piece)
    return (
        piece.reference, piece.state, piece.kind, now.language if now else "",
        now.title if now else "", now.words if now else 0, piece.received_on or "",
        " ".join(theme.slug for theme in piece.themes.all()),
        reader.username if reader else "",
    )  # fmt: skip


def _each(deeds: Sequence[tuple[Submission, Deed]], by: Person) -> tuple[str, Outcome]:
    """Do each of these as far as it is allowed, with a line in the ledger that can be read back."""
    batch, outcome = secrets.token_hex(4), Outcome()
    for piece, deed in deeds:
        before = claims.given_to(piece)
        try:
            changed = _one(piece, deed, by)
        except Refusal as refusal:
            outcome.refused.append((piece, str(refusal)))
            continue
        (outcome.changed if changed else outcome.same).append(piece)
        if changed:
            about = f"batch:{batch} {deed.about}"
            reason = f"person:{before.pk if before else 0}" if deed.verb == "assign" else ""
            ledger.write(f"many {deed.verb}", piece, by=by, about=about, reason=reason)
    return batch, outcome


def _one(piece: Submission, deed: Deed, by: Person) -> bool:
    """Do it to one; whether anything changed."""
    if deed.verb == "assign":
        if claims.given_to(piece) == deed.person:
            return False
        moderation.assign(piece, to=deed.person, by=by)
        return True
    before = list(piece.themes.all())
    after = [theme for theme in before if theme != deed.theme]
    if deed.verb == "tag" and deed.theme is not None:
        after.append(deed.theme)
    if {each.pk for each in before} == {each.pk for each in after}:
        return False
    if len(after) > settings.THEMES_PER_STORY:
        raise Incomplete({"theme": [_("It bears as many themes as a piece may.")]})
    if piece.state == State.PUBLISHED:
        publication.retag(piece, themes=after, by=by)
    else:
        moderation.tag(piece, after, by=by)
    return True


def _backwards(line: LedgerEntry) -> Deed:
    """The deed that takes one line back. Raises `WrongState` where its theme or person has gone."""
    verb, about = line.verb.removeprefix("many "), line.about.partition(" ")[2]
    if verb == "assign":
        number = int(line.reason.removeprefix("person:") or 0)
        return Deed("assign", person=Person.objects.filter(pk=number, is_active=True).first())
    theme = Theme.objects.filter(slug=about.removeprefix("theme:")).first()
    if theme is None:
        raise WrongState(_("The theme that this was about is no longer there."))
    return Deed("untag" if verb == "tag" else "tag", theme=theme)
