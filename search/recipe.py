"""From a tree to plans: where a word is looked for, and what each place is worth.

Two plans for each tree. `reach` says which entries match and is as lean as can be, for totals and
facets; `scored` matches the same entries and says how well. Both look at the archive's own word
counts through `spelling.Lexicon`. The weights were tuned on XQuAD, mixed into 2,000 other texts.
"""

from __future__ import annotations

from search import spelling, words
from search.entries import ACCENTS, SPOKEN
from search.plan import (
    NOTHING,
    AllOf,
    AnyOf,
    Best,
    Between,
    Every,
    Flat,
    Plan,
    Scaled,
    Sequence,
    Start,
    Token,
    all_of,
    any_of,
)
from search.query import (
    And,
    Either,
    Everything,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Term,
)

# What a match is worth, in multiples of its BM25 score.
EXACT = 0.5  # the word as typed, beside its stem
STEM = 1.0
NAMES = 0.6  # in names of places, people and themes
TITLE = 0.2
TITLE_STEM = 0.2
SUMMARY_STEM = 0.2
ACCENT = 0.5  # written with the same accents, or as plainly, as typed
BEGINNING = 1.0  # a flat score
SYNONYM = 0.2
# Where editors hold words to be equivalent: lifts the one that was typed above the others, whatever
# their rarity, and its very form above its inflections and above what only a theme says. The
# second is what a rare word of a theme and a rare equivalent weigh together, and not so much that
# in a search of several words it drowns the others.
LEAD, SAID_LEAD = 3.0, 6.0
SAME_TONGUE = 10  # a word at least a tenth as usual in a language as in its own is at home in both

TOLD = tuple(f"words_{language}" for language in SPOKEN)
PLACES_OF = {"title": "title", "by": "byline", "place": "place_names", "theme": "theme_names"}
VALUES_OF = {"place": "place", "theme": "theme", "language": "language"}


class Recipe:
    """Plans for the trees of one search, against one snapshot."""

    def __init__(self, lexicon: spelling.Lexicon) -> None:
        self._lexicon = lexicon
        self._homes: dict[str, tuple[str, ...]] = {}
        self._near: dict[tuple[str, int], tuple[str, ...]] = {}

    # --- the tree --------------------------------------------------------------------------------
    def reach(self, node: Node) -> Plan:
        """Which entries match."""
        return self._build(node, scored=False)

    def said(self, node: Node) -> Plan:
        """Entries whose teller says it in this very form; a part of those that match."""
        match node:
            case And(parts):
                return all_of([self.said(part) for part in parts if not isinstance(part, Not)], [])
            case Term(word, ""):
                return any_of([Token(field, words.fold(word)) for field in TOLD])
            case Phrase(pieces, ""):
                plain = tuple(map(words.fold, pieces))
                return any_of([_together(field, plain) for field in TOLD])
        return self.reach(node)

    def scored(self, node: Node) -> Plan:
        """Which entries match, and how well."""
        return self._build(node, scored=True)

    def _build(self, node: Node, *, scored: bool) -> Plan:
        match node:
            case And(parts):
                wanted = [self._build(p, scored=scored) for p in parts if not isinstance(p, Not)]
                refused = [self._build(p.part, scored=False) for p in parts if isinstance(p, Not)]
                return all_of(wanted, refused)
            case Or(parts):
                return any_of([self._build(part, scored=scored) for part in parts])
            case Not(part):
                return all_of([], [self._build(part, scored=False)])
            case Either():
                return self._either(node, scored=scored)
            case Term() | Phrase() | Prefix() | Fuzzy() | Range():
                return self._leaf(node, scored=scored)
        return Every() if isinstance(node, Everything) else NOTHING

    def _leaf(self, node: Node, *, scored: bool) -> Plan:
        match node:
            case Term(word, ""):
                return self._word(word, scored=scored)
            case Term(word, within):
                return self._word_within(word, within)
            case Phrase(pieces, within):
                return self._phrase(pieces, within)
            case Prefix(word, within):
                return self._prefix(word, within)
            case Fuzzy(word, distance, within):
                return self._fuzzy(word, distance, within)
            case Range(first, last):
                return span(first, last)
        raise TypeError(f"{node!r} is no leaf")

    def _either(self, node: Either, *, scored: bool) -> Plan:
        others = [self._build(part, scored=scored) for part in node.others]
        first = self._build(node.first, scored=scored)
        if not scored:
            return any_of([first, *others])
        leads = (Flat(self.reach(node.first), LEAD), Flat(self.said(node.first), SAID_LEAD))
        return AnyOf((first, *leads, Scaled(Best(tuple(others)), SYNONYM)))

    # --- words -----------------------------------------------------------------------------------
    def homes(self, word: str) -> tuple[str, ...]:
        """The languages a word is stemmed in: those it is used in.

        `cases` has a Spanish stem that it shares with `casa`; but nobody writes `cases` in
        Spanish, so an English reader's search does not drown in houses. A word that the archive
        does not have is taken for either language.
        """
        if word not in self._homes:
            plain = words.fold(word)
            usual = {}
            for language in words.LANGUAGES:
                entries = max(self._lexicon.frequency("language", language), 1)
                usual[language] = self._lexicon.frequency(f"words_{language}", plain) / entries
            most = max(usual.values())
            self._homes[word] = tuple(
                language for language, share in usual.items() if share * SAME_TONGUE >= most
            )
        return self._homes[word]

    def _stands_in(self, plain: str) -> list[str]:
        """The fields of words that hold a folded word."""
        fields = (*TOLD, "names")
        return [field for field in fields if self._lexicon.frequency(field, plain)]

    def _stems(self, word: str) -> list[Token]:
        return [Token(f"stems_{home}", words.stem(word, home)) for home in self.homes(word)]

    def _stands(self, token: Token) -> bool:
        """Whether an entry may hold this; where not, nobody need look."""
        return self._lexicon.frequency(token.field, token.text) > 0

    def _word(self, word: str, *, scored: bool) -> Plan:
        plain = words.fold(word)
        exact: list[Plan] = [Token(field, plain) for field in self._stands_in(plain)]
        stems: list[Plan] = [token for token in self._stems(word) if self._stands(token)]
        if not scored:
            return any_of([*exact, *stems])
        parts: list[Plan] = [
            Scaled(part, NAMES if part == Token("names", plain) else EXACT) for part in exact
        ]
        parts.extend(Scaled(part, STEM) for part in stems)
        parts.extend(self._headings(word, plain))
        parts.extend(self._as_written(word, plain))
        return AnyOf(tuple(parts))

    def _headings(self, word: str, plain: str) -> list[Plan]:
        """What a word is worth in title and summary."""
        worth = [(Token("title", plain), TITLE)]
        for language in self.homes(word):
            stem = words.stem(word, language)
            worth.append((Token(f"title_stems_{language}", stem), TITLE_STEM))
            worth.append((Token(f"summary_stems_{language}", stem), SUMMARY_STEM))
        return [Scaled(token, factor) for token, factor in worth if self._stands(token)]

    def _as_written(self, word: str, plain: str) -> list[Plan]:
        """A lead for the very spelling that was typed, where accents tell two words apart."""
        if word != plain:
            return [Scaled(Token(ACCENTS, f"{plain}'{word}"), ACCENT)]
        accented = self._lexicon.begins(ACCENTS, f"{plain}'", 5)
        if not accented:
            return []
        others = tuple(Token(ACCENTS, text) for text, _ in accented)
        plainly = tuple(Token(field, plain) for field in self._stands_in(plain))
        return [AllOf((Scaled(AnyOf(plainly), ACCENT),), others)]

    def _word_within(self, word: str, within: str) -> Plan:
        plain = words.fold(word)
        parts: list[Plan] = []
        if within in PLACES_OF:
            parts.append(Token(PLACES_OF[within], plain))
        if within == "title":
            parts.extend(
                Token(f"title_stems_{language}", words.stem(word, language))
                for language in self.homes(word)
            )
        if within in VALUES_OF:
            parts.append(Flat(Token(VALUES_OF[within], plain), 1.0))
        return any_of(parts)

    def _phrase(self, pieces: tuple[str, ...], within: str) -> Plan:
        plain = tuple(words.fold(piece) for piece in pieces)
        fields = [PLACES_OF[within]] if within in PLACES_OF else []
        if not within:
            fields = [*TOLD, "names"]
        parts: list[Plan] = [
            _together(field, plain)
            for field in fields
            if all(self._lexicon.frequency(field, piece) for piece in plain)
        ]
        if within in VALUES_OF:  # theme:"family visits" and theme:family-visits are one
            parts.append(Flat(Token(VALUES_OF[within], "-".join(plain)), 1.0))
        return any_of(parts)

    def _prefix(self, word: str, within: str) -> Plan:
        plain = words.fold(word)
        fields = [PLACES_OF[within]] if within in PLACES_OF else []
        if not within:
            fields = [*TOLD, "names"]
        if within == "language":
            fields = ["language"]
        return Flat(AnyOf(tuple(Start(field, plain) for field in fields)), BEGINNING)

    def _fuzzy(self, word: str, distance: int, within: str) -> Plan:
        near = self.near(word, distance)
        if within:
            return any_of([self._word_within(other, within) for other in near])
        return any_of([Token(field, other) for other in near for field in self._stands_in(other)])

    def near(self, word: str, distance: int) -> tuple[str, ...]:
        """The archive's words so few slips away, the word itself first if it is there."""
        asked = (words.fold(word), distance)
        if asked not in self._near:
            self._near[asked] = tuple(spelling.near(*asked, self._lexicon))
        return self._near[asked]


def _together(field: str, plain: tuple[str, ...]) -> Plan:
    return Token(field, plain[0]) if len(plain) == 1 else Sequence(field, plain)


def span(first: int | None, last: int | None) -> Plan:
    """Entries whose years touch a span."""
    ends: list[Plan] = []
    if last is not None:
        ends.append(Between("year_from", None, last))
    if first is not None:
        ends.append(Between("year_to", first, None))
    return AllOf(tuple(ends) or (Between("year_from", 0, None),))


def conditions(query: Query, *, but: str = "") -> tuple[list[Plan], list[Plan]]:
    """What must and what must not hold besides the tree, leaving out the filter of one facet."""
    wanted: list[Plan] = [
        Flat(any_of([Token(name, value) for value in values]), 0.0)
        for name, values in query.filters.items()
        if values and name != but
    ]
    if query.years is not None:
        wanted.append(Flat(span(query.years.first, query.years.last), 0.0))
    return wanted, [Token("content_note", note) for note in query.without]


def is_scored(node: Node) -> bool:
    """Whether a tree tells better from worse; without that, newest first is the fair order."""
    match node:
        case And(parts) | Or(parts):
            return any(is_scored(part) for part in parts)
        case Term(_, within) | Phrase(_, within):
            return within != "language"
        case Fuzzy() | Either():
            return True
    return False
