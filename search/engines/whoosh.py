"""The pure-Python engine, and the reference that the other one is measured against.

For machines without a native wheel, and for archives of a few thousand stories. Whoosh is used
from its middle: its files are read (`whoosh_reading`) as it writes them, and matching
(`whoosh_matching`), weighing (`whoosh_weighing`) and collecting are ours. The entries that match
are found once, for scores, the total and all facets.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh import fields
from whoosh.analysis import Token as WhooshToken
from whoosh.analysis import Tokenizer
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from search import words
from search.engines import whoosh_weighing as weighing
from search.engines.base import Engine, Found, Snapshot
from search.engines.whoosh_matching import Matching
from search.engines.whoosh_reading import Commit, Numbers, opened
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
from search.plan import AnyOf, Plan, Token
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
            with handle.searcher() as searcher:
                yield WhooshSnapshot(searcher, handle.kept(searcher.reader().generation()))

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
    """An index as it was last committed. To open a searcher costs as much as a search, so one is
    kept for the next; searches at the same time open their own, for it can do one thing at a time.
    What is read once a commit is shared, for nobody changes it."""

    def __init__(self, generation: Path) -> None:
        self._generation = generation
        self.index: FileIndex = FileStorage(str(generation)).open_index()
        self._kept: tuple[int | None, dict[str, Any]] = (-1, {})
        self._idle: deque[Any] = deque(maxlen=1)

    def reloaded(self) -> _Handle:
        """The same index after somebody else's commit."""
        return _Handle(self._generation)

    @contextmanager
    def searcher(self) -> Iterator[Any]:
        """For one search. After a failure it is not used again."""
        try:
            searcher = self._idle.pop()
        except IndexError:
            searcher = opened(self.index)
        yield searcher
        self._idle.append(searcher)

    def kept(self, commit: int | None) -> dict[str, Any]:
        """What searches of this commit share."""
        known, kept = self._kept
        if known != commit:
            kept = {}
            self._kept = (commit, kept)
        return kept


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

    def __init__(self, searcher: Any, kept: dict[str, Any]) -> None:
        self._commit = Commit(searcher.reader(), kept)
        self._matching = Matching(self._commit, searcher)

    # --- words
    def frequency(self, field: str, text: str) -> int:
        return self._commit.frequency(field, text)

    def begins(self, field: str, prefix: str, limit: int | None = None) -> list[tuple[str, int]]:
        words = self._commit.beginning(field, prefix)
        counted = [(word, self._commit.alive(field, word, use)) for word, use in words]
        living = [(word, count) for word, count in counted if count]
        living.sort(key=lambda item: (-item[1], item[0]))
        return living[:limit]

    # --- entries
    def top(self, plan: Plan, order: str, offset: int, limit: int) -> list[Found]:
        return self.search(plan, plan, order, offset, limit, ())[0]

    def tally(self, plan: Plan, facets: Iterable[str]) -> tuple[int, dict[str, Mapping[str, int]]]:
        return self._counted(self._numbers(plan), facets)

    def search(
        self, scored: Plan, reach: Plan, order: str, offset: int, limit: int, facets: Iterable[str]
    ) -> tuple[list[Found], int, dict[str, Mapping[str, int]]]:
        numbers = self._numbers(reach)
        best = self._best(scored, numbers, order, offset + limit)[offset:] if limit > 0 else []
        found = [self._found(number, score) for number, score in best]
        return found, *self._counted(numbers, facets)

    def _best(
        self, scored: Plan, numbers: Numbers, order: str, count: int
    ) -> list[tuple[int, float]]:
        """The first of these entries, with their scores; only orders by score have any."""
        if order == "relevance":
            ranks, scores = self._column("newest"), self._matching.scores(scored, numbers)
        else:
            ranks, scores = self._column(order), dict.fromkeys(numbers, 0.0)
        return heapq.nsmallest(
            count, scores.items(), key=lambda match: (-match[1], ranks[match[0]])
        )

    def entries(self, keys: Iterable[str]) -> list[Found]:
        plan = AnyOf(tuple(Token("key", key) for key in keys))
        return [self._found(number, 0.0) for number in sorted(self._numbers(plan))]

    def contents(self) -> Iterator[Member]:
        for number in self._commit.reader.all_doc_ids():
            yield from self._found(number, 0.0).members

    def _numbers(self, plan: Plan) -> Numbers:
        """Every living entry that matches."""
        return self._matching.numbers(plan, self._commit.living)

    def _counted(
        self, numbers: Numbers, facets: Iterable[str]
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
        kept = self._commit.kept
        if name not in kept:
            values = self._commit.column(name)
            if name in FACET_FIELDS:
                values = [tuple(text.split(_VALUE)) if text else () for text in values]
            kept[name] = values  # whole, for other searches look here too
        return kept[name]

    def _found(self, number: int, score: float) -> Found:
        group, members = json.loads(self._commit.reader.stored_fields(number)["stored"])
        return Found(score, group, tuple(Member(*member) for member in members))
