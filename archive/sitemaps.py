"""What search engines are told about: the pages of ours, and stories whose tellers let them in."""

from __future__ import annotations

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from archive import editorial, standing
from archive.models.story import Story
from archive.models.vocabulary import Campaign, Theme
from archive.web import machines


class Stories(Sitemap):
    """Stories that search engines may list, each at the address of its own language."""

    def items(self) -> QuerySet[Story]:
        return Story.objects.public().filter(search_engines=True).order_by("pk")

    def lastmod(self, item: Story) -> object:
        return item.amended_on or item.published_on

    def location(self, item: Story) -> str:
        return machines.home_of(item)

    def get_urls(self, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        """With each story's translations beside it; one query for all of a page."""
        urls: list[dict[str, Any]] = super().get_urls(*args, **kwargs)
        families = _families([url["item"] for url in urls])
        for url in urls:
            url["alternates"] = [
                {"location": machines.whole(each["url"]), "lang_code": each["code"]}
                for each in machines.alternates(families[url["item"].root_id])
            ]
        return urls


def _families(stories: list[Story]) -> dict[int, list[Story]]:
    """Every listed version of these stories, by the story they are versions of."""
    families: dict[int, list[Story]] = {story.root_id: [] for story in stories}
    listed = Story.objects.public().filter(search_engines=True).order_by("pk")
    for story in listed.in_families(families):
        families[story.root_id].append(story)
    return families


class InBothLanguages(Sitemap):
    """Pages of ours, which stand in every language."""

    i18n = True
    alternates = True
    x_default = True


class Themes(InBothLanguages):
    """Themes that have a story."""

    def items(self) -> QuerySet[Theme]:
        return Theme.objects.filter(stories__in=Story.objects.public()).distinct().order_by("pk")


class Places(InBothLanguages):
    """Places that have a story."""

    def items(self) -> list[str]:
        return [entry.slug for entry in standing.places()]

    def location(self, item: str) -> str:
        return reverse("place", args=[item])


class Campaigns(InBothLanguages):
    """Campaigns that are shown."""

    def items(self) -> QuerySet[Campaign]:
        return Campaign.objects.filter(shown=True)


class Pages(InBothLanguages):
    """The pages that are always there."""

    def items(self) -> list[tuple[str, ...]]:
        named = ("home", "stories", "themes", "places", "campaigns", "news", "newsletter")
        return [*((name,) for name in named), *(("page", slug) for slug in editorial.PAGES)]

    def location(self, item: tuple[str, ...]) -> str:
        name, *words = item
        return reverse(name, args=words)


SITEMAPS = {
    "stories": Stories,
    "themes": Themes,
    "places": Places,
    "campaigns": Campaigns,
    "pages": Pages,
}
