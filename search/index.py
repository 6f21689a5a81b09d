"""The door to search: put stories in, take them out, find them.

Called by `archive.catalogue` and nobody else. `settings.SEARCH_URL` names the engine. Answers are
keys, counts and words, never rows. Every function raises IndexUnavailable when the index is
missing, damaged or busy; `rebuild` heals it. Nothing makes an index silently: an archive without
one is rebuilt first, so that a lost index is never mistaken for an empty archive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from itertools import starmap
from operator import itemgetter
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from search import spelling, words
from search.document import Document
from search.engines.base import Engine, Found, IndexBusy, IndexUnavailable, Progress, Snapshot
from search.entries import READERS, choose, gather
from search.expansion import fill, lighten, relax, widen
from search.likeness import Told, likeness
from search.plan import NOTHING, Plan, Token, all_of, any_of
from search.query import (
    And,
    Facet,
    Hit,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    Results,
    Suggestion,
    Term,
)
from search.recipe import Recipe, conditions, is_scored

__all__ = [
    "FEW",
    "IndexBusy",
    "IndexUnavailable",
    "contents",
    "correct",
    "drop",
    "fill",
    "find",
    "offer",
    "put",
    "rebuild",
    "relax",
    "similar",
    "suggest",
]

ENGINES = {
    "tantivy": "search.engines.tantivy.TantivyEngine",
    "whoosh": "search.engines.whoosh.WhooshEngine",
}
# A word that stands in so few stories may be a slip itself, if a neighbour is so much more usual.
FEW, MUCH_MORE = 2, 20
# Where stories are found: what stands in more of them than `RARE` is no slip, and so much more usual
# must a neighbour be to be offered. Most words of a search are not rare, and cost a look each.
RARE, OFFERED = 20, 10
SUGGEST_FROM = 2  # letters


# --- writing ------------------------------------------------------------------------------------
def put(documents: Iterable[Document]) -> None:
    """Enters stories, replacing what the index holds of their groups; findable on return.

    Hand over a story together with its translations: they are one entry, and whoever is not
    handed over leaves the index. Documents of one group must follow each other.
    """
    _engine().put(list(gather(documents)))


def drop(keys: Iterable[str]) -> list[str]:
    """Removes stories; unfindable on return. Keys that are not there are passed over.

    Gives back the keys of translations that shared an entry with one of them: they went with it
    and must be put again.
    """
    leaving = list(keys)
    if not leaving:
        return []  # to write nothing costs the engine as much as to write something
    engine = _engine()
    with engine.snapshot() as snapshot:
        shared = [member.key for found in snapshot.entries(leaving) for member in found.members]
    engine.put((), drop=leaving)
    return sorted(set(shared) - set(leaving))


def rebuild(documents: Iterable[Document], progress: Progress | None = None) -> None:
    """Makes the index anew from all stories, beside the present one, and switches.

    Readers keep the present index until the new one is whole. Documents of one group must follow
    each other. `progress` is called with the number of documents taken so far. What `documents`
    raises is passed on and nothing is switched.
    """
    _engine().rebuild(gather(_counted(documents, progress)))


def _counted(documents: Iterable[Document], progress: Progress | None) -> Iterator[Document]:
    for number, document in enumerate(documents, 1):
        yield document
        if progress is not None:
            progress(number)


def contents() -> dict[str, str]:
    """Every key in the index and its fingerprint, to be compared with the database."""
    with _engine().snapshot() as snapshot:
        return {member.key: member.fingerprint for member in snapshot.contents()}


# --- finding ------------------------------------------------------------------------------------
def find(query: Query) -> Results:
    """What was asked, to the letter: neither corrected nor relaxed."""
    tree = lighten(widen(query.tree, query.synonyms))
    with _engine().snapshot() as snapshot:
        recipe = Recipe(snapshot)
        reach = recipe.reach(tree)
        if reach == NOTHING:  # a word that is nowhere: known without asking for hits and counts
            return Results(0, (), dict.fromkeys(query.facets, ()), tree)
        order = _order(query, tree)
        scored = recipe.scored(tree) if order == "relevance" else reach
        wanted, refused = conditions(query)
        filtered = [name for name in query.facets if query.filters.get(name)]
        found, total, counts = snapshot.search(
            all_of([scored, *wanted], refused),
            all_of([reach, *wanted], refused),
            order,
            max(query.offset, 0),
            query.limit if query.offset <= settings.SEARCH_MAX_OFFSET else 0,
            [name for name in query.facets if name not in filtered],
        )
        for name in filtered:
            counts[name] = _without_its_filter(snapshot, reach, query, name)
    return Results(
        total=total,
        hits=tuple(Hit(_shown(entry, query), entry.score) for entry in found),
        facets={name: _ranked(counts[name]) for name in query.facets},
        searched=tree,
    )


def _order(query: Query, tree: Node) -> str:
    if query.sort == "title":
        return f"title_order_{query.reader if query.reader in READERS else READERS[0]}"
    if query.sort == "relevance" and not is_scored(tree):
        return "newest"
    return query.sort


def _shown(found: Found, query: Query) -> str:
    """The member of a group that this reader sees: in a language that was asked for, if any."""
    asked = query.filters.get("language", ())
    languages = [query.reader] if not asked or query.reader in asked else list(asked)
    return choose(found.members, languages, found.group).key


def _without_its_filter(
    snapshot: Snapshot, reach: Plan, query: Query, name: str
) -> Mapping[str, int]:
    """Counts of a facet as if it were not filtered, so that its other values stay in sight."""
    wanted, refused = conditions(query, but=name)
    return snapshot.tally(all_of([reach, *wanted], refused), [name])[1][name]


def _ranked(counts: Mapping[str, int]) -> tuple[Facet, ...]:
    ordered = sorted(sorted(counts.items()), key=itemgetter(1), reverse=True)
    return tuple(starmap(Facet, ordered))


# --- helping ------------------------------------------------------------------------------------
def correct(tree: Node) -> Node | None:
    """The tree with each word that the archive does not have, or hardly has, replaced by the
    nearest that it has; None where there is nothing to replace. Phrases are corrected word by
    word. Ask where a search found nothing or next to nothing."""
    with _engine().snapshot() as snapshot:
        corrected = _Corrector(snapshot).correct(tree)
    return corrected if corrected != tree else None


def offer(tree: Node) -> Node | None:
    """The tree with each word that hardly stands in the archive replaced by a neighbour that is so
    much more usual; None where there is none. For a search that does find stories, so that it is
    proposed and not made: `famly` stands where people speak so, `soliders` has the stem of solid."""
    with _engine().snapshot() as snapshot:
        offered = _Offerer(snapshot).correct(tree)
    return offered if offered != tree else None


class _Corrector:
    """Replaces unknown words; what is refused, open or rough on purpose stays as it is."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._recipe = Recipe(snapshot)

    def correct(self, node: Node) -> Node:
        match node:
            case And(parts):
                return And(tuple(self.correct(part) for part in parts))
            case Or(parts):
                return Or(tuple(self.correct(part) for part in parts))
            case Not():
                return node
            case Term(word, within) if within != "language":
                return Term(self._word(word), within)
            case Phrase(pieces, within):
                return Phrase(tuple(self._word(piece) for piece in pieces), within)
        return node

    def _word(self, word: str) -> str:
        known = self._stands_in(word)
        if known > FEW:
            return word
        least = max(1, known * MUCH_MORE)
        better = spelling.correction(words.fold(word), self._snapshot, least)
        return word if better is None else spelling.written(better, self._snapshot)

    def _stands_in(self, word: str) -> int:
        """In how many living entries the word, or an inflection of it, stands."""
        reach = self._recipe.reach(Term(word))
        return 0 if reach == NOTHING else self._snapshot.tally(reach, ())[0]


class _Offerer(_Corrector):
    """Replaces rare words, whatever other words have their stem."""

    def _word(self, word: str) -> str:
        plain, snapshot = words.fold(word), self._snapshot
        known = max(snapshot.frequency(field, plain) for field in spelling.FIELDS)
        least = OFFERED * max(known, 1)
        if known > RARE or least > sum(
            snapshot.frequency("language", code) for code in words.LANGUAGES
        ):
            return word  # or nothing can be so much more usual: spared the looking
        better = spelling.correction(plain, snapshot, least)
        if better is None or better in words.LIGHT or self._same_stem(plain, better):
            return word
        return spelling.written(better, snapshot)

    @staticmethod
    def _same_stem(one: str, other: str) -> bool:
        return any(words.stem(one, code) == words.stem(other, code) for code in words.LANGUAGES)


def suggest(text: str, limit: int = 8) -> list[Suggestion]:
    """Words of the archive that begin with the last word of `text`, most used first, with the
    number of stories they stand in. Nothing for a single letter, which tells nothing and is slow
    to count, nor for a text that ends in a space."""
    pieces = words.tokens(text)
    prefix = words.fold(pieces[-1]) if pieces else ""
    if len(prefix) < SUGGEST_FROM or not text[-1:].strip() or limit < 1:
        return []
    with _engine().snapshot() as snapshot:
        counts: dict[str, int] = {}
        for field in spelling.fields(snapshot):
            for word, count in snapshot.begins(field, prefix, limit * 4):
                counts[word] = max(count, counts.get(word, 0))
        best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        telling = [(word, count) for word, count in best if word not in words.LIGHT][:limit]
        return [Suggestion(spelling.written(word, snapshot), count) for word, count in telling]


def similar(group: str, texts: Iterable[Told], limit: int = 4, reader: str = "en") -> list[Hit]:
    """Stories that share telling words with these texts, or themes or places with this group, best
    first; never a story of the group. `texts` are those of its members, with their languages."""
    own = Token("group", group)
    with _engine().snapshot() as snapshot:
        plan = all_of([any_of(likeness(snapshot, own, texts))], [own])
        found = snapshot.top(plan, "relevance", 0, limit)
        query = Query(reader=reader)
        return [Hit(_shown(other, query), other.score) for other in found]


# --- which engine -------------------------------------------------------------------------------
def _engine() -> Engine:
    return _engine_at(settings.SEARCH_URL)


@lru_cache(maxsize=8)
def _engine_at(url: str) -> Engine:
    """One engine for each URL and process; it opens nothing before it is used."""
    parts = urlsplit(url)
    if parts.scheme not in ENGINES or not unquote(parts.path).startswith("/"):
        raise ImproperlyConfigured(
            f"SEARCH_URL is set to {url!r}, but it must be one of "
            f"{', '.join(f'{scheme}:///folder' for scheme in ENGINES)}."
        )
    module, _, name = ENGINES[parts.scheme].rpartition(".")
    engine: Engine = getattr(import_module(module), name)(Path(unquote(parts.path)))
    return engine
