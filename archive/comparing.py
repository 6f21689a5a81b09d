"""Two versions of a text, word by word: what stayed, what was taken out, what was put in.

Pure: texts in, runs of words out; whoever shows them escapes them. Paragraphs are compared first,
so that a long testimony costs no more than the paragraphs that changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

SAME, OUT, IN = "same", "out", "in"
# Words of one changed stretch; beyond it the old and the new stand one after the other.
LONGEST = 4_000
_WORDS = re.compile(r"\s+|[^\s]+")
_PARAGRAPHS = re.compile(r"(?:[^\n]|\n(?!\s*\n))+|\n\s*\n+|\n")


class Run(NamedTuple):
    """Words that belong together: `kind` is SAME, OUT or IN."""

    kind: str
    text: str


def runs(before: str, after: str) -> list[Run]:
    """What happened from one text to the other; the SAME and OUT runs are `before` again."""
    found: list[Run] = []
    for old, new in _stretches(_PARAGRAPHS.findall(before), _PARAGRAPHS.findall(after)):
        if old == new:
            _add(found, SAME, old)
            continue
        for one, other in _by_words(old, new):
            if one == other:
                _add(found, SAME, one)
            else:
                _add(found, OUT, one)
                _add(found, IN, other)
    return found


def _by_words(old: str, new: str) -> Iterator[tuple[str, str]]:
    olds, news = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(olds), len(news)) > LONGEST:
        yield old, new
        return
    yield from _stretches(olds, news)


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of stretches that correspond, in order; equal where nothing changed."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for _tag, i1, i2, j1, j2 in matcher.get_opcodes():
        yield "".join(old[i1:i2]), "".join(new[j1:j2])


def _add(found: list[Run], kind: str, text: str) -> None:
    if text and found and found[-1].kind == kind:
        found[-1] = Run(kind, found[-1].text + text)
    elif text:
        found.append(Run(kind, text))
