"""Two versions word by word: what both have, what is gone, what is new.

Pure: text in, runs or safe HTML out. Used by the desk and by the contributor's own page; decides
nothing about who may see a version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Kind = Literal["same", "gone", "new"]

# White space, a word with its apostrophes, or a single mark: joined again they are the text.
_TOKEN = re.compile(r"\s+|\w+(?:['’]\w+)*|[^\w\s]")
# Lines, or words and spaces, of one changed stretch: the time grows with the square, and twenty
# thousand words of which every other one is gone took a minute. Beyond it the old and the new stand
# one after the other.
LONGEST = 4_000


@dataclass(frozen=True)
class Run:
    """Some words in a row, and in which version they stand."""

    kind: Kind
    words: str


def runs(before: str, after: str) -> list[Run]:
    """The two versions as one sequence of runs, neighbours of a kind made one.

    First by lines, then by words inside the lines that differ, so that a long story with one
    changed sentence costs little. Without the "gone" runs it reads as `after`, without the "new"
    ones as `before`.
    """
    return list(_merged(_by_lines(before, after)))


def _by_lines(before: str, after: str) -> Iterator[Run]:
    left, right = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for same, old, new in _blocks(left, right):
        if same:
            yield Run("same", new)
        else:
            yield from _by_words(old, new)


def _by_words(before: str, after: str) -> Iterator[Run]:
    for same, old, new in _blocks(_TOKEN.findall(before), _TOKEN.findall(after)):
        if same:
            yield Run("same", new)
            continue
        yield Run("gone", old)
        yield Run("new", new)


def _blocks(left: list[str], right: list[str]) -> Iterator[tuple[bool, str, str]]:
    head = _alike(left, right)
    tail = _alike(left[head:][::-1], right[head:][::-1])
    old, new = left[head : len(left) - tail], right[head : len(right) - tail]
    yield True, "".join(left[:head]), "".join(right[:head])
    if max(len(old), len(new)) > LONGEST:
        yield False, "".join(old), "".join(new)
    else:
        for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new).get_opcodes():
            yield tag == "equal", "".join(old[start:end]), "".join(new[new_start:new_end])
    yield True, "".join(left[len(left) - tail :]), "".join(right[len(right) - tail :])


def _alike(left: list[str], right: list[str]) -> int:
    """How many of the first are the same in both."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(left), len(right)))


def _merged(found: Iterator[Run]) -> Iterator[Run]:
    waiting: Run | None = None
    for run in found:
        if not run.words:
            continue
        if waiting and waiting.kind == run.kind:
            waiting = Run(run.kind, waiting.words + run.words)
            continue
        if waiting:
            yield waiting
        waiting = run
    if waiting:
        yield waiting


def html(before: str, after: str) -> SafeString:
    """Both versions in one text: what is gone struck out, what is new underlined, each said too."""
    return format_html_join("", "{}", ((_marked(run),) for run in runs(before, after)))


def _marked(run: Run) -> SafeString:
    if run.kind == "same":
        return format_html("{}", run.words)
    tag, said = ("del", _("taken out")) if run.kind == "gone" else ("ins", _("put in"))
    return format_html(
        '<{tag}><span class="hidden-text">[{said}: </span>{words}'
        '<span class="hidden-text">]</span></{tag}>',
        tag=tag,
        said=said,
        words=run.words,
    )
