"""Completions for what somebody types into a search box: themes, places, titles, words.

Runs at every key pressed, so it goes through no story: titles and words come from the index, and
which themes and places are in use is remembered until something public changes.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from django.core.cache import cache
from django.urls import reverse

from archive import languages
from archive.models.story import Generation, Story
from archive.models.vocabulary import Place, Theme
from search import index, language
from search.index import IndexUnavailable
from search.query import Everything, Query
from search.words import fold


def suggest(typed: str, *, limit: int = 8) -> list[dict[str, str]]:
    """Completions for what is being typed: themes, places, titles, words; `text kind url`."""
    start = " ".join(typed.split())[:60].casefold()
    if not start:
        return []
    search_page, generation = reverse("stories"), Generation.now()
    themes = [
        {"text": theme.label, "kind": "theme", "url": theme.get_absolute_url()}
        for theme in _themes_in_use(generation)
        if any(_begins(word, start) for word in theme.words)
    ]
    places = [
        {"text": place.name, "kind": "place", "url": place.get_absolute_url()}
        for place in _places_in_use(generation)
        if any(_begins(word, start) for word in (place.name, *place.aliases))
    ]
    titles = [
        {"text": story.title, "kind": "title", "url": story.get_absolute_url()}
        for story in _titled(start)
    ]
    # The last word is completed; those before it stay what they are.
    before = typed[: len(typed) - len(typed.split()[-1])]
    try:
        words = [
            {"text": said, "kind": "word", "url": f"{search_page}?q={quote(said)}"}
            for said in (before.lstrip() + each.word for each in index.suggest(typed, limit=4))
        ]
    except IndexUnavailable:
        words = []
    return [*themes[:3], *places[:3], *titles, *words][:limit]


def _titled(start: str) -> list[Story]:
    """A few stories whose titles hold these words, the last one begun."""
    *whole, last = [f"title:{word}" for word in re.findall(r"[^\W_]+", start)] or [""]
    tree = language.parse(" ".join([*whole, f"{last}*"])).tree if last else Everything()
    if isinstance(tree, Everything):
        return []
    reader = languages.spoken()
    titles = Story.objects.public().only("public_id", "title", "slug")
    try:
        answer = index.find(Query(tree=tree, limit=3, facets=(), reader=reader))
    except IndexUnavailable:
        return list(titles.filter(title__istartswith=start)[:3])
    found = titles.in_bulk([hit.key for hit in answer.hits], field_name="public_id")
    return [found[hit.key] for hit in answer.hits if hit.key in found]


def _begins(words: str, start: str) -> bool:
    """Whether a word in there begins so, with its accents or without."""
    folded = f" {_plain(words)}"
    return f" {_plain(start)}" in folded


def _plain(text: str) -> str:
    small = text.casefold()
    return small if small.isascii() else " ".join(map(fold, small.split()))


def _themes_in_use(generation: str) -> list[Theme]:
    used = Theme.objects.filter(stories__in=Story.objects.public())
    return cache.get_or_set(f"themes-in-use.{generation}", lambda: list(used.distinct())) or []


def _places_in_use(generation: str) -> list[Place]:
    used = Story.objects.public().exclude(place=None).values("place")
    places = Place.objects.filter(pk__in=used)
    return cache.get_or_set(f"places-in-use.{generation}", lambda: list(places)) or []
