"""What Whoosh's files hold, for the pure-Python engine: words, postings and columns of one commit.

Knows how the last release of Whoosh (2.7.4) keeps its segments, and puts their numbers one after
the other, so that nobody else need think of segments. What belongs to a commit is read once and
kept for as long as the commit is the last; the rest is kept for one search. Called by
`search.engines.whoosh`, `whoosh_matching` and `whoosh_weighing`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, RawIOBase
from typing import Any, NamedTuple

from whoosh.filedb.structfile import BufferFile
from whoosh.index import FileIndex
from whoosh.matching import FilterMatcher

from search.plan import Token

LOOKED_UP = 20  # words of one drawer in one search: from then on, opening it is quicker

Numbers = AbstractSet[int]  # of entries, counted through all segments


def opened(index: FileIndex) -> Any:
    """A searcher of the last commit. Whoosh copies words and postings into memory to have a file to
    read; such a file is laid over what is mapped anyway, and the copies, as large as the index, go."""
    searcher = index.searcher()
    for reader, _ in searcher.reader().leaf_readers():
        if reader.doc_count_all():
            for file in (reader._terms._dbfile, reader._terms._postfile):
                if isinstance(file, BufferFile):  # where memory could not be mapped it is none
                    file.file = BufferedReader(_Mapped(file._buf))
    return searcher


class _Mapped(RawIOBase):
    """A file whose content lies in memory already."""

    def __init__(self, content: memoryview) -> None:
        self._content = content
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        start = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: len(self._content)}[whence]
        self._at = start + offset
        return self._at

    def readinto(self, into: Any) -> int:
        piece = self._content[self._at : self._at + len(into)]
        into[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


class Use(NamedTuple):
    """How a word is used, deleted entries included: in how many, the first of them, the last."""

    often: int
    first: int
    last: int


Drawer = dict[str, Use]


class Commit:
    """One commit, for one search. `kept` is where its other searches find what they share."""

    def __init__(self, reader: Any, kept: dict[str, Any]) -> None:
        self.reader = reader
        self.leaves: list[tuple[Any, int]] = list(reader.leaf_readers())
        self.kept = kept
        if "living" not in kept:
            kept["living"] = frozenset(reader.all_doc_ids())
        self.living: frozenset[int] = kept["living"]
        self._drawers: dict[tuple[str, str], Drawer] = kept.setdefault("drawers", {})
        self._alive: dict[Token, int] = kept.setdefault("alive", {})
        self._size: int = reader.doc_count_all()
        self._asked: Counter[tuple[str, str]] = Counter()
        self._frequencies: dict[Token, int] = {}
        self._postings: dict[Token, dict[int, float]] = {}
        self._places: dict[Token, dict[int, bytes]] = {}

    # --- words: those of a field that begin with one letter are a drawer, for Whoosh's lists are
    # quick to read on and slow to look things up in
    def frequency(self, field: str, text: str) -> int:
        """In how many entries a word stands, deleted ones included."""
        drawer = self._drawers.get((field, text[:1]))
        if drawer is not None:
            return drawer[text].often if text in drawer else 0
        token = Token(field, text)
        if token not in self._frequencies:
            self._asked[field, text[:1]] += 1
            if self._asked[field, text[:1]] > LOOKED_UP:
                use = self._open(field, text[:1]).get(text)
                self._frequencies[token] = use.often if use else 0
            else:
                self._frequencies[token] = self.reader.doc_frequency(field, text)
        return self._frequencies[token]

    def beginning(self, field: str, prefix: str) -> Iterable[tuple[str, Use]]:
        """Words that begin so, those of deleted entries included, in no order."""
        drawer = self._open(field, prefix[:1]).items()
        return ((word, use) for word, use in drawer if word.startswith(prefix))

    def _open(self, field: str, letter: str) -> Drawer:
        if (field, letter) in self._drawers:
            return self._drawers[field, letter]
        drawer: Drawer = {}
        for reader, offset in self.leaves:
            for word, told in _words(reader, field, letter):
                often, last = told.doc_frequency(), told.max_id() + offset
                if word in drawer:
                    drawer[word] = Use(drawer[word].often + often, drawer[word].first, last)
                else:
                    drawer[word] = Use(often, told.min_id() + offset, last)
        if drawer:  # of the letters that no word begins with there is no end
            self._drawers[field, letter] = drawer
        return drawer

    def alive(self, field: str, word: str, use: Use) -> int:
        """In how many living entries it stands: Whoosh keeps the words of deleted ones until it
        merges their segment."""
        if len(self.living) == self._size:
            return use.often
        if use.often <= 2:
            return len({use.first, use.last} & self.living)
        token = Token(field, word)
        if token not in self._alive:
            self._alive[token] = sum(
                len(self.living.intersection(numbers(block, offset)))
                for block, offset in self.blocks(token)
            )
        return self._alive[token]

    # --- postings
    def postings(self, token: Token) -> dict[int, float]:
        """How often the word stands in each living entry that has it."""
        if token not in self._postings:
            held: dict[int, float] = {}
            for block, offset in self.blocks(token):
                block.weight()
                held.update(zip(numbers(block, offset), block._weights, strict=True))
            for number in held.keys() - self.living:
                del held[number]
            self._postings[token] = held
        return self._postings[token]

    def places(self, token: Token) -> dict[int, bytes]:
        """Where the word stands in each entry that has it, as Whoosh writes it down."""
        if token not in self._places:
            held: dict[int, bytes] = {}
            for block, offset in self.blocks(token):
                block.value()
                held.update(zip(numbers(block, offset), block._values, strict=True))
            self._places[token] = held
        return self._places[token]

    def blocks(self, token: Token) -> Iterator[tuple[Any, int]]:
        """A word's postings, deleted entries included, in the blocks that Whoosh unpacks at once,
        and what to add to their numbers. Whoever calls a verb of the block finds the whole of it in
        the attribute; asked one by one, postings take ten times as long."""
        for reader, offset in self.leaves:
            if (token.field, token.text) not in reader:
                continue
            block = reader.postings(token.field, token.text)
            if isinstance(block, FilterMatcher):
                block = block.child
            while block.is_active():
                yield block, offset
                block._next_block()

    # --- columns
    def column(self, name: str) -> list[Any]:
        """One value for each entry, deleted ones included."""
        return [
            value
            for reader, _ in self.leaves
            if reader.doc_count_all()  # an empty index has no columns
            for value in _column(reader, name)
        ]


def numbers(block: Any, offset: int) -> Iterable[int]:
    """The entries of a block."""
    block.id()
    return [number + offset for number in block._ids] if offset else block._ids


def _words(reader: Any, field: str, letter: str) -> Iterator[tuple[str, Any]]:
    """The words of a segment with this first letter, and what Whoosh notes about each."""
    wanted = letter.encode()
    for (name, word), told in reader.iter_from(field, wanted):
        if name != field or not word.startswith(wanted):
            break
        yield word.decode(), told


def _column(reader: Any, name: str) -> Iterator[Any]:
    values = reader.column_reader(name)
    return (values[number] for number in range(reader.doc_count_all()))
