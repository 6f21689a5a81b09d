"""Encrypts the files that their senders asked us to keep as they were.

Owns the derivation of the key from `CONTACT_KEYS` (newest first; every key opens, the first
seals). Called by `media.photos` alone.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# Contact details are sealed under the same secrets; another name gives another key, so that what
# opens the one never opens the other.
_PURPOSE = b"testimonio photographs as received"


def seal(content: bytes) -> bytes:
    """`content` encrypted and authenticated under the newest key."""
    return _box().encrypt(content)


def unseal(sealed: bytes) -> bytes:
    """What `seal` was given. Raises cryptography.fernet.InvalidToken for anything else."""
    return _box().decrypt(sealed)


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in settings.CONTACT_KEYS])


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_PURPOSE)
    return base64.urlsafe_b64encode(derived.derive(secret.encode()))
