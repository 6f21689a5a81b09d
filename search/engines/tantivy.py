"""The default engine: tantivy, native and embedded. The only file that imports it.

Text reaches tantivy as words that were cut by `search.words` and joined by spaces, so that it need
only split them again, and stem those of plain letters: its stemmer goes by the very rules of
`search.words`, at half the price. One writer at a time (`Shelf.writing`), and the index is opened
afresh for each write: a writer on a stale handle leaves orphaned files behind. Readers keep one
open index for each process and look at the files' state before each search.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import tantivy
from django.conf import settings

from search import words
from search.engines.base import Engine, Found, IndexUnavailable, Snapshot
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

PUT_MEMORY = 15_000_000  # bytes; the least that tantivy takes, enough for a thousand stories
# Indexing and stemming is three quarters of a build, so that two cores are busy with two threads;
# the price is a tenth more on the disk, for twice as many segments.
BUILD_THREADS = 2
WAITING_MAX = 10_000  # documents; tantivy's own limit, after which it makes its caller wait
VALUES_MAX = 10_000  # values of one facet that are counted exactly; no archive has more places
TIES_MAX = 1_000  # hits with one and the same score that are put in order
_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
# Fields whose words are indexed without counts must be asked without them.
_DETAIL = dict.fromkeys((*VALUE_FIELDS, *FACET_FIELDS), "basic")
# Entries are put in order by these fields and never looked up by them: tantivy, which always
# indexes a text, is given nothing to index. That is a tenth of the work of a build.
_ORDER = "order"
_STEMMER = "stem_"  # and a language


def _make_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in WORD_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in STEM_FIELDS:
        builder.add_text_field(
            name, tokenizer_name=_STEMMER + language_of(name), index_option="freq"
        )
    builder.add_text_field(ACCENTS, tokenizer_name="whitespace", index_option="freq")
    for name in VALUE_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACET_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in NUMBER_FIELDS:
        builder.add_integer_field(name, fast=True)
    for name in ORDER_FIELDS:
        builder.add_text_field(name, tokenizer_name=_ORDER, index_option="basic", fast=True)
    builder.add_bytes_field("stored", stored=True)
    return builder.build()


_SCHEMA = _make_schema()
_RAW = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).build()
_NOTHING = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    .filter(tantivy.Filter.remove_long(1))
    .build()
)
STEMMERS = {
    language: tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    .filter(tantivy.Filter.stemmer(algorithm))
    .build()
    for language, algorithm in words.LANGUAGES.items()
}


class TantivyEngine(Engine):
    """An index in a folder, `tantivy:///path`."""

    def __init__(self, folder: Path) -> None:
        self._shelf = Shelf(folder, Make("tantivy", _files, _state, _open_to_read, _reload))

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        with refusing("reading"):
            yield TantivySnapshot(self._shelf.handle().searcher())

    def put(self, entries: Iterable[Entry], drop: Iterable[str] = ()) -> None:
        with self._shelf.writing(), refusing("writing"):
            generation = self._shelf.current()
            self._shelf.inspect(generation, sums=False)
            index = _open(generation)
            writer = index.writer(PUT_MEMORY, 1)
            for key in drop:
                writer.delete_documents_by_term("key", key)
            for entry in entries:
                writer.delete_documents_by_term("group", entry.group)
                for member in entry.members:  # a story that joins a group leaves its own entry
                    writer.delete_documents_by_term("key", member.key)
                writer.add_document(_document(entry))
            self._finish(writer, generation)

    def rebuild(self, entries: Iterable[Entry]) -> None:
        with self._shelf.writing(rebuild=True), self._shelf.new_generation() as generation:
            with refusing("making"):
                index = _with_tokenizers(tantivy.Index(_SCHEMA, path=str(generation)))
                writer = index.writer(settings.SEARCH_BUILD_BYTES, BUILD_THREADS)
            waiting = _Waiting()
            for entry in entries:  # what the caller's documents raise is the caller's to see
                writer.add_document(_document(entry))
                if waiting.is_too_much(entry):
                    with refusing("making"):
                        writer.commit()
            with refusing("making"):
                self._finish(writer, generation)

    def _finish(self, writer: tantivy.IndexWriter, generation: Path) -> None:
        """Commits, lets merges end (they would be lost), seals."""
        writer.commit()
        writer.wait_merging_threads()
        self._shelf.seal(generation)


class _Waiting:
    """Watches what the writer's threads have been given and may not have taken up.

    tantivy makes a caller wait when 10,000 documents are waiting; where they are long, that is more
    than there is memory. A commit returns when nothing waits.
    """

    def __init__(self) -> None:
        self._documents = self._characters = 0

    def is_too_much(self, entry: Entry) -> bool:
        """Whether with this entry so much may be waiting that a commit is due."""
        self._documents += 1
        self._characters += sum(map(len, chain.from_iterable(entry.texts.values())))
        if self._characters < settings.SEARCH_WAITING_CHARACTERS:
            return False
        too_much = self._documents < WAITING_MAX
        self._documents = self._characters = 0
        return too_much


# --- files --------------------------------------------------------------------------------------
def _open(generation: Path) -> tantivy.Index:
    return _with_tokenizers(tantivy.Index.open(str(generation)))


def _with_tokenizers(index: tantivy.Index) -> tantivy.Index:
    for language, stemmer in STEMMERS.items():
        index.register_tokenizer(_STEMMER + language, stemmer)
    index.register_tokenizer(_ORDER, _NOTHING)
    index.register_fast_field_tokenizer(_ORDER, _RAW)
    return index


def _open_to_read(generation: Path) -> tantivy.Index:
    index = _open(generation)
    index.config_reader("manual")
    index.reload()
    return index


def _reload(index: tantivy.Index) -> tantivy.Index:
    index.reload()
    return index


def _state(generation: Path) -> tuple[int, int]:
    """Changes with every commit: tantivy replaces `meta.json` each time."""
    status = os.stat(generation / "meta.json")
    return status.st_mtime_ns, status.st_ino


def _files(generation: Path) -> set[str]:
    """The files of the segments that the last commit names."""
    segments = set()
    for segment in json.loads((generation / "meta.json").read_bytes())["segments"]:
        segments.add(segment["segment_id"].replace("-", ""))
    names = os.listdir(generation)
    living = {name for name in names if name.partition(".")[0] in segments}
    if {name.partition(".")[0] for name in living} != segments:
        raise IndexUnavailable("Files of the index are missing: rebuild it.")
    return living


# --- what is stored -----------------------------------------------------------------------------
def _document(entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    for name, texts in entry.texts.items():
        add = _add_stemmed if name in STEM_FIELDS else tantivy.Document.add_text
        for text in texts:
            add(document, name, text)
    document.add_text("group", entry.group)
    for name, values in entry.values.items():
        for value in values:
            document.add_text(name, value)
    for name, number in entry.numbers.items():
        document.add_integer(name, number)
    for name, text in entry.orders.items():
        document.add_text(name, text)
    document.add_bytes("stored", _pack(entry))
    return document


def _add_stemmed(document: tantivy.Document, field: str, said: str) -> None:
    """Words of plain letters, which tantivy stems as `words.stem` does, and stems of the others."""
    if not said.isascii():
        plain, others = words.parted(said)
        said = "".join(plain)
        stems = [tantivy.Token(words.stem(word, language_of(field)), 0, 0, 0) for word in others]
        document.add_pre_tokenized_text(field, tantivy.PreTokenizedString("", stems))
    document.add_text(field, said)


def _pack(entry: Entry) -> bytes:
    members = [[member.key, member.language, member.fingerprint] for member in entry.members]
    record = [entry.group, entry.orders["newest"], members]
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _unpack(packed: Any, score: float) -> tuple[str, Found]:
    group, newest, members = json.loads(bytes(packed))
    return newest, Found(score, group, tuple(Member(*member) for member in members))


# --- reading ------------------------------------------------------------------------------------
class TantivySnapshot(Snapshot):
    """A searcher, which sees one commit for as long as it lives."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher

    def frequency(self, field: str, text: str) -> int:
        return self._searcher.doc_freq(field, text)

    def begins(self, field: str, prefix: str, limit: int | None = None) -> list[tuple[str, int]]:
        # Without a filter the counts would include deleted entries.
        everything = tantivy.Query.all_query()
        return self._searcher.terms_with_prefix(field, prefix, everything, limit)

    def listed(self, field: str, prefix: str) -> list[tuple[str, int]]:
        return self._searcher.terms_with_prefix(field, prefix)

    def top(self, plan: Plan, order: str, offset: int, limit: int) -> list[Found]:
        query = _compile(plan)
        if order == "relevance":
            return self._by_score(query, offset, limit)
        hits = self._searcher.search(
            query,
            limit,
            count=False,
            order_by_field=order,
            offset=offset,
            order=tantivy.Order.Asc,
        ).hits
        return [self._found(address, 0.0)[1] for _, address in hits]

    def _by_score(self, query: tantivy.Query, offset: int, limit: int) -> list[Found]:
        """The best by score. Where the page is cut within a tie, the whole tie is fetched first."""
        end = offset + limit
        wanted = end + 1
        while True:
            hits = self._searcher.search(query, wanted, count=False).hits
            if len(hits) < wanted or hits[end - 1][0] != hits[-1][0] or wanted >= end + TIES_MAX:
                break
            wanted = min(wanted * 4, end + TIES_MAX)
        scores = [score for score, _ in hits]
        if offset >= len(scores):
            return []
        first, least = scores.index(scores[offset]), scores[min(end, len(scores)) - 1]
        near = [(score, address) for score, address in hits[first:] if score >= least]
        found = [(-score, *self._found(address, score)) for score, address in near]
        found.sort(key=lambda item: item[:2])
        return [entry for _, _, entry in found[offset - first : end - first]]

    def _found(self, address: tantivy.DocAddress, score: float) -> tuple[str, Found]:
        return _unpack(self._searcher.doc(address).get_first("stored"), score)

    def tally(self, plan: Plan, facets: Iterable[str]) -> tuple[int, dict[str, Mapping[str, int]]]:
        asked = {
            facet: {"terms": {"field": facet, "size": VALUES_MAX, "segment_size": VALUES_MAX}}
            for facet in facets
        }
        asked["total"] = {"value_count": {"field": "newest"}}
        answer = self._searcher.aggregate(_compile(plan), asked)
        total = int(answer.pop("total")["value"])
        return total, {
            facet: {bucket["key"]: bucket["doc_count"] for bucket in result["buckets"]}
            for facet, result in answer.items()
        }

    def entries(self, keys: Iterable[str]) -> list[Found]:
        query = tantivy.Query.term_set_query(_SCHEMA, "key", list(keys))
        hits = self._searcher.search(query, 10_000, count=False).hits
        return [self._found(address, 0.0)[1] for _, address in hits]

    def contents(self) -> Iterator[Member]:
        living = max(self._searcher.num_docs, 1)
        hits = self._searcher.search(tantivy.Query.all_query(), living, count=False).hits
        for _, address in hits:
            yield from self._found(address, 0.0)[1].members


# --- plans --------------------------------------------------------------------------------------
def _compile(plan: Plan) -> tantivy.Query:
    query = tantivy.Query
    match plan:
        case AnyOf(parts):
            return _any(parts)
        case AllOf(parts, without):
            clauses = [(_MUST, _compile(part)) for part in parts]
            clauses.extend((_NOT, _compile(part)) for part in without)
            return query.boolean_query(clauses)
        case Best(parts):
            return query.disjunction_max_query([_compile(part) for part in parts])
        case Scaled(part, factor):
            return query.boost_query(_compile(part), factor)
        case Flat(part, score):
            return query.const_score_query(_compile(part), score)
    return _compile_leaf(plan)


def _compile_leaf(plan: Plan) -> tantivy.Query:
    query = tantivy.Query
    match plan:
        case Token(field, text):
            return query.term_query(_SCHEMA, field, text, _DETAIL.get(field, "freq"))
        case Sequence(field, texts):
            return query.phrase_query(_SCHEMA, field, list(texts))
        case Start(field, text):
            # A rough word without slips; a regex took 0.9 ms to prepare, this 0.006.
            return query.fuzzy_term_query(_SCHEMA, field, text, 0, prefix=True)
        case Between(field, low, high):
            return query.range_query(_SCHEMA, field, tantivy.FieldType.Integer, low, high)
    return query.const_score_query(query.all_query(), 0.0)


def _any(parts: tuple[Plan, ...]) -> tantivy.Query:
    if not parts:
        return tantivy.Query.empty_query()
    return tantivy.Query.boolean_query([(_SHOULD, _compile(part)) for part in parts])
