"""What stands in an index: one entry for a story and its translations, and its fields.

Why one entry for a group, and not one for each story: totals and facets are then plain counts of
entries, exact and as fast as the engine counts; collapsing at query time can only estimate them. A
query in one language finds the whole group, because the entry holds the words of all its members.
The price is that members must be handed over together; `search.index.put` says so.

Both engines store these fields, so they agree about what a story says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar

from search import words
from search.document import Document

SPOKEN = (*words.LANGUAGES, "xx")  # `xx`: every language without stems of its own

# Fields of words, in order, with positions: phrases, beginnings and suggestions look here.
WORD_FIELDS = (
    *(f"words_{language}" for language in SPOKEN),  # title, summary, text, captions
    "names",  # narrator, places and themes, which belong to no language
    "title",
    "byline",
    "place_names",
    "theme_names",
)
# Fields of stems, without positions.
STEM_FIELDS = (
    *(f"stems_{language}" for language in words.LANGUAGES),
    *(f"title_stems_{language}" for language in words.LANGUAGES),
    *(f"summary_stems_{language}" for language in words.LANGUAGES),
)
# Words that are written with an accent, as `ano'año`: how they are written, by how they are found.
ACCENTS = "accents"
# Whole values, never cut into words.
VALUE_FIELDS = ("key", "group")
FACET_FIELDS = ("theme", "kind", "place", "language", "decade", "content_note")
NUMBER_FIELDS = ("year_from", "year_to")
# Text by which entries are ordered; each ends in what breaks a tie: newest first, then the key.
READERS = tuple(words.LANGUAGES)
ORDER_FIELDS = ("newest", "oldest", *(f"title_order_{reader}" for reader in READERS))

_DAYS = 9_999_999  # more days than any calendar of ours; makes newest sort first as text
GIST_WORDS = 40  # enough to know a story by, about 400 bytes
GIST_READS = 300  # words of a text that are counted for it


M = TypeVar("M", Document, "Member")


@dataclass(frozen=True, slots=True)
class Member:
    """One story of a group, as it is remembered in the index."""

    key: str
    language: str
    fingerprint: str


@dataclass(slots=True)
class Entry:
    """A group, ready to be stored. Text fields hold words separated by spaces, one string for each
    stretch of text; `gist` names what marks the group, as `field:word` or `theme:slug`."""

    group: str
    members: tuple[Member, ...]
    texts: dict[str, list[str]]
    values: dict[str, tuple[str, ...]]
    numbers: dict[str, int]
    orders: dict[str, str]
    gist: tuple[str, ...]


def gather(documents: Iterable[Document]) -> Iterator[Entry]:
    """Entries for documents whose groups follow each other; only one group is held at a time.

    Raises ValueError when the members of a group are scattered: half a group would be lost.
    """
    seen: set[str] = set()
    for family, members in groupby(documents, key=lambda document: document.family):
        if family in seen:
            raise ValueError(f"The members of group {family!r} must be handed over together.")
        seen.add(family)
        yield entry(family, list(members))


def entry(family: str, documents: list[Document]) -> Entry:
    """One entry for all members of a group."""
    texts = _Texts()
    for document in documents:
        texts.add(document)
    return Entry(
        group=family,
        members=tuple(
            Member(document.key, document.language, document.fingerprint) for document in documents
        ),
        texts=texts.fields,
        values=_values(documents),
        numbers=_numbers(documents),
        orders=_orders(family, documents),
        gist=texts.gist() + _kinship(documents),
    )


@dataclass(slots=True)
class _Texts:
    """Collects the words of a group's members."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    counts: list[tuple[int, str]] = field(default_factory=list)
    accents: set[str] = field(default_factory=set)

    def add(self, document: Document) -> None:
        language = words.base(document.language)
        title, _ = self._spoken(document.title, language, "title")
        self._put("title", title)
        self._spoken(document.summary, language, "summary")
        _, body = self._spoken(document.body, language)
        self._spoken(document.extra, language)
        self._count(body[:GIST_READS], language)
        self._name("byline", document.byline)
        self._name("place_names", document.place_text)
        self._name("theme_names", document.theme_text)
        if self.accents:
            self.fields[ACCENTS] = [" ".join(sorted(self.accents))]

    def _spoken(self, text: str, language: str, part: str = "") -> tuple[str, list[str]]:
        """Keeps a stretch of text where its language is kept, and its stems once more under
        `part`. Gives back its words, joined, and their stems; the words where there are none."""
        found = words.tokens(text)
        folded = self._folded(found)
        self._put(f"words_{language}", folded)
        if language not in words.LANGUAGES:
            return folded, folded.split()
        stems = words.stems(found, language)
        joined = " ".join(stems)
        self._put(f"stems_{language}", joined)
        if part:
            self._put(f"{part}_stems_{language}", joined)
        return folded, stems

    def _folded(self, found: list[str]) -> str:
        """Words without accents, joined; how the accented ones are written is noted."""
        folded = words.fold_all(found)
        if folded != " ".join(found):
            for word in {word for word in found if not word.isascii()}:
                plain = words.fold(word)
                if plain != word:
                    self.accents.add(f"{plain}'{word}")
        return folded

    def _count(self, stems: list[str], language: str) -> None:
        field = f"stems_{language}" if language in words.LANGUAGES else f"words_{language}"
        least = 2 if len(stems) >= GIST_READS // 2 else 1
        for stem, count in Counter(stems).items():
            if count >= least and len(stem) > 2 and stem not in words.LIGHT:
                self.counts.append((-count, f"{field}:{stem}"))

    def _name(self, name: str, text: str) -> None:
        """Names have no language: their stems are kept in each."""
        found = words.tokens(text)
        if not found:
            return
        folded = self._folded(found)
        if folded in self.fields.get(name, ()):
            return  # every member brings the same names
        self._put(name, folded)
        self._put("names", folded)
        if name == "theme_names":
            for language in words.LANGUAGES:
                self._put(f"stems_{language}", " ".join(words.stems(found, language)))

    def _put(self, name: str, text: str) -> None:
        if text:
            self.fields.setdefault(name, []).append(text)

    def gist(self) -> tuple[str, ...]:
        """The words that say something, most frequent first."""
        return tuple(name for _, name in sorted(self.counts)[:GIST_WORDS])


def _kinship(documents: list[Document]) -> tuple[str, ...]:
    """Themes and places, which tell likeness across languages."""
    themes = _union(document.themes for document in documents)
    places = _union(document.places for document in documents)
    return tuple(f"theme:{slug}" for slug in themes) + tuple(f"place:{slug}" for slug in places)


def _values(documents: list[Document]) -> dict[str, tuple[str, ...]]:
    """Facet values of the group: what holds for one member holds for all."""
    return {
        "key": _union((document.key,) for document in documents),
        "theme": _union(document.themes for document in documents),
        "kind": _union((document.kind,) for document in documents),
        "place": _union(document.places for document in documents),
        "language": _union((document.language,) for document in documents),
        "decade": _union(document.decades for document in documents),
        "content_note": _union(document.content_notes for document in documents),
    }


def _union(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for group in groups for value in group if value))


def _numbers(documents: list[Document]) -> dict[str, int]:
    """The span of years; a story that names one end only has its other end there too."""
    starts = [document.year_from for document in documents] + [d.year_to for d in documents]
    known = [year for year in starts if year is not None]
    return {"year_from": min(known), "year_to": max(known)} if known else {}


def _orders(family: str, documents: list[Document]) -> dict[str, str]:
    days = max(document.published for document in documents)
    tie = f"{_DAYS - days:07d} {family}"
    orders = {"newest": tie, "oldest": f"{days:07d} {family}"}
    for reader in READERS:
        shown = choose(documents, (reader,), family)
        title = " ".join(words.fold(word) for word in words.tokens(shown.sort_title or shown.title))
        orders[f"title_order_{reader}"] = f"{title or '~'}\x01{tie}"
    return orders


def choose(members: Iterable[M], languages: Iterable[str], family: str) -> M:
    """The member to show: the first language that there is, else the original, else any."""
    members = list(members)
    for language in languages:
        for member in members:
            if words.base(member.language) == language:
                return member
    return next((member for member in members if member.key == family), members[0])
