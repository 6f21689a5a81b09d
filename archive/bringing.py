"""The photographs of a draft, in the hands of whoever brings them, until the piece is sent.

Owns taking them in, their words, order, pairs and covers, and taking them out again. Called by
`web.share_photographs`. Every verb asks first whether the piece is still a draft; after sending, the
desk's verbs are `enclosures`'. Photographs are named by the key of their enclosure; the key of
another piece's is nobody's, and nothing happens.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from archive import enclosing, hanging, moves, pairing
from archive.actors import Contributor
from archive.models.story import Kind
from archive.models.submission import Enclosure, State, Submission
from archive.telling import Enclosed
from media import photos

SIGHT_WIDTH = 160  # pixels: enough to know which photograph it is, about 4 kB
BENCH_WIDTH = 720  # pixels of the picture on which covers are drawn: a face in the fifth row shows


@dataclass
class Brought:
    """What became of some uploads: rows, what was hidden in them, why others were not taken."""

    rows: list[Enclosure] = field(default_factory=list)
    found: list[photos.Findings] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    final: bool = False  # one was refused for what it is: the same file would be refused again
    known: int = 0  # how many were here already: a line that broke sends them once more


def take_in(
    piece: Submission,
    uploads: Sequence[Any],
    *,
    shown: str = Enclosure.Shown.NO,
    keep_original: bool = False,
) -> Brought:
    """Take in photographs in their order, each on its own: one that fails loses no other.

    Names of files are read for pairs where the piece is a photo project, and kept nowhere.
    """
    brought = Brought()
    left = settings.PHOTOS_PER_SUBMISSION - piece.enclosures.count()
    for number, upload in enumerate(uploads):
        if number >= left:
            brought.refused += [_full()] * (len(uploads) - number)
            break
        outcome = enclosing.admit(Enclosed(upload=upload), keep_original)
        if isinstance(outcome, photos.PhotoRefused):
            brought.refused.append(str(outcome))
            brought.final |= outcome.final
            continue
        name = getattr(upload, "name", None) or ""
        _keep(piece, outcome, name, shown, brought)
    return brought


def _full() -> str:
    most = settings.PHOTOS_PER_SUBMISSION
    return _("A piece holds %(count)s photographs. Take one out before you add another.") % {
        "count": most
    }


def _keep(
    piece: Submission, admitted: photos.Admitted, name: str, shown: str, brought: Brought
) -> None:
    sight = _sight(admitted.photo)
    with enclosing.kept_only_if_done([admitted]), transaction.atomic():
        held = _held(piece)
        rows = list(held.enclosures.select_related("photo"))
        if any(row.photo.checksum == admitted.photo.checksum for row in rows):
            photos.discard(admitted.photo)
            brought.known += 1
            return
        if len(rows) >= settings.PHOTOS_PER_SUBMISSION:  # another window was quicker
            photos.discard(admitted.photo)
            brought.refused.append(_full())
            return
        standing = pairing.ALONE
        if held.kind == Kind.PHOTO_PROJECT:
            taken = [pairing.Paired(row.part, row.plate) for row in rows]
            standing = pairing.free(pairing.of_name(name), taken)
        row = Enclosure.objects.create(
            submission=held,
            photo=admitted.photo,
            position=max((row.position for row in rows), default=-1) + 1,
            part=standing.part,
            plate=standing.plate,
            shown=shown,
            sight=sight,
        )
    brought.rows.append(row)
    brought.found.append(admitted.findings)


def _sight(photo: photos.Photo) -> str:
    """A small picture inside the page itself, since nothing in the vault has an address."""
    try:
        return _inline(photos.preview(photo, SIGHT_WIDTH))
    except photos.PhotoRefused:
        return ""  # the machine is busy; the photograph itself is safe


def bench(row: Enclosure) -> str:
    """The photograph without covers, for the page on which its contributor draws them.

    Raises `photos.PhotoRefused` where the machine is busy.
    """
    return _inline(photos.preview(row.photo, BENCH_WIDTH, covered=False))


def _inline(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


@transaction.atomic
def describe(piece: Submission, words: Mapping[int, Mapping[str, Any]]) -> None:
    """What was said about each photograph; what nothing was said about stays as it was."""
    held = _held(piece)
    for row in held.enclosures.filter(pk__in=list(words)):
        said = words[row.pk]
        enclosing.say(row, said)
        for name in said.keys() & {"recognisable", "shown"}:
            setattr(row, name, said[name])
        row.shown = row.shown or Enclosure.Shown.NO
        row.save()


@transaction.atomic
def arrange(
    piece: Submission,
    ranks: Mapping[int, int],
    pairs: Mapping[int, pairing.Paired] | None = None,
) -> list[str]:
    """Pair photographs, then order the plates by their numbers; a sentence for each pair refused.

    `ranks` is by the key of what stands first on a plate, `pairs` by any. Of two portraits on one
    plate the later loses its number. A plate that takes the number of another comes before it where
    it moved up, and after it where it moved down.
    """
    rows = list(_held(piece).enclosures.all())
    taken: set[pairing.Paired] = set()
    refused = []
    for row in rows:
        wanted = (pairs or {}).get(row.pk, pairing.Paired(row.part, row.plate))
        standing = pairing.free(wanted, taken)
        if standing != wanted:
            refused.append(pairing.crowded(str(wanted.plate)))
        taken.add(standing)
        row.part, row.plate = standing.part, standing.plate
    plates = hanging.plates(rows)

    def place(plate: hanging.Plate) -> tuple[int, int, int]:
        rank = ranks.get(plate.main.pk, plate.number)
        return rank, (rank > plate.number) - (rank < plate.number), plate.number

    _write_order(sorted(plates, key=place))
    return refused


def _write_order(plates: Iterable[hanging.Plate]) -> None:
    rows = [row for plate in plates for row in (plate.main, plate.companion) if row]
    for position, row in enumerate(rows):
        row.position = position
    Enclosure.objects.bulk_update(rows, ["position", "part", "plate"])


@transaction.atomic
def move(piece: Submission, enclosure: int, *, by: int) -> None:
    """Move the plate that this photograph stands first on so many places on, or back."""
    plates = hanging.plates(_held(piece).enclosures.all())
    at = next((at for at, plate in enumerate(plates) if plate.main.pk == enclosure), None)
    if at is not None:
        plates.insert(max(0, at + by), plates.pop(at))
        _write_order(plates)


@transaction.atomic
def pair_by_order(piece: Submission) -> None:
    """Portrait, page, portrait, page, as they stand."""
    rows = list(_held(piece).enclosures.all())
    for row, standing in zip(rows, pairing.by_order(len(rows)), strict=True):
        row.part, row.plate = standing.part, standing.plate
    Enclosure.objects.bulk_update(rows, ["part", "plate"])


def cover(piece: Submission, enclosure: int, regions: Iterable[Mapping[str, Any]]) -> None:
    """Replace the covered parts of one photograph. Raises `Incomplete` for what is no region."""
    with transaction.atomic():
        row = _row(_held(piece), enclosure)
        if row is None:
            return
        enclosing.cover(row, regions)
    sight = _sight(row.photo)  # decodes: after the transaction, which would keep writers waiting
    Enclosure.objects.filter(pk=row.pk, submission__state=State.DRAFT).update(sight=sight)


@transaction.atomic
def take_out(piece: Submission, enclosure: int) -> None:
    """Take one photograph out again: row and files."""
    row = _row(_held(piece), enclosure)
    if row is not None:
        photo = row.photo
        row.delete()
        photos.discard(photo)


def _row(piece: Submission, enclosure: int) -> Enclosure | None:
    return piece.enclosures.select_related("photo").filter(pk=enclosure).first()


def _held(piece: Submission) -> Submission:
    """The piece, locked, if it is still a draft. Raises `WrongState`."""
    held = Submission.objects.locked(piece)
    moves.check("save", held, Contributor(held.reference))
    return held
