"""What an engine must be able to do. Nothing here needs the index to lie on this machine.

`search.index` speaks to engines in these few verbs and does everything that does not differ from
one engine to the next: reading queries, weighing words, choosing what a reader sees.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from search.entries import Entry, Member
from search.plan import Plan

Progress = Callable[[int], None]  # called with the number of documents handed over so far


class IndexUnavailable(Exception):
    """The index is missing, damaged, busy or full: searching must do without it for now.

    The message is a sentence for the log and for whoever runs the archive. `search.index.rebuild`
    heals every cause but a full disk.
    """


class IndexBusy(IndexUnavailable):
    """Somebody else is writing, or a rebuild is under way: what was asked stays owed."""


@dataclass(frozen=True, slots=True)
class Found:
    """One entry as a search finds it."""

    score: float
    group: str
    members: tuple[Member, ...]


class Snapshot(ABC):
    """The index as it is at one moment; it does not change while it is held."""

    @abstractmethod
    def frequency(self, field: str, text: str) -> int:
        """In how many entries a word or value stands; may still count what was just deleted."""

    @abstractmethod
    def begins(self, field: str, prefix: str, limit: int | None = None) -> list[tuple[str, int]]:
        """Words of a field with this beginning that stand in living entries, and in how many;
        most first, then by the alphabet. All of them without a limit."""

    def listed(self, field: str, prefix: str) -> list[tuple[str, int]]:
        """The same, for whoever looks at many words and asks `begins` about a few: may still count
        what was just deleted, where an engine is quicker so."""
        return self.begins(field, prefix)

    @abstractmethod
    def top(self, plan: Plan, order: str, offset: int, limit: int) -> list[Found]:
        """The best entries. `order` is `relevance` (ties: newest, then group), or one of
        `search.entries.ORDER_FIELDS`, ascending."""

    @abstractmethod
    def tally(self, plan: Plan, facets: Iterable[str]) -> tuple[int, dict[str, Mapping[str, int]]]:
        """How many entries match, and for each facet how many hold each of its values. Exact."""

    def search(
        self, scored: Plan, reach: Plan, order: str, offset: int, limit: int, facets: Iterable[str]
    ) -> tuple[list[Found], int, dict[str, Mapping[str, int]]]:
        """The best entries and the counts at once. `scored` and `reach` match the same entries: an
        engine that visits every match anyway may count on the way instead."""
        found = self.top(scored, order, offset, limit) if limit > 0 else []
        return found, *self.tally(reach, facets)

    @abstractmethod
    def entries(self, keys: Iterable[str]) -> list[Found]:
        """The entries in which these keys are members."""

    @abstractmethod
    def contents(self) -> Iterator[Member]:
        """Every story in the index."""


class Engine(ABC):
    """One index. Safe to share between threads; writers of several processes take turns."""

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """The newest committed state. Raises IndexUnavailable at once if there is none."""

    @abstractmethod
    def put(self, entries: Iterable[Entry], drop: Iterable[str] = ()) -> None:
        """Replaces these groups, and removes those that hold the keys in `drop`, in one step.
        All of it is findable, or gone, when this returns. Raises IndexUnavailable or IndexBusy."""

    @abstractmethod
    def rebuild(self, entries: Iterable[Entry]) -> None:
        """Makes a new index beside the present one and switches when it is whole. Whatever goes
        wrong on the way leaves the present one as it was."""
