"""`serve` as a user meets it: real processes, real signals, a real socket."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sqlite3
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.processes import PATIENCE, Serving, is_alive, manage, wait_for


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an empty, migrated archive; copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    done = manage("migrate", "--verbosity", "0", data_dir=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def data_dir(migrated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(migrated, tmp_path / "data"))


@pytest.fixture
def development() -> dict[str, str]:
    """Static files from where they lie: gathering them takes seconds and has its own test."""
    return {"DEBUG": "1"}


def test_it_says_where_it_is_how_to_sign_in_and_where_the_data_lies(
    data_dir: Path, development: dict[str, str]
) -> None:
    (data_dir / "sample-accounts.txt").write_text("moderator  a-one-time-password\n")
    with Serving(data_dir, **development) as serving:
        assert f"is open at {serving.url}/" in serving.said
        assert f"{serving.url}/desk/" in serving.said
        assert "moderator  a-one-time-password" in serving.said
        assert str(data_dir) in serving.said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_whole_when_told_to(
    number: signal.Signals, data_dir: Path, development: dict[str, str]
) -> None:
    with Serving(data_dir, **development) as serving:
        family = serving.everybody()
        assert serving.end(number) == 0
        assert not [pid for pid in family if is_alive(pid)]


def test_nobody_outlives_a_parent_that_was_killed(
    data_dir: Path, development: dict[str, str]
) -> None:
    with Serving(data_dir, **development) as serving:
        family = serving.everybody()
        serving.end(signal.SIGKILL)
        wait_for(lambda: not [pid for pid in family if is_alive(pid)], "the children to die")


def test_a_worker_that_dies_is_replaced(data_dir: Path, development: dict[str, str]) -> None:
    with Serving(data_dir, **development) as serving:
        before = serving.everybody()
        # Gunicorn has a process below it; the worker has none.
        children = [pid for pid in before if _parent(pid) == serving.process.pid]
        parents = {_parent(pid) for pid in before}
        (worker,) = [pid for pid in children if pid not in parents]
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: set(serving.family()) - set(before), "another worker")
        assert "worker ended; started again" in serving.said


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_web_server_that_cannot_go_on_ends_everything(
    data_dir: Path, development: dict[str, str]
) -> None:
    with Serving(data_dir, **development) as serving:
        family = serving.everybody()
        (arbiter,) = {_parent(pid) for pid in family} - {serving.process.pid}
        os.kill(arbiter, signal.SIGKILL)
        assert serving.process.wait(PATIENCE) == 1
        wait_for(lambda: not [pid for pid in family if is_alive(pid)], "the children to die")


def test_the_worker_works_under_the_same_roof(data_dir: Path, development: dict[str, str]) -> None:
    with Serving(data_dir, **development):
        wait_for(lambda: _hourly_sweep_was_done(data_dir), "the worker's first round")


def _hourly_sweep_was_done(data_dir: Path) -> bool:
    with sqlite3.connect(data_dir / "archive.sqlite3") as database:
        found = database.execute(
            "SELECT 1 FROM archive_job WHERE kind = 'incoming.sweep' AND attempts = 0"
            " AND run_at > datetime('now', '+50 minutes')"
        ).fetchone()
    database.close()
    return found is not None


def test_uploads_left_by_a_kill_are_swept(data_dir: Path, development: dict[str, str]) -> None:
    left = data_dir / "incoming" / "abc.upload.jpg"
    left.write_bytes(b"a photograph with everything hidden in it")
    with Serving(data_dir, **development):
        assert not left.exists()


def test_the_log_holds_no_address_and_no_query(data_dir: Path, development: dict[str, str]) -> None:
    with Serving(data_dir, **development) as serving:
        urllib.request.urlopen(f"{serving.url}/stories/?q=heron", timeout=PATIENCE).close()
        parts = urlsplit(serving.url)
        for request in (b"heron\r\n\r\n", b"GET /heron HTTP/1.1\r\nHost: heron\r\n\r\n"):
            with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as raw:
                raw.sendall(request)
                raw.recv(1000)
        serving.end(signal.SIGTERM)
        assert "heron" not in serving.said
        assert not re.search(r"ip=|127\.0\.0\.1(?!:\d+/)", serving.said)


def test_what_a_reader_gets_in_production(data_dir: Path) -> None:
    """Style sheets gathered, under names that change with their content, and compressed."""
    with Serving(data_dir) as serving:
        with urllib.request.urlopen(f"{serving.url}/", timeout=PATIENCE) as answer:
            page = answer.read().decode()
        sheets = re.findall(r'href="(/static/[^"]+\.css)"', page)
        assert sheets
        assert all(re.search(r"\.[0-9a-f]{12}\.css$", sheet) for sheet in sheets)
        asked = urllib.request.Request(serving.url + sheets[0], headers={"Accept-Encoding": "br"})
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            assert answer.headers["Content-Encoding"] == "br"
            assert "immutable" in answer.headers["Cache-Control"]
        gathered = (data_dir / "static" / ".gathered").stat().st_mtime_ns
        serving.end(signal.SIGTERM)
    with Serving(data_dir):
        assert (data_dir / "static" / ".gathered").stat().st_mtime_ns == gathered


# --- what is refused: one sentence, exit status 1, nothing begun ---------------------------------


def test_a_port_in_use_is_refused(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = manage("serve", "--port", str(port), data_dir=data_dir)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"CommandError: Port {port} on 127.0.0.1 is in use")
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--port", "99999"], "99999 is not a port"),
        (["--workers", "0"], "--workers must be at least 1"),
        (["--host", "0.0.0.0"], "SECRET_KEY must be set to serve on 0.0.0.0"),  # noqa: S104
        (["--host", "no.such.host.invalid"], "SECRET_KEY must be set"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    arguments: list[str], sentence: str, data_dir: Path
) -> None:
    refused = manage("serve", *arguments, data_dir=data_dir)
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_an_address_of_another_machine_is_refused(data_dir: Path) -> None:
    refused = manage(
        "serve", "--host", "192.0.2.1", data_dir=data_dir, SECRET_KEY="long enough to be used " * 3
    )
    assert refused.returncode == 1
    assert "This machine has no address 192.0.2.1" in refused.stderr


def test_a_database_behind_the_code_is_refused(tmp_path: Path) -> None:
    refused = manage("serve", "--port", "0", data_dir=tmp_path)
    assert refused.returncode == 1
    assert "steps behind the code: run `python manage.py migrate` first." in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "archive.sqlite3").write_text("this is a letter and not a database\n" * 100)
    refused = manage("serve", "--port", "0", data_dir=tmp_path)
    assert refused.returncode == 1
    assert "The database does not answer" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_contacts_sealed_with_a_lost_key_stop_the_start(data_dir: Path) -> None:
    """Safety.md D8: with a new key over old data, nothing is opened and nothing written."""
    made = manage(
        "shell",
        "--verbosity=0",
        "--command",
        "from archive.models.submission import Submission, Contact\n"
        "from archive import sealing\n"
        "s = Submission.objects.create()\n"
        "Contact.objects.create(submission=s, sealed=sealing.seal({'phone': '555 0100'}))",
        data_dir=data_dir,
    )
    assert made.returncode == 0, made.stderr
    refused = manage("serve", "--port", "0", data_dir=data_dir, CONTACT_KEYS="another key " * 4)
    assert refused.returncode == 1
    assert "archive.E004" in refused.stderr
