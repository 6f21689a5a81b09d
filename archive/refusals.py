"""How a verb says no: exceptions whose text is a sentence for the person who asked.

Raised by stages, turned into pages by views and into answers by the API.
"""

from __future__ import annotations


class Refusal(Exception):
    """Something was not done, and nothing was changed. `str()` is the sentence to show."""


class NotAllowed(Refusal):
    """This person may not do this."""


class WrongState(Refusal):
    """This cannot be done to the piece as it stands now."""


class VersionChanged(WrongState):
    """The piece has changed since the version that this decision was made on."""


class Incomplete(Refusal):
    """What was sent lacks something; `errors` maps a field to its sentences."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(" ".join(sentence for each in errors.values() for sentence in each))
        self.errors = errors
