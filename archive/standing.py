"""What stands on public stories: themes, places, campaigns, with their counts.

Read by pages and API alike, so that they never disagree. A story and its translations count once,
as they are one result of a search. A count that could point to one person is not given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from archive.models.story import Story
from archive.models.vocabulary import Campaign, Place, Theme

FEWEST_AT_A_FACILITY = 3  # fewer stories of one prison could point to one person


@dataclass(frozen=True)
class Entry:
    """One entry with the number of its public stories; None where that is not told."""

    slug: str
    label: str
    url: str
    count: int | None
    children: list[Entry] = field(default_factory=list)
    kind: str = ""  # of places: a value of Place.Kind


def themes() -> list[Entry]:
    """Themes that stand on a public story, fullest first."""
    counted = Theme.objects.annotate(count=_families())
    rows = counted.filter(count__gt=0).order_by("-count", "label_en")
    return [Entry(row.slug, row.label, row.get_absolute_url(), row.count) for row in rows]


def campaigns() -> list[Entry]:
    """Campaigns that are shown."""
    rows = Campaign.objects.filter(shown=True).annotate(count=_families())
    return [Entry(row.slug, row.title, row.get_absolute_url(), row.count) for row in rows]


def _families() -> Count:
    """Public stories, each counted once with its translations."""
    shown = Q(stories__in=Story.objects.public())
    family = Coalesce("stories__translation_of_id", "stories__pk")
    return Count(family, filter=shown, distinct=True)


# --- places -------------------------------------------------------------------------------------


def places() -> list[Entry]:
    """Every place that public stories name, or that holds such a place, by name.

    A place counts what lies within it, as the filter of the search does.
    """
    told = _Told()
    return [told.entry(place) for place in told.places]


def places_by_county() -> list[Entry]:
    """The same as a tree, without the states: counties with their cities and facilities."""
    told = _Told()
    states = {place.pk for place in told.places if place.kind in _OUTER}
    return [
        told.tree(place)
        for place in told.places
        if place.kind not in _OUTER and (place.parent_id is None or place.parent_id in states)
    ]


def within(place: Place) -> list[Entry]:
    """What lies directly in a place and has stories."""
    told = _Told()
    return [told.entry(each) for each in told.places if each.parent_id == place.pk]


def told(kind: str, count: int) -> int | None:
    """The count of a place of this kind as it may be told; None where it could point to a person."""
    return None if kind == Place.Kind.FACILITY and count < FEWEST_AT_A_FACILITY else count


_OUTER = {Place.Kind.COUNTRY, Place.Kind.STATE}


class _Told:
    """The places of public stories with what they hold; two queries, whatever their number."""

    def __init__(self) -> None:
        everywhere = {place.pk: place for place in Place.objects.all()}
        self._families = _rolled_up(_families_by_place(), everywhere)
        self.places = [place for place in everywhere.values() if place.pk in self._families]

    def entry(self, place: Place, children: Iterable[Entry] = ()) -> Entry:
        return Entry(
            slug=place.slug,
            label=place.label,
            url=place.get_absolute_url(),
            count=told(place.kind, len(self._families[place.pk])),
            children=list(children),
            kind=place.kind,
        )

    def tree(self, place: Place, above: frozenset[int] = frozenset()) -> Entry:
        """With everything below it; a loop made by hand ends."""
        seen = above | {place.pk}
        inside = [
            each for each in self.places if each.parent_id == place.pk and each.pk not in seen
        ]
        return self.entry(place, (self.tree(each, seen) for each in inside))


def _families_by_place() -> list[tuple[int, int]]:
    """(place, story or what it translates) of everything public that names its place."""
    rows = Story.objects.public().exclude(place=None).order_by()
    return list(
        rows.annotate(root=Coalesce("translation_of_id", "pk"))
        .values_list("place_id", "root")
        .distinct()
    )


def _rolled_up(
    rows: Iterable[tuple[int, int]], everywhere: Mapping[int, Place]
) -> dict[int, set[int]]:
    """For each place the families told there or anywhere within it."""
    families: dict[int, set[int]] = {}
    for place_id, root in rows:
        for pk in _lineage(place_id, everywhere):
            families.setdefault(pk, set()).add(root)
    return families


def _lineage(place_id: int | None, everywhere: Mapping[int, Place]) -> list[int]:
    chain: list[int] = []
    while place_id is not None and place_id not in chain:
        chain.append(place_id)
        place_id = everywhere[place_id].parent_id
    return chain
