"""Search: its speed at growing sizes beside bare engines, its relevance, and its pages over HTTP.

    python -m benchmarks.search [--most COUNT] [--only scale|relevance|http]

Prints Markdown. All sizes take nine minutes on two quiet cores; `--most` leaves the large ones out.
The measuring is done by `benchmarks.scale` and `benchmarks.relevance`, a process for each run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import ground, relevance, scale

SIZES = (1_000, 10_000, 50_000, 100_000)
WHOOSH_MOST = 5_000  # beyond it, nobody should use the pure-Python engine
NAMES = {
    "tantivy": "a full search",
    "whoosh": "a full search, Whoosh",
    "bare-tantivy": "bare tantivy",
    "bare-fts5": "bare FTS5",
}
WORDS = ["mother", "freedom", "cotton", "church", "river", "master", "winter", "children", "supper"]
HTTP_SECONDS = 5.0


def run(env: dict[str, str], module: str, *words: str) -> Any:
    """What a part of the benchmark says, in a process of its own."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *words]
    done = subprocess.run(command, cwd=ground.ROOT, env=env, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout) if done.stdout else None


# --- sizes ----------------------------------------------------------------------------------------
def measure_scale(env: dict[str, str], most: int) -> None:
    """The tables of building and of asking, one pair for each size."""
    for size in [size for size in SIZES if size <= most]:
        engines = [name for name in NAMES if name != "whoosh"]
        _scale_tables(size, {name: _one_engine(env, name, size) for name in engines})
    slowest = min(most, WHOOSH_MOST)
    _scale_tables(slowest, {"whoosh": _one_engine(env, "whoosh", slowest)})


def _one_engine(env: dict[str, str], name: str, size: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="testimonio-bench-") as folder:
        run(env, "scale", "write", name, str(size), folder)
        built = run(env, "scale", "build", name, str(size), folder)
        return {"built": built, "asked": run(env, "scale", "search", name, str(size), folder)}


def _scale_tables(size: int, told: dict[str, dict[str, Any]]) -> None:
    bare = told.get("bare-tantivy")
    ground.table(
        f"{size:,} documents: building, and what it takes",
        ["engine", "documents a second", "share of bare", "index MB", "peak MB", "MB while asked", "one publication ms", "suggestions p95 ms", "strange searches p99 ms", "MB left by them"],
        [
            [
                NAMES[name],
                f"{each['built']['rate']:.0f}",
                f"{each['built']['rate'] / bare['built']['rate']:.2f}" if bare else "",
                f"{each['built']['disk']:.0f}",
                f"{each['built']['memory']:.0f}",
                f"{each['asked']['memory']:.0f}",
                *_ours_alone(each["asked"]),
            ]
            for name, each in told.items()
        ],
    )  # fmt: skip
    ground.table(
        f"{size:,} documents: p50 / p95 in milliseconds",
        ["asked for", *(NAMES[name] for name in told), *(["times bare tantivy"] if bare else [])],
        [
            [kind, *(_spans(each, kind) for each in told.values()), *_ratio(told, kind)]
            for kind in scale.KINDS
        ],
    )


def _ours_alone(asked: dict[str, Any]) -> list[str]:
    """What the bare engines are not asked for."""
    if "publish" not in asked:
        return [""] * 4
    strange = asked.get("strange", {})
    told = (asked["publish"], asked["suggest"], strange.get("p99"), strange.get("grown"))
    return ["" if each is None else f"{each:.0f}" if each >= 10 else f"{each:.1f}" for each in told]


def _spans(each: dict[str, Any], kind: str) -> str:
    if kind not in each["asked"]["spans"]:
        return "cannot"
    middle, slow = each["asked"]["spans"][kind]
    return f"{middle:.1f} / {slow:.1f}"


def _ratio(told: dict[str, dict[str, Any]], kind: str) -> list[str]:
    if "bare-tantivy" not in told:
        return []
    ours, bare = (told[name]["asked"]["spans"][kind][0] for name in ("tantivy", "bare-tantivy"))
    return [f"{ours / bare:.1f}"]


# --- relevance ------------------------------------------------------------------------------------
def measure_relevance() -> None:
    """nDCG@10 in both languages, documents imported as stories."""
    rows = []
    for language in ("en", "es"):
        with tempfile.TemporaryDirectory() as folder, ground.archive() as env:
            ground.make_editor(env)
            run(env, "relevance", "files", language, folder)
            for name in ("xquad", "others"):
                file = str(Path(folder) / f"{name}.jsonl")
                ground.manage(env, "import_stories", file, "--publish", "--by", "editor")
            told = run(env, "relevance", "judge", language, folder)
        rows.append([language, f"{told['ours']:.4f}", f"{told['plain']:.4f}"])
    title = f"Relevance: XQuAD mixed into {relevance.OTHERS:,} other texts, nDCG@10"
    ground.table(title, ["language", "catalogue.find", "plain BM25"], rows)


# --- pages ----------------------------------------------------------------------------------------
def measure_http() -> None:
    """Search over HTTP with four clients, each address asked once, beside an empty view."""
    pairs = [
        f"{one}+{other}&from={year}"
        for year in range(1800, 1900) for one in WORDS for other in WORDS if one != other
    ]  # fmt: skip
    kinds = {
        "empty view": ["/empty"],
        "search, HTML": [f"/stories/?q={pair}" for pair in pairs],
        "search, JSON": [f"/api/v1/stories/?q={pair}" for pair in pairs],
        "suggestions, JSON": [f"/api/v1/suggest/?q={word[:3]}" for word in WORDS],
    }
    with ground.archive("benchmarks.settings") as env:
        ground.make_editor(env)
        ground.manage(env, "import_stories", str(ground.WPA), "--publish", "--by", "editor")
        with ground.served(env) as (port, _pid):
            rows = [_http_row(port, name, paths) for name, paths in kinds.items()]
    heads = ["page", "requests a second", "p50 ms", "p95 ms"]
    ground.table("1,645 narratives over HTTP, four clients, nothing cached", heads, rows)


def _http_row(port: int, name: str, paths: list[str]) -> list[str]:
    ground.fetch_many(port, paths[-5:], clients=1, seconds=0.5)
    rate, spans = ground.fetch_many(port, paths, clients=4, seconds=HTTP_SECONDS)
    middle, slow = (f"{ground.percentile(spans, share):.1f}" for share in (0.5, 0.95))
    return [name, f"{rate:.0f}", middle, slow]


def _machine() -> str:
    """When and where: without it no figure says anything."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    day = datetime.now(tz=UTC).date()
    return f"{day}, {os.cpu_count()} cores, load before the run {load}"


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--most", type=int, default=SIZES[-1], help="documents at the most")
    options.add_argument("--only", choices=("scale", "relevance", "http"), help="one part")
    chosen = options.parse_args()
    if not ground.WPA.exists():
        raise SystemExit("../shared/data is not there: nothing to measure with.")
    print(_machine())
    if chosen.only in (None, "scale"):
        with ground.archive() as env:
            measure_scale(env, chosen.most)
    if chosen.only in (None, "relevance"):
        measure_relevance()
    if chosen.only in (None, "http"):
        measure_http()


if __name__ == "__main__":
    main()
