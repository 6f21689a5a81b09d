"""What stands on public stories: themes, places, campaigns, with their counts.

Read by pages and API alike, so that they never disagree. A count that could point to one person
is not given.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Q

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


def themes() -> list[Entry]:
    """Themes that stand on a public story, fullest first."""
    rows = (
        Theme.objects.annotate(count=_public_stories())
        .filter(count__gt=0)
        .order_by("-count", "label_en")
    )
    return [Entry(row.slug, row.label, row.get_absolute_url(), row.count) for row in rows]


def campaigns() -> list[Entry]:
    """Campaigns that are shown."""
    rows = Campaign.objects.filter(shown=True).annotate(count=_public_stories())
    return [Entry(row.slug, row.title, row.get_absolute_url(), row.count) for row in rows]


def places() -> list[Entry]:
    """Places of public stories, by name."""
    counts = dict(
        Story.objects.public()
        .exclude(place=None)
        .order_by()
        .values_list("place")
        .annotate(n=Count("pk"))
    )
    return [
        Entry(place.slug, place.label, place.get_absolute_url(), _told(place, counts[place.pk]))
        for place in Place.objects.filter(pk__in=counts)
    ]


def _told(place: Place, count: int) -> int | None:
    if place.kind == Place.Kind.FACILITY and count < FEWEST_AT_A_FACILITY:
        return None
    return count


def _public_stories() -> Count:
    return Count("stories", filter=Q(stories__in=Story.objects.public()), distinct=True)
