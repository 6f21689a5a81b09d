"""One page worth looking at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shot:
    """A page by its address below the site, without a language."""

    name: str
    address: str
    in_spanish: str = ""  # another address for readers of Spanish, without `/es`
    signed_in: str = ""  # who of the sample's cast looks
    first_of: str = ""  # open the first link that this selector finds
    unfold: str = ""  # click what this selector finds, before the picture is taken
