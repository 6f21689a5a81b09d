"""Makes a tree ask for what is meant: the editors' words join, light words step back.

Pure functions from tree to tree, called by `search.index` before every search, so that a change of
the editors' vocabulary works in the next search without touching the index.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from search import words
from search.query import And, Either, Node, Not, Or, Phrase, Synonyms, Term

QUESTION_WORDS = 4  # that carry meaning: so many are a question in plain language
Key = tuple[str, ...]  # one word or phrase of the vocabulary, as folded stems


def widen(tree: Node, synonyms: tuple[Synonyms, ...]) -> Node:
    """The tree with the editors' equivalents of its words and phrases beside them.

    Words that stand next to each other in an AND count as a phrase of the vocabulary: `the box`
    finds what `solitary` means, without quotation marks.
    """
    return _book(synonyms).widen(tree) if synonyms else tree


def lighten(tree: Node) -> Node:
    """The tree without words that carry no meaning (`the`, `de`) where all words are asked for.

    A search that has nothing but such words keeps them; phrases always keep theirs.
    """
    match tree:
        case And(parts):
            heavy = tuple(lighten(part) for part in parts if not _is_light(part))
            if not any(not isinstance(part, Not) for part in heavy):
                return tree
            return heavy[0] if len(heavy) == 1 else And(heavy)
        case Or(parts):
            return Or(tuple(lighten(part) for part in parts))
        case Not(part):
            return Not(lighten(part))
        case Either(first, others):
            return Either(lighten(first), others)
    return tree


def relax(tree: Node, typed: Node | None = None) -> Node | None:
    """The tree that asks for any of the words instead of all; None where that changes nothing.

    Where `tree` was mended, hand over what was `typed`: its words are asked for too, for a rare
    name that was taken for a slip may be what was meant.
    """
    tree = lighten(tree)
    if not isinstance(tree, And):
        return None
    wanted = _wanted(tree)
    rest = tuple(part for part in tree.parts if part not in wanted)
    if len(wanted) < 2:
        return None
    if typed is not None:
        wanted += tuple(part for part in _wanted(lighten(typed)) if part not in wanted)
    return And((Or(wanted), *rest)) if rest else Or(wanted)


def _wanted(tree: Node) -> tuple[Node, ...]:
    """The words and phrases that a search for all of its parts asks for."""
    parts = tree.parts if isinstance(tree, And) else ()
    return tuple(part for part in parts if isinstance(part, Term | Phrase | Either))


def fill(tree: Node) -> Node | None:
    """The tree that finds, below the stories with all words of a question, those with some.

    None for what is no question: few words, or signs of somebody who searches with care.
    """
    if not isinstance(tree, And) or not all(
        isinstance(p, Term) and not p.within for p in tree.parts
    ):
        return None
    heavy = [part for part in tree.parts if not _is_light(part)]
    return Either(tree, (Or(tuple(heavy)),)) if len(heavy) >= QUESTION_WORDS else None


def _is_light(node: Node) -> bool:
    return isinstance(node, Term) and not node.within and words.is_light(node.word)


def _forms(pieces: Iterable[str]) -> list[Key]:
    """The stems by which a word or phrase is recognised, one form for each language."""
    pieces = tuple(pieces)
    found = {tuple(words.stem(piece, language) for piece in pieces) for language in words.LANGUAGES}
    found.add(tuple(words.fold(piece) for piece in pieces))
    return sorted(found)


class _Book:
    """The editors' vocabulary, looked up by the stems of its words and phrases."""

    def __init__(self, synonyms: Iterable[Synonyms]) -> None:
        self.entries: dict[Key, list[Key]] = {}
        self.longest = 1
        for group in synonyms:
            phrases = [tuple(words.tokens(text)) for text in group.words]
            self._enter([phrase for phrase in phrases if phrase])

    def _enter(self, phrases: list[Key]) -> None:
        for phrase in phrases:
            self.longest = max(self.longest, len(phrase))
            for form in _forms(phrase):
                known = self.entries.setdefault(form, [])
                known.extend(other for other in phrases if other != phrase and other not in known)

    def widen(self, node: Node) -> Node:
        match node:
            case And(parts):
                return And(tuple(self._widen_run(parts)))
            case Or(parts):
                return Or(tuple(self.widen(part) for part in parts))
            case Not(part):
                return Not(self.widen(part))
            case Either(first, others):
                return Either(self.widen(first), tuple(self.widen(other) for other in others))
            case Term(word, ""):
                return self._either(node, (word,))
            case Phrase(pieces, ""):
                return self._either(node, pieces)
        return node

    def _widen_run(self, parts: tuple[Node, ...]) -> Iterable[Node]:
        """Longest phrases of the vocabulary first, among plain words that follow each other."""
        at = 0
        while at < len(parts):
            length = self._match_at(parts, at)
            if length > 1:
                run = parts[at : at + length]
                pieces = tuple(part.word for part in run if isinstance(part, Term))
                yield self._either(And(run), pieces)
            else:
                yield self.widen(parts[at])
            at += length

    def _match_at(self, parts: tuple[Node, ...], at: int) -> int:
        for length in range(min(self.longest, len(parts) - at), 1, -1):
            run = parts[at : at + length]
            if not all(isinstance(part, Term) and not part.within for part in run):
                continue
            if self._others(tuple(part.word for part in run if isinstance(part, Term))):
                return length
        return 1

    def _others(self, pieces: Key) -> list[Key]:
        found: list[Key] = []
        for form in _forms(pieces):
            found.extend(other for other in self.entries.get(form, ()) if other not in found)
        return [other for other in found if other != pieces]

    def _either(self, first: Node, pieces: Key) -> Node:
        others = self._others(pieces)
        if not others:
            return first
        return Either(
            first,
            tuple(Term(other[0]) if len(other) == 1 else Phrase(other) for other in others),
        )


@lru_cache(maxsize=4)
def _book(synonyms: tuple[Synonyms, ...]) -> _Book:
    """The vocabulary of one state of the desk: stemming it costs more than a search does, and it
    changes a few times a day. A change is another tuple, so the next search has the new words."""
    return _Book(synonyms)
