"""Runs the archive as users do: `manage.py` in a process of its own, on a data folder of its own.

Always on SQLite below that folder, whatever DATABASE_URL the suite runs with: these processes
commit, and must never do so to somebody's database.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from config import environment
from tests.media import walking

T = TypeVar("T")
PATIENCE = 60  # seconds that a loaded machine may take; no test asserts how long it took


def surroundings(data_dir: Path, **chosen: str) -> dict[str, str]:
    """The environment of this process without any setting of the archive, and with these."""
    kept = {name: value for name, value in os.environ.items() if name not in environment.NAMES}
    own = {"DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return {**kept, **own, "PYTHONUNBUFFERED": "1", **chosen}


def manage(*arguments: str, data_dir: Path, **chosen: str) -> subprocess.CompletedProcess[str]:
    """One management command, to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=surroundings(data_dir, **chosen),
        capture_output=True,
        text=True,
        timeout=PATIENCE * 3,
        check=False,
    )


def wait_for(look: Callable[[], T], what: str) -> T:
    """Look until there is something to see, and return it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        seen = look()
        if seen:
            return seen
        time.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE} s in vain for {what}")


class Serving:
    """A running `serve` on a free port. Use as a context; whatever is left is killed."""

    def __init__(self, data_dir: Path, *arguments: str, **chosen: str) -> None:
        self.log = data_dir / "serve.log"
        self.data_dir = data_dir
        self._last_seen: list[int] = []
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", "0", *arguments],
                cwd=settings.BASE_DIR,
                env=surroundings(data_dir, **chosen),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Serving:
        try:
            self.url = wait_for(self._address, "the address of serve")
            wait_for(self._answers, "an answer from serve")
        except BaseException:
            self._kill()  # no __exit__ follows a failed entry
            raise
        return self

    def __exit__(self, *problem: object) -> None:
        self._kill()
        if problem[0] is None:
            assert walking.found_below(self.data_dir / "gallery") == []

    def _kill(self) -> None:
        """End whoever is left, and wait until nobody holds the port or a file any more: who was
        left behind by a parent that was killed needs a moment to notice."""
        if self.process.poll() is None:
            self._last_seen = self.family()
            for pid in (self.process.pid, *self._last_seen):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()
        wait_for(lambda: not any(map(is_alive, self._last_seen)), "the end of the house")

    @property
    def said(self) -> str:
        """Everything it wrote."""
        return self.log.read_text()

    def _address(self) -> str:
        if self.process.poll() is not None:
            raise AssertionError(f"serve ended with {self.process.returncode}:\n{self.said}")
        found = re.findall(r"is open at (http://\S+?)/\n", self.said)
        return found[-1] if found else ""

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def everybody(self) -> list[int]:
        """The family once it is complete: gunicorn may answer before the worker is born."""
        whole = 3  # gunicorn, its process, the worker
        return wait_for(
            lambda: found if len(found := self.family()) >= whole else [], "the whole family"
        )

    def family(self) -> list[int]:
        """The process ids of everybody below `serve`, as it is now."""
        listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True)
        parents = [tuple(map(int, line.split())) for line in listing.stdout.splitlines()]
        known = {self.process.pid}
        for _generation in range(4):
            known |= {pid for pid, parent in parents if parent in known}
        return sorted(known - {self.process.pid})

    def end(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; the exit status."""
        self._last_seen = self.family()
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def is_alive(pid: int) -> bool:
    """Whether a process still runs (a zombie that nobody buries does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
