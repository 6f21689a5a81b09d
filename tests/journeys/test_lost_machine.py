"""A machine is lost and brought back, and what goes wrong on the way: `backup` and `restore` as
commands, in processes of their own, and the house served from what they made."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings as live

from archive.backups import sets
from tests.processes import Serving, manage, surroundings, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def told(folder: Path, question: str) -> list[tuple[object, ...]]:
    """What the database of a data folder answers."""
    with closing(sqlite3.connect(folder / "archive.sqlite3")) as database:
        return database.execute(question).fetchall()


FURNISH = """
from archive import publication
from archive.models.submission import Submission
from tests import factories
for number in range({number}):
    factories.in_public(factories.telling(title=f"Heron number {{number}}"))
"""
TAKE_AWAY = """
from archive import publication
from archive.models.submission import Submission
from tests import factories
pieces = list(Submission.objects.order_by("pk"))
for piece in pieces[:20]:
    publication.withdraw(piece, by=factories.contributor(piece))
for piece in pieces[20:30]:
    publication.erase(piece, by=factories.contributor(piece))
"""


def shell(data_dir: Path, script: str) -> str:
    done = manage("shell", "--verbosity=0", "--command", script, data_dir=data_dir)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_lost_machine_is_brought_back_and_serves_what_it_may(data: Path, tmp_path: Path) -> None:
    """Backup, 20 withdrawn and 10 erased, the disk lost but for keys and tombstones; then served
    from another folder: what is left answers, and of the thirty nothing does (safety.md D5)."""
    backups, new = str(tmp_path / "backups"), tmp_path / "new"
    assert manage("migrate", "--verbosity=0", data_dir=data).returncode == 0
    shell(data, FURNISH.format(number=36))
    assert manage("backup", backups, data_dir=data).returncode == 0
    addresses = dict(told(data, "SELECT id, public_id FROM archive_story"))
    shell(data, TAKE_AWAY)
    left = {row[0] for row in told(data, "SELECT public_id FROM archive_story WHERE NOT withdrawn")}
    assert (len(addresses), len(left)) == (36, 6)

    proven = manage("restore", backups, "--verify", data_dir=data)
    assert proven.returncode == 0, proven.stderr
    assert "taken away again, as it was since: 20 withdrawn, 10 erased" in proven.stdout
    assert "proven: " in proven.stdout
    assert json.loads((data / "backups.json").read_text())["proof"]["stories"] == 36
    assert not list(data.glob(".drill-*"))

    new.mkdir()
    for name in ("secret.key", "contact.key", "tombstones"):
        shutil.copy(data / name, new)
    shutil.rmtree(data)
    restored = manage("restore", backups, data_dir=new)
    assert restored.returncode == 0, restored.stderr
    with Serving(new, DEBUG="1") as serving:
        wait_for(lambda: set(_listed(serving.url)) == left, "the index that is owed")
        for public_id in addresses.values():
            status = _status(f"{serving.url}/stories/{public_id}/")
            assert status == (200 if public_id in left else 404)


def _listed(url: str) -> list[str]:
    with urllib.request.urlopen(f"{url}/api/v1/stories/?q=heron", timeout=60) as answer:
        return [each["id"] for each in json.load(answer)["results"]]


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


def test_a_backup_that_is_killed_at_any_moment_leaves_nothing_that_passes_for_one(
    data: Path, root: Path
) -> None:
    assert manage("migrate", "--verbosity=0", data_dir=data).returncode == 0
    shell(data, FURNISH.format(number=3))
    command = [sys.executable, "manage.py", "backup", str(root)]
    killed = 0
    for number in range(12):
        before = len(sets.everyone(root))
        process = subprocess.Popen(
            command, cwd=live.BASE_DIR, env=surroundings(data), stdout=subprocess.DEVNULL
        )
        # Looked at often: so small an archive is saved in less time than `wait_for` lets pass.
        while process.poll() is None and not list(root.glob(f"{sets.UNFINISHED}*")):
            threading.Event().wait(0.001)
        threading.Event().wait(number * 0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed += len(sets.everyone(root)) == before
        for made in sets.everyone(root):
            sets.verify(made, sets.read(made))
    assert killed, "not one was killed in the middle"
    assert manage("backup", str(root), data_dir=data).returncode == 0
    assert list(root.glob(f"{sets.UNFINISHED}*")) == []


def test_a_restore_under_another_key_is_refused_and_nothing_is_changed(
    data: Path, root: Path, tmp_path: Path
) -> None:
    """safety.md D8: what was sealed cannot be opened, and must not be added to."""
    assert manage("migrate", "--verbosity=0", data_dir=data).returncode == 0
    shell(data, FURNISH.format(number=1))
    assert manage("backup", str(root), data_dir=data).returncode == 0
    new = tmp_path / "new"
    refused = manage("restore", str(root), data_dir=new)
    assert refused.returncode == 1
    assert "sealed with a key that is not in CONTACT_KEYS" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert {path.name for path in new.iterdir()} == {"secret.key", "contact.key", "incoming"}


def test_a_database_that_cannot_be_copied_is_told_in_a_sentence(data: Path, root: Path) -> None:
    for content, sentence in (
        (None, "There is no database yet"),
        (b"", "The database cannot be copied: no such table"),
        (
            b"a letter and no database\n" * 400,
            "The database cannot be copied: file is not a database",
        ),
    ):
        if content is not None:
            (data / "archive.sqlite3").write_bytes(content)
        refused = manage("backup", str(root), data_dir=data)
        assert refused.returncode == 1
        assert refused.stderr.startswith(f"CommandError: {sentence}")
        assert refused.stderr.count("\n") == 1
        assert sets.everyone(root) == []
