"""Where the bytes lie: the vault, which has no address, and the gallery, which has one.

Owns names, folders, permissions, and the order in which a file becomes durable: written under a
temporary name, synced, renamed, its folder synced; only then may a row speak of it. Called by
`media.photos`, `media.views`, `media.reconciliation`. Knows nothing of pictures or of rows.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from django.conf import settings

# 128 random bits: the name says nothing, cannot be guessed, and is never used twice.
NAME = re.compile(r"[0-9a-f]{32}\.(?:jpg|png|webp|sealed)")
DAY = 24 * 60 * 60  # seconds
_INCOMING = "incoming"


class NoAddress(Exception):
    """Somebody asked for the address of a file in the vault. It has none, on purpose."""


@dataclass(frozen=True)
class Draft:
    """A file being written under a temporary name, open for reading and writing."""

    handle: BinaryIO
    path: Path


@dataclass(frozen=True)
class Stored:
    """A file that was found: its name, and when it was written, in seconds since 1970."""

    name: str
    written: float


class Store:
    """A folder of files with random names, two levels deep, that its owner alone may read."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        """The path of a name of ours. Raises ValueError for any other, before touching a disk."""
        if not NAME.fullmatch(name):
            raise ValueError("not a name of this store")
        return self.root / name[:2] / name[2:4] / name

    def incoming(self) -> Path:
        """The folder of what is not finished."""
        return _folder(self.root / _INCOMING)

    @contextlib.contextmanager
    def draft(self) -> Iterator[Draft]:
        """A new, empty file that is gone at the end of the block unless it was kept."""
        path = self.incoming() / f"{secrets.token_hex(16)}.part"
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(number, "w+b") as handle:
            try:
                yield Draft(handle, path)
            finally:
                path.unlink(missing_ok=True)

    def scratch(self) -> IO[bytes]:
        """A file without a name, for strangers' bytes: a killed process leaves nothing of it."""
        return tempfile.TemporaryFile(dir=self.incoming())

    def keep(self, draft: Draft, suffix: str) -> str:
        """Make a draft durable under a new random name, and return the name. Raises OSError.

        The file's times are set to the beginning of the day: to the minute they would tell when
        somebody sat down to write to us.
        """
        name = secrets.token_hex(16) + suffix
        path = self.path(name)
        _folder(path.parent)
        draft.handle.flush()
        midnight = time.time() // DAY * DAY
        os.utime(draft.handle.fileno(), (midnight, midnight))
        os.fsync(draft.handle.fileno())
        draft.path.rename(path)
        _sync_folder(path.parent)
        return name

    def read(self, name: str) -> bytes:
        """All bytes of a file. Raises FileNotFoundError."""
        return self.path(name).read_bytes()

    def delete(self, name: str) -> None:
        """Remove a file for good; nothing happens where it is gone already."""
        path = self.path(name)
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
            _sync_folder(path.parent)

    def files(self) -> Iterator[Stored]:
        """Every kept file; what somebody else has put there is none of ours."""
        for path in self.root.glob("??/??/*"):
            if not NAME.fullmatch(path.name):
                continue
            with contextlib.suppress(FileNotFoundError):  # withdrawn while we were walking
                yield Stored(path.name, path.stat().st_mtime)

    def drafts(self) -> Iterator[Stored]:
        """Every unfinished file, of work that goes on or was killed."""
        for path in self.root.glob(f"{_INCOMING}/*.part"):
            with contextlib.suppress(FileNotFoundError):  # finished while we were walking
                yield Stored(path.name, path.stat().st_mtime)

    def sweep(self, draft_name: str) -> None:
        """Remove one unfinished file."""
        (self.root / _INCOMING / draft_name).unlink(missing_ok=True)


class Vault(Store):
    """Masters and files kept as received. Nothing in here has an address."""

    def url(self, name: str) -> str:
        raise NoAddress("files in the vault have no address")


class Gallery(Store):
    """Public renditions, each at `GALLERY_URL` + its name, while a row says so."""

    def url(self, name: str) -> str:
        return f"{settings.GALLERY_URL}{name}"


def vault() -> Vault:
    return Vault(settings.VAULT_DIR)


def gallery() -> Gallery:
    return Gallery(settings.GALLERY_DIR)


def _folder(path: Path) -> Path:
    """`path`, made with all above it, 0700 and durable where it was not there.

    Made one by one: `mkdir(parents=True)` gives the mode to the last alone, and a file in a folder
    whose own entry was never synced is lost with it.
    """
    if not path.is_dir():
        _folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(path.parent)
    return path


def _sync_folder(path: Path) -> None:
    number = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
