"""Words of the archive that resemble a given one: for `rough~` and for slips of the pen.

Looks only at words that stand in living entries, so a withdrawn word is never proposed. Slips are
letters added, lost, changed or swapped with a neighbour; the first letter is held to be right.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterator
from typing import Protocol

from search.entries import ACCENTS, SPOKEN
from search.words import base

LONG_WORD = 8  # letters; from here on two slips are believed
LOST = 8  # so many times likelier has somebody lost or swapped a letter than typed another one
MIN_WORD = 4  # letters; shorter words have too many neighbours to guess
MAX_NEAR = 30  # words that one rough~ word may stand for
_LETTERS = string.ascii_lowercase
_SPOKEN_FIELDS = tuple(f"words_{language}" for language in SPOKEN)
FIELDS = (*_SPOKEN_FIELDS, "names")


class Lexicon(Protocol):
    """The archive's words, as one snapshot of an index knows them."""

    def frequency(self, field: str, text: str) -> int:
        """In how many entries a word stands; may count what was withdrawn a moment ago."""

    def begins(self, field: str, prefix: str, limit: int | None = None) -> list[tuple[str, int]]:
        """Words with this beginning and in how many living entries they stand, most first."""

    def listed(self, field: str, prefix: str) -> list[tuple[str, int]]:
        """The same, quicker: may count what was withdrawn a moment ago."""


def distance(one: str, other: str, limit: int) -> int:
    """Slips between two words, counted up to `limit` + 1 (restricted Damerau-Levenshtein)."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    far = limit + 1
    earlier: list[int] = []
    before: list[int] = []
    row = [to if to <= limit else far for to in range(len(other) + 1)]
    for at, letter in enumerate(one, 1):
        earlier, before, row = before, row, [at if at <= limit else far] + [far] * len(other)
        # Whoever strays further than `limit` from the diagonal has made too many slips already.
        for to in range(max(1, at - limit), min(len(other), at + limit) + 1):
            target = other[to - 1]
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != target))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == target:
                cost = min(cost, earlier[to - 2] + 1)
            row[to] = cost
        if min(row) > limit:
            return far
    return min(row[-1], far)


def near(word: str, slips: int, lexicon: Lexicon) -> list[str]:
    """Up to MAX_NEAR living words within so many slips: nearest first, then the most used."""
    return _ranked(word, slips, lexicon, 1)


def _ranked(word: str, slips: int, lexicon: Lexicon, least: int, *, lost: int = 1) -> list[str]:
    """The same, of words that stand in `least` living entries; those that have all of its letters
    count as `lost` times as much used."""
    one = slips == 1
    found = _one_slip(word, lexicon, least) if one else _listed(word, slips, lexicon, least)

    def used(other: str, uses: int) -> int:
        return uses if Counter(word) - Counter(other) else uses * lost

    ranked = sorted((distance(word, o, slips), -used(o, uses), o) for o, uses in found)
    return [other for _, _, other in ranked[:MAX_NEAR]]


def correction(word: str, lexicon: Lexicon, least: int = 1) -> str | None:
    """The word that was most likely meant: the nearest that stands in `least` living entries, one
    that has all of its letters (`lawyer` for `lawer`) before one that has others (`later`)."""
    if len(word) < MIN_WORD or any(letter.isdigit() for letter in word):
        return None
    for slips in (1, 2) if len(word) >= LONG_WORD else (1,):
        for other in _ranked(word, slips, lexicon, least, lost=LOST):
            if other != word:
                return other
    return None


def count(word: str, lexicon: Lexicon) -> int:
    """In how many living entries a folded word stands, at the least."""
    return max((_living(field, word, lexicon) for field in FIELDS), default=0)


def fields(lexicon: Lexicon) -> list[str]:
    """The fields of words that this archive uses: one of English alone has no Spanish ones."""
    spoken = {f"words_{base(code)}" for code, _ in lexicon.begins("language", "")}
    return [field for field in FIELDS if field in spoken or field not in _SPOKEN_FIELDS]


def written(word: str, lexicon: Lexicon) -> str:
    """A folded word as it is mostly written: `prision` comes back as `prisión`."""
    accented = lexicon.begins(ACCENTS, f"{word}'", 1)
    if accented and accented[0][1] * 2 > count(word, lexicon):
        return accented[0][0].partition("'")[2]
    return word


def _living(field: str, word: str, lexicon: Lexicon) -> int:
    if not lexicon.frequency(field, word):
        return 0
    # The shortest word with this beginning is the word itself, if it is there.
    return dict(lexicon.begins(field, word)).get(word, 0)


def _one_slip(word: str, lexicon: Lexicon, least: int) -> list[tuple[str, int]]:
    """Tries every word one slip away: quicker than reading the list of all words."""
    used, tried = fields(lexicon), set(_slips(word))
    known = {other for field in used for other in tried if lexicon.frequency(field, other)}
    counted = [(o, max(_living(field, o, lexicon) for field in used)) for o in sorted(known)]
    return [(other, uses) for other, uses in counted if uses >= least]


def _slips(word: str) -> Iterator[str]:
    yield word
    for at in range(1, len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def _listed(word: str, slips: int, lexicon: Lexicon, least: int) -> list[tuple[str, int]]:
    """Reads all words with the same first letter; letters that differ rule most of them out."""
    letters = set(word)
    found: dict[str, int] = {}
    for field in fields(lexicon):
        for other, at_most in lexicon.listed(field, word[:1]):
            if at_most < least:
                break  # the most used come first
            if abs(len(other) - len(word)) > slips:
                continue
            if len(letters.symmetric_difference(other)) > 2 * slips:
                continue
            if distance(word, other, slips) <= slips:
                found[other] = max(_living(field, other, lexicon), found.get(other, 0))
    return sorted((other, uses) for other, uses in found.items() if uses >= least)
