"""One engine, one size, one process: building an index, or asking it; prints what it saw as JSON.

    python -m benchmarks.scale write|build|search ENGINE COUNT FOLDER

Called by `benchmarks.search`, which makes the tables. A process for each run keeps the memory of
one engine apart from another's. The rivals do what one writes first with each library: hits, a
count, one facet and ten snippets; ours does a full search of the archive: hits, total, six facets
and snippets. For a typo bare tantivy asks its fuzzy query, which finds words one slip away and can
mark none of them in its snippets; it does not say what it took the word for.

`write` unpacks the documents into a plain file, and for ours their texts into a database, before
any clock runs. Building then reads that file, line by line, and the whole time counts for every
engine. A clock that stops while documents are read would not be fair: tantivy's threads go on
meanwhile, and the longer one reads, the quicker they would seem.
"""

from __future__ import annotations

import json
import lzma
import os
import random
import re
import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import tantivy
from django.conf import settings

from benchmarks import ground
from search import asking, index, language, snippets
from search.document import Document
from search.query import Query

KINDS = ("one word", "two words", "a phrase", "three OR-ed words", "a prefix", "a typo")
SHARDS = [ground.DATA / "scale" / f"docs-{number}of4.jsonl.xz" for number in (1, 2)]
ASKED = 40  # searches of each kind
TIMES = 3  # each is asked so often, and its quickest answer counts: the machine has other work too
_STRANGE = [" ", " ", "AND", "OR", "NOT ", "-", "(", ")", '"', "*", "~", "~2", "year:[", " TO ",
            "title:", "a*", "the ", "'", "^2", "\\", "á", "字", "\u0301", "e~2"]  # fmt: skip
_BODIES = "SELECT id, body FROM texts WHERE id IN ({})"
_LONE_WORD = re.compile(r"[a-z]{5,11}")


# --- what is stored and asked ---------------------------------------------------------------------
def rows(count: int) -> Iterator[dict[str, Any]]:
    """So many documents: the shards, and the same again under other ids."""
    number = 0
    while True:
        for shard in SHARDS:
            with lzma.open(shard, "rt") as lines:
                for line in lines:
                    if number == count:
                        return
                    yield {**json.loads(line), "id": f"d{number}"}
                    number += 1


def drawn(row: dict[str, Any]) -> dict[str, Any]:
    """A document and what it lacks: two themes of forty, a place, years, drawn by lot, always the
    same for the same id."""
    lot = random.Random(row["id"])
    return {
        **row,
        "themes": [f"theme-{each}" for each in lot.sample(range(40), 2)],
        "kind": "story" if lot.random() < 0.9 else "photo_project",
        "place": f"place-{lot.randrange(60)}",
        "year": lot.randint(1960, 2020),
        "notes": ["violence"] if lot.random() < 0.2 else [],
        "published": lot.randint(700_000, 740_000),
    }


def write(name: str, count: int, folder: Path) -> None:
    """Writes what `build` and `search` read: for ours the texts too, the work of the archive's
    database and not of search."""
    with open(_documents(folder), "w") as file:
        for row in rows(count):
            file.write(json.dumps(drawn(row)) + "\n")
    if issubclass(ENGINES[name], Ours):
        with sqlite3.connect(folder / "texts.sqlite") as texts:
            texts.execute("CREATE TABLE texts (id TEXT PRIMARY KEY, body TEXT)")
            pairs = ((row["id"], row["text"]) for row in written(folder))
            texts.executemany("INSERT INTO texts VALUES (?, ?)", pairs)


def written(folder: Path) -> Iterator[dict[str, Any]]:
    """The documents that `write` left."""
    with open(_documents(folder)) as lines:
        yield from map(json.loads, lines)


def _documents(folder: Path) -> Path:
    return folder / "documents.jsonl"


def searches() -> dict[str, list[str]]:
    """What is asked, of each kind: words, pairs and slips drawn from the documents themselves."""
    lot = random.Random(5)
    texts = [row["text"] for row in rows(1_000)]
    words = sorted({word for text in texts[::5] for word in _LONE_WORD.findall(text)})
    pairs = [re.findall(r"[A-Za-z]+ [a-z]+", text)[:3] for text in texts[::7]]
    phrases = [pair for some in pairs for pair in some]

    def slip(word: str) -> str:
        at = lot.randrange(1, len(word) - 1)
        return word[:at] + word[at + 1 :]

    makers: tuple[Callable[[], str], ...] = (
        lambda: lot.choice(words),
        lambda: " ".join(lot.sample(sorted(set(_LONE_WORD.findall(lot.choice(texts)))), 2)),
        lambda: f'"{lot.choice(phrases)}"',
        lambda: " OR ".join(lot.sample(words, 3)),
        lambda: lot.choice(words)[:4] + "*",
        lambda: slip(lot.choice(words)),
    )
    return {
        kind: [make() for _each in range(ASKED)] for kind, make in zip(KINDS, makers, strict=True)
    }


# --- the engines ----------------------------------------------------------------------------------
class Ours:
    """`search.index`, as the archive asks it. Texts lie in SQLite, as those of stories do."""

    def __init__(self, folder: Path, engine: str) -> None:
        settings.SEARCH_URL = f"{engine}://{folder}/index"
        self.texts = sqlite3.connect(folder / "texts.sqlite")
        self.files = folder / "index"

    def build(self, source: Iterator[dict[str, Any]]) -> None:
        index.rebuild(map(self._document, source))

    def _document(self, row: dict[str, Any]) -> Document:
        return Document(
            key=row["id"],
            kind=row["kind"],
            title=row["title"],
            summary=row["text"][:150],
            body=row["text"],
            byline=row["author"] or "",
            themes=tuple(row["themes"]),
            theme_text="Family visits",
            places=(row["place"], "new-york"),
            place_text="Attica",
            year_from=row["year"],
            year_to=row["year"] + 3,
            content_notes=tuple(row["notes"]),
            published=row["published"],
            sort_title=row["title"].casefold(),
            fingerprint="f" * 32,
        )

    def ask(self, _kind: str, typed: str) -> None:
        found = asking.ask(Query(language.parse(typed).tree)).results
        keys = [hit.key for hit in found.hits]
        # One query for the page, as `catalogue.rows` asks.
        rows = self.texts.execute(_BODIES.format(",".join("?" * len(keys))), keys)
        texts = dict(rows.fetchall())
        for key in keys:
            for passage in snippets.cut(texts[key], found.searched, "en"):
                snippets.html(passage)

    def publish(self, number: int) -> float:
        """Milliseconds until one more story is findable."""
        began = time.perf_counter()
        index.put([Document(f"new{number}", title=f"publicado{number}", body="One story more.")])
        found = index.find(Query(language.parse(f"publicado{number}").tree))
        assert found.total == 1, "What was published is not found."
        return 1000 * (time.perf_counter() - began)


class BareTantivy:
    """tantivy by itself, with its own English stemmer."""

    def __init__(self, folder: Path, _engine: str) -> None:
        self.files = folder / "tantivy"
        self.files.mkdir(exist_ok=True)
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("id", stored=True, tokenizer_name="raw")
        schema.add_text_field("title", stored=True, tokenizer_name="en_stem")
        schema.add_text_field("body", stored=True, tokenizer_name="en_stem")
        schema.add_text_field("theme", stored=True, fast=True, tokenizer_name="raw")
        self.schema = schema.build()
        self.engine = tantivy.Index(self.schema, path=str(self.files))

    def build(self, source: Iterator[dict[str, Any]]) -> None:
        writer = self.engine.writer(100_000_000)
        for row in source:
            writer.add_document(
                tantivy.Document(
                    id=row["id"], title=row["title"], body=row["text"], theme=row["themes"]
                )
            )
        writer.commit()
        writer.wait_merging_threads()

    def ask(self, kind: str, typed: str) -> None:
        if kind == "a prefix":
            query = tantivy.Query.regex_query(self.schema, "body", typed[:-1] + ".*")
        elif kind == "a typo":
            # In both fields, by their stems: the slip of an inflected word is found too.
            rough = {"title": (False, 1, True), "body": (False, 1, True)}
            query = self.engine.parse_query(typed, ["title", "body"], fuzzy_fields=rough)
        else:
            query = self.engine.parse_query(
                typed, ["title", "body"], conjunction_by_default=kind == "two words"
            )
        searcher = self.engine.searcher()
        found = searcher.search(query, 10, count=True)
        searcher.aggregate(query, {"theme": {"terms": {"field": "theme", "size": 50}}})
        maker = tantivy.SnippetGenerator.create(searcher, query, self.schema, "body")
        for _score, address in found.hits:
            maker.snippet_from_doc(searcher.doc(address)).to_html()


class BareFts5:
    """SQLite's own full text search, with its Porter stemmer. It knows no typos."""

    _HITS = (
        "SELECT id, snippet(docs, 2, '[', ']', '…', 30) FROM docs WHERE docs MATCH ? "
        "ORDER BY rank LIMIT 10"
    )
    _FACET = (
        "SELECT theme, count(*) FROM themes "
        "WHERE doc IN (SELECT rowid FROM docs WHERE docs MATCH ?) GROUP BY theme"
    )

    def __init__(self, folder: Path, _engine: str) -> None:
        self.files = folder / "fts5"
        self.files.mkdir(exist_ok=True)
        self.base = sqlite3.connect(self.files / "docs.sqlite")

    def build(self, source: Iterator[dict[str, Any]]) -> None:
        self.base.execute(
            "CREATE VIRTUAL TABLE docs USING fts5"
            "(id UNINDEXED, title, body, tokenize='porter unicode61')"
        )
        self.base.execute("CREATE TABLE themes (doc INTEGER, theme TEXT)")
        for number, row in enumerate(source, 1):
            told = (number, row["id"], row["title"], row["text"])
            self.base.execute("INSERT INTO docs (rowid, id, title, body) VALUES (?, ?, ?, ?)", told)
            pairs = [(number, theme) for theme in row["themes"]]
            self.base.executemany("INSERT INTO themes VALUES (?, ?)", pairs)
        self.base.execute("CREATE INDEX theme_of ON themes (doc, theme)")
        self.base.commit()

    def ask(self, _kind: str, typed: str) -> None:
        self.base.execute(self._HITS, (typed,)).fetchall()
        self.base.execute("SELECT count(*) FROM docs WHERE docs MATCH ?", (typed,)).fetchone()
        self.base.execute(self._FACET, (typed,)).fetchall()


Engine = Ours | BareTantivy | BareFts5
ENGINES: dict[str, type[Engine]] = {
    "tantivy": Ours,
    "whoosh": Ours,
    "bare-tantivy": BareTantivy,
    "bare-fts5": BareFts5,
}


# --- what is measured -----------------------------------------------------------------------------
def build(name: str, count: int, folder: Path) -> dict[str, float]:
    """Documents a second, megabytes on disk, megabytes of memory at the most."""
    engine = ENGINES[name](folder, name)
    began = time.perf_counter()
    engine.build(written(folder))
    seconds = time.perf_counter() - began
    # Asked of the system afterwards: a thread that looks would take its share of the one lock.
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    files = [path for path in engine.files.rglob("*") if path.is_file()]
    disk = sum(path.stat().st_size for path in files) / 1e6
    return {"rate": count / seconds, "disk": disk, "memory": megabytes}


def search(name: str, _count: int, folder: Path) -> dict[str, Any]:
    """p50 and p95 of each kind in milliseconds, and the memory of the process that asks."""
    engine = ENGINES[name](folder, name)
    spans: dict[str, tuple[float, float]] = {}
    for kind, asked in searches().items():
        if name == "bare-fts5" and kind == "a typo":
            continue
        quickest = [
            min(_took(engine.ask, kind, typed) for _time in range(TIMES)) for typed in asked
        ]
        spans[kind] = (ground.percentile(quickest, 0.5), ground.percentile(quickest, 0.95))
    told: dict[str, Any] = {"spans": spans, "memory": ground.memory(os.getpid())}
    if isinstance(engine, Ours):
        told["publish"] = sorted(engine.publish(number) for number in range(5))[2]
        told["suggest"] = ground.percentile(
            [
                _took(index.suggest, word[:length])
                for word in _typed_words()
                for length in (1, 2, 4)
            ],
            0.95,
        )
        if name == "tantivy":
            told["strange"] = _strangest(engine)
    return told


def _typed_words() -> list[str]:
    return searches()["one word"]


def _strangest(engine: Ours) -> dict[str, float]:
    """2,000 strange searches: the slowest hundredth in milliseconds, and the megabytes that the
    second thousand left behind."""
    asked = list(ground.strange([*_STRANGE, *_typed_words()], 2_000))
    spans = [_took(engine.ask, "", typed) for typed in asked[:1_000]]
    before = ground.memory(os.getpid())
    spans += [_took(engine.ask, "", typed) for typed in asked[1_000:]]
    return {"p99": ground.percentile(spans, 0.99), "grown": ground.memory(os.getpid()) - before}


def _took(what: Callable[..., object], *given: object) -> float:
    """Seconds that a call takes."""
    began = time.perf_counter()
    what(*given)
    return time.perf_counter() - began


def main() -> None:
    """Do one run and say what it saw."""
    what, name, count, folder = sys.argv[1:]
    django.setup()
    works: dict[str, Callable[[str, int, Path], object]] = {
        "write": write,
        "build": build,
        "search": search,
    }
    print(json.dumps(works[what](name, int(count), Path(folder))))


if __name__ == "__main__":
    main()
