"""Which entries a plan finds, and how well, for the pure-Python engine: set after set.

Whoosh would be asked for one entry after the other, through as many calls as a plan has parts.
Here each part is looked up once, for all entries that are still in question, and Python's own sets
and dictionaries do the rest: twenty times as quick, and memory for one search is a few thousand
numbers. Called by `search.engines.whoosh` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from whoosh import query

from search.engines.whoosh_reading import Commit, Numbers, numbers
from search.engines.whoosh_weighing import Weighing
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

Scores = dict[int, float]  # by the number of an entry


class Matching:
    """Plans, answered from one commit. What one search looks up, it looks up once."""

    def __init__(self, commit: Commit, searcher: Any) -> None:
        self._commit = commit
        self._searchers = list(searcher.leaf_searchers())  # each segment, and what to add
        self._weighing = Weighing(commit)
        self._phrases: dict[Sequence, dict[int, int]] = {}
        self._sets: dict[Plan, Numbers] = {}

    # --- which
    def numbers(self, plan: Plan, among: Numbers) -> Numbers:
        """Those of these living entries that match."""
        match plan:
            case AnyOf(parts) | Best(parts):
                return frozenset().union(*(self.numbers(part, among) for part in parts))
            case AllOf(parts, without):
                return self._all(parts, without, among)
            case Scaled(part, _) | Flat(part, _):
                return self.numbers(part, among)
            case Token():
                return self._commit.postings(plan).keys() & among
            case Sequence():
                return self._standing_together(plan, among).keys()
            case Start() | Between():
                return self._set(plan) & among
        return among

    def _all(self, parts: Iterable[Plan], without: Iterable[Plan], among: Numbers) -> Numbers:
        """Phrases last, and only where everything else matches: they cost the most by far."""
        for part in sorted(parts, key=_holds_phrase):
            among = among and self.numbers(part, among)
        for part in sorted(without, key=_holds_phrase):
            among = among and among - self.numbers(part, among)
        return among

    # --- how well
    def scores(self, plan: Plan, among: Numbers) -> Scores:
        """Those of these living entries that match, each with its score."""
        match plan:
            case AnyOf(parts):
                return _added(self.scores(part, among) for part in parts)
            case AllOf(parts, _):
                found = self.numbers(plan, among)
                return _added(
                    [dict.fromkeys(found, 0.0), *(self.scores(part, found) for part in parts)]
                )
            case Best(parts):
                return _highest(self.scores(part, among) for part in parts)
            case Scaled(part, factor):
                return {n: score * factor for n, score in self.scores(part, among).items()}
            case Flat(part, score):
                return dict.fromkeys(self.numbers(part, among), score)
            case Token(field, text):
                held = self._commit.postings(plan)
                often = {number: held[number] for number in held.keys() & among}
                return self._weighing.scores(field, [text], often)
            case Sequence(field, texts):
                return self._weighing.scores(field, texts, self._standing_together(plan, among))
            case Start() | Between():
                return dict.fromkeys(self.numbers(plan, among), 1.0)
        return dict.fromkeys(among, 0.0)

    # --- phrases
    def _standing_together(self, phrase: Sequence, among: Numbers) -> dict[int, int]:
        """How often the words stand next to each other, in each of these entries where they do.
        No entry is read twice for one phrase, whichever are asked for."""
        tokens = [Token(phrase.field, text) for text in phrase.texts]
        known = self._phrases.setdefault(phrase, {})
        asked = among & self._commit.postings(tokens[0]).keys()
        for token in tokens[1:]:
            asked = asked & self._commit.postings(token).keys()
        if unread := asked - known.keys():
            decode = self._commit.reader.schema[phrase.field].format.decode_positions
            places = [self._commit.places(token) for token in tokens]
            for number in unread:
                known[number] = _times([each[number] for each in places], decode)
        return {number: known[number] for number in asked if known[number]}

    # --- beginnings and spans
    def _set(self, plan: Start | Between) -> Numbers:
        if plan not in self._sets:
            found = self._begun(plan) if isinstance(plan, Start) else self._between(plan)
            self._sets[plan] = found & self._commit.living
        return self._sets[plan]

    def _begun(self, start: Start) -> set[int]:
        """Entries with such a word, deleted ones included. Those of a word that stands in two at
        the most are known with the word; of the others the most usual come first, for nothing is
        left to find when every entry is among them."""
        found: set[int] = set()
        usual: list[tuple[int, str]] = []
        for word, use in self._commit.beginning(start.field, start.text):
            found.add(use.first)
            found.add(use.last)
            if use.often > 2:
                usual.append((use.often, word))
        enough = self._weighing.filled(start.field)
        for _, word in sorted(usual, reverse=True):
            if len(found) >= enough:
                break
            for block, offset in self._commit.blocks(Token(start.field, word)):
                found.update(numbers(block, offset))
        return found

    def _between(self, span: Between) -> set[int]:
        wanted = query.NumericRange(span.field, span.low, span.high)
        return {number + offset for leaf, offset in self._searchers for number in wanted.docs(leaf)}


def _times(places: list[bytes], decode: Any) -> int:
    """How often words stand next to each other in an entry; the rarest of them is read first."""
    starts: set[int] = set()
    for count, at in enumerate(sorted(range(len(places)), key=lambda at: len(places[at]))):
        here = {position - at for position in decode(places[at])}
        starts = starts & here if count else here
        if not starts:
            break
    return len(starts)


def _holds_phrase(plan: Plan) -> bool:
    match plan:
        case AnyOf(parts) | Best(parts):
            return any(map(_holds_phrase, parts))
        case AllOf(parts, without):
            return any(map(_holds_phrase, (*parts, *without)))
        case Scaled(part, _) | Flat(part, _):
            return _holds_phrase(part)
    return isinstance(plan, Sequence)


def _added(parts: Iterable[Mapping[int, float]]) -> Scores:
    """In the order of the plan, so that entries with the same matches have the same sum."""
    total: Scores = {}
    for part in parts:
        for number, score in part.items():
            total[number] = total.get(number, 0.0) + score
    return total


def _highest(parts: Iterable[Mapping[int, float]]) -> Scores:
    best: Scores = {}
    for part in parts:
        for number, score in part.items():
            best[number] = max(score, best.get(number, score))
    return best
