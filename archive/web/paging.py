"""From page to page of a long list: the addresses beside this page, for `components/pages.html`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def links(number: int, last: int, address: Callable[[int], str]) -> dict[str, Any]:
    """Page `number` of `last`, both from 1, and its neighbours' addresses; "" where there is none.

    `address` gives the address of a page by its number.
    """
    return {
        "number": number,
        "last": last,
        "previous_url": address(number - 1) if number > 1 else "",
        "next_url": address(number + 1) if number < last else "",
    }
