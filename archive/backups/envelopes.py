"""Files sealed to a public key, so that the machine that sealed them cannot read them.

Owns the use of age's format (by pyrage: `age -d -i KEY FILE` opens what is sealed here, should this
code be gone by then) and where its keys stand: the public one in BACKUP_RECIPIENT, the private one in
a file that BACKUP_IDENTITY names while somebody restores. Called by `taking`, `restoring`, a system
check and the command `backup_key`; keeps nothing, and knows nothing of backups but their refusals.
"""

from __future__ import annotations

from io import BufferedIOBase
from pathlib import Path

import pyrage
from django.conf import settings
from pyrage.x25519 import Identity, Recipient

from archive.backups.sets import BackupDamaged, BackupRefused


def recipient() -> Recipient | None:
    """Whom backups are sealed to; None where they are plain. Raises `BackupRefused`."""
    if not settings.BACKUP_RECIPIENT:
        return None
    try:
        return Recipient.from_str(settings.BACKUP_RECIPIENT)
    except pyrage.RecipientError as problem:
        raise BackupRefused(
            "BACKUP_RECIPIENT is no public key: it begins with age1, as `backup_key` prints it."
        ) from problem


def identity() -> Identity:
    """The key that opens what was sealed. Raises `BackupRefused` with a sentence that repeats none
    of it."""
    if not settings.BACKUP_IDENTITY:
        raise BackupRefused(
            "This backup is sealed: let BACKUP_IDENTITY name the file with its private key."
        )
    try:
        lines = Path(settings.BACKUP_IDENTITY).read_text().splitlines()
        (written,) = [line.strip() for line in lines if line.strip() and line[0] != "#"]
        return Identity.from_str(written)
    except OSError as problem:
        raise BackupRefused(
            f"The file that BACKUP_IDENTITY names cannot be read ({problem.strerror})."
        ) from problem
    except (ValueError, pyrage.IdentityError):
        # Without what raised it: that may repeat what stands in the file.
        raise BackupRefused(
            "The file that BACKUP_IDENTITY names holds no private key: a line of it begins with "
            "AGE-SECRET-KEY-1. A letter may have been copied wrongly."
        ) from None


def made() -> tuple[str, str]:
    """A new pair: public and private, as they are written."""
    key = Identity.generate()
    return str(key.to_public()), str(key)


def seal(plain: BufferedIOBase, to: Recipient, sealed: BufferedIOBase) -> None:
    """What lies in `plain` from here on, sealed, a piece at a time whatever the size."""
    pyrage.encrypt_io(plain, sealed, [to])


def unseal(sealed: BufferedIOBase, key: Identity, plain: BufferedIOBase) -> None:
    """What was sealed, a piece at a time: each is proven before it is written.

    Raises `BackupRefused` where this key does not open it, `BackupDamaged` where it was changed.
    """
    try:
        pyrage.decrypt_io(sealed, plain, [key])
    except pyrage.DecryptError as problem:
        raise BackupRefused(
            "The key that BACKUP_IDENTITY names does not open this backup: it was sealed to another."
        ) from problem
    except OSError as problem:
        if problem.errno is not None:  # the disk's, not age's
            raise
        raise BackupDamaged("A sealed file was changed after it was written.") from problem
