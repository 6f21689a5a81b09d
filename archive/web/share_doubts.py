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
from django.http import HttpRequest
from django.utils import timezone

from archive import rates, suspicion
from archive.web.share_answers import Whole
from archive.web.share_keys import age_of

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


def about(request: HttpRequest, posted: Any, whole: Whole) -> str:
    """Why a person should look at this one first; "" for nearly everybody."""
    words = "\n".join(value for values in whole.answers.values() for value in values)
    signals = suspicion.Signals(
        words=words,
        trapped=bool(posted.get("second_note", "").strip()),
        age=age_of(posted.get("token", "")),
        crowd=rates.count(f"crowd:{_hashed(neighbourhood(request))}"),
        twin=_seen_elsewhere(words, whole.piece.reference),
    )
    return suspicion.reason(
        signals, crowded=settings.CROWD_PER_HOUR, flooded=settings.CROWD_HELD_PER_HOUR
    )[:40]


def neighbourhood(request: HttpRequest) -> str:
    """The address without its last part: /24 of four numbers, /48 of the long ones."""
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return ""
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))


def _hashed(what: str) -> str:
    return hmac.digest(_salt.today(), what.encode(), "sha256").hex()[:32]


def _seen_elsewhere(words: str, reference: str) -> bool:
    """Whether the same long text came with another draft today."""
    told = " ".join(words.split())
    if len(told) < LONG:
        return False
    key = f"twin:{_hashed(told)}"
    cache.add(key, reference, timeout=DAY)
    return bool(cache.get(key, reference) != reference)
