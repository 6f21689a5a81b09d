"""Two versions of a piece side by side in one text, field by field. Called by the desk's pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from archive import comparison, terms
from archive.models.submission import Revision

Row = dict[str, Any]


def differences(before: Revision, after: Revision) -> list[Row]:
    """Each field that differs as {label, html, language}; empty where nothing does."""
    rows = []
    for label, said in _fields():
        was, is_now = said(before), said(after)
        if was != is_now:
            html = comparison.html(was, is_now)
            rows.append({"label": label, "html": html, "language": after.language})
    return rows


def _fields() -> list[tuple[str, Callable[[Revision], str]]]:
    return [
        (_("Title"), lambda each: each.title),
        (_("Summary"), lambda each: each.summary),
        (_("Text"), lambda each: each.body),
        (_("Language"), lambda each: each.language),
        (_("Place"), lambda each: each.place.name if each.place else each.place_text),
        (_("Time"), _time),
        (_("Content notes"), lambda each: ", ".join(terms.labels_of_notes(each.content_notes))),
        (_("Pull quotes"), lambda each: "\n".join(each.pull_quotes)),
    ]


def _time(revision: Revision) -> str:
    years = [str(year) for year in (revision.year_from, revision.year_to) if year]
    season = revision.get_season_display() if revision.season else ""
    return " ".join([str(season), "–".join(dict.fromkeys(years))]).strip()
