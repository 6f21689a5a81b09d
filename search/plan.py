"""What every engine can look up: the small set of questions that searches are made of.

`search.recipe` writes plans, each engine translates them node by node. Nothing here knows what
words mean; that has been settled before.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """Entries that hold this word or value in this field, scored by BM25."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """Entries that hold these words next to each other, scored by BM25."""

    field: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """Entries that hold a word beginning so; every one scores the same."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Between:
    """Entries whose number lies in this span, ends included, one of them open at the most;
    scores the same for all."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Every:
    """All entries, none scored."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part; scores add up. Without parts: nothing."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Each part, and none of `without`; scores of parts add up."""

    parts: tuple[Plan, ...]
    without: tuple[Plan, ...] = ()


@dataclass(frozen=True, slots=True)
class Best:
    """At least one part; the best score counts."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Scaled:
    """The part, its score multiplied."""

    part: Plan
    factor: float


@dataclass(frozen=True, slots=True)
class Flat:
    """The part, each entry with the same score."""

    part: Plan
    score: float


Plan = Token | Sequence | Start | Between | Every | AnyOf | AllOf | Best | Scaled | Flat


NOTHING = AnyOf(())  # what no entry can fulfil, seen before an engine is asked


def any_of(parts: list[Plan]) -> Plan:
    """`AnyOf` without parts that find nothing, spared where there is only one; `NOTHING` where
    none is left."""
    parts = [part for part in parts if part != NOTHING]
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def all_of(parts: list[Plan], without: list[Plan]) -> Plan:
    """`AllOf`; a search that only refuses is asked of everything, and one that wants what nothing
    fulfils is `NOTHING`."""
    if NOTHING in parts:
        return NOTHING
    refused = tuple(part for part in without if part != NOTHING)
    if len(parts) == 1 and not refused:
        return parts[0]
    return AllOf(tuple(parts) or (Every(),), refused)
