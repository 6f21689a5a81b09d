"""What lies in the database, looked at without the models: every value of every table, and bytes.

For tests that look for what must not be there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Model

only_on_sqlite = pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"] != "config.sqlite",
    reason="looks into SQLite's own file",
)


def every_value() -> str:
    """Everything that stands in any table, as one text."""
    values: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
            values.extend(f"{table}: {row!r}" for row in cursor.fetchall())
    return "\n".join(values)


def rows_of(*tables: type[Model]) -> dict[type[Model], list[dict[str, Any]]]:
    """Every row of these tables as the database holds it, by column; cheaper than asking the models."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table._meta.db_table}" ORDER BY id')  # noqa: S608
            names = [column[0] for column in cursor.description]
            found[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


def bytes_of_the_database() -> bytes:
    """The file itself after a checkpoint, write-ahead log included; SQLite only."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file = Path(str(connection.settings_dict["NAME"]))
    return b"".join(
        path.read_bytes() for path in sorted(file.parent.glob(file.name + "*")) if path.is_file()
    )


def bytes_below(*folders: Path) -> bytes:
    """Names and contents of every file below these folders."""
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            found.append(str(path.relative_to(folder)).encode())
            if path.is_file():
                found.append(path.read_bytes())
    return b"\n".join(found)


def files_below(folder: Path) -> list[Path]:
    """Every file that holds anything; empty ones are locks."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size]


def stores() -> tuple[Path, Path]:
    return Path(settings.VAULT_DIR), Path(settings.GALLERY_DIR)
