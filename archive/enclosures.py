"""What is done with enclosed photographs before they are public: order, words, covers, left out.

Owns everything that is said about a photograph and which parts of it are covered. Called by
`web.desk_enclosures`. Never shows a photograph to anybody: that is publication's, which lets none
through that lacks something (`likeness`).

Every verb is atomic, takes the acting person as `by=` and writes its ledger row; what hangs in
public is not changed under its readers' eyes: it is taken down first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from archive import enclosing, ledger, likeness, pairing, safeguards, tombstones
from archive.models.person import Person
from archive.models.submission import Enclosure, Submission
from archive.refusals import Incomplete, WrongState


@dataclass(frozen=True)
class Words:
    """What is said about one photograph. `recognisable` is a code of `Enclosure.Recognisable`."""

    alt: str = ""
    decorative: bool = False
    caption: str = ""
    credit: str = ""
    transcript: str = ""
    sitter: str = ""
    recognisable: str = ""


@dataclass(frozen=True)
class Place:
    """Where one photograph stands: `position` orders, `plate` pairs a portrait with its page."""

    position: int
    part: str = Enclosure.Part.PICTURE
    plate: int | None = None


@transaction.atomic
def describe(submission: Submission, enclosure: int, words: Words, *, by: Person) -> Enclosure:
    """Write the words of a photograph, and who can be recognised on it.

    What hangs keeps its old words until the piece is published again. Raises `Incomplete` for an
    answer that is none.
    """
    piece = _taken_up("describe", submission, by)
    row = _row(piece, enclosure)
    if words.recognisable not in ("", *Enclosure.Recognisable.values):
        raise Incomplete({"recognisable": [_("Choose one of the answers.")]})
    enclosing.say(row, vars(words))
    row.decorative, row.recognisable = words.decorative, words.recognisable
    row.save()
    return _put_down("describe", piece, row, by=by)


@transaction.atomic
def arrange(submission: Submission, places: Mapping[int, Place], *, by: Person) -> list[Enclosure]:
    """Order all photographs, and pair portraits with pages; `places` is by the enclosure's key.

    Equal positions keep the order they had. Raises `Incomplete` where two portraits, or two pages,
    share a plate.
    """
    piece = _taken_up("arrange", submission, by)
    rows = list(piece.enclosures.all())
    if any(row.picture_id for row in rows):
        raise _hanging()
    if set(places) != {row.pk for row in rows}:
        raise Incomplete({"": [_("The photographs have changed. Load the page, then order them.")]})
    _refuse_crowded(places.values())
    rows.sort(key=lambda row: (places[row.pk].position, row.position, row.pk))
    for position, row in enumerate(rows):
        row.position = position
        row.part, row.plate = places[row.pk].part, places[row.pk].plate
    Enclosure.objects.bulk_update(rows, ["position", "part", "plate"])
    ledger.write("arrange", piece, by=by)
    return rows


@transaction.atomic
def cover(
    submission: Submission, enclosure: int, regions: Iterable[Mapping[str, Any]], *, by: Person
) -> Enclosure:
    """Replace the covered parts of a photograph, until it is public; see `enclosing.cover`."""
    piece = _taken_up("cover", submission, by)
    row = _row(piece, enclosure)
    if row.picture_id:
        raise _hanging()
    enclosing.cover(row, regions)
    _put_down("cover", piece, row, by=by)
    covers = tombstones.sum_of(row.photo.redactions)
    tombstones.narrow(tombstones.photograph(row.photo.name), covers=covers)
    return row


@transaction.atomic
def leave_out(submission: Submission, enclosure: int, *, by: Person) -> Enclosure:
    """Keep a photograph out of what is published, and what stands on its plate with it."""
    return _withhold("leave out", submission, enclosure, withheld=True, by=by)


@transaction.atomic
def take_in(submission: Submission, enclosure: int, *, by: Person) -> Enclosure:
    """Undo `leave_out`, for the whole plate; it is public with the next publication."""
    return _withhold("take in", submission, enclosure, withheld=False, by=by)


def _withhold(
    verb: str, submission: Submission, enclosure: int, *, withheld: bool, by: Person
) -> Enclosure:
    piece = _taken_up(verb, submission, by)
    row = _row(piece, enclosure)
    plate = [row]
    if row.plate is not None:
        plate = list(piece.enclosures.select_related("photo").filter(plate=row.plate))
    if any(each.picture_id for each in plate):
        raise _hanging()
    piece.enclosures.filter(pk__in=[each.pk for each in plate]).update(withheld=withheld)
    row.withheld = withheld
    _put_down(verb, piece, row, by=by)
    say = tombstones.hide if withheld else tombstones.show
    say(*(tombstones.photograph(each.photo.name) for each in plate))
    return row


def _taken_up(verb: str, submission: Submission, by: Person) -> Submission:
    """The piece, locked, after every question has been asked whether `by` may do `verb` to it."""
    piece = Submission.objects.locked(submission)
    safeguards.demand(verb, piece, by)
    return piece


def _put_down(verb: str, piece: Submission, row: Enclosure, *, by: Person) -> Enclosure:
    ledger.write(verb, piece, by=by, reason=f"photo {likeness.number(row)}")
    return row


def _row(piece: Submission, enclosure: int) -> Enclosure:
    row = piece.enclosures.select_related("photo").filter(pk=enclosure).first()
    if row is None:
        raise Incomplete({"enclosure": [_("This photograph is no longer part of the piece.")]})
    return row


def _hanging() -> WrongState:
    return WrongState(_("This photograph is public. Take it down first, then change it."))


def _refuse_crowded(places: Iterable[Place]) -> None:
    """No plate holds two of a kind: nobody could say which page is whose."""
    seen = Counter((place.part, place.plate) for place in places if place.plate is not None)
    crowded = sorted({str(plate) for (_part, plate), times in seen.items() if times > 1})
    if crowded:
        raise Incomplete({"plate": [pairing.crowded(", ".join(crowded))]})
