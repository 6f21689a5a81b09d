"""How the pure-Python engine weighs what it finds: as tantivy does, so that both engines rank alike.

Owns the formula, how lengths of texts are rounded and where they are kept. Called by
`search.engines.whoosh` and `search.engines.whoosh_matching`.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from whoosh import fields
from whoosh.columns import NumericColumn

from search.engines.whoosh_reading import Commit
from search.entries import ACCENTS, STEM_FIELDS, WORD_FIELDS

K1, B = 1.2, 0.75  # as in tantivy, which does not let us choose
# Lengths of texts as tantivy rounds them into a byte: exact to 40, then by steps of up to an
# eighth. Whoosh rounds by other steps, and of two stories that are nearly as good the other led.
LENGTHS = [*range(40), *(24 + (8 | step & 7) * 2 ** ((step >> 3) - 1) for step in range(16, 231))]
_UNTOLD = 255  # no length; Whoosh's columns go wrong where the last entry has none
SCORED = (*WORD_FIELDS, *STEM_FIELDS, ACCENTS)  # fields whose matches are weighed


def add_columns(schema: fields.Schema) -> None:
    """A column for the length of each field that is weighed."""
    for name in SCORED:
        schema.add(_length_of(name), fields.COLUMN(NumericColumn("B", default=_UNTOLD)))


def lengths(texts: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """What goes into these columns for an entry's texts, by the name of the column."""
    told = {}
    for name in SCORED:
        length = sum(len(each.split()) for each in texts.get(name, ()))
        told[_length_of(name)] = bisect_right(LENGTHS, length) - 1
    return told


def _length_of(field: str) -> str:
    """The name of the column that holds how long a field is."""
    return f"length_{field}"


class Weighing:
    """BM25 with the formula that tantivy uses, over one commit."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit

    def scores(
        self, field: str, texts: Sequence[str], often: Mapping[int, float]
    ) -> dict[int, float]:
        """The score of each entry that has the word so often; of several words that are met
        together, which are as rare as all of them."""
        if not often:
            return {}
        weight = sum(self._rarity(field, text) for text in texts) * (K1 + 1)
        stretched = self._stretched(field)
        return {
            number: weight * times / (times + stretched[number]) for number, times in often.items()
        }

    def _rarity(self, field: str, text: str) -> float:
        size, holding = self._commit.reader.doc_count_all(), self._commit.frequency(field, text)
        return math.log(1 + (size - holding + 0.5) / (holding + 0.5))

    def _stretched(self, field: str) -> list[float]:
        """What the length of the field makes of K1, for each entry, deleted ones included."""
        name = f"stretched {field}"
        if name not in self._commit.kept:
            reader = self._commit.reader
            average = reader.field_length(field) / max(reader.doc_count_all(), 1) or 1
            of = [K1 * (1 - B + B * length / average) for length in LENGTHS]
            self._commit.kept[name] = [of[rounded] for rounded in self._rounded(field)]
        return self._commit.kept[name]

    def filled(self, field: str) -> int:
        """How many entries have a word in this field, deleted ones included."""
        name = f"filled {field}"
        if name not in self._commit.kept:
            self._commit.kept[name] = sum(map(bool, self._rounded(field)))
        return self._commit.kept[name]

    def _rounded(self, field: str) -> list[int]:
        """Where in LENGTHS the field of each entry stands. Whole values are as long as one
        another."""
        if field not in SCORED:
            return [1] * self._commit.reader.doc_count_all()
        return [1 if at == _UNTOLD else at for at in self._commit.column(_length_of(field))]
