"""What nobody means kindly, or means at all: searches drawn by lot, and the published attacks.

Shared by the tests of the parser, the engines, the pages and the browser.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path

SIGNS = [
    "AND", "OR", "NOT", "-", "(", ")", '"', "*", "~", "~2", "[", "]", "{", "}", " TO ", ":",
    "title:", "year:", "year:[", "by:", "^2", "'", "\\", "?", "/", "<", ">", "&", "|", "+",
    "box", "visits", "año", "the", "1994", " ", "  ", "\u0301", "\ue000", "\x00", "ß", "字",
]  # fmt: skip


def two_thousand() -> Iterator[str]:
    """Searches drawn by lot from signs, words and letters of every kind, always the same."""
    lot = random.Random(4)
    letters = ("".join(chr(lot.randrange(1, 0x3000)) for _ in range(4)) for _ in count())
    for _ in range(2_000):
        some = [next(letters) if lot.random() < 0.2 else lot.choice(SIGNS) for _ in range(30)]
        yield "".join(some[: lot.randint(1, 30)])


def payloads(shared_data: Path) -> list[str]:
    """Every line of the published attacks."""
    lines = (shared_data / "hostile-text" / "payloads.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["payload"] for line in lines]
