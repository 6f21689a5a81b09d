"""Takes a backup of the archive as it is being used: the command `backup`.

Database first, then files: so every row in the backup that has its file, has it there too. Written
beside under a name that is no backup, read again in whole, and only then renamed; whatever ends
this in the middle leaves nothing that passes for a backup. Files never change once they are named,
so one that the backup before holds already is linked and costs no room.

Where BACKUP_RECIPIENT names a public key, every file is sealed to it as it is written: nothing
unsealed touches the other disk, and nothing on this machine can read it again.

Never copied: the index, sessions, kept pages, logs, uploads in flight, and the keys.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from pyrage.x25519 import Recipient

from archive import tombstones
from archive.backups import databases, envelopes, facts, room, sets
from archive.backups.holdings import Ask, Holding, holdings, named
from archive.backups.sets import BackupRefused, Entry, Manifest
from archive.disk import make_durable, make_folders

if TYPE_CHECKING:
    from typing_extensions import Buffer

_CHUNK = 1 << 20
_BENCH = ".backup-"  # below DATA_DIR: where a copy of the database lies until it is sealed


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
    recipient = envelopes.recipient()
    _refuse_inside(root)
    with room.or_refused(f"The disk of {root} is full; no backup was made."), _alone(root):
        sets.sweep(root)
        before = sets.everyone(root)
        known = sets.read(before[-1]) if before else None
        alike = known if known and known.sealed == bool(recipient) else None
        _refuse_without_room(root, alike)
        taken = _Work(root, before[-1] if before else None, alike, recipient).done()
        _keep_tombstones(root)
        taken.pruned = sets.prune(root, _today(), settings.BACKUP_KEPT_DAYS)
    facts.note(facts.BACKUP, taken.fact)
    return taken


class _Work:
    """One backup being made, in a folder that is no backup until it is renamed."""

    def __init__(
        self,
        root: Path,
        before: Path | None,
        known: Manifest | None,
        recipient: Recipient | None,
    ) -> None:
        self.root, self.before, self.known, self.recipient = root, before, known, recipient
        self.made_at = _free_moment(root)
        self.name = self.made_at.strftime(sets.STAMP)
        self.folder = root / f"{sets.UNFINISHED}{self.name}"
        self.files: dict[str, Entry] = {}
        self.marks: dict[str, str] = {}

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
        with self._bench(database) as bench:
            copy = bench / database.file_name
            try:
                seen = database.copy(copy, look)
            except (DatabaseError, sqlite3.DatabaseError) as problem:
                raise BackupRefused(f"The database cannot be copied: {problem}.") from problem
            if self.recipient is None:
                self.files[database.file_name] = sets.entry_of(copy)
            else:
                database.check(copy)
                with copy.open("rb") as source:
                    self._bring(database.file_name, source)
        missing = [each for each in seen.files if not self._file(*each)]
        manifest = Manifest(
            made_at=self.made_at.isoformat(timespec="seconds"),
            kind=database.kind,
            database=database.file_name,
            counts=seen.counts,
            migrations=seen.migrations,
            files=self.files,
            marks=self.marks,
        )
        with _writing(self.folder / sets.MANIFEST) as file:
            file.write(sets.written(manifest))
        sets.verify(self.folder, sets.read(self.folder))
        if self.recipient is None:
            database.check(copy)
        lost = sum(_is_still_named(*each) for each in missing)
        return Taken(self.name, manifest, erased=len(missing) - lost, lost=lost)

    def _file(self, holding: Holding, name: str) -> bool:
        """Bring one file in; False where there is none."""
        path = f"{holding.name}/{holding.place(name).as_posix()}"
        if path in self.files:
            return True
        try:
            with (holding.root / holding.place(name)).open("rb") as source:
                self._bring(path, source)
        except FileNotFoundError:
            return False
        return True

    def _bring(self, path: str, source: BufferedReader) -> None:
        """One file: shared with the backup before, or written, sealed where we seal."""
        mark = self._mark(hashlib.file_digest(source, "sha256").digest())
        target = self.folder / path
        make_folders(target.parent)
        entry = self._linked(path, mark, target)
        if entry is None:
            source.seek(0)
            with _writing(target) as file:
                self._fill(file, source)
            entry = file.entry
            moment = os.fstat(source.fileno()).st_mtime_ns
            os.utime(target, ns=(moment, moment))
        self.files[path] = entry
        if self.recipient is not None:
            self.marks[path] = mark

    def _mark(self, digest: bytes) -> str:
        """By what the next backup knows a file again; told to nobody where we seal (`Manifest`)."""
        if self.recipient is None:
            return digest.hex()
        said = b"backup:" + str(self.recipient).encode() + digest
        return hmac.digest(settings.SECRET_KEY.encode(), said, "sha256").hex()

    def _fill(self, file: _Written, source: BufferedReader) -> None:
        if self.recipient is not None:
            envelopes.seal(source, self.recipient, file)
        else:
            shutil.copyfileobj(source, file, _CHUNK)

    def _linked(self, path: str, mark: str, target: Path) -> Entry | None:
        """Share the file with the backup before, if it lies there whole."""
        if self.before is None or self.known is None or path not in self.known.files:
            return None
        entry = self.known.files[path]
        try:
            if self.known.mark(path) != mark or sets.entry_of(self.before / path) != entry:
                return None
            os.link(self.before / path, target)
        except OSError:
            return None  # a file system without links, or a damaged backup: then it is copied
        return entry

    @contextmanager
    def _bench(self, database: databases.Database) -> Iterator[Path]:
        """Where the database is copied to: into the backup, or where what is to be sealed lies anyway.

        Held by a lock for as long as it is used: of a backup that was killed, it is swept.
        """
        if self.recipient is None:
            yield self.folder
            return
        home = Path(settings.DATA_DIR)
        _sweep_benches(home)
        room.demand(home, database.bytes(), "for a copy of the database")
        with tempfile.TemporaryDirectory(prefix=_BENCH, dir=home) as bench, _held(Path(bench)):
            yield Path(bench)


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


class _Written(BufferedIOBase):
    """A file being written; `entry` is of what was to be written, whatever the disk made of it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest, self._bytes = file, hashlib.sha256(), 0

    def write(self, piece: Buffer) -> int:
        self._digest.update(piece)
        self._bytes += memoryview(piece).nbytes
        return self._file.write(piece)

    @property
    def entry(self) -> Entry:
        return Entry(self._digest.hexdigest(), self._bytes)


@contextmanager
def _writing(path: Path) -> Iterator[_Written]:
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(number, "wb") as file:
        yield _Written(file)


@contextmanager
def _held(bench: Path) -> Iterator[None]:
    """A lock on a folder, which ends with its process. Raises OSError where it is held."""
    number = os.open(bench, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(number)


def _sweep_benches(home: Path) -> None:
    """What a backup that was killed left behind: the database, in the clear."""
    for bench in home.glob(f"{_BENCH}*"):
        with suppress(OSError), _held(bench):
            shutil.rmtree(bench)


def _keep_tombstones(root: Path) -> None:
    """A copy of what was taken away, beside the backups and in none of them: should this machine
    be lost, the newest copy still speaks to the oldest backup."""
    kept = root / sets.TOMBSTONES
    content = tombstones.merged(kept, Path(settings.TOMBSTONES))
    part = root / f"{sets.UNFINISHED}tombstones"
    part.unlink(missing_ok=True)
    with _writing(part) as file:
        file.write(content)
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
