"""What a public story is to the index: one document, and the rows that it is made from."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from archive.models.story import Story
from search.document import Document

BATCH = 250  # stories held in memory at once while the index is paid, rebuilt or compared


def describe(story: Story) -> Document:
    """A public story as the index stores it."""
    lineage = story.place.lineage() if story.place else []
    themes = list(story.themes.all())
    photographs = [
        f"{photo.caption} {photo.alt} {photo.transcript} {photo.sitter}"
        for photo in story.photos.all()
    ]
    document = Document(
        key=story.public_id,
        group=story.family,
        kind=story.kind,
        language=story.language,
        title=story.title,
        summary=story.summary,
        body=story.body,
        byline=story.byline,
        places=tuple(place.slug for place in lineage),
        place_text=" ".join(
            [
                story.place_text,
                *(word for place in lineage for word in (place.name, *place.aliases)),
            ]
        ),
        themes=tuple(theme.slug for theme in themes),
        theme_text=" ".join(word for theme in themes for word in theme.words),
        extra=" ".join(photographs),
        year_from=story.year_from,
        year_to=story.year_to,
        content_notes=tuple(story.content_notes),
        published=story.published_on.toordinal(),
        sort_title=story.title.casefold(),
    )
    digest = hashlib.sha256(repr(document).encode()).hexdigest()[:32]
    return replace(document, fingerprint=digest)


def families(stories: QuerySet[Story]) -> QuerySet[Story]:
    """With what `describe` reads, a story next to its translations: they are one entry."""
    return (
        stories.select_related("place__parent__parent__parent", "translation_of")
        .prefetch_related("themes", "photos")
        .order_by(Coalesce("translation_of_id", "pk"), "pk")
    )
