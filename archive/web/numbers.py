"""Numbers that a form or an address of ours brought back, where no form of Django reads them."""

from __future__ import annotations

_LONGEST = 18  # digits: every key and number of ours fits, and no database overflows


def number_in(typed: str, *, otherwise: int = 0) -> int:
    """The number that was typed; `otherwise` for whatever is none. No row has the number 0."""
    return int(typed) if typed.isdecimal() and len(typed) <= _LONGEST else otherwise
