"""Pages over HTTP with 10,000 stories, beside an empty view and a static file on the same server.

    python -m benchmarks.web [--at FOLDER]

Imports ten thousand stories into a thrown-away archive (or takes the one at FOLDER, furnished by
an earlier run with `--at`), serves it, and asks with one and with four clients. A cached page is one
that was asked for before; an uncached one has a query of its own. Then a story and a search are
loaded in a slowed Chromium.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import re
import shutil
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks import ground, loading, readers

SECONDS = 4.0
SETTINGS = "benchmarks.settings"
WORDS = ["mother", "freedom", "cotton", "church", "river", "master", "winter", "children", "supper"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def story_paths(port: int) -> list[str]:
    """The addresses of some stories, as the API names them."""
    results = json.loads(_get(port, "/api/v1/stories/"))["results"]
    return ["/stories/" + each["url"].split("/stories/")[1] for each in results]


def static_path(port: int) -> str:
    """The address of a style sheet, as the home page names it."""
    found = re.search(r'href="(/static/archive/pages[^"]*\.css)"', _get(port, "/"))
    assert found, "the home page has no style sheet"
    return found[1]


def _get(port: int, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    return connection.getresponse().read().decode()


def kinds_of_pages(port: int) -> dict[str, list[str]]:
    """What is asked for, by the name it has in the table."""
    stories = story_paths(port)
    return {
        "empty view": ["/empty"],
        "static file": [static_path(port)],
        "story, cached": stories[:5],
        "story, not cached": [f"{path}?n={number}" for number in range(4000) for path in stories],
        "search, cached": [f"/stories/?q={word}" for word in WORDS],
        "search, not cached": [
            f"/stories/?q={one}+{other}&from={year}"
            for year in range(1800, 1900) for one, other in permutations(WORDS, 2)
        ],
        "search by API": [f"/api/v1/stories/?q={one}+{other}" for one in WORDS for other in WORDS],
    }  # fmt: skip


def measure(port: int, clients: int) -> list[list[str]]:
    """A row for each kind of page."""
    rows, empty_rate = [], 0.0
    for name, paths in kinds_of_pages(port).items():
        ground.fetch_many(port, paths[:5], clients=1, seconds=0.3)
        rate, spans = ground.fetch_many(port, paths, clients=clients, seconds=SECONDS)
        empty_rate = empty_rate or rate
        p50, p95 = (f"{ground.percentile(spans, share):.1f}" for share in (0.5, 0.95))
        rows.append([name, f"{rate:.0f}", f"{rate / empty_rate:.2f}", p50, p95])
    return rows


def loads(port: int) -> list[list[str]]:
    """A row for a story, a search and the home page, as a slow phone loads them."""
    shown = {
        "story": story_paths(port)[0],
        "search": "/stories/?q=mother+church",
        "home": "/",
    }
    rows = []
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, BROWSERS)))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, address in shown.items():
            load = loading.visit(browser, f"http://127.0.0.1:{port}{address}")
            sizes = (load.without_photographs, load.script)
            rows.append(
                [name, *(f"{size / 1000:.1f}" for size in sizes), str(load.requests),
                 f"{load.paint:.2f}", f"{load.shift:.3f}"]
            )  # fmt: skip
        browser.close()
    return rows


@contextlib.contextmanager
def furnished(folder: Path | None) -> Iterator[dict[str, str]]:
    """The environment of an archive of ten thousand stories, kept where a folder was named."""
    if folder is None:
        with ground.archive(SETTINGS) as env:
            _furnish(env)
            yield env
        return
    folder.mkdir(exist_ok=True)
    env = {**os.environ, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": SETTINGS,
           "PYTHONPATH": str(ground.ROOT)}  # fmt: skip
    if not (folder / "archive.sqlite3").exists():
        ground.manage(env, "migrate", "-v0")
        _furnish(env)
    yield env


def _furnish(env: dict[str, str]) -> None:
    file = Path(env["DATA_DIR"]) / "readers.jsonl"
    readers.write(file)
    ground.make_editor(env)
    ground.manage(env, "import_stories", str(file), "--publish", "--by", "editor")


def main() -> None:
    """Print the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument(
        "--at", type=Path, help="keep the archive in this folder, or take it from it"
    )
    if not ground.WPA.exists():
        raise SystemExit("../shared/data is not there: nothing to measure with.")
    heads = ["page", "requests a second", "share of empty", "p50 ms", "p95 ms"]
    with furnished(asked.parse_args().at) as env:
        for workers in (1, 2):
            with ground.served(env, "--workers", str(workers)) as (port, pid):
                at_rest = ground.memory(pid)
                with ground.PeakMemory(pid) as peak:
                    for clients in (1, 4):
                        title = f"{workers} web process(es), {clients} client(s)"
                        ground.table(title, heads, measure(port, clients))
                print(f"\nMemory (PSS): {at_rest:.0f} MB at rest, {peak.megabytes:.0f} at the peak")
                if workers == 1:
                    ground.table(
                        "A first visit: 375 px, slow 4G, processor four times slower",
                        ["page", "kB without photographs", "kB of script", "requests",
                         "largest paint s", "layout shift"],
                        loads(port),
                    )  # fmt: skip
    print(f"\nLoad of the machine: {' '.join(f'{each:.1f}' for each in os.getloadavg())}")


if __name__ == "__main__":
    main()
