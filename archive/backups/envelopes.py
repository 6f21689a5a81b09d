"""A file sealed to a public key, so that the machine that sealed it cannot read it: as age does it.

Owns the format, age-encryption.org/v1 with one recipient: `age -d -i KEY FILE` opens what is sealed
here, should this code be gone by then. A key of its own for each file; 64 KiB at a time, whatever
the size; a byte that was changed, a piece that is missing or moved, is noticed where it lies. Knows
nothing of backups but their refusals.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from archive.backups.sets import BackupDamaged, BackupRefused

CHUNK = 64 * 1024
_OVERHEAD = 16  # bytes that each piece is longer when it is sealed
_VERSION = b"age-encryption.org/v1"
_STANZA = b"-> X25519 "
_END = b"---"
_LONGEST_LINE = 100


def sealed(plain: BinaryIO, to: X25519PublicKey) -> Iterator[bytes]:
    """What lies in `plain` from here on, sealed, piece by piece."""
    key, once = secrets.token_bytes(16), X25519PrivateKey.generate()
    share = once.public_key().public_bytes_raw()
    wrapped = _wrapping(once.exchange(to), share, to).encrypt(bytes(12), key, None)
    head = b"\n".join((_VERSION, _STANZA + _written(share), _written(wrapped), _END))
    nonce = secrets.token_bytes(16)
    yield head + b" " + _written(_sum_of(key, head).finalize()) + b"\n" + nonce
    cipher = _cipher(key, nonce, b"payload")
    for counted, chunk in _pieces(plain, CHUNK):
        yield cipher.encrypt(counted, chunk, None)


def opened(file: BinaryIO, key: X25519PrivateKey) -> Iterator[bytes]:
    """What was sealed, piece by piece: each is proven before it is given.

    Raises `BackupRefused` where it was sealed to another key, `BackupDamaged` where it was changed.
    """
    file_key = _file_key(file, key)
    cipher = _cipher(file_key, file.read(16), b"payload")
    try:
        for counted, chunk in _pieces(file, CHUNK + _OVERHEAD):
            yield cipher.decrypt(counted, chunk, None)
    except InvalidTag as problem:
        raise BackupDamaged("A sealed file was changed after it was written.") from problem


def _file_key(file: BinaryIO, key: X25519PrivateKey) -> bytes:
    """The key of one file, out of its first four lines."""
    lines = [file.readline(_LONGEST_LINE).removesuffix(b"\n") for _each in range(4)]
    version, stanza, wrapped, end = lines
    head = b"\n".join((*lines[:3], _END))
    if version != _VERSION or not stanza.startswith(_STANZA):
        raise BackupDamaged("A file that should be sealed is not.")
    try:
        share = _read(stanza.removeprefix(_STANZA))
        shared = key.exchange(X25519PublicKey.from_public_bytes(share))
        cipher = _wrapping(shared, share, key.public_key())
        file_key = cipher.decrypt(bytes(12), _read(wrapped), None)
    except InvalidTag as problem:
        raise BackupRefused(
            "The key that BACKUP_IDENTITY names does not open this backup: it was sealed to another."
        ) from problem
    except ValueError as problem:
        raise BackupDamaged("A sealed file was changed after it was written.") from problem
    if not secrets.compare_digest(end, _END + b" " + _written(_sum_of(file_key, head).finalize())):
        raise BackupDamaged("A sealed file was changed after it was written.")
    return file_key


def _pieces(file: BinaryIO, size: int) -> Iterator[tuple[bytes, bytes]]:
    """The file in pieces, each with the number that it is sealed under: a counter, and whether it
    is the last one, so that nothing can be cut off at the end."""
    number, piece = 0, file.read(size)
    while True:
        after = file.read(size)
        yield number.to_bytes(11, "big") + (b"\0" if after else b"\1"), piece
        if not after:
            return
        number, piece = number + 1, after


def _wrapping(shared: bytes, share: bytes, to: X25519PublicKey) -> ChaCha20Poly1305:
    """What seals the key of a file: known to whoever made `share`, and to the holder of the key."""
    return _cipher(shared, share + to.public_bytes_raw(), _VERSION + b"/X25519")


def _cipher(key: bytes, salt: bytes, purpose: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), 32, salt, purpose).derive(key))


def _sum_of(key: bytes, head: bytes) -> HMAC:
    proof = HMAC(HKDF(SHA256(), 32, b"", b"header").derive(key), SHA256())
    proof.update(head)
    return proof


def _written(content: bytes) -> bytes:
    return base64.b64encode(content).rstrip(b"=")


def _read(written: bytes) -> bytes:
    """Raises ValueError."""
    return base64.b64decode(written + b"=" * (-len(written) % 4), validate=True)
