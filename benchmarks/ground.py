"""What the benchmarks share: a thrown-away archive, a served one, a table, and the memory of both.

Nothing here touches the archive in `var/`.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
WPA = DATA / "testimony-en" / "wpa-slave-narratives.jsonl.gz"


def strange(pieces: Sequence[str], count: int) -> Iterator[str]:
    """Searches that nobody means, drawn by lot from these pieces, always the same."""
    lot = random.Random(9)
    for _each in range(count):
        yield "".join(lot.choice(pieces) for _piece in range(lot.randint(1, 25)))


@contextlib.contextmanager
def archive(settings: str = "config.settings") -> Iterator[dict[str, str]]:
    """The environment of an empty, migrated archive in a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="testimonio-bench-") as folder:
        env = {
            **os.environ,
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": settings,
            "PYTHONPATH": str(ROOT),
        }
        manage(env, "migrate", "-v0")
        yield env


def manage(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run one management command to its end; its output as text. Raises when it fails."""
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True)


def make_editor(env: dict[str, str]) -> None:
    """One account that may publish."""
    code = (
        "from archive.models.person import Person;"
        "Person.objects.create_user(username='editor', role='editor')"
    )
    manage(env, "shell", "-v0", "-c", code)


@contextlib.contextmanager
def served(env: dict[str, str], *words: str) -> Iterator[tuple[int, int]]:
    """(port, process id) of `serve` with these words more, once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", "--port", str(port), *words]
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_it_answers(port)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=40)


def _wait_until_it_answers(port: int) -> None:
    for _attempt in range(300):
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise SystemExit("The server did not answer within thirty seconds.")


def family(pid: int) -> list[int]:
    """This process and everything that descends from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, queue = [], [pid]
    while queue:
        one = queue.pop()
        found.append(one)
        queue += children.get(one, [])
    return found


def memory(pid: int) -> float:
    """Megabytes that a process and its descendants hold together (PSS: shared pages count once)."""
    total = 0
    for one in family(pid):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1024


class PeakMemory(threading.Thread):
    """Looks at a process family twenty times a second; `megabytes` is the most that was seen."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.megabytes, self._ended = pid, 0.0, threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.05):
            self.megabytes = max(self.megabytes, memory(self.pid))

    def __enter__(self) -> PeakMemory:
        self.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._ended.set()
        self.join()


def fetch_many(
    port: int, paths: list[str], *, clients: int, seconds: float
) -> tuple[float, list[float]]:
    """(requests a second, seconds of each) of `clients` that ask these paths in turn for a while."""
    spans: list[float] = []
    until = time.monotonic() + seconds

    def client(start: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        number = start
        while time.monotonic() < until:
            began = time.perf_counter()
            connection.request("GET", paths[number % len(paths)])
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise SystemExit(f"{paths[number % len(paths)]} answered {response.status}")
            spans.append(time.perf_counter() - began)
            number += clients
        connection.close()

    began = time.monotonic()
    threads = [threading.Thread(target=client, args=(start,)) for start in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(spans) / (time.monotonic() - began), spans


def percentile(spans: list[float], share: float) -> float:
    """Milliseconds below which this share of the spans lies."""
    ordered = sorted(spans)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median_of(runs: int, measure: Callable[[], float]) -> float:
    """The middle of several measurements of one thing."""
    return statistics.median(measure() for _run in range(runs))


def table(title: str, heads: list[str], rows: list[list[str]]) -> None:
    """Print a table that Markdown understands."""
    print(f"\n{title}\n")
    print("| " + " | ".join(heads) + " |")
    print("|" + "|".join("---" if at == 0 else "---:" for at in range(len(heads))) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
