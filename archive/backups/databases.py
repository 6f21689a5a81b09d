"""A database copied out while it is written to, and brought in again: SQLite and PostgreSQL.

Owns the two ways of doing it. Copying the file of a live SQLite database loses committed rows and
passes every check (safety.md E3): here SQLite itself writes one moment of it into a new file
(`VACUUM INTO`, which also leaves behind what was erased), and PostgreSQL dumps one snapshot. What
is asked of a copy is asked of that same moment. Sessions are in no copy.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar
from urllib.parse import quote

from django.contrib.sessions.models import Session
from django.db import connection, transaction

from archive.backups.holdings import Ask
from archive.backups.sets import BackupDamaged, BackupRefused
from archive.disk import make_durable

T = TypeVar("T")

# Who is signed in is nobody's to restore.
LEFT_OUT = (Session._meta.db_table,)
BUSY_SECONDS = 60  # a copy waits for a writer as long as any page would


class Database(Protocol):
    """Where an archive's rows lie. `kind` and `file_name` are what a manifest says."""

    kind: ClassVar[str]
    file_name: ClassVar[str]

    def bytes(self) -> int:
        """About how large a copy can be."""

    def copy(self, into: Path, look: Callable[[Ask], T]) -> T:
        """Write one moment of it into a new file, and what `look` finds by asking that moment."""

    def check(self, file: Path) -> None:
        """Raise `BackupDamaged` where a copy is not a whole database."""

    def is_there(self) -> bool:
        """Whether anything lies here that a restore would overwrite."""

    def load(self, file: Path) -> None:
        """Make it from a copy, where there was none."""

    def address(self) -> str:
        """Its DATABASE_URL; "" for the file that DATA_DIR has by default."""


def current() -> Database:
    """The database of this process."""
    if connection.vendor == "sqlite":
        return Sqlite(Path(str(connection.settings_dict["NAME"])))
    return Postgres(str(connection.settings_dict["NAME"]))


def asking(cursor: Any) -> Ask:
    """Questions that go to this cursor of Django's."""

    def ask(question: str) -> list[tuple[str, ...]]:
        cursor.execute(question)
        return list(cursor.fetchall())

    return ask


# --- SQLite ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sqlite:
    """A file, with a log beside it."""

    kind: ClassVar[str] = "sqlite"
    file_name: ClassVar[str] = "database.sqlite3"
    path: Path

    def bytes(self) -> int:
        files = [self.path, *self.beside()]
        return sum(path.stat().st_size for path in files if path.exists())

    def copy(self, into: Path, look: Callable[[Ask], T]) -> T:
        if not self.path.exists():
            raise BackupRefused("There is no database yet, and so nothing to back up.")
        into.touch(mode=0o600, exist_ok=False)  # SQLite writes into an empty file as it finds it
        with closing(sqlite3.connect(self.path, BUSY_SECONDS, isolation_level=None)) as live:
            live.execute("PRAGMA trusted_schema=OFF")
            live.execute("VACUUM INTO ?", [str(into)])
        _strip(into)
        with closing(_reading(into)) as copied:
            return look(lambda question: copied.execute(question).fetchall())

    def check(self, file: Path) -> None:
        try:
            with closing(_reading(file)) as copied:
                whole = copied.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                led_astray = copied.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.DatabaseError as problem:
            raise BackupDamaged("The copy of the database is no database.") from problem
        if not whole or led_astray:
            raise BackupDamaged("The copy of the database is not whole.")

    def is_there(self) -> bool:
        return self.path.exists()

    def load(self, file: Path) -> None:
        shutil.copyfile(file, self.path)
        self.path.chmod(0o600)
        make_durable(self.path)

    def address(self) -> str:
        return ""

    def settle(self) -> None:
        """Write the log back into the file, so that the file alone is the database."""
        with closing(sqlite3.connect(self.path, BUSY_SECONDS)) as restored:
            restored.execute("PRAGMA journal_mode=DELETE")
        make_durable(self.path)

    def beside(self) -> list[Path]:
        """The log and its index. Of another database, they would be played into this one."""
        return [Path(f"{self.path}{end}") for end in ("-wal", "-shm", "-journal")]


def _strip(copy: Path) -> None:
    """Take out what is in no backup, bytes and all, and leave one plain file."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as copied:
        copied.execute("PRAGMA journal_mode=DELETE")
        copied.execute("PRAGMA secure_delete=ON")
        for table in LEFT_OUT:
            copied.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our own tables
    make_durable(copy)


def _reading(file: Path) -> sqlite3.Connection:
    """The file as it lies: whatever lies beside it is not looked at."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


# --- PostgreSQL -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Postgres:
    """A database of this name on the server of DATABASE_URL."""

    kind: ClassVar[str] = "postgresql"
    file_name: ClassVar[str] = "database.dump"
    name: str

    def bytes(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(%s)", [self.name])
            return int(cursor.fetchone()[0])

    def copy(self, into: Path, look: Callable[[Ask], T]) -> T:
        into.touch(mode=0o600, exist_ok=False)
        left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = f"--snapshot={cursor.fetchone()[0]}"
            self._run("pg_dump", "--format=custom", snapshot, *left_out, f"--file={into}")
            found = look(asking(cursor))
        make_durable(into)
        return found

    def check(self, file: Path) -> None:
        listed = self._tried("pg_restore", "--list", str(file))
        if listed.returncode:
            raise BackupDamaged("The copy of the database is no dump of PostgreSQL.")

    def is_there(self) -> bool:
        return bool(connection.introspection.table_names())

    def load(self, file: Path) -> None:
        into = f"--dbname={self.name}"
        self._run(
            "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner",
            "--no-privileges", into, str(file),
        )  # fmt: skip

    def address(self) -> str:
        known = connection.settings_dict
        who = quote(known["USER"] or "", safe="")
        if known["PASSWORD"]:
            who += f":{quote(known['PASSWORD'], safe='')}"
        where = f"{who}@" if who else ""
        port = f":{known['PORT']}" if known["PORT"] else ""
        return f"postgres://{where}{known['HOST']}{port}/{quote(self.name)}"

    @contextmanager
    def scratch(self) -> Iterator[Postgres]:
        """An empty database beside this one, dropped at the end. Raises `BackupRefused`."""
        name = f"{self.name}_drill_{secrets.token_hex(4)}"
        with connection.cursor() as cursor:
            try:
                cursor.execute(f'CREATE DATABASE "{name}"')
            except Exception as problem:
                raise BackupRefused(
                    "PostgreSQL does not let us make a database to try the backup in: "
                    "give the archive's account CREATEDB."
                ) from problem
        try:
            yield Postgres(name)
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}"')

    def _run(self, tool: str, *arguments: str) -> None:
        done = self._tried(tool, *arguments)
        if done.returncode:
            said = done.stderr.strip().splitlines()
            raise BackupRefused(f"{tool} failed: {said[-1] if said else done.returncode}")

    def _tried(self, tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        found = shutil.which(tool)
        if found is None:
            raise BackupRefused(
                f"{tool} is not on this machine. It comes with PostgreSQL's client programs, "
                "and must not be older than the server."
            )
        known = connection.settings_dict
        chosen = {
            "PGDATABASE": self.name, "PGHOST": known["HOST"], "PGPORT": str(known["PORT"] or ""),
            "PGUSER": known["USER"], "PGPASSWORD": known["PASSWORD"],
        }  # fmt: skip
        surroundings = {**os.environ, **{name: value for name, value in chosen.items() if value}}
        return subprocess.run(  # noqa: S603
            [found, *arguments], env=surroundings, capture_output=True, text=True, check=False
        )
