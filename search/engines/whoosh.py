"""The pure-Python engine, and the reference that the other one is measured against.

For machines without a native wheel, and for archives of a few thousand stories. Whoosh is used
from its middle: postings and columns are Whoosh's, collecting is ours. Every match is visited once,
for its score, the total and all facets; facets come from columns that are read once a commit.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh import fields, query
from whoosh.analysis import Token as WhooshToken
from whoosh.analysis import Tokenizer
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.matching import FilterMatcher
from whoosh.searching import SearchContext

from search import words
from search.engines import whoosh_weighing as weighing
from search.engines.base import Engine, Found, Snapshot
from search.entries import (
    ACCENTS,
    FACET_FIELDS,
    NUMBER_FIELDS,
    ORDER_FIELDS,
    STEM_FIELDS,
    VALUE_FIELDS,
    WORD_FIELDS,
    Entry,
    Member,
    language_of,
)
from search.plan import (
    AllOf,
    AnyOf,
    Best,
    Between,
    Flat,
    Plan,
    Scaled,
    Sequence,
    Start,
    Token,
)
from search.shelf import Make, Shelf, refusing

MEMORY_MB = 64  # for one writer; Whoosh counts generously and uses three times as much
_STRETCH, _VALUE = "\n", "\x1f"  # what separates stretches of text, and values of one field


# Analysers are pickled into the index by name, so they are classes of this module without state.
class Words(Tokenizer):
    """Splits words that `search.words` has cut; a new stretch of text leaves a gap, so that no
    phrase runs from a title into a text."""

    def __call__(self, value: str, positions: bool = False, **_: Any) -> Iterator[WhooshToken]:
        token = WhooshToken(positions)
        position = 0
        for stretch in value.split(_STRETCH):
            for word in stretch.split():
                token.text = word
                token.boost = 1.0
                token.pos = position
                position += 1
                yield token
            position += 1


class Values(Tokenizer):
    """Splits the values of a field that holds several."""

    def __call__(self, value: str, **_: Any) -> Iterator[WhooshToken]:
        token = WhooshToken()
        for text in filter(None, value.split(_VALUE)):
            token.text = text
            token.boost = 1.0
            yield token


def _make_schema() -> fields.Schema:
    schema = fields.Schema(stored=fields.STORED)
    for name in WORD_FIELDS:
        schema.add(name, fields.TEXT(analyzer=Words(), phrase=True))
    for name in (*STEM_FIELDS, ACCENTS):
        schema.add(name, fields.TEXT(analyzer=Words(), phrase=False))
    weighing.add_columns(schema)
    for name in (*VALUE_FIELDS, *FACET_FIELDS, *ORDER_FIELDS):
        field = fields.KEYWORD(sortable=name not in VALUE_FIELDS)
        field.analyzer = Values()
        schema.add(name, field)
    for name in NUMBER_FIELDS:
        schema.add(name, fields.NUMERIC(int, signed=True))
    return schema


class WhooshEngine(Engine):
    """An index in a folder, `whoosh:///path`."""

    def __init__(self, folder: Path) -> None:
        self._shelf = Shelf(folder, Make("whoosh", _files, _state, _Handle, _Handle.reloaded))

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        with refusing("reading"):
            handle = self._shelf.handle()
            weighting = weighing.Bm25()
            with handle.index.searcher(weighting=weighting) as searcher:
                columns = weighting.columns = handle.columns(searcher.reader().generation())
                yield WhooshSnapshot(searcher, columns)

    def put(self, entries: Iterable[Entry], drop: Iterable[str] = ()) -> None:
        with self._shelf.writing(), refusing("writing"):
            generation = self._shelf.current()
            self._shelf.inspect(generation, sums=False)
            with _Handle(generation).index.writer(limitmb=MEMORY_MB) as writer:
                for key in drop:
                    writer.delete_by_term("key", key)
                for entry in entries:
                    writer.delete_by_term("group", entry.group)
                    for member in entry.members:
                        writer.delete_by_term("key", member.key)
                    writer.add_document(**_record(entry))
            self._shelf.seal(generation)

    def rebuild(self, entries: Iterable[Entry]) -> None:
        with self._shelf.writing(rebuild=True), self._shelf.new_generation() as generation:
            with refusing("making"):
                index = FileStorage(str(generation)).create_index(_make_schema())
                writer = index.writer(limitmb=MEMORY_MB)
            try:
                for entry in entries:
                    writer.add_document(**_record(entry))
            except BaseException:
                writer.cancel()
                raise
            with refusing("making"):
                writer.commit()
                self._shelf.seal(generation)


# --- files ----------------------------------------------------------------------------------------
class _Handle:
    """An open index, which needs no reloading: each searcher opens the last commit. Columns are
    remembered for one commit; searches under way keep those of theirs."""

    def __init__(self, generation: Path) -> None:
        self.index: FileIndex = FileStorage(str(generation)).open_index()
        self._columns: tuple[int | None, dict[str, list[Any]]] = (-1, {})

    def reloaded(self) -> _Handle:
        return self

    def columns(self, commit: int | None) -> dict[str, list[Any]]:
        """Where the columns of this commit are kept."""
        known, columns = self._columns
        if known != commit:
            columns = {}
            self._columns = (commit, columns)
        return columns


def _files(generation: Path) -> set[str]:
    return {path.name for path in generation.iterdir() if path.suffix in (".toc", ".seg")}


def _state(generation: Path) -> frozenset[str]:
    """Changes with every commit: each writes a table of contents under a new number."""
    return frozenset(name for name in _files(generation) if name.endswith(".toc"))


# --- what is stored -------------------------------------------------------------------------------
def _record(entry: Entry) -> dict[str, Any]:
    record: dict[str, Any] = {
        name: _STRETCH.join(_stemmed(name, texts)) for name, texts in entry.texts.items()
    }
    record.update(weighing.lengths(entry.texts))
    record["group"] = entry.group
    # Empty ones too: Whoosh's columns go wrong where the last entry of a segment has no value.
    record.update((name, _VALUE.join(values)) for name, values in entry.values.items())
    record.update(entry.numbers)
    record.update(entry.orders)
    members = [[member.key, member.language, member.fingerprint] for member in entry.members]
    record["stored"] = json.dumps([entry.group, members])
    return record


def _stemmed(name: str, texts: list[str]) -> Iterable[str]:
    """What is indexed of a field's texts: of a field of stems, those of its words."""
    if name not in STEM_FIELDS:
        return texts
    return (words.stems(text, language_of(name)) for text in texts)


# --- reading --------------------------------------------------------------------------------------
class WhooshSnapshot(Snapshot):
    """A searcher, which sees one commit for as long as it lives."""

    def __init__(self, searcher: Any, columns: dict[str, list[Any]]) -> None:
        self._searcher = searcher
        self._reader = searcher.reader()
        self._columns = columns

    # --- words
    def frequency(self, field: str, text: str) -> int:
        return self._reader.doc_frequency(field, text)

    def begins(self, field: str, prefix: str, limit: int | None = None) -> list[tuple[str, int]]:
        found = [
            (term.decode(), self._reader.doc_frequency(field, term))
            for term in self._reader.expand_prefix(field, prefix)
        ]
        found.sort(key=lambda item: (-item[1], item[0]))
        if not self._reader.has_deletions():
            return found[:limit]
        return self._living(field, found, limit)

    def _living(
        self, field: str, found: list[tuple[str, int]], limit: int | None
    ) -> list[tuple[str, int]]:
        """Whoosh keeps the words of deleted entries: count what is left of each, and only until
        no further word can make its way among the first."""
        living: list[tuple[str, int]] = []
        for word, at_most in found:
            if limit is not None and len(living) >= limit and living[limit - 1][1] > at_most:
                break
            count = sum(1 for _ in self._reader.postings(field, word).all_ids())
            if count:
                living.append((word, count))
                living.sort(key=lambda item: (-item[1], item[0]))
        return living[:limit]

    # --- entries
    def top(self, plan: Plan, order: str, offset: int, limit: int) -> list[Found]:
        return self.search(plan, plan, order, offset, limit, ())[0]

    def tally(self, plan: Plan, facets: Iterable[str]) -> tuple[int, dict[str, Mapping[str, int]]]:
        numbers = [number for number, _ in self._matches(plan, scored=False)]
        return self._counted(numbers, facets)

    def search(
        self, scored: Plan, reach: Plan, order: str, offset: int, limit: int, facets: Iterable[str]
    ) -> tuple[list[Found], int, dict[str, Mapping[str, int]]]:
        by_score = order == "relevance"
        matches = list(self._matches(scored if by_score else reach, scored=by_score))
        total, counts = self._counted([number for number, _ in matches], facets)
        ranks = self._column("newest" if by_score else order)
        best = heapq.nsmallest(
            offset + limit, matches, key=lambda match: (-match[1], ranks[match[0]])
        )
        found = [self._found(number, score) for number, score in best[offset:]]
        return found, total, counts

    def entries(self, keys: Iterable[str]) -> list[Found]:
        plan = AnyOf(tuple(Token("key", key) for key in keys))
        return [self._found(number, 0.0) for number, _ in self._matches(plan, scored=False)]

    def contents(self) -> Iterator[Member]:
        for number in self._reader.all_doc_ids():
            yield from self._found(number, 0.0).members

    def _matches(self, plan: Plan, *, scored: bool) -> Iterator[tuple[int, float]]:
        """Every living entry that matches, and its score, in one pass."""
        wanted = _compile(plan)
        context = SearchContext(weighting=self._searcher.weighting if scored else None)
        for searcher, offset in self._searcher.leaf_searchers():
            matcher = wanted.matcher(searcher, context)
            while matcher.is_active():
                yield matcher.id() + offset, matcher.score() if scored else 0.0
                matcher.next()

    def _counted(
        self, numbers: list[int], facets: Iterable[str]
    ) -> tuple[int, dict[str, Mapping[str, int]]]:
        counts: dict[str, Mapping[str, int]] = {}
        for facet in facets:
            column = self._column(facet)
            held = Counter(column[number] for number in numbers)
            values: Counter[str] = Counter()
            for together, count in held.items():
                for value in together:
                    values[value] += count
            counts[facet] = values
        return len(numbers), counts

    def _column(self, name: str) -> list[Any]:
        """One value for each entry, deleted ones included; facets as tuples of values."""
        if name not in self._columns:
            count = self._reader.doc_count_all()
            reader = self._reader.column_reader(name) if count else ()  # an empty index has none
            texts: list[Any] = [reader[number] for number in range(count)]
            if name in FACET_FIELDS:
                texts = [tuple(text.split(_VALUE)) if text else () for text in texts]
            self._columns[name] = texts
        return self._columns[name]

    def _found(self, number: int, score: float) -> Found:
        group, members = json.loads(self._reader.stored_fields(number)["stored"])
        return Found(score, group, tuple(Member(*member) for member in members))


# --- plans ----------------------------------------------------------------------------------------
_NEXT_TO_NOTHING = 1e-12  # Whoosh takes a weight of 0 for one that was not given, and makes it 1


def _compile(plan: Plan) -> query.Query:
    match plan:
        case AnyOf(parts):
            return query.Or([_compile(part) for part in parts]) if parts else query.NullQuery
        case AllOf(parts, without):
            wanted = query.And([_compile(part) for part in parts])
            if not without:
                return wanted
            return Without(wanted, query.Or([_compile(part) for part in without]))
        case Best(parts):
            return query.DisjunctionMax([_compile(part) for part in parts])
        case Scaled(part, factor):
            return weighing.Boosted(_compile(part), factor)
        case Flat(part, score):
            return query.ConstantScoreQuery(_compile(part), score or _NEXT_TO_NOTHING)
    return _compile_leaf(plan)


def _compile_leaf(plan: Plan) -> query.Query:
    match plan:
        case Token(field, text):
            return query.Term(field, text)
        case Sequence(field, texts):
            return weighing.Phrased(field, list(texts))
        case Start(field, text):
            return query.Prefix(field, text)
        case Between(field, low, high):
            return query.NumericRange(field, low, high)
    return query.ConstantScoreQuery(query.Every(), _NEXT_TO_NOTHING)


class Without(query.WrappingQuery):
    """Matches of one query that are not among those of another. Whoosh's own `AndNot` reads past
    the end of what is refused when it stands inside an `And`."""

    def __init__(self, child: query.Query, refused: query.Query) -> None:
        super().__init__(child)
        self._refused = refused

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        refused = self._refused.matcher(searcher, searcher.boolean_context())
        numbers = frozenset(refused.all_ids()) if refused.is_active() else frozenset()
        return FilterMatcher(self.child.matcher(searcher, context), numbers, exclude=True)
