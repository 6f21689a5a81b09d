"""How the pure-Python engine weighs what it finds: as tantivy does, so that both engines rank alike.

Owns the formula, how lengths of texts are rounded and where they are kept, and the queries whose
score Whoosh would reckon otherwise. Called by `search.engines.whoosh` alone.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

from whoosh import fields, query
from whoosh.columns import NumericColumn
from whoosh.matching import WrappingMatcher
from whoosh.scoring import BaseScorer, WeightingModel

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


class Bm25(WeightingModel):
    """BM25 with the formula that tantivy uses, so that both engines rank alike."""

    def __init__(self) -> None:
        self.columns: dict[str, list[Any]] = {}  # of the commit that is read

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: int = 1) -> _Bm25Scorer:
        return self.together(searcher, fieldname, [text])

    def together(self, searcher: Any, fieldname: str, texts: list[Any]) -> _Bm25Scorer:
        """For words that are met together: as rare as all of them."""
        whole = searcher.get_parent()
        size, rarity = whole.doc_count_all(), 0.0
        for text in texts:
            holding = whole.doc_frequency(fieldname, text)
            rarity += math.log(1 + (size - holding + 0.5) / (holding + 0.5))
        average = whole.field_length(fieldname) / max(size, 1) or 1
        return _Bm25Scorer(self._lengths(searcher, fieldname), rarity, average)

    def _lengths(self, searcher: Any, field: str) -> list[int]:
        """How long the field is in each entry of one segment, deleted ones included. Whole values
        are as long as one another."""
        reader = searcher.reader()
        if field not in SCORED:
            return [1] * reader.doc_count_all()
        name = f"{_length_of(field)} of {reader.segment().segment_id()}"
        if name not in self.columns:
            column = reader.column_reader(_length_of(field))
            rounded = (column[number] for number in range(reader.doc_count_all()))
            self.columns[name] = [1 if at == _UNTOLD else LENGTHS[at] for at in rounded]
        return self.columns[name]


class _Bm25Scorer(BaseScorer):
    def __init__(self, lengths: list[int], rarity: float, average: float) -> None:
        self._lengths = lengths
        self._rarity = rarity * (K1 + 1)
        self._average = average

    def supports_block_quality(self) -> bool:
        return False

    def score(self, matcher: Any) -> float:
        return self.weighed(matcher.id(), matcher.weight())

    def weighed(self, number: int, often: float) -> float:
        """The score of an entry that has it so often."""
        length = self._lengths[number]
        return self._rarity * often / (often + K1 * (1 - B + B * length / self._average))


class Boosted(query.WrappingQuery):
    """Multiplies the score of any query; Whoosh's own boosts stop at some compounds."""

    def __init__(self, child: query.Query, factor: float) -> None:
        super().__init__(child)
        self._factor = factor

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        return WrappingMatcher(self.child.matcher(searcher, context), boost=self._factor)


class Phrased(query.WrappingQuery):
    """A phrase, weighed by how often it stands there; Whoosh weighs its words, wherever they are."""

    def __init__(self, field: str, texts: list[str]) -> None:
        super().__init__(query.Phrase(field, texts))
        self._field, self._texts = field, texts

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        found = self.child.matcher(searcher, context)
        weighting = getattr(context, "weighting", None)
        if not isinstance(weighting, Bm25) or not found.is_active():
            return found
        return _Counted(found, weighting.together(searcher, self._field, self._texts))


class _Counted(WrappingMatcher):
    def __init__(self, child: Any, scorer: _Bm25Scorer) -> None:
        super().__init__(child)
        self._scorer = scorer

    def _replacement(self, newchild: Any) -> Any:
        return _Counted(newchild, self._scorer)

    def score(self) -> float:
        return self._scorer.weighed(self.child.id(), len(self.child.spans()))
