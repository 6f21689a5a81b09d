"""From the keys of hits back to rows: public ones only, whatever the index says.

Fills what Django's prefetching would fill, in no more queries and without its cost: for a page of
results the machinery of a prefetch takes longer than what it brings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, prefetch_related_objects

from archive.models.story import Story, StoryPhoto, photos_with_sizes
from archive.models.vocabulary import Theme


def of(keys: Sequence[str]) -> list[Story]:
    """The public stories behind these keys, in their order, with what a list shows; what is not
    public drops out."""
    hung = StoryPhoto.objects.order_by().filter(story=OuterRef("pk"))
    rows: Iterable[Any] = (
        Story.objects.public()
        # As long as the text again, and where a place lies: no list shows them.
        .defer("body_html", "place__latitude", "place__longitude")
        .select_related("place")
        .annotate(pictured=Exists(hung))
        .filter(public_id__in=keys)
        .order_by()
    )
    found = {story.public_id: story for story in rows}
    shown = [found[key] for key in keys if key in found]
    if shown:
        _with_themes(shown)
        _with_photos(shown)
    return shown


def _with_themes(stories: list[Story]) -> None:
    given: dict[int, list[Theme]] = defaultdict(list)
    named = Theme.objects.only("slug", "label_en", "label_es")
    on: Iterable[Any] = named.filter(stories__in=stories).annotate(on=F("stories"))
    for theme in on:
        given[theme.on].append(theme)
    bare = _known(Theme, ())
    for story in stories:
        themes = given.get(story.pk)
        _remember(story, "themes", _known(Theme, themes) if themes else bare)


def _with_photos(stories: list[Any]) -> None:
    """Most stories have no photograph: only those that have one are worth a prefetch."""
    bare = _known(StoryPhoto, ())
    for story in stories:
        if not story.pictured:
            _remember(story, "photos", bare)
    pictured = [story for story in stories if story.pictured]
    prefetch_related_objects(pictured, *photos_with_sizes())


def _known(kind: type[Model], rows: Iterable[Model]) -> Any:
    """A query set that has been answered already, with these rows. To make one costs as much as a
    row does: stories that have nothing share theirs."""
    known: Any = kind._default_manager.all()
    known._result_cache = list(rows)
    known._prefetch_done = True
    return known


def _remember(story: Story, name: str, known: Any) -> None:
    """What `story.<name>.all()` gives from now on, as a prefetch would leave it."""
    held = story.__dict__.setdefault("_prefetched_objects_cache", {})
    held[name] = known
