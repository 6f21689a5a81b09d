"""Brings an archive back from a backup, and proves that one can be: the command `restore`.

The backup is read in whole before anything is written. The archive is built in a fresh folder, by
a process of its own that sees nothing but that folder (`after_restore`): there the rows are counted,
the tables brought up to the code, and what was taken away since is taken away again. Only then does
it move to its place, the database last: before that there is no archive there to be opened.

A drill is the same into a folder that is thrown away, with questions at the end.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from pyrage.x25519 import Identity

from archive import tombstones
from archive.backups import databases, envelopes, facts, room, sets
from archive.backups.databases import Database, Postgres, Sqlite
from archive.backups.holdings import holdings
from archive.backups.sets import BackupDamaged, BackupRefused, Manifest
from archive.disk import make_durable, make_folders

# What may lie in a folder that an archive is restored into: what was brought there by hand, what
# reading the settings makes, and the log of a database that is not there any more.
_WELCOME = ("*.key", "tombstones", "incoming", "lost+found", "*-wal", "*-shm", "*-journal")
_DATABASE = "archive.sqlite3"
_TOMBSTONES = "tombstones"
_DRILL = ".drill-"
# Everything about this installation that must not reach into the folder it is tried in.
_OURS = (
    "DATABASE_URL", "SEARCH_URL", "STORAGE_URL", "CACHE_URL", "EMAIL_URL", "SITE_URL",
    "ALLOWED_HOSTS", "TRUSTED_PROXIES", "BACKUP_RECIPIENT", "BACKUP_IDENTITY",
)  # fmt: skip


@dataclass(frozen=True)
class Restored:
    """What was brought back. `replayed` is what `after_restore` told of its work."""

    name: str
    manifest: Manifest
    replayed: dict[str, Any]
    tombstones: int  # how many things were known to have been taken away

    @property
    def fact(self) -> facts.Fact:
        return facts.fact(self.manifest.made_at, self.manifest.counts)


@dataclass(frozen=True)
class _Source:
    """The backup that is brought back, and the key that opens it, where it is sealed."""

    folder: Path
    manifest: Manifest
    key: Identity | None

    def verify(self) -> None:
        """Raise `BackupDamaged` where it is not what was written, `BackupRefused` for a wrong key."""
        sets.verify(self.folder, self.manifest)
        if self.key is None:
            databases.current().check(self.folder / self.manifest.database)
            return
        # One file tells whether the key opens it; the rest is proven as it is opened, when restored.
        files = self.manifest.files
        smallest = min(files, key=lambda path: files[path].bytes)
        with (self.folder / smallest).open("rb") as file, open(os.devnull, "wb") as nowhere:
            envelopes.unseal(file, self.key, nowhere)

    def lay(self, path: str, target: Path) -> None:
        """One file as it was in the archive, its day with it: orphans are known by their age."""
        source = self.folder / path
        make_folders(target.parent)
        if self.key is None:
            shutil.copyfile(source, target)
            if sets.entry_of(target) != self.manifest.files[path]:
                raise BackupDamaged(f"{path} of {self.folder.name} is not what was written.")
        else:
            with source.open("rb") as file, target.open("wb") as opened:
                envelopes.unseal(file, self.key, opened)
        target.chmod(0o600)
        moment = source.stat().st_mtime_ns
        os.utime(target, ns=(moment, moment))

    @contextmanager
    def database(self, fresh: Path) -> Iterator[Path]:
        """The copy of the database, to be loaded; of a sealed backup, below `fresh` meanwhile."""
        if self.key is None:
            yield self.folder / self.manifest.database
            return
        with tempfile.TemporaryDirectory(dir=fresh) as bench:
            copy = Path(bench) / self.manifest.database
            self.lay(self.manifest.database, copy)
            databases.current().check(copy)
            yield copy


@dataclass(frozen=True)
class _Ground:
    """Where a restored archive goes: a folder for all that is small, homes for files, a database."""

    folder: Path
    homes: dict[str, Path]
    database: Database
    elsewhere: bool


def bring_back(given: Path, into: Path | None = None) -> Restored:
    """Restore a backup (`given`, or the newest in it) to DATA_DIR, or to another folder.

    Raises `BackupRefused` with a sentence; then nothing was changed.
    """
    source = _read(given)
    ground = _ground(into)
    _refuse_occupied(ground)
    source.verify()
    with _fresh(ground.folder, source.manifest) as fresh:
        database = ground.database
        if isinstance(database, Sqlite):
            database = Sqlite(fresh / _DATABASE)
        restored = _built(source, fresh, database, ground.folder)
        _move_in(fresh, ground)
    facts.note(facts.BACKUP, restored.fact, ground.folder)
    return restored


def prove(given: Path) -> Restored:
    """The drill: restore into a folder that is thrown away, ask it questions, note that it did."""
    source = _read(given)
    source.verify()
    home = Path(settings.DATA_DIR)
    _sweep_drills(home)
    with ExitStack() as stack:
        fresh = stack.enter_context(_fresh(home, source.manifest, _DRILL))
        current = databases.current()
        database: Database = Sqlite(fresh / _DATABASE)
        if isinstance(current, Postgres):
            database = stack.enter_context(current.scratch())
        restored = _built(source, fresh, database, home, "--ask")
    now = timezone.now().isoformat(timespec="seconds")
    facts.note(facts.PROOF, replace(restored.fact, at=now))
    return restored


# --- before anything is written -------------------------------------------------------------------


def _read(given: Path) -> _Source:
    """The backup that is meant, if this release can read it and a key is at hand that may open it."""
    found = sets.find(given.resolve())
    manifest = sets.read(found)
    kind = databases.current().kind
    if manifest.kind != kind:
        raise BackupRefused(
            f"{found.name} is a backup of {manifest.kind}, and DATABASE_URL names {kind}."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}}
    newer = [name for name in manifest.migrations if name not in known]
    if newer:
        raise BackupRefused(
            f"{found.name} was made by a newer release, which has {newer[0]}: restore it with that."
        )
    return _Source(found, manifest, envelopes.identity() if manifest.sealed else None)


def _ground(into: Path | None) -> _Ground:
    if into is None:
        homes = {holding.name: holding.root for holding in holdings()}
        return _Ground(Path(settings.DATA_DIR), homes, databases.current(), elsewhere=False)
    folder = into.resolve()
    database = databases.current()
    if isinstance(database, Sqlite):
        database = Sqlite(folder / _DATABASE)
    homes = {holding.name: folder / holding.name for holding in holdings()}
    return _Ground(folder, homes, database, elsewhere=True)


def _refuse_occupied(ground: _Ground) -> None:
    """Nothing is ever restored over something."""
    if ground.database.is_there():
        raise BackupRefused(
            "There is an archive already where this one would go. Restore it elsewhere with "
            "--into FOLDER, look at it, and then point DATA_DIR there."
            if isinstance(ground.database, Sqlite)
            else "The database that DATABASE_URL names is not empty: name one that is."
        )
    for name, home in ground.homes.items():
        if home.is_dir() and any(path.is_file() for path in home.rglob("*")):
            raise BackupRefused(
                f"There are files in the {name} already: restore with --into FOLDER."
            )
    if ground.elsewhere and ground.folder.exists():
        strange = _strangers(ground.folder)
        if strange:
            raise BackupRefused(f"{ground.folder} is not empty: it holds {strange[0]}.")


def _strangers(folder: Path) -> list[str]:
    if not folder.is_dir():
        return [folder.name]
    return sorted(
        path.name
        for path in folder.iterdir()
        if not any(path.match(pattern) for pattern in _WELCOME)
    )


# --- building -------------------------------------------------------------------------------------


@contextmanager
def _fresh(folder: Path, manifest: Manifest, prefix: str = ".restoring-") -> Iterator[Path]:
    """A new folder inside `folder`, on its disk, that is gone at the end whatever happens."""
    made = _made(folder)
    fresh: Path | None = None
    # A database is larger while it is put in order than afterwards; of a sealed one, the copy that
    # is opened lies there too.
    wanted = manifest.bytes + manifest.files[manifest.database].bytes * (1 + manifest.sealed)
    try:
        room.demand(folder, wanted, "to restore")
        with room.or_refused(f"The disk of {folder} is full; nothing was restored."):
            fresh = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
            yield fresh
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)
        for path in made:  # as if we had never been here, unless something has moved in
            if not any(path.iterdir()):
                path.rmdir()


def _made(folder: Path) -> list[Path]:
    """Make `folder` with all above it; what was not there before, innermost first."""
    try:
        return make_folders(folder)
    except OSError as problem:
        raise BackupRefused(f"{folder} cannot be made ({problem.strerror}).") from problem


def _built(source: _Source, fresh: Path, database: Database, home: Path, *ask: str) -> Restored:
    """The whole archive in `fresh`, with everything taken away that was taken away since."""
    found, manifest = source.folder, source.manifest
    for path in manifest.files:
        if path != manifest.database:
            source.lay(path, fresh / path)
    lists = (Path(settings.TOMBSTONES), home / _TOMBSTONES, found.parent / sets.TOMBSTONES)
    known = tombstones.merged(*lists)
    (fresh / _TOMBSTONES).touch(mode=0o600)
    (fresh / _TOMBSTONES).write_bytes(known)
    with source.database(fresh) as copy:
        database.load(copy)
    try:
        told = _after_restore(fresh, database, found / sets.MANIFEST, *ask)
    except BackupRefused as problem:
        if isinstance(database, Postgres) and not ask:
            raise BackupRefused(
                f"{problem} The database {database.name} now holds what was loaded: drop it and "
                "make it anew before the next attempt."
            ) from problem
        raise
    if isinstance(database, Sqlite):
        database.settle()
    return Restored(found.name, manifest, told, len(tombstones.Tombstones(known)))


def _after_restore(fresh: Path, database: Database, manifest: Path, *ask: str) -> dict[str, Any]:
    """What the command of that name tells. Its process knows `fresh` and our keys, and no more of
    this installation."""
    kept = {name: value for name, value in os.environ.items() if name not in _OURS}
    chosen = {
        "DATA_DIR": str(fresh),
        "SECRET_KEY": settings.SECRET_KEY,
        "CONTACT_KEYS": ",".join(settings.CONTACT_KEYS),
        "DEBUG": "1",  # style sheets from where they lie: nobody else is served by it
    }
    if database.address():
        chosen["DATABASE_URL"] = database.address()
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "after_restore"]
    done = subprocess.run(  # noqa: S603
        [*command, str(manifest), *ask],
        env={**kept, **chosen}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        said = done.stderr.strip().splitlines()
        why = (
            said[-1].removeprefix("CommandError: ") if said else f"it ended with {done.returncode}."
        )
        raise BackupRefused(f"The restored archive is not in order: {why}")
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def _sweep_drills(home: Path) -> None:
    """What a drill that was killed left behind: a whole archive, in the clear."""
    for path in home.glob(f"{_DRILL}*"):
        shutil.rmtree(path, ignore_errors=True)


# --- moving in ------------------------------------------------------------------------------------


def _move_in(fresh: Path, ground: _Ground) -> None:
    """Everything to its place, the database last."""
    if ground.elsewhere:
        _bring_keys(ground.folder)
    (fresh / _TOMBSTONES).replace(ground.folder / _TOMBSTONES)
    shutil.rmtree(ground.folder / "index", ignore_errors=True)  # of another archive; ours is owed
    for name, home in ground.homes.items():
        if (fresh / name).exists():
            shutil.rmtree(home, ignore_errors=True)  # folders without a file, as we have seen
            shutil.move(fresh / name, home)
    os.sync()
    if isinstance(ground.database, Sqlite):
        for left in ground.database.beside():
            if left.exists():  # of a database that is gone: not ours to play, nor to delete
                left.rename(left.with_name(f"{left.name}.{secrets.token_hex(4)}.set-aside"))
        shutil.move(fresh / _DATABASE, ground.database.path)
        make_durable(ground.database.path.parent)


def _bring_keys(folder: Path) -> None:
    """The keys of this archive, where the new folder has none: they are in no backup."""
    for key in Path(settings.DATA_DIR).glob("*.key"):
        if key.parent != folder and not (folder / key.name).exists():
            shutil.copyfile(key, folder / key.name)
            (folder / key.name).chmod(0o600)
