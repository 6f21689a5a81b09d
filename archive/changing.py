"""What contributors change after sending: their consent, and what the desk has changed in their words.

Narrowing is in force at once, on every surface. What goes beyond before becomes a `Wish`, which
somebody at the desk reads first. Stands on `publication`, which alone writes stories. Called by the
pages of the receipt and, for wishes, by the desk.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive import (
    consent,
    languages,
    ledger,
    likeness,
    moves,
    publication,
    safeguards,
    sealing,
    text,
    tidings,
    tombstones,
)
from archive.actors import SYSTEM, Contributor
from archive.models.person import Person
from archive.models.submission import (
    Consent,
    Contact,
    Enclosure,
    Revision,
    State,
    Submission,
    Wish,
)
from archive.refusals import WrongState

Choices = Mapping[str, Any]  # field of Consent -> value


@dataclass(frozen=True)
class Outcome:
    """What a change led to. `waits` names the choices that somebody must read first."""

    waits: tuple[str, ...]
    hidden: bool = False  # nobody but the team may read it now


@transaction.atomic
def change(
    submission: Submission,
    choices: Choices,
    *,
    wording: str,
    photos: Mapping[int, str] | None = None,
    names: Mapping[str, str] | None = None,
    by: Contributor,
) -> Outcome:
    """Take a whole new set of choices: what narrows is in force now, what widens becomes a wish.

    `photos` maps an enclosure's key to how it may be shown; `names` and "email" in it replace what
    lies under seal.
    """
    piece = Submission.objects.locked(submission)
    moves.check("consent", piece, by)
    before = piece.consent_in_force
    now, wider = split({name: _in_force(before, name) for name in choices}, choices)
    photos_wider = _narrow_photos(piece, photos or {}, allowed=before.photos_published)
    _seal(piece, names or {})
    _write(piece, before, now, wording)
    Wish.objects.filter(submission=piece).delete()
    if wider or photos_wider:
        _wish(piece, wider, photos_wider, wording)
    ledger.write("consent", piece, by=by)
    hidden = _bring_into_force(piece, by)
    tombstones.narrow(tombstones.piece(piece.reference), consent=before.number + 1)
    return Outcome((*wider, *(("photos",) if photos_wider else ())), hidden)


@transaction.atomic
def widen(submission: Submission, *, by: Person) -> Submission:
    """Put a contributor's wish in force, after somebody at the desk has read it."""
    piece = Submission.objects.locked(submission)
    moves.check("widen", piece, by)
    safeguards.demand_no_conflict("widen", piece, by)
    wish = Wish.objects.filter(submission=piece).first()
    if wish is None:
        raise WrongState(_("The contributor wishes nothing beyond what is allowed already."))
    for row in piece.enclosures.filter(pk__in=[int(key) for key in wish.photos]):
        row.shown = wish.photos[str(row.pk)]
        row.save(update_fields=["shown"])
    asked = {**wish.choices, "public_from": _day(wish.choices.get("public_from"))}
    asked = {name: value for name, value in asked.items() if name in wish.choices}
    _write(piece, piece.consent_in_force, asked, wish.wording)
    wish.delete()
    ledger.write("widen", piece, by=by)
    tidings.owe("widen", piece)
    _bring_into_force(piece, SYSTEM)
    return piece


def wished(piece: Submission) -> list[str]:
    """What a contributor wishes beyond what is in force, in sentences; empty where nothing waits."""
    wish: Wish | None = getattr(piece, "wish", None)  # with the row, where a page asked for it
    if wish is None:
        return []
    now = copy.copy(piece.consent_in_force)  # the page reads the real one too
    before = set(consent.sentences(now))
    for name, value in wish.choices.items():
        setattr(now, name, _day(value) if name == "public_from" else value)
    said = [sentence for sentence in consent.sentences(now) if sentence not in before]
    if "public_from" in wish.choices and now.public_from is None:
        said.append(_("Without waiting for a day."))
    if wish.photos:
        said.append(_("More of its photographs may be published."))
    return said


@transaction.atomic
def leave_narrow(submission: Submission, *, by: Person) -> None:
    """Lay a wish aside; what was allowed before stays in force."""
    piece = Submission.objects.locked(submission)
    moves.check("leave narrow", piece, by)
    safeguards.demand_no_conflict("leave narrow", piece, by)
    if not Wish.objects.filter(submission=piece).delete()[0]:
        raise WrongState(_("The contributor wishes nothing beyond what is allowed already."))
    ledger.write("leave narrow", piece, by=by)


# --- words that the desk has changed ------------------------------------------------------------


def to_agree(piece: Submission) -> tuple[Revision, Revision] | None:
    """(what the contributor knows, what waits for their word); None where nothing waits."""
    now = piece.current
    if now is None or consent.agreed(piece.consent_in_force, now, piece.agreed_version or 0):
        return None
    known = piece.revisions.filter(number__lte=piece.agreed_version or 0).last()
    own = piece.revisions.filter(made_by=None).order_by("number").last()
    candidates = [each for each in (known, own) if each is not None]
    return max(candidates, key=lambda each: each.number, default=now), now


@transaction.atomic
def agree(submission: Submission, *, version: int, by: Contributor) -> None:
    """The contributor has read this version and agrees. Raises `WrongState` where it is another."""
    piece = _at_version(submission, version)
    moves.check("agree", piece, by)
    piece.agreed_version = version
    piece.save(update_fields=["agreed_version"])
    ledger.write("agree", piece, by=by)


@transaction.atomic
def put_back(submission: Submission, *, version: int, by: Contributor) -> None:
    """The contributor wants their own words: a new version, which must be accepted again."""
    piece = _at_version(submission, version)
    moves.check("object", piece, by)
    pair = to_agree(piece)
    if pair is None:
        raise WrongState(_("Nothing waits for your word."))
    known, now = pair
    kept = {name: getattr(now, name) for name in _ALL}
    words = {name: getattr(known, name) for name in _WORDS}
    piece.current = Revision.objects.create(
        submission=piece, number=now.number + 1, reason="put back", **{**kept, **words}
    )
    piece.agreed_version = piece.current.number
    piece.save(update_fields=["current", "agreed_version"])
    ledger.write("object", piece, by=by)


_WORDS = ("title", "summary", "body", "pull_quotes")
_ALL = (
    *_WORDS, "language", "place", "place_text", "year_from", "year_to", "season", "content_notes",
)  # fmt: skip


def _at_version(submission: Submission, version: int) -> Submission:
    piece = Submission.objects.locked(submission)
    if piece.version != version:
        raise WrongState(_("It has changed since you opened this page. Please read it again."))
    return piece


# --- which of two choices is the narrower -------------------------------------------------------

_ORDER: dict[str, tuple[str, ...]] = {
    "name_shown": ("none", "chosen", "first", "full"),
    "place_shown": ("none", "state", "city"),
    "date_shown": ("none", "year", "season"),
    "audience": ("team", "review", "public"),
    "keep_for": ("year", "five", "until"),
}
# Theirs alone to say: nobody else reads more because of it.
_FREE = ("contact_ok",)


def split(before: Choices, after: Choices) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what is in force now, what is wider than before), field by field."""
    now: dict[str, Any] = {}
    wider: dict[str, Any] = {}
    for name, value in after.items():
        narrow = _narrower(name, before[name], value)
        now[name] = narrow
        if narrow != value:
            wider[name] = value
    return now, wider


def _narrower(name: str, before: Any, after: Any) -> Any:
    if name in _FREE:
        return after
    if name == "uses":
        return [code for code in after if code in before]
    if name == "public_from":
        return max(filter(None, (before, after)), default=None)
    if name == "editing":
        return before if after == Consent.Editing.SPELLING else after
    if name in _ORDER:
        return min(before, after, key=_ORDER[name].index)
    return before and after


# --- inside -------------------------------------------------------------------------------------


def _in_force(before: Consent, name: str) -> Any:
    """A choice as it works today: a day that has come holds nothing back any more."""
    value = getattr(before, name)
    return None if name == "public_from" and value and value <= timezone.localdate() else value


def _write(piece: Submission, before: Consent, changed: Choices, wording: str) -> None:
    """The next consent: as before, but for what was changed and what its photographs say by now."""
    fields = {
        field.name: getattr(before, field.name)
        for field in Consent._meta.concrete_fields
        if field.name not in ("id", "submission", "number", "given_on", "wording", "language")
    }
    given = {
        "wording_version": consent.WORDING_VERSION,
        "method": Consent.Method.WEB,
        "photos_published": likeness.any_shown(piece.enclosures.all()),
    }
    Consent.objects.create(
        submission=piece,
        number=before.number + 1,
        wording=wording,
        language=languages.spoken(),
        **{**fields, **given, **changed},
    )


def _wish(
    piece: Submission, wider: Mapping[str, Any], photos: Mapping[int, str], wording: str
) -> None:
    day = wider.get("public_from")
    choices = {**wider, "public_from": day.isoformat() if day else None}
    Wish.objects.create(
        submission=piece,
        choices={name: choices[name] for name in wider},
        photos={str(key): value for key, value in photos.items()},
        wording=wording,
        wording_version=consent.WORDING_VERSION,
        language=languages.spoken(),
    )


def _day(written: Any) -> datetime.date | None:
    return datetime.date.fromisoformat(written) if written else None


_SHOWN = (Enclosure.Shown.NO, Enclosure.Shown.BLURRED, Enclosure.Shown.YES)


def _narrow_photos(
    piece: Submission, wanted: Mapping[int, str], *, allowed: bool
) -> dict[int, str]:
    """Narrow each photograph now; what is wider is given back.

    Where no photograph was `allowed`, each of them says so from now on.
    """
    if not allowed:
        piece.enclosures.update(shown=Enclosure.Shown.NO)
    wider = {}
    for row in piece.enclosures.filter(pk__in=list(wanted)):
        asked = Enclosure.Shown(wanted[row.pk])
        if _SHOWN.index(asked) > _SHOWN.index(Enclosure.Shown(row.shown)):
            wider[row.pk] = str(asked)
        elif asked != row.shown:
            row.shown = asked
            row.save(update_fields=["shown"])
    return wider


def _seal(piece: Submission, given: Mapping[str, str]) -> None:
    """Replace names or address where new ones were given; empty ones leave what is there."""
    new = {name: text.one_line(value) for name, value in given.items() if value.strip()}
    if not new:
        return
    row = Contact.objects.filter(submission=piece).first() or Contact(submission=piece)
    before = sealing.unseal(row.sealed) if row.sealed else {}
    row.sealed = sealing.seal({**before, **new})
    row.save()


def _bring_into_force(piece: Submission, by: Contributor | Any) -> bool:
    """Let every surface follow the newest consent; whether the piece had to be hidden for it."""
    if piece.state != State.PUBLISHED:
        return False
    if consent.may_publish(piece.consent_in_force):
        publication.reconsider(piece, by=by)
        return False
    publication.withdraw(piece, by=by)
    return True
