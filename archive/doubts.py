"""What is known of a visitor for as long as it takes to tell a person from a flood: almost nothing.

Addresses are cut to their neighbourhood and hashed under a salt that lives in this process's memory
and changes daily; counts live in the cache for an hour. Neither address nor browser name is stored,
logged or handed on (safety.md H7).
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import threading
from datetime import date
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from archive import rates, suspicion

DAY = 86_400  # seconds
LONG = 80  # characters; two people may well write the same few words


class _Salt:
    """A secret of today, which nobody knows tomorrow."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._secret = b""
        self._lock = threading.Lock()

    def today(self) -> bytes:
        with self._lock:
            if self._day != timezone.localdate():
                self._day, self._secret = timezone.localdate(), secrets.token_bytes(32)
            return self._secret


_salt = _Salt()


def about(words: str, *, sender: str, address: str, **signals: Any) -> str:
    """Why a person should look at this one first; "" for nearly everybody.

    `sender` names the draft or key that it came by, `address` is where from; `signals` are the
    fields of `suspicion.Signals` that the caller knows.
    """
    seen = suspicion.Signals(
        words=words,
        crowd=times("crowd", address),
        twin=_seen_elsewhere(words, sender),
        **signals,
    )
    return suspicion.reason(
        seen, crowded=settings.CROWD_PER_HOUR, flooded=settings.CROWD_HELD_PER_HOUR
    )[:40]


def times(what: str, address: str) -> int:
    """How often this neighbourhood of addresses did it within the hour, this time included."""
    return rates.count(f"{what}:{_hashed(neighbourhood(address))}")


def neighbourhood(address: str) -> str:
    """The address without its last part: /24 of four numbers, /48 of the long ones."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def _hashed(what: str) -> str:
    return hmac.digest(_salt.today(), what.encode(), "sha256").hex()[:32]


def _seen_elsewhere(words: str, sender: str) -> bool:
    """Whether the same long text came from another one today."""
    told = " ".join(words.split())
    if len(told) < LONG:
        return False
    key = f"twin:{_hashed(told)}"
    cache.add(key, sender, timeout=DAY)
    return bool(cache.get(key, sender) != sender)
