"""Takes a backup of the archive as it is being used: the command `backup`.

Database first, then files: so every row in the backup that has its file, has it there too. Written
beside under a name that is no backup, read again in whole, and only then renamed; whatever ends
this in the middle leaves nothing that passes for a backup. Files never change once they are named,
so one that the backup before holds already is linked and costs no room.

Never copied: the index, sessions, kept pages, logs, uploads in flight, and the keys.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from archive import tombstones
from archive.backups import databases, facts, room, sets
from archive.backups.holdings import Ask, Holding, holdings, named
from archive.backups.sets import BackupRefused, Entry, Manifest
from archive.disk import make_durable, make_folders

_CHUNK = 1 << 20


@dataclass
class Taken:
    """What was done: the backup's name and manifest, and what could not be part of it."""

    name: str
    manifest: Manifest
    erased: int = 0  # files that were erased while the backup was made
    lost: int = 0  # files that rows still name and that are nowhere
    pruned: list[str] = field(default_factory=list)

    @property
    def fact(self) -> facts.Fact:
        return facts.fact(self.manifest.made_at, self.manifest.counts)


@dataclass(frozen=True)
class _Seen:
    """What the copied moment of the database says."""

    counts: dict[str, int]
    migrations: list[str]
    files: list[tuple[Holding, str]]


def take(root: Path) -> Taken:
    """Make a backup below `root`, verify it, and delete those that are too old.

    Raises `BackupRefused` with a sentence; then nothing was made.
    """
    root = root.resolve()
    _refuse_inside(root)
    with room.or_refused(f"The disk of {root} is full; no backup was made."), _alone(root):
        sets.sweep(root)
        before = sets.everyone(root)
        known = sets.read(before[-1]) if before else None
        _refuse_without_room(root, known)
        taken = _Work(root, before[-1] if before else None, known).done()
        _keep_tombstones(root)
        taken.pruned = sets.prune(root, _today(), settings.BACKUP_KEPT_DAYS)
    facts.note(facts.BACKUP, taken.fact)
    return taken


class _Work:
    """One backup being made, in a folder that is no backup until it is renamed."""

    def __init__(self, root: Path, before: Path | None, known: Manifest | None) -> None:
        self.root, self.before = root, before
        self.known = known.files if known else {}
        self.made_at = _free_moment(root)
        self.name = self.made_at.strftime(sets.STAMP)
        self.folder = root / f"{sets.UNFINISHED}{self.name}"
        self.files: dict[str, Entry] = {}

    def done(self) -> Taken:
        """The whole of it. Whatever goes wrong, the unfinished folder is gone."""
        self.folder.mkdir(mode=0o700)
        try:
            taken = self._written()
            os.sync()  # thousands of files at once, where one by one would take minutes
            self.folder.rename(self.root / self.name)
            make_durable(self.root)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return taken

    def _written(self) -> Taken:
        database = databases.current()
        copy = self.folder / database.file_name
        try:
            seen = database.copy(copy, look)
        except (DatabaseError, sqlite3.DatabaseError) as problem:
            raise BackupRefused(f"The database cannot be copied: {problem}.") from problem
        self.files[database.file_name] = sets.entry_of(copy)
        missing = [each for each in seen.files if not self._file(*each)]
        manifest = Manifest(
            made_at=self.made_at.isoformat(timespec="seconds"),
            kind=database.kind,
            database=database.file_name,
            counts=seen.counts,
            migrations=seen.migrations,
            files=self.files,
        )
        _write(self.folder / sets.MANIFEST, sets.written(manifest))
        sets.verify(self.folder, sets.read(self.folder))
        database.check(copy)
        lost = sum(_is_still_named(*each) for each in missing)
        return Taken(self.name, manifest, erased=len(missing) - lost, lost=lost)

    def _file(self, holding: Holding, name: str) -> bool:
        """Bring one file in; False where there is none."""
        path = f"{holding.name}/{holding.place(name).as_posix()}"
        if path in self.files:
            return True
        target = self.folder / path
        try:
            with (holding.root / holding.place(name)).open("rb") as source:
                digest = hashlib.file_digest(source, "sha256").hexdigest()
                entry = Entry(digest, source.tell())
                make_folders(target.parent)
                if not self._linked(path, entry, target):
                    source.seek(0)
                    _write(target, iter(lambda: source.read(_CHUNK), b""))
                    moment = os.fstat(source.fileno()).st_mtime_ns
                    os.utime(target, ns=(moment, moment))
        except FileNotFoundError:
            return False
        self.files[path] = entry
        return True

    def _linked(self, path: str, entry: Entry, target: Path) -> bool:
        """Share the file with the backup before, if it lies there whole."""
        if self.before is None or self.known.get(path) != entry:
            return False
        try:
            if sets.entry_of(self.before / path) != entry:
                return False
            os.link(self.before / path, target)
        except OSError:
            return False  # a file system without links, or a damaged backup: then it is copied
        return True


def look(ask: Ask) -> _Seen:
    """Everything a manifest needs to know, of one moment of a database."""
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)})
    counts = {table: rows_in(table, ask) for table in tables if table not in databases.LEFT_OUT}
    applied = ask("SELECT app, name FROM django_migrations")
    migrations = sorted(f"{app}.{name}" for app, name in applied)
    return _Seen(counts, migrations, list(named(ask)))


def rows_in(table: str, ask: Ask) -> int:
    """How many rows a table of ours has."""
    return int(ask(f'SELECT count(*) FROM "{table}"')[0][0])  # noqa: S608


def _is_still_named(holding: Holding, name: str) -> bool:
    """Whether a row of the living database names it: then it is lost, and was not erased."""
    with connection.cursor() as cursor:
        for table, column in holding.columns:
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE "{column}" = %s', [name])  # noqa: S608
            if cursor.fetchone():
                return True
    return False


# --- what is refused ------------------------------------------------------------------------------


def _refuse_inside(root: Path) -> None:
    """A backup on the ground that it is to save is none, and would be part of the next."""
    for place in (Path(settings.DATA_DIR), *(holding.root for holding in holdings())):
        if root.is_relative_to(place.resolve()):
            raise BackupRefused(
                f"{root} lies inside the archive itself: choose another disk for it."
            )


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """The folder, ours alone to read, and one backup at a time in it."""
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        others = sets.foreign(root)
        if others:
            raise BackupRefused(
                f"{root} holds other things ({', '.join(others[:3])}): choose an empty folder."
            )
        root.chmod(0o700)
        lock = open(root / sets.LOCK, "w")  # noqa: SIM115
    except OSError as problem:
        if room.is_full(problem):
            raise
        raise BackupRefused(f"{root} cannot be written to ({problem.strerror}).") from problem
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise BackupRefused("Another backup is being made there just now.") from problem
        yield


def _refuse_without_room(root: Path, known: Manifest | None) -> None:
    """Measured before anything is written; what can be linked needs no room."""
    linked = set(known.files) if known else set()
    wanted = databases.current().bytes()
    for holding in holdings():
        for path in holding.root.rglob("*"):
            if path.is_file() and f"{holding.name}/{path.relative_to(holding.root)}" not in linked:
                wanted += path.stat().st_size
    room.demand(root, wanted, "for a backup")


# --- writing --------------------------------------------------------------------------------------


def _write(path: Path, content: bytes | Iterable[bytes]) -> None:
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(number, "wb") as file:
        file.writelines([content] if isinstance(content, bytes) else content)


def _keep_tombstones(root: Path) -> None:
    """A copy of what was taken away, beside the backups and in none of them: should this machine
    be lost, the newest copy still speaks to the oldest backup."""
    kept = root / sets.TOMBSTONES
    content = tombstones.merged(kept, Path(settings.TOMBSTONES))
    part = root / f"{sets.UNFINISHED}tombstones"
    part.unlink(missing_ok=True)
    _write(part, content)
    make_durable(part)
    part.replace(kept)
    make_durable(root)


def _free_moment(root: Path) -> datetime:
    """Now; or the next second that no backup bears as its name."""
    moment = datetime.now(UTC).replace(microsecond=0)
    while (root / moment.strftime(sets.STAMP)).exists():
        moment += timedelta(seconds=1)
    return moment


def _today() -> date:
    return timezone.now().astimezone(UTC).date()
