"""Public records as JSON: explicit fields, each one chosen; nothing is taken from a model whole."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from archive import catalogue
from archive.models.story import Story, StoryPhoto
from archive.models.vocabulary import Place, Theme
from media import photos


def absolute(path: str) -> str:
    """A path of ours as a whole address; "" stays ""."""
    return f"{settings.SITE_URL}{path}" if path else ""


def labelled(entry: Theme | Place) -> dict[str, str]:
    """What `Label` writes, without a serializer for each entry of each result."""
    url = absolute(entry.get_absolute_url())
    return {"slug": entry.slug, "label": entry.label, "url": url}


class Label(serializers.Serializer):
    """An entry of the vocabulary that stands on a story."""

    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.SerializerMethodField()

    def get_url(self, entry: Any) -> str:
        return absolute(entry.get_absolute_url())


class Source(serializers.Serializer):
    """One size of a photograph."""

    url = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    format = serializers.CharField()


class Photo(serializers.Serializer):
    """A published photograph with the words that stand at it."""

    alt = serializers.CharField()
    caption = serializers.CharField()
    credit = serializers.CharField()
    transcript = serializers.CharField()
    width = serializers.IntegerField(source="picture.width")
    height = serializers.IntegerField(source="picture.height")
    sources = serializers.SerializerMethodField()

    def get_sources(self, photo: StoryPhoto) -> list[dict[str, Any]]:
        return [
            {**source, "url": absolute(source["url"])} for source in photos.sources(photo.picture)
        ]


class StoryBrief(serializers.Serializer):
    """A story as a list shows it."""

    id = serializers.CharField(source="public_id")
    url = serializers.SerializerMethodField()
    kind = serializers.CharField()
    title = serializers.CharField()
    byline = serializers.CharField()
    language = serializers.CharField()
    date = serializers.SerializerMethodField()
    places = serializers.SerializerMethodField()
    themes = serializers.SerializerMethodField()
    content_notes = serializers.ListField(child=serializers.CharField())
    summary = serializers.CharField()
    permitted_uses = serializers.ListField(child=serializers.CharField())

    def get_url(self, story: Story) -> str:
        return absolute(story.get_absolute_url())

    @extend_schema_field(Label(many=True))
    def get_themes(self, story: Story) -> list[dict[str, str]]:
        return [labelled(theme) for theme in story.themes.all()]

    def get_date(self, story: Story) -> str:
        """As exact as its teller allows: `1994`, `1990/2004`, or ""."""
        if story.year_from is None:
            return ""
        if story.year_to and story.year_to != story.year_from:
            return f"{story.year_from}/{story.year_to}"
        return str(story.year_from)

    def get_places(self, story: Story) -> list[dict[str, str]]:
        if story.place is not None:
            return [labelled(story.place)]
        return [{"slug": "", "label": story.place_text, "url": ""}] if story.place_text else []


class StoryFound(StoryBrief):
    """A story as a search shows it."""

    snippet = serializers.CharField()


class StoryWhole(StoryBrief):
    """Everything that its page shows."""

    text = serializers.CharField(source="body")
    html = serializers.CharField(source="body_html")
    photos = serializers.SerializerMethodField()
    citation = serializers.SerializerMethodField()
    related = serializers.SerializerMethodField()

    def get_photos(self, story: Story) -> list[dict[str, Any]]:
        ready = [photo for photo in story.photos.all() if photo.picture.ready]
        return list(Photo(ready, many=True).data)

    def get_citation(self, story: Story) -> str:
        return story.citation(settings.ARCHIVE_NAME, settings.SITE_URL)

    def get_related(self, story: Story) -> list[dict[str, str]]:
        return [
            {"id": near.public_id, "title": near.title, "url": absolute(near.get_absolute_url())}
            for near in catalogue.similar(story, story.siblings())
        ]


class FacetValue(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField(allow_null=True)


class Facets(serializers.Serializer):
    theme = FacetValue(many=True)
    kind = FacetValue(many=True)
    place = FacetValue(many=True)
    language = FacetValue(many=True)
    decade = FacetValue(many=True)
    content_note = FacetValue(many=True)


class FoundPage(serializers.Serializer):
    """One page of a search."""

    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    did_you_mean = serializers.CharField(allow_blank=True)
    notes = serializers.ListField(child=serializers.CharField())
    facets = Facets()
    results = StoryFound(many=True)


class VocabularyEntry(serializers.Serializer):
    """A theme, place or campaign with the number of its public stories."""

    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField(allow_null=True)
    url = serializers.CharField()


class Suggestion(serializers.Serializer):
    text = serializers.CharField()
    kind = serializers.CharField()
    url = serializers.CharField()


class Suggestions(serializers.Serializer):
    suggestions = Suggestion(many=True)


class Problem(serializers.Serializer):
    """What every error looks like."""

    detail = serializers.CharField()
    code = serializers.CharField()
