"""The pages of places: a map with its list, and one page for each place.

Part of the public site: asks `archive.standing` for counts, `archive.cartography` for shapes and
`catalogue.find` for stories. Shows no point but that of a prison.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from archive import cartography, catalogue, questions, standing
from archive.models.vocabulary import Place
from archive.standing import Entry
from archive.web import machines
from archive.web.pages import public_page

# From so many stories on, a county is drawn in the next deeper tint.
TINTS = ((10, "many"), (3, "some"), (1, "few"))


@require_safe
@public_page
def places(request: HttpRequest) -> HttpResponse:
    """The counties on a map and, as its twin, in a list; counts where one cannot point to a person."""
    tree = standing.places_by_county()
    told = {entry.slug: entry for entry in _walk(tree)}
    return render(
        request,
        "public/places.html",
        {"places": tree, "map": _drawn(told) if told else None, "section": "places"},
    )


def _walk(entries: Sequence[Entry]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        yield from _walk(entry.children)


def _drawn(told: dict[str, Entry]) -> dict[str, Any]:
    """The map as the template takes it: quiet counties first, so that no link lies under one."""
    drawing = cartography.new_york()
    return {
        "width": drawing.width,
        "height": drawing.height,
        "quiet": [each.outline for each in drawing.counties if each.slug not in told],
        "counties": [
            {
                "outline": each.outline,
                "url": told[each.slug].url,
                "name": _named(told[each.slug]),
                "tint": _tint(told[each.slug].count or 0),
            }
            for each in drawing.counties
            if each.slug in told
        ],
        "marks": _marks(told, drawing.projection),
    }


def _tint(count: int) -> str:
    return next(name for fewest, name in TINTS if count >= fewest)


def _named(entry: Entry) -> str:
    """What a shape on the map is called: its name, and how much is told there."""
    words = ngettext("%(place)s, %(count)s story", "%(place)s, %(count)s stories", entry.count or 0)
    return words % {"place": entry.label, "count": entry.count}


def _marks(
    told: dict[str, Entry], projection: cartography.Projection
) -> list[dict[str, str | float]]:
    """A small mark for each prison whose count may be told and whose place we know."""
    open_ones = [
        entry
        for entry in told.values()
        if entry.kind == Place.Kind.FACILITY and entry.count is not None
    ]
    where = {
        place.slug: projection.place(float(place.longitude), float(place.latitude))
        for place in Place.objects.filter(slug__in=[entry.slug for entry in open_ones])
        if place.longitude is not None and place.latitude is not None
    }
    return [
        {
            "x": round(where[entry.slug][0]),
            "y": round(where[entry.slug][1]),
            "url": entry.url,
            "name": _named(entry),
        }
        for entry in open_ones
        if entry.slug in where
    ]


@require_safe
@public_page
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """One place: what it lies in, what lies within it, and the stories of all of that."""
    entry = Place.objects.select_related("parent__parent__parent").filter(slug=slug).first()
    if entry is None:
        raise Http404
    found = catalogue.find(replace(questions.Question(), place=(slug,)))
    response = render(
        request,
        "public/place.html",
        {
            "place": entry,
            "lineage": entry.lineage()[:0:-1],
            "within": standing.within(entry),
            "stories": [result.story for result in found.results],
            "card": machines.card(entry.label, path=entry.get_absolute_url()),
            "more": found.total > len(found.results),
            "section": "places",
        },
    )
    if not found.total:
        response["X-Robots-Tag"] = "noindex"
    return response
