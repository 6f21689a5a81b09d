"""Published stories made directly, for tests of what stands on them rather than of how they came."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from archive.models.story import Generation, Story
from archive.models.vocabulary import Place


def tell(title: str = "The bus to Malone", *, place: str = "", **fields: Any) -> Story:
    """A public story; `place` is a slug of the gazetteer."""
    today = timezone.localdate()
    story = Story.objects.create(
        title=title,
        slug=slugify(title)[:80].strip("-"),
        place=Place.objects.get(slug=place) if place else None,
        **{
            "body": "Nine o'clock, Friday. The bus boards at ten.",
            "body_html": "<p>Nine o'clock, Friday. The bus boards at ten.</p>",
            "published_on": today,
            "visible_from": today,
            **fields,
        },
    )
    Generation.advance()
    return story


def hide(story: Story) -> None:
    """Off every page, as a withdrawal leaves the row."""
    Story.objects.filter(pk=story.pk).update(withdrawn=True)
    Generation.advance()
