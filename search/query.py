"""What may be asked, as a small tree, and what comes back.

`search.language` makes trees from what people type, `search.expansion` widens them with the
editors' words, `search.recipe` turns them into what an engine can look up. Pure data: no engine,
no setting, no text analysis in here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

# --- the tree ------------------------------------------------------------------------------------
# Words are lower case and normalised (NFC) but keep their accents: `año` shall rank before `ano`.
# `within` names one field of FIELDS, or is empty for the whole story.
FIELDS = ("title", "by", "place", "theme", "language", "year")


@dataclass(frozen=True, slots=True)
class Term:
    """One word; its inflections are found too, ranked below."""

    word: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand next to each other, in this order and this form."""

    words: tuple[str, ...]
    within: str = ""


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins so."""

    word: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words at most `distance` slips away that begin with the same letter."""

    word: str
    distance: int = 1
    within: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """Stories whose years touch this span; an open end is None."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class Either:
    """`first`, or one of its equivalents, which rank below it (editors' synonyms)."""

    first: Node
    others: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """No condition at all: what an empty search box asks."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """What no story can fulfil, such as a year that is no number."""


Node = Term | Phrase | Prefix | Fuzzy | Range | And | Or | Not | Either | Everything | Nothing


def walk(node: Node, *, negated: bool = False, typed: bool = False) -> Iterator[Node]:
    """Every leaf that a hit may show; what stands under an odd number of NOTs is left out, and
    what was put beside the words of the reader too, where only those are asked for (`typed`)."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from walk(part, negated=negated, typed=typed)
        case Either(first, others):
            for part in (first,) if typed else (first, *others):
                yield from walk(part, negated=negated, typed=typed)
        case Not(part):
            yield from walk(part, negated=not negated, typed=typed)
        case _ if not negated:
            yield node


# --- the question -------------------------------------------------------------------------------
Sort = Literal["relevance", "newest", "oldest", "title"]
SORTS: tuple[str, ...] = ("relevance", "newest", "oldest", "title")
FACETS = ("theme", "kind", "place", "language", "decade", "content_note")


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Words and phrases that the editors hold to be equivalent, in any language."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """One search. Values of one filter are alternatives; different filters must all hold.

    `filters` is keyed by the names in FACETS and holds slugs or codes; `without` holds content
    notes to leave out; `years` is a span that a story's own years must touch. `reader` is the
    language in which a story with translations is shown.
    """

    tree: Node = field(default_factory=Everything)
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    years: Range | None = None
    without: tuple[str, ...] = ()
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 10
    facets: tuple[str, ...] = FACETS
    reader: str = "en"
    synonyms: tuple[Synonyms, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError for a facet or an order that there is not: a mistake of the caller,
        who checks what visitors send."""
        strange = {*self.filters, *self.facets} - set(FACETS)
        if strange or self.sort not in SORTS:
            raise ValueError(f"A search knows no {', '.join(sorted(strange)) or self.sort!r}.")


# --- the answer ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Hit:
    key: str
    score: float


@dataclass(frozen=True, slots=True)
class Facet:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """`total` counts groups, exactly. Each facet is counted without its own filter, largest count
    first, then by value. `searched` is the tree with the editors' words in it: hand it to
    `search.snippets`."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[Facet, ...]]
    searched: Node


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One word of the archive and in how many stories it stands."""

    word: str
    count: int
