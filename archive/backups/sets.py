"""One backup on the disk: a folder with a database, files, and a manifest that says what they are.

    2026-11-21-021500/           when it was made (UTC); a name that begins otherwise is no backup
        manifest.json            counts, hashes, sizes, migrations, and a hash of all that
        database.sqlite3         or database.dump, of PostgreSQL
        vault/ gallery/ reports/ as they lie in an archive

Where a backup is sealed, every file but the manifest is, under the same name: hashes and sizes there
are those of the sealed files, so that anybody can verify them and nobody learns what is in them.

Owns names, the manifest and its verification, and which backup is too old. Reads and deletes; the
writing is `taking`'s.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from archive.backups.holdings import place_of
from archive.refusals import Refusal

NAME = re.compile(r"\d{4}-\d{2}-\d{2}-\d{6}")
STAMP = "%Y-%m-%d-%H%M%S"
MANIFEST = "manifest.json"
UNFINISHED = ".unfinished-"
TOMBSTONES = "tombstones"  # beside the sets, outside of them
LOCK = ".lock"
FORMAT, SEALED_FORMAT = 1, 2


class BackupRefused(Refusal):
    """A backup cannot be made or brought back as things are; nothing was changed."""


class BackupDamaged(BackupRefused):
    """A backup is not what its manifest says."""


@dataclass(frozen=True)
class Entry:
    """One file: SHA-256 in hexadecimal, and bytes."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `counts` are rows by table, `files` are by path within the backup."""

    made_at: str  # ISO 8601, UTC
    kind: str  # "sqlite" or "postgresql"
    database: str  # its file
    counts: dict[str, int]
    migrations: list[str]  # "archive.0007_sieve", in order of name
    files: dict[str, Entry]  # the database among them
    # Of a sealed backup, by path: a keyed hash of what is in the file, by which the next backup
    # knows it again. A plain one would tell a thief whether a photograph is here that he has.
    marks: dict[str, str] = field(default_factory=dict)

    @property
    def sealed(self) -> bool:
        return bool(self.marks)

    def mark(self, path: str) -> str:
        """By what the content of a file of it is known again."""
        return self.marks.get(path) or self.files[path].sha256

    @property
    def bytes(self) -> int:
        return sum(entry.bytes for entry in self.files.values())


def made_on(folder: Path) -> datetime.date:
    """The day (UTC) a backup was made, by its name."""
    return datetime.date.fromisoformat(folder.name[:10])


def everyone(root: Path) -> list[Path]:
    """Every finished backup below `root`, oldest first."""
    if not root.is_dir():
        return []
    return sorted(
        path for path in root.iterdir() if NAME.fullmatch(path.name) and _is_finished(path)
    )


def find(given: Path) -> Path:
    """The backup that is meant: `given` itself, or the newest below it."""
    if NAME.fullmatch(given.name) and _is_finished(given):
        return given
    try:
        found = everyone(given)
    except OSError as problem:
        raise BackupRefused(f"{given} cannot be read ({problem.strerror}).") from problem
    if not found:
        raise BackupRefused(f"{given} is no backup, and there is none in it.")
    return found[-1]


def foreign(root: Path) -> list[str]:
    """Names in `root` that no backup of ours put there."""
    return sorted(
        path.name
        for path in root.iterdir()
        if path.name not in (TOMBSTONES, LOCK, "lost+found")
        and not path.name.startswith(UNFINISHED)
        and not (NAME.fullmatch(path.name) and _is_finished(path))
    )


def _is_finished(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


# --- the manifest ---------------------------------------------------------------------------------


def written(manifest: Manifest) -> bytes:
    """The manifest as it stands in its file."""
    said = {"format": SEALED_FORMAT if manifest.sealed else FORMAT, **asdict(manifest)}
    if not manifest.sealed:
        del said["marks"]
    return json.dumps({"manifest": said, "sha256": _hash_of(said)}, indent=1).encode()


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises `BackupDamaged`, `BackupRefused` for a newer format."""
    try:
        whole = json.loads((folder / MANIFEST).read_bytes())
        said = whole["manifest"]
        if whole["sha256"] != _hash_of(said):
            raise BackupDamaged(f"The manifest of {folder.name} was changed after it was written.")
        if said.pop("format") != (SEALED_FORMAT if "marks" in said else FORMAT):
            raise BackupRefused(f"{folder.name} was made by a newer release: restore it with that.")
        files = {path: Entry(**entry) for path, entry in said.pop("files").items()}
        manifest = Manifest(files=files, **said)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise BackupDamaged(f"The manifest of {folder.name} cannot be read.") from problem
    _refuse_strange_paths(folder, manifest)
    return manifest


def _refuse_strange_paths(folder: Path, manifest: Manifest) -> None:
    """A manifest from elsewhere must not make us write outside a restored folder."""
    for path in manifest.files:
        if path != manifest.database and place_of(path) != path:
            raise BackupDamaged(f"The manifest of {folder.name} names {path}, which is no file.")
    if manifest.database not in ("database.sqlite3", "database.dump"):
        raise BackupDamaged(f"The manifest of {folder.name} names no database.")


def _hash_of(said: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def entry_of(path: Path) -> Entry:
    """Hash and size of a file as it can be read now."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Entry(digest, file.tell())


def verify(folder: Path, manifest: Manifest) -> None:
    """Read every file again and compare. Raises `BackupDamaged` with the first that differs."""
    for path, entry in manifest.files.items():
        try:
            same = entry_of(folder / path) == entry
        except OSError as problem:
            raise BackupDamaged(f"{path} of {folder.name} cannot be read.") from problem
        if not same:
            raise BackupDamaged(f"{path} of {folder.name} is not what was written.")


# --- age ------------------------------------------------------------------------------------------


def prune(root: Path, today: datetime.date, kept_days: int) -> list[str]:
    """Delete the backups that are `kept_days` old or older, never the newest; their names."""
    old = [folder for folder in everyone(root)[:-1] if (today - made_on(folder)).days >= kept_days]
    for folder in old:
        # First no backup any more, then gone: killed in between, the rest is swept the next time.
        doomed = folder.rename(root / f"{UNFINISHED}{folder.name}")
        shutil.rmtree(doomed)
    return [folder.name for folder in old]


def sweep(root: Path) -> None:
    """Remove what work that was killed left behind; called under the lock."""
    for path in root.glob(f"{UNFINISHED}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
