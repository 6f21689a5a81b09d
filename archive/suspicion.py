"""Whether something that was sent may be advertising: signals, their weight, and one threshold.

Pure. Suspects are held for a person to look at and never refused: real people paste, hurry, share
an address and let their browser fill in forms (safety.md K1), so no single weak signal is enough.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

HELD_FROM = 2
HURRIED_SECONDS = 2.0  # from the first page to sending; somebody who pastes needs longer
_LINK = re.compile(
    r"https?://|www\.\w|\b[\w-]+\.(?:ru|xyz|top|shop|click|info|biz|online|site)\b", re.I
)
_MARKUP = re.compile(r"\[/?url|\[/?link|<a\s|href\s*=|</?[a-z]{1,6}>", re.I)


@dataclass(frozen=True)
class Signals:
    """What is known about one post without knowing who sent it."""

    words: str
    trapped: bool = False  # filled what people do not see
    age: float | None = None  # seconds since we handed out its form; None where we never did
    crowd: int = 0  # sends from one neighbourhood of addresses within the hour
    twin: bool = False  # the same text came from another form today
    program: bool = False  # came by the API, which hands out no form: a weak signal, and no hurry


def weigh(signals: Signals, *, crowded: int, flooded: int) -> dict[str, int]:
    """Signal -> weight, of those that were seen."""
    links = len(_LINK.findall(signals.words))
    hurried = not signals.program if signals.age is None else signals.age < HURRIED_SECONDS
    weights = {
        "trap": 2 * signals.trapped,
        "form": int(signals.age is None),
        "hurry": int(hurried),
        "links": 0 if links < 2 else 1 if links < 5 else 2,
        "markup": 2 * bool(_MARKUP.search(signals.words)),
        "twin": 2 * signals.twin,
        "crowd": 0 if signals.crowd <= crowded else 1 if signals.crowd <= flooded else 2,
    }
    return {name: weight for name, weight in weights.items() if weight}


def reason(signals: Signals, *, crowded: int, flooded: int) -> str:
    """Why a person should look first, as names of signals; "" where nothing speaks for it."""
    seen = weigh(signals, crowded=crowded, flooded=flooded)
    return "+".join(seen) if sum(seen.values()) >= HELD_FROM else ""
