"""What search engines are told about: the pages of ours, and stories whose tellers let them in."""

from __future__ import annotations

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from archive.models.story import Story
from archive.models.vocabulary import Theme


class Stories(Sitemap):
    """Stories that search engines may list."""

    def items(self) -> QuerySet[Story]:
        return Story.objects.public().filter(search_engines=True).order_by("pk")

    def lastmod(self, item: Story) -> object:
        return item.amended_on or item.published_on


class Themes(Sitemap):
    """Themes that have a story."""

    i18n = True
    alternates = True

    def items(self) -> QuerySet[Theme]:
        return Theme.objects.filter(stories__in=Story.objects.public()).distinct().order_by("pk")


class Pages(Sitemap):
    """The standing pages."""

    i18n = True
    alternates = True

    def items(self) -> list[str]:
        return ["home", "stories", "themes", "places", "campaigns"]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS = {"stories": Stories, "themes": Themes, "pages": Pages}
