"""The editors' own pages and news as readers see them, and the examples of the search help.

Owns which pages there are. An archive begins with good first texts (archive/sample/pages.json);
what editors write in the database takes their place.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from archive import text
from archive.models.editorial import News, Page

# The standing pages that links of ours lead to.
PAGES = ("about", "promises", "safety", "accessibility", "contact")
_FIRST_TEXTS = Path(__file__).parent / "sample" / "pages.json"


@dataclass(frozen=True)
class Written:
    """A page in one language: its title, and its text as safe HTML."""

    title: str
    html: SafeString


def page(slug: str, language: str) -> Written | None:
    """The page of this address, in the reader's language or else the other one."""
    row = as_written(slug)
    if row is None:
        return None
    spanish = language.startswith("es")
    title = (spanish and row.title_es) or row.title_en
    body = (spanish and row.body_es) or row.body_en
    return Written(title, rendered(body))


def as_written(slug: str) -> Page | None:
    """A page as it stands, in both languages and in Markdown; perhaps never saved."""
    return Page.objects.filter(slug=slug).first() or _first_texts().get(slug)


def rendered(markdown: str) -> SafeString:
    """An editor's Markdown as readers will see it."""
    return mark_safe(text.from_markdown(markdown))  # noqa: S308 - archive.text made it


@dataclass(frozen=True)
class Note(Written):
    """A short dated note of the editors; `key` names it within the page of news."""

    day: date
    key: str


NOTES_SHOWN = 50  # some years of them; older ones have done their work


def news(*, limit: int = NOTES_SHOWN) -> list[Note]:
    """The editors' notes in the reader's language, newest first; none before its day."""
    rows = News.objects.filter(day__lte=timezone.localdate())[:limit]
    return [Note(row.title, rendered(row.body), row.day, f"n{row.pk}") for row in rows]


@lru_cache(maxsize=1)
def _first_texts() -> dict[str, Page]:
    rows = json.loads(_FIRST_TEXTS.read_text())["pages"]
    return {row["slug"]: Page(**row) for row in rows}


def search_examples() -> list[dict[str, str]]:
    """What one can write into the search box, and what it means."""
    return [
        {"query": _("bus visit"), "means": _("both words, anywhere in the story")},
        {"query": _('"the box"'), "means": _("these words next to each other")},
        {"query": _("letter OR phone"), "means": _("one word or the other")},
        {"query": _("mother -visit"), "means": _("the first word, but not the second")},
        {"query": _("grand*"), "means": _("every word that begins so")},
        {"query": _("comissary~"), "means": _("words spelled nearly so")},
        {"query": _("title:bus"), "means": _("a word of the title")},
        {"query": _("by:Denise"), "means": _("a word of the name that the teller chose")},
        {"query": _("place:Attica"), "means": _("a place, by any of its names")},
        {"query": _('theme:"family visits"'), "means": _("a theme, by any of its words")},
        {"query": _("language:es"), "means": _("stories in one language")},
        {"query": _("year:1994"), "means": _("what happened in a year")},
        {"query": _("year:[1990 TO 2000]"), "means": _("what happened between two years")},
        {"query": _("(letter OR phone) mother"), "means": _("brackets keep words together")},
    ]
