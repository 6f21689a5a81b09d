"""The pair of keys of sealed backups, written as age writes them: `age1…` and `AGE-SECRET-KEY-1…`.

Owns this writing (Bech32, with a sum at its end, so that what was copied from paper wrongly is
noticed) and where the keys stand: the public one in BACKUP_RECIPIENT, the private one in a file that
BACKUP_IDENTITY names while somebody restores. Called by `taking`, `restoring`, a system check and
the command `backup_key`; keeps nothing.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from django.conf import settings

from archive.backups.sets import BackupRefused

_PUBLIC, _PRIVATE = "age", "age-secret-key-"
_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_SUM = 6  # letters at the end that prove the others


def recipient() -> X25519PublicKey | None:
    """Whom backups are sealed to; None where they are plain. Raises `BackupRefused`."""
    if not settings.BACKUP_RECIPIENT:
        return None
    try:
        return X25519PublicKey.from_public_bytes(_read(_PUBLIC, settings.BACKUP_RECIPIENT))
    except ValueError as problem:
        raise BackupRefused(
            "BACKUP_RECIPIENT is no public key: it begins with age1, as `backup_key` prints it."
        ) from problem


def identity() -> X25519PrivateKey:
    """The key that opens what was sealed. Raises `BackupRefused` with a sentence that repeats none
    of it."""
    if not settings.BACKUP_IDENTITY:
        raise BackupRefused(
            "This backup is sealed: let BACKUP_IDENTITY name the file with its private key."
        )
    try:
        lines = Path(settings.BACKUP_IDENTITY).read_text().splitlines()
        (written,) = [line.strip() for line in lines if line.strip() and line[0] != "#"]
        return X25519PrivateKey.from_private_bytes(_read(_PRIVATE, written.lower()))
    except OSError as problem:
        raise BackupRefused(
            f"The file that BACKUP_IDENTITY names cannot be read ({problem.strerror})."
        ) from problem
    except ValueError as problem:
        raise BackupRefused(
            "The file that BACKUP_IDENTITY names holds no private key: a line of it begins with "
            "AGE-SECRET-KEY-1. A letter may have been copied wrongly."
        ) from problem


def made() -> tuple[str, str]:
    """A new pair: public and private, as they are written."""
    private = X25519PrivateKey.generate()
    return (
        _written(_PUBLIC, private.public_key().public_bytes_raw()),
        _written(_PRIVATE, private.private_bytes_raw()).upper(),
    )


# --- Bech32 (BIP 173) -----------------------------------------------------------------------------


def _written(prefix: str, key: bytes) -> str:
    values = _regrouped(key, 8, 5)
    rest = _remainder(prefix, [*values, *[0] * _SUM]) ^ 1
    values += [rest >> 5 * (_SUM - 1 - place) & 31 for place in range(_SUM)]
    return f"{prefix}1{''.join(_LETTERS[value] for value in values)}"


def _read(prefix: str, written: str) -> bytes:
    """The 32 bytes of a key. Raises ValueError."""
    begin, _one, letters = written.rpartition("1")
    values = [_LETTERS.index(letter) for letter in letters]
    if begin != prefix or _remainder(prefix, values) != 1:
        raise ValueError("no key of this kind")
    return bytes(_regrouped(values[:-_SUM], 5, 8))[:32]


def _regrouped(values: bytes | list[int], before: int, after: int) -> list[int]:
    """The same bits in groups of another size, the last filled up with noughts."""
    bits = "".join(f"{value:0{before}b}" for value in values)
    bits += "0" * (-len(bits) % after)
    return [int(bits[at : at + after], 2) for at in range(0, len(bits), after)]


def _remainder(prefix: str, values: list[int]) -> int:
    left = 1
    ends = [ord(letter) >> 5 for letter in prefix], [ord(letter) & 31 for letter in prefix]
    for value in (*ends[0], 0, *ends[1], *values):
        top, left = left >> 25, (left & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            left ^= generator if top >> place & 1 else 0
    return left
