"""What people type -> the tree of `search.query`, by Whoosh's query parser.

The one place where typed text is read. It is bounded before it is parsed (Whoosh's tagger is
quadratic in a long run of letters) and after (words, depth). No text is an error: what does not
parse is searched as plain words, and `Parsed.notes` says what the caller may want to explain.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from whoosh import query as grammar
from whoosh.qparser import QueryParser, plugins

from search import words
from search.query import (
    And,
    Everything,
    Fuzzy,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
)

# The contract's field names, and the same in Spanish.
FIELD_NAMES = {
    "title": "title",
    "titulo": "title",
    "título": "title",
    "by": "by",
    "por": "by",
    "place": "place",
    "lugar": "place",
    "theme": "theme",
    "tema": "theme",
    "language": "language",
    "idioma": "language",
    "year": "year",
    "año": "year",
}
LANGUAGE_NAMES = {
    "english": "en",
    "ingles": "en",
    "spanish": "es",
    "espanol": "es",
    "castellano": "es",
}

# What `notes` may hold.
TOO_LONG = "too_long"
TOO_MANY_WORDS = "too_many_words"
LEADING_WILDCARD = "leading_wildcard"
NOT_UNDERSTOOD = "not_understood"

_LEADING_WILDCARD = re.compile(r"(?:^|(?<=[\s(:]))[*?]+(?=\w)")
_PLAIN = re.compile(rf"(?:[a-zA-Z0-9áéíóúüñÁÉÍÓÚÜÑ]{{1,{words.WORD_MAX_CHARACTERS}}}(?: |$))*")
_OPERATORS = frozenset({"AND", "OR", "NOT", "TO"})
_YEAR = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The tree, and codes for what had to be cut or could not be understood."""

    tree: Node
    notes: tuple[str, ...] = ()


def parse(text: str) -> Parsed:
    """The tree of a search text; never raises.

    >>> parse('visits "the box" -attica').tree
    And(parts=(Term(word='visits', ...), Phrase(words=('the', 'box'), ...), Not(part=...)))
    """
    notes: list[str] = []
    text = "".join(" " if ord(letter) < 32 else letter for letter in text)
    if len(text) > settings.QUERY_MAX_CHARACTERS:
        notes.append(TOO_LONG)
        text = text[: settings.QUERY_MAX_CHARACTERS]
    if _LEADING_WILDCARD.search(text):
        notes.append(LEADING_WILDCARD)
        text = _LEADING_WILDCARD.sub("", text)
    try:
        tree = _read_quickly(text) or _parsed(text)
    except Exception:  # a third-party parser on strangers' text: whatever it trips over is no error
        notes.append(NOT_UNDERSTOOD)
        tree = plain(text)
    kept = _Budget(settings.QUERY_MAX_WORDS)
    tree = _simplify(kept.cut(tree))
    if kept.spent:
        notes.append(TOO_MANY_WORDS)
    return Parsed(tree, tuple(notes))


def _read_quickly(text: str) -> Node | None:
    """The tree of nothing but words, as most texts are, or of words with OR between all of them:
    the grammar, which takes as long as a search, has nothing more to find in it. None for others.
    """
    choices = text.split(" OR ")
    if not _PLAIN.fullmatch(text) or _OPERATORS.intersection(" ".join(choices).split()):
        return None
    if len(choices) == 1:
        return plain(text)
    single = all(choice and " " not in choice for choice in choices)
    return _simplify(Or(tuple(map(plain, choices)))) if single else None


def _parsed(text: str) -> Node:
    with _lock:
        parsed = _parser.parse(text, normalize=False)
    return _simplify(_Reader().read(parsed, 0))


def plain(text: str) -> Node:
    """All words of a text, as if it held no operator."""
    return _simplify(And(tuple(Term(word) for word in words.tokens(text))))


def write(tree: Node) -> str:
    """A tree as text that parses to the same tree; used to show what was searched instead."""
    return _write(tree, outermost=True)


# --- the grammar --------------------------------------------------------------------------------
def _make_parser() -> QueryParser:
    """Whoosh's grammar without what nobody here needs: boosts, wildcards inside words, `ANDMAYBE`.

    A stripped piece of syntax is searched as the plain text that it is.
    """
    names = "|".join(FIELD_NAMES)
    chosen = [
        plugins.WhitespacePlugin(),
        plugins.FieldsPlugin(expr=rf"(?<!\w)(?P<text>(?i:{names})):(?=\S)"),
        plugins.PhrasePlugin(),
        plugins.RangePlugin(),
        plugins.GroupPlugin(),
        plugins.FuzzyTermPlugin(),
        plugins.OperatorsPlugin(
            AndNot=None,
            AndMaybe=None,
            Require=None,
            Not=r"(^|(?<=(\s|[(:])))(NOT(?=\s)|-(?=[^\s-]))",
        ),
    ]
    parser = QueryParser("", schema=None, plugins=chosen)
    prefix = plugins.PrefixPlugin(expr=r"(?P<text>[^\W_][\w'’-]*)[*](?![\w*])")
    parser.add_plugin(prefix)
    return parser


_parser = _make_parser()
_lock = threading.Lock()  # the parser keeps no state that we know of; nobody promises it


class _TooDeep(Exception):
    """More brackets than a person writes."""


class _Reader:
    """Translates Whoosh's query objects into ours."""

    def read(self, found: grammar.Query, depth: int) -> Node:
        if depth > settings.QUERY_MAX_DEPTH:
            raise _TooDeep
        match found:
            case grammar.And():
                return And(tuple(self.read(part, depth + 1) for part in found.subqueries))
            case grammar.Or():
                return Or(tuple(self.read(part, depth + 1) for part in found.subqueries))
            case grammar.Not():
                return Not(self.read(found.query, depth + 1))
            case _:
                return self._leaf(found)

    def _leaf(self, found: grammar.Query) -> Node:
        within = FIELD_NAMES.get((getattr(found, "fieldname", "") or "").lower(), "")
        match found:
            case grammar.FuzzyTerm():
                slips = min(max(int(found.maxdist), 1), 2)
                return _single(found.text, lambda word: Fuzzy(word, slips, within))
            case grammar.Prefix():
                return _single(found.text, lambda word: Prefix(word, within))
            case grammar.TermRange():
                return self._range(found, within)
            case grammar.Phrase():
                return _words(" ".join(found.words), within, quoted=True)
            case grammar.Term():
                return _words(found.text, within, quoted=False)
        return Everything()

    def _range(self, found: grammar.TermRange, within: str) -> Node:
        if within == "year":
            return _years(found.start, found.end)
        return plain(f"{found.start or ''} {found.end or ''}")


def _single(text: str, make: type | object) -> Node:
    """A leaf that takes one word: of `co-op*` only the last piece is open."""
    pieces = words.tokens(text)
    if not pieces:
        return Everything()
    last: Node = make(pieces[-1])  # type: ignore[operator]
    return _simplify(And((*(Term(piece) for piece in pieces[:-1]), last)))


def _words(text: str, within: str, *, quoted: bool) -> Node:
    """A word, or the words that one piece of typed text falls into (`co-op` is a phrase)."""
    if within == "year":
        first, dash, last = text.partition("-")
        if len(first) == 4 and len(last) == 2:
            last = first[:2] + last  # 1990-95
        return _years(first, last if dash else first)
    pieces = words.tokens(text)
    if not pieces:
        return Everything()
    if within == "language":
        code = words.fold(pieces[0])
        return Term(LANGUAGE_NAMES.get(code, code), within)
    if len(pieces) == 1 and not quoted:
        return Term(pieces[0], within)
    return Phrase(tuple(pieces[: settings.QUERY_MAX_WORDS]), within)


def _years(first: str | None, last: str | None) -> Node:
    """A span of years; an end left out is open, an end that is no year fits nothing."""
    ends: list[int | None] = []
    for end in (first, last):
        end = (end or "").strip()
        if end and not _YEAR.fullmatch(end):
            return Nothing()
        ends.append(int(end) if end else None)
    return Range(ends[0], ends[1])


# --- bounds -------------------------------------------------------------------------------------
class _Budget:
    """Cuts a tree to so many words, first come first served."""

    def __init__(self, allowed: int) -> None:
        self.left = allowed
        self.spent = False

    def cut(self, node: Node) -> Node:
        match node:
            case And(parts):
                return And(tuple(self.cut(part) for part in parts))
            case Or(parts):
                return Or(tuple(self.cut(part) for part in parts))
            case Not(part):
                return Not(self.cut(part))
            case Term(word, "") if words.is_light(word):
                return node
            case Term() | Prefix() | Fuzzy() | Range():
                return node if self._take(1) else Everything()
            case Phrase(parts):
                return node if self._take(len(parts)) else Everything()
        return node

    def _take(self, count: int) -> bool:
        if count > self.left:
            self.spent = True
            self.left = 0
            return False
        self.left -= count
        return True


def _simplify(node: Node) -> Node:
    """Without empty parts and groups of one; nested groups of one kind become one group."""
    match node:
        case And(parts) | Or(parts):
            kind = type(node)
            flat = tuple(_flatten(kind, parts))
            if not flat:
                return Everything()
            return flat[0] if len(flat) == 1 else kind(flat)
        case Not(part):
            inner = _simplify(part)
            if isinstance(inner, Everything):
                return inner  # `-()` refuses nothing
            return inner.part if isinstance(inner, Not) else Not(inner)
    return node


def _flatten(kind: type, parts: tuple[Node, ...]) -> Iterator[Node]:
    for part in map(_simplify, parts):
        if isinstance(part, kind):
            yield from part.parts  # type: ignore[union-attr] # `kind` is And or Or
        elif not isinstance(part, Everything):
            yield part


# --- and back -----------------------------------------------------------------------------------
def _write(node: Node, *, outermost: bool = False) -> str:
    match node:
        case Term(word, within):
            return _named(within, word)
        case Phrase(parts, within):
            return _named(within, '"' + " ".join(parts) + '"')
        case Prefix(word, within):
            return _named(within, f"{word}*")
        case Fuzzy(word, distance, within):
            return _named(within, f"{word}~" if distance == 1 else f"{word}~{distance}")
        case Range(first, last) if first is not None and first == last:
            return f"year:{first}"
        case Range(first, last):
            return f"year:[{_end(first)} TO {_end(last)}]"
        case And(parts):
            inside = " ".join(_write(part) for part in parts)
            return inside if outermost else f"({inside})"
        case Or(parts):
            inside = " OR ".join(_write(part) for part in parts)
            return inside if outermost else f"({inside})"
        case Not(part):
            return f"-{_write(part)}"
    return ""


def _named(within: str, text: str) -> str:
    return f"{within}:{text}" if within else text


def _end(year: int | None) -> str:
    return "" if year is None else str(year)
