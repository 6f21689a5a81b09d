"""What was found, as a page of results shows it: links, labels, chips, orders, pages.

Owns the words for facets and the addresses behind every choice. Built from `catalogue.Found`;
asks the database only for labels.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from archive import languages
from archive.catalogue import Correction, Found, Result
from archive.labels import Labels
from archive.models.story import Story
from archive.models.vocabulary import Theme
from archive.questions import FILTERS, SORTS
from archive.web import paging

SHOWN = 12  # values of one facet; the rest is found by searching


def names() -> dict[str, str]:
    """The headings of the facets."""
    return {
        "theme": _("Theme"),
        "place": _("Place"),
        "decade": _("Decade"),
        "kind": _("Kind"),
        "language": _("Language"),
        "content_note": _("Content note"),
    }


def _opening(result: Result) -> dict[str, Any]:
    """What an opening shows of a story. A template finds a value in a dict at once, and asks a row
    for it by way of an exception, a dozen times for each result."""
    story = result.story
    return {
        "title": story.title,
        "language": story.language,
        "search_engines": story.search_engines,
        "opening": "" if result.snippet else story.opening,
        "byline": story.byline,
        "place_label": story.place_label,
        "when_label": story.when_label,
        "minutes_label": story.minutes_label,
    }


class Listing:
    """The context `found` of the results page."""

    def __init__(self, found: Found, path: str) -> None:
        self.found = found
        self.path = path
        self.total = found.total
        self.notes = found.notes
        self.labels = Labels(found)
        self._links: dict[str, dict[str, str]] = {}

    @cached_property
    def results(self) -> list[dict[str, Any]]:
        return [
            {
                "story": result.story,
                "opening": _opening(result),
                "photo": result.story.lead_photo,
                "snippet": result.snippet,
                "said_in": self._said_in(result.said_in),
                "url": self._address(result.story, result.plate),
                "themes": [self._link(theme) for theme in result.story.themes.all()[:3]],
            }
            for result in self.found.results
        ]

    def _said_in(self, other: Story | None) -> dict[str, str] | None:
        """The way to the translation that a passage is from."""
        if other is None:
            return None
        return {
            "label": _("In the text in %s:") % languages.name(other.language),
            "language": other.language,
            "url": self._address(other, None),
        }

    def _address(self, story: Story, plate: int | None) -> str:
        """The story's page, told what was searched so that it can mark the passage.

        It jumps there, or to the plate whose words were found, except over content notes: those
        are the reader's to open.
        """
        if not self._asked:
            return story.get_absolute_url()
        found = f"#plate-{plate}" if plate else "#found"
        jump = "" if story.content_notes else found
        return f"{story.get_absolute_url()}?{self._asked}{jump}"

    @cached_property
    def _asked(self) -> str:
        """What was searched, as an address says it."""
        asked = self.found.correction.words if self.found.correction else self.found.question.q
        return urlencode({"q": asked}) if asked else ""

    def _link(self, theme: Theme) -> dict[str, str]:
        """A theme stands on many stories of a list: its address is made once."""
        if theme.slug not in self._links:
            self._links[theme.slug] = {"label": theme.label, "url": theme.get_absolute_url()}
        return self._links[theme.slug]

    @cached_property
    def kept(self) -> list[tuple[str, str]]:
        """What stays when other words are searched for: all that narrows, and the order."""
        return replace(self.found.question, q="", page=1, literal=False).pairs()

    @cached_property
    def facets(self) -> list[dict[str, Any]]:
        groups = []
        for name, label in names().items():
            options = [self._option(name, facet.value, facet.count) for facet in self._values(name)]
            if options and (len(options) > 1 or options[0]["selected"]):
                groups.append({"name": name, "label": label, "options": options})
        return groups

    def _values(self, name: str) -> list[Any]:
        """The fullest values, and those that are chosen, whatever they count."""
        values = list(self.found.facets.get(name, ()))
        chosen = getattr(self.found.question, name)
        if name == "decade":
            return sorted(values, key=lambda facet: facet.value)
        return values[:SHOWN] + [facet for facet in values[SHOWN:] if facet.value in chosen]

    def _option(self, name: str, value: str, count: int) -> dict[str, Any]:
        question = self.found.question
        return {
            "value": value,
            "label": self.labels.of(name, value),
            "count": self.labels.told(name, value, count),
            "url": question.toggled(name, value).address(self.path),
            "selected": value in getattr(question, name),
        }

    @cached_property
    def chips(self) -> list[dict[str, str]]:
        """What narrows the list now; each can be taken off alone."""
        question = self.found.question
        chips = [
            {
                "label": self.labels.of(name, value),
                "remove_url": question.toggled(name, value).address(self.path),
            }
            for name in FILTERS
            for value in getattr(question, name)
        ]
        chips += [
            {
                "label": _("without: %s") % self.labels.of("content_note", value),
                "remove_url": question.toggled("without", value).address(self.path),
            }
            for value in question.without
        ]
        spans = (
            (_("from %s"), question.year_from, replace(question, page=1, year_from=None)),
            (_("to %s"), question.year_to, replace(question, page=1, year_to=None)),
        )
        chips += [
            {"label": words % year, "remove_url": without.address(self.path)}
            for words, year, without in spans
            if year is not None
        ]
        return chips

    @cached_property
    def sorts(self) -> list[dict[str, Any]]:
        question = self.found.question
        words = {
            "relevance": _("Best match"),
            "newest": _("Newest"),
            "oldest": _("Oldest"),
            "title": _("Title"),
        }
        return [
            {
                "value": order,
                "label": words[order],
                "url": replace(question, sort=order, page=1).address(self.path),
                "current": order == question.order,
            }
            for order in SORTS
            if order != "relevance" or question.q
        ]

    @cached_property
    def pages(self) -> dict[str, Any]:
        question, last = self.found.question, self.found.last_page

        def address(page: int) -> str:
            return replace(question, page=page).address(self.path)

        return paging.links(min(question.page, last), last, address)

    @cached_property
    def offer(self) -> dict[str, str] | None:
        """Other words that may have been meant, where the search was left as it is."""
        words = self.found.did_you_mean
        if not words or self.found.correction or not self.found.total:
            return None
        meant = replace(self.found.question, q=words, page=1)
        return {"words": words, "url": meant.address(self.path)}

    @cached_property
    def correction(self) -> dict[str, str | bool] | None:
        mended: Correction | None = self.found.correction
        if mended is None:
            return None
        return {
            "searched": mended.searched,
            "beside": mended.beside,
            "literal": mended.typed,
            "literal_url": replace(self.found.question, literal=True).address(self.path),
        }
