"""Seals what a stolen database must not tell: who sent a story, what is not sent yet, who reads us.

Owns the use of the keys (settings.CONTACT_KEYS, kept outside the database). django-cryptography
does not import on Django 5, hence these lines. Called by whoever keeps such a thing.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from archive.refusals import Refusal


class WrongKey(Refusal):
    """The keys at hand do not open what was sealed."""


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    """The keys, newest first: the first seals, every one may open."""
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys]
    )


def seal(details: dict[str, str]) -> str:
    """Details as text that only our keys open; empty values are left out."""
    kept = {name: value for name, value in details.items() if value}
    return _ring(tuple(settings.CONTACT_KEYS)).encrypt(json.dumps(kept).encode()).decode()


def unseal(sealed: str) -> dict[str, str]:
    """What was sealed. Raises `WrongKey` where it was sealed under a key that we no longer have."""
    try:
        opened: dict[str, str] = json.loads(
            _ring(tuple(settings.CONTACT_KEYS)).decrypt(sealed.encode())
        )
    except InvalidToken as problem:
        raise WrongKey(
            "Contact details were sealed with a key that is not in CONTACT_KEYS. "
            "Add the old key after the new one."
        ) from problem
    return opened
