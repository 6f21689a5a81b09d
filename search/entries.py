"""What stands in an index: one entry for a story and its translations, and its fields.

Why one entry for a group, and not one for each story: totals and facets are then plain counts of
entries, exact and as fast as the engine counts; collapsing at query time can only estimate them. A
query in one language finds the whole group, because the entry holds the words of all its members.
The price is that members must be handed over together; `search.index.put` says so.

Both engines store these fields, so they agree about what a story says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, groupby
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
# Fields of stems, without positions. An entry holds their words as they are written: each engine
# stems them, as `words.stem` does.
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

M = TypeVar("M", Document, "Member")


def language_of(field: str) -> str:
    """The language of a field of words or stems, which ends its name."""
    return field.rpartition("_")[2]


@dataclass(frozen=True, slots=True)
class Member:
    """One story of a group, as it is remembered in the index."""

    key: str
    language: str
    fingerprint: str


@dataclass(slots=True)
class Entry:
    """A group, ready to be stored. Text fields hold words separated by spaces, one string for each
    stretch of text."""

    group: str
    members: tuple[Member, ...]
    texts: dict[str, list[str]]
    values: dict[str, tuple[str, ...]]
    numbers: dict[str, int]
    orders: dict[str, str]


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
    )


@dataclass(slots=True)
class _Texts:
    """Collects the words of a group's members."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    accents: set[str] = field(default_factory=set)

    def add(self, document: Document) -> None:
        language = words.base(document.language)
        self._put("title", self._spoken(document.title, language, "title"))
        self._spoken(document.summary, language, "summary")
        self._spoken(document.body, language)
        self._spoken(document.extra, language)
        self._name("byline", document.byline)
        self._name("place_names", document.place_text)
        self._name("theme_names", document.theme_text)
        if self.accents:
            self.fields[ACCENTS] = [" ".join(sorted(self.accents))]

    def _spoken(self, text: str, language: str, part: str = "") -> str:
        """Keeps a stretch of text where its language is kept, and for its stems once more under
        `part`; gives back its folded words."""
        said = words.spaced(text)
        folded = self._folded(said)
        self._put(f"words_{language}", folded)
        if language in words.LANGUAGES:
            self._put(f"stems_{language}", said)
            if part:
                self._put(f"{part}_stems_{language}", said)
        return folded

    def _folded(self, said: str) -> str:
        """Words without accents; how the accented ones are written is noted."""
        folded = words.fold_all(said)
        if folded != said:
            for word in set(words.parted(said)[1]):
                plain = words.fold(word)
                if plain != word:
                    self.accents.add(f"{plain}'{word}")
        return folded

    def _name(self, name: str, text: str) -> None:
        """Names have no language: their stems are kept in each."""
        said = words.spaced(text)
        folded = self._folded(said)
        if folded in self.fields.get(name, ()):
            return  # every member brings the same names
        self._put(name, folded)
        self._put("names", folded)
        if name == "theme_names":
            for language in words.LANGUAGES:
                self._put(f"stems_{language}", said)

    def _put(self, name: str, text: str) -> None:
        if text and not text.isspace():
            self.fields.setdefault(name, []).append(text)


def _values(documents: list[Document]) -> dict[str, tuple[str, ...]]:
    """Facet values of the group: what holds for one member holds for all."""
    return {
        "key": _union([(document.key,) for document in documents]),
        "theme": _union([document.themes for document in documents]),
        "kind": _union([(document.kind,) for document in documents]),
        "place": _union([document.places for document in documents]),
        "language": _union([(document.language,) for document in documents]),
        "decade": _union([document.decades for document in documents]),
        "content_note": _union([document.content_notes for document in documents]),
    }


def _union(groups: list[tuple[str, ...]]) -> tuple[str, ...]:
    values = groups[0] if len(groups) == 1 else chain.from_iterable(groups)
    return tuple(dict.fromkeys(filter(None, values)))


def _numbers(documents: list[Document]) -> dict[str, int]:
    """The span of years; a story that names one end only has its other end there too."""
    starts = [document.year_from for document in documents] + [d.year_to for d in documents]
    known = [year for year in starts if year is not None]
    return {"year_from": min(known), "year_to": max(known)} if known else {}


def _orders(family: str, documents: list[Document]) -> dict[str, str]:
    days = max(document.published for document in documents)
    tie = f"{_DAYS - days:07d} {family}"
    orders = {"newest": tie, "oldest": f"{days:07d} {family}"}
    titles = {document.key: _sorted_under(document) for document in documents}
    for reader in READERS:
        shown = choose(documents, (reader,), family)
        orders[f"title_order_{reader}"] = f"{titles[shown.key]}\x01{tie}"
    return orders


def _sorted_under(document: Document) -> str:
    """The title without accents and signs; after all others where there is none."""
    return (
        " ".join(words.fold_all(words.spaced(document.sort_title or document.title)).split()) or "~"
    )


def choose(members: Iterable[M], languages: Iterable[str], family: str) -> M:
    """The member to show: the first language that there is, else the original, else any."""
    members = list(members)
    if len(members) == 1:
        return members[0]
    for language in languages:
        for member in members:
            if words.base(member.language) == language:
                return member
    return next((member for member in members if member.key == family), members[0])
