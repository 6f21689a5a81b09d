"""Pages over HTTP beside an empty view on the same server, and the memory of `serve`.

    python -m benchmarks.web

Imports the 1,645 WPA narratives into a thrown-away archive, serves it, and asks with one and with
four clients. A cached page is one that was asked for before; an uncached one has a query of its own.
"""

from __future__ import annotations

import http.client
import json

from benchmarks import ground

SECONDS = 4.0
WORDS = ["mother", "freedom", "cotton", "church", "river", "master", "winter", "children", "supper"]


def story_paths(port: int) -> list[str]:
    """The addresses of some stories, as the API names them."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/api/v1/stories/")
    results = json.loads(connection.getresponse().read())["results"]
    return ["/stories/" + each["url"].split("/stories/")[1] for each in results]


def measure(port: int) -> list[list[str]]:
    """A row for each kind of page and number of clients."""
    stories = story_paths(port)
    kinds = {
        "empty view": ["/empty"],
        "story, cached": stories[:5],
        "story, not cached": [f"{path}?n={number}" for number in range(4000) for path in stories],
        "search, cached": [f"/stories/?q={word}" for word in WORDS],
        "search, not cached": [
            f"/stories/?q={one}+{other}&from={year}"
            for year in range(1800, 1900) for one in WORDS for other in WORDS if one != other
        ],
        "search by API": [f"/api/v1/stories/?q={one}+{other}" for one in WORDS for other in WORDS],
    }  # fmt: skip
    rows = []
    for clients in (1, 4):
        empty_rate = 0.0
        for name, paths in kinds.items():
            ground.fetch_many(port, paths[:5], clients=1, seconds=0.3)
            rate, spans = ground.fetch_many(port, paths, clients=clients, seconds=SECONDS)
            empty_rate = empty_rate or rate
            rows.append(
                [
                    f"{name}, {clients} client{'s' if clients > 1 else ''}",
                    f"{rate:.0f}",
                    f"{rate / empty_rate:.2f}",
                    f"{ground.percentile(spans, 0.5):.1f}",
                    f"{ground.percentile(spans, 0.95):.1f}",
                ]
            )
    return rows


def main() -> None:
    """Print the tables."""
    if not ground.WPA.exists():
        raise SystemExit("../shared/data is not there: nothing to measure with.")
    with ground.archive("benchmarks.settings") as env:
        ground.make_editor(env)
        ground.manage(env, "import_stories", str(ground.WPA), "--publish", "--by", "editor")
        with ground.served(env) as (port, pid):
            at_rest = ground.memory(pid)
            with ground.PeakMemory(pid) as peak:
                rows = measure(port)
        heads = ["page", "requests a second", "share of empty", "p50 ms", "p95 ms"]
        ground.table("1,645 narratives, pages over HTTP", heads, rows)
        ground.table(
            "Memory of serve, web and worker together (PSS)",
            ["when", "MB"],
            [["at rest", f"{at_rest:.0f}"], ["peak under load", f"{peak.megabytes:.0f}"]],
        )


if __name__ == "__main__":
    main()
