"""Who acts: the value of `by=` in every verb.

A `Person` of the desk is an actor as it is; this module adds the two that have no account.
"""

from __future__ import annotations

from dataclasses import dataclass

from archive.models.person import Person


@dataclass(frozen=True)
class Contributor:
    """Whoever holds the receipt of one piece, and of no other."""

    reference: str
    role: str = "contributor"


@dataclass(frozen=True)
class System:
    """The archive itself: a deadline, an import, the worker."""

    role: str = "system"


SYSTEM = System()
Actor = Person | Contributor | System
