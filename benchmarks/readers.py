"""Ten thousand stories for the benchmarks of pages: a file that `import_stories` takes.

Cut from the WPA narratives at about 500 words each, spread over themes, places and years as an
archive would be.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks import ground

STORIES = 10_000
WORDS = 500  # of each: between a note and a chapter
THEMES = (
    "Work", "Mothers", "Food", "Winter", "Church", "Roads", "Letters", "Children", "Music",
    "Doctors", "Coming home", "Holidays", "School", "Money", "Weather", "Clothes",
)  # fmt: skip
PLACES = (
    "Attica Correctional Facility", "Wyoming County", "Erie County", "Queens County",
    "Bedford Hills Correctional Facility", "Albany County", "Kings County", "Orange County",
)  # fmt: skip


def write(path: Path, count: int = STORIES) -> None:
    """Write `count` records, one to a line."""
    with open(path, "w") as out:
        for record in islice(_records(), count):
            out.write(json.dumps(record) + "\n")


def _records() -> Iterator[dict[str, Any]]:
    themes, places = cycle(THEMES), cycle(PLACES)
    for number, text in enumerate(_pieces()):
        yield {
            "id": f"r{number}",
            "title": " ".join(text.split()[:6]).strip(".,;"),
            "text": text,
            "author": f"Teller {number % 900}",
            "themes": [next(themes) for _theme in range(1 + number % 3)],
            "place": next(places),
            "date": str(1950 + number % 75),
            "language": "en",
        }


def _pieces() -> Iterator[str]:
    """The narratives cut at their words, as often through as it takes, from another word each time."""
    for shift in range(0, 10 * WORDS, 137):
        with gzip.open(ground.WPA, "rt") as lines:
            for line in lines:
                words = json.loads(line)["text"].split()[shift:]
                for start in range(0, len(words) - 80, WORDS):
                    yield _in_paragraphs(words[start : start + WORDS])


def _in_paragraphs(words: list[str]) -> str:
    return "\n\n".join(" ".join(words[at : at + 90]) for at in range(0, len(words), 90))
