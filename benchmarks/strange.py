"""Searches that nobody means kindly, asked of the pages of both engines: the slowest hundredth.

    python -m benchmarks.strange [--every COUNT]

Imports 1,645 narratives for each engine and asks, in a process that has loaded nothing else, page
and API: searches drawn by lot, and the published attacks, as words and as each filter in turn. The
time is what the process worked, whatever else the machine did. The aims (issue 4): half a second,
and no growth of memory.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import time
from urllib.parse import urlencode

from benchmarks import ground

ENGINES = ("tantivy", "whoosh")
PAYLOADS = ground.DATA / "hostile-text" / "payloads.jsonl"
DRAWN = 2_000
PIECES = [
    " ", " ", "AND", "OR", " OR ", "NOT ", "-", "(", ")", '"', "*", "~", "~2", "year:[", " TO ",
    "title:", "a*", "s* ", "the ", "'", "^2", "\\", "á", "字", "\u0301", "e~2", "mother", "cotton ",
    " freedom", "master", "by:", "place:", "1936",
]  # fmt: skip
FILTERS = ("theme", "kind", "place", "language", "decade", "content_note", "without", "from", "to")


def main() -> None:
    """One archive for each engine; a table of both."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--every", type=int, default=20, help="ask each so manieth; 1 asks all")
    chosen = options.parse_args()
    if not PAYLOADS.exists():
        raise SystemExit("../shared/data is not there: nothing to measure with.")
    rows = [row for engine in ENGINES for row in _measured(engine, chosen.every)]
    heads = ["1,645 narratives", "asked", "p50 ms", "p99 ms (aim 500)", "slowest ms", "MB more"]
    ground.table("Strange searches, milliseconds of work for one answer", heads, rows)


def _measured(engine: str, every: int) -> list[list[str]]:
    with ground.archive() as env:
        env["SEARCH_URL"] = f"{engine}://{env['DATA_DIR']}/index"
        ground.make_editor(env)
        ground.manage(env, "collectstatic", "--noinput", "-v0")
        ground.manage(env, "import_stories", str(ground.WPA), "--publish", "--by", "editor")
        command = [sys.executable, "-m", "benchmarks.strange", "inside", str(every)]
        done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE)
    return [[f"{engine}, {name}", *told] for name, told in json.loads(done.stdout).items()]


def inside(every: int) -> None:
    """Ask, and print what each kind of question took."""
    import django

    django.setup()
    from django.test import Client
    from django.test.utils import setup_test_environment

    setup_test_environment()
    client, told = Client(), {}
    for path in ("/stories/?q=mother", "/api/v1/stories/?q=mother~"):
        _work(client, path)  # the first answer loads the house
    for name, asked in _questions().items():
        spans: list[float] = []
        before = 0.0
        for number, question in enumerate(asked[::every]):
            if number == len(asked) // every // 2:  # by then every cache is full
                before = _memory()
            for path in ("/stories/", "/api/v1/stories/"):
                spans.append(_work(client, f"{path}?{urlencode(question)}"))
        middle, slow, most = (ground.percentile(spans, share) for share in (0.5, 0.99, 1))
        grown = _memory() - before
        told[name] = [
            f"{len(spans):,}",
            f"{middle:.0f}",
            f"{slow:.0f}",
            f"{most:.0f}",
            f"{grown:.1f}",
        ]
    print(json.dumps(told))


def _questions() -> dict[str, list[dict[str, str]]]:
    attacks = [
        json.loads(line)["payload"] for line in PAYLOADS.read_text("utf-8").split("\n") if line
    ]
    return {
        "drawn by lot": [{"q": typed} for typed in ground.strange(PIECES, DRAWN)],
        "attacks": [{"q": attack} for attack in attacks],
        "attacks as filters": [
            {FILTERS[number % len(FILTERS)]: attack} for number, attack in enumerate(attacks)
        ],
    }


def _work(client: object, address: str) -> float:
    """Seconds that this process worked for one answer."""
    began = time.process_time()
    response = client.get(address)  # type: ignore[attr-defined]
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}")
    return time.process_time() - began


def _memory() -> float:
    gc.collect()
    return ground.memory(os.getpid())


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        inside(int(sys.argv[2]))
    else:
        main()
