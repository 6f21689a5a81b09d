"""What a reader asks, as it stands in an address: the one reading of `/stories/` parameters.

Page, feed and API read the same names through `read`, and write links through `address`. Nothing
a visitor sends is an error: what makes no sense is left out, and `notes` says so in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from archive import terms
from archive.models.story import Kind

SORTS = ("relevance", "newest", "oldest", "title")
FILTERS = ("theme", "kind", "place", "language", "decade", "content_note")
FIRST_YEAR, LAST_YEAR = 1500, 2100
MAX_VALUES = 20  # of one filter; more is not a person's choice


@dataclass(frozen=True)
class Question:
    """A search as asked: text, filters, span of years, notes to leave out, order, page."""

    q: str = ""
    theme: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    decade: tuple[str, ...] = ()
    content_note: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    sort: str = ""
    page: int = 1
    literal: bool = False  # search what was typed, without mending it
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def order(self) -> str:
        """The order in force: by relevance where words were asked for, else newest first."""
        return self.sort or ("relevance" if self.q else "newest")

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """The filters that are set."""
        return {name: getattr(self, name) for name in FILTERS if getattr(self, name)}

    @property
    def narrows(self) -> bool:
        """Whether more than words was asked for."""
        return bool(self.filters or self.without or self.year_from or self.year_to)

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order and the page was asked for."""
        return bool(self.q) or self.narrows

    def toggled(self, name: str, value: str) -> Question:
        """The same with one value of a filter put in or taken out, from the first page."""
        values = getattr(self, name)
        changed = (
            tuple(each for each in values if each != value) if value in values else (*values, value)
        )
        return replace(self, **{name: changed, "page": 1})  # type: ignore[arg-type]

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of this question, in a fixed order, so that equal ones are one address."""
        pairs: list[tuple[str, str]] = []
        for attribute, name in _PARAMETERS:
            value = getattr(self, attribute)
            if not value or (name == "page" and value == 1):
                continue
            values = value if isinstance(value, tuple) else (value,)
            pairs += [(name, "1" if one is True else str(one)) for one in values]
        return pairs

    def query_string(self) -> str:
        """The same as they stand in an address."""
        return urlencode(self.pairs())

    def freed(self) -> Question:
        """The same words and order, with nothing that narrows them."""
        return Question(q=self.q, sort=self.sort, literal=self.literal)

    def address(self, path: str) -> str:
        """A link to this question."""
        asked = self.query_string()
        return f"{path}?{asked}" if asked else path


_SHORTER = {"year_from": "from", "year_to": "to"}
# What of a question stands in an address, and under which name.
_PARAMETERS = tuple(
    (each.name, _SHORTER.get(each.name, each.name))
    for each in fields(Question)
    if each.name != "notes"
)


def read(params: QueryDict | Mapping[str, str]) -> Question:
    """The question in these parameters, with a note for each one that makes no sense."""
    notes: list[str] = []
    many = params if isinstance(params, QueryDict) else None

    def values(name: str, known: Iterable[str] | None = None) -> tuple[str, ...]:
        given = many.getlist(name) if many is not None else [params.get(name, "")]
        kept = tuple(dict.fromkeys(_tidy(value) for value in given if _tidy(value)))[:MAX_VALUES]
        strange = [value for value in kept if known is not None and value not in known]
        notes.extend(_("“%s” is not a choice here; it was left out.") % value for value in strange)
        return tuple(value for value in kept if value not in strange)

    order = _tidy(params.get("sort", ""))
    if order and order not in SORTS:
        notes.append(_("“%s” is not an order we know; the usual one is used.") % order)
        order = ""
    return Question(
        q=" ".join(_printable(params.get("q", "")).split()),
        theme=values("theme"),
        kind=values("kind", Kind.values),
        place=values("place"),
        language=values("language"),
        decade=values("decade"),
        content_note=values("content_note", terms.CONTENT_NOTES),
        without=values("without", terms.CONTENT_NOTES),
        year_from=_year(params.get("from", ""), notes),
        year_to=_year(params.get("to", ""), notes),
        sort=order,
        page=_page(params.get("page", ""), notes),
        literal=params.get("literal", "") == "1",
        notes=tuple(notes),
    )


def _printable(value: str) -> str:
    """Without the characters that no database and no page can hold."""
    return "".join(letter for letter in value if letter.isprintable() or letter.isspace()).replace(
        "\x00", ""
    )


def _tidy(value: str) -> str:
    return _printable(value).strip()[:100].strip()


def _year(value: str, notes: list[str]) -> int | None:
    typed = _tidy(value)
    if not typed:
        return None
    # Four digits first: a longer run that only begins like a year is more than an index can hold.
    if re.fullmatch(r"[0-9]{4}", typed) and FIRST_YEAR <= int(typed) <= LAST_YEAR:
        return int(typed)
    notes.append(
        _("“%(year)s” is not a year between %(first)s and %(last)s; it was left out.")
        % {"year": typed, "first": FIRST_YEAR, "last": LAST_YEAR}
    )
    return None


def _page(value: str, notes: list[str]) -> int:
    typed = _tidy(value)
    if not typed:
        return 1
    if not (typed.isascii() and typed.isdigit()) or int(typed[:9]) < 1:
        notes.append(_("“%s” is not a page number; this is the first page.") % typed)
        return 1
    if int(typed[:9]) > settings.RESULTS_MAX_PAGE:
        notes.append(
            _("Lists end at page %s. Narrow your search to see what lies beyond.")
            % settings.RESULTS_MAX_PAGE
        )
    return min(int(typed[:9]), settings.RESULTS_MAX_PAGE)
