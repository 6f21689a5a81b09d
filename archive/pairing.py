"""Which portrait belongs to which written page: read from file names, or from the order alone.

Pure. Owns the words by which people name their files, and what is said where two of a kind want one
plate. Called by `bringing`, which keeps the number of the plate and the part (the name itself is
forgotten with the upload), and by `enclosures`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from archive.models.submission import Enclosure

Part = Enclosure.Part
MOST = 999  # plates; a phone counts its pictures far beyond, and means no plate by it
# How photographers and their helpers call the two halves, in English and Spanish, whole words.
WORDS = {
    Part.PORTRAIT: {"portrait", "face", "sitter", "retrato", "rostro", "cara"},
    Part.PAGE: {
        "text", "page", "letter", "writing", "handwriting", "handwritten", "reflection", "words",
        "texto", "página", "pagina", "carta", "escrito", "manuscrito", "reflexión", "reflexion",
    },
}  # fmt: skip
_LONGEST = 300  # characters of a name that are looked at: file systems allow 255 bytes
_WORD = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True)
class Paired:
    """What a photograph is within its plate; `plate` None where it stands alone."""

    part: str = Part.PICTURE
    plate: int | None = None


ALONE = Paired()


def of_name(name: str) -> Paired:
    """What a file's name says: "07 portrait.jpg" is the portrait of plate 7.

    Both a number and one of `WORDS` are needed: the number that a phone gives says nothing.
    """
    words = [word.casefold() for word in _WORD.findall(name[:_LONGEST])]
    numbers = [int(word) for word in words if word.isdecimal() and len(word) <= len(str(MOST))]
    parts = [part for part, known in WORDS.items() if known.intersection(words)]
    if len(parts) != 1 or not numbers or not 0 < numbers[0] <= MOST:
        return ALONE
    return Paired(parts[0], numbers[0])


def free(wanted: Paired, taken: Iterable[Paired]) -> Paired:
    """`wanted`, or without its plate where another of its kind stands there already."""
    if wanted.plate is None or wanted not in set(taken):
        return wanted
    return Paired(wanted.part)


def crowded(plates: str) -> str:
    """What is said of plates on which two of a kind would stand: nobody could say whose page it is."""
    sentence = _("Plate %s holds two photographs of the same kind. Give one another number.")
    return sentence % plates


def by_order(count: int) -> list[Paired]:
    """Portrait, page, portrait, page: so many of them. An odd last one is a portrait alone."""
    return [Paired(Part.PAGE if at % 2 else Part.PORTRAIT, at // 2 + 1) for at in range(count)]
