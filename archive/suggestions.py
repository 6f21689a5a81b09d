"""Themes that a story may be about: those whose words it says, and those that similar stories bear.

Pure: themes and text in, themes and the reason out. Called by the page of a piece; decides nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from archive.models.vocabulary import Theme

MOST = 5  # as many as one takes in at a glance, and as there are keys for


@dataclass(frozen=True)
class Suggestion:
    """A theme, the word of it that the text says ("" for none), and how many similar ones bear it."""

    theme: Theme
    said: str
    similar: int


def suggest(themes: Iterable[Theme], body: str) -> list[Suggestion]:
    """The likeliest themes, best first. A theme's `near` is how many similar stories bear it."""
    text = _folded(body)
    found = []
    for theme in themes:
        near = int(getattr(theme, "near", 0))
        word, times = _said(theme, text)
        if times or near:
            found.append((2 * min(times, 3) + near, Suggestion(theme, word, near)))
    found.sort(key=lambda each: (-each[0], each[1].theme.slug))
    return [suggestion for _score, suggestion in found[:MOST]]


def _said(theme: Theme, text: str) -> tuple[str, int]:
    """The first of its words that the text says, and how often it says any of them."""
    first, times = "", 0
    for word in theme.words:
        here = len(re.findall(rf"(?<!\w){re.escape(_folded(word))}(?!\w)", text))
        if here and not first:
            first = word
        times += here
    return first, times


def _folded(text: str) -> str:
    """Without case and accents: a phone leaves them out."""
    apart = unicodedata.normalize("NFD", " ".join(text.split()).casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
