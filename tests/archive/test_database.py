"""SQLite is set as the reliability of the archive demands: asked of a live connection.

The reasons stand in `config.settings`; the measurements in the README's decisions.
"""

from __future__ import annotations

import sqlite3
import threading

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from archive.models.story import Generation

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("_on_sqlite"),
]

WAL, FULL, ON, OFF = "wal", 2, 1, 0


@pytest.fixture
def _on_sqlite(db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("The suite runs on PostgreSQL, which has no pragmas.")


def pragma(name: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", WAL),
        ("synchronous", FULL),
        ("foreign_keys", ON),
        ("secure_delete", ON),
        ("trusted_schema", OFF),
        ("journal_size_limit", 67_108_864),
        ("busy_timeout", 20_000),
    ],
)
def test_each_pragma_is_in_force(name: str, value: object) -> None:
    assert pragma(name) == value


def test_each_pragma_is_in_force_in_every_thread_too() -> None:
    seen: list[object] = []

    def look() -> None:
        seen.extend([pragma("synchronous"), pragma("foreign_keys"), pragma("secure_delete")])
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [FULL, ON, ON]


def test_a_transaction_takes_the_write_lock_when_it_begins(
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """IMMEDIATE: of two that read and then write, the second waits instead of failing."""
    path = str(connection.settings_dict["NAME"])
    with transaction.atomic():
        Generation.now()  # only read
        other = sqlite3.connect(path, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_readers_and_writers_side_by_side_never_find_it_locked() -> None:
    Generation.objects.create(pk=1)
    problems: list[Exception] = []

    def read_and_write() -> None:
        try:
            for _round in range(20):
                with transaction.atomic():
                    Generation.now()
                    Generation.advance()
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=read_and_write) for _writer in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert Generation.objects.get(pk=1).number == 1 + 6 * 20
