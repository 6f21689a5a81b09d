"""The read API of the contract: stories, vocabulary, suggestions.

Takes the parameters of the pages and answers from the same functions. Writes nothing. What every
answer has in common, language and errors, is here as well; `api.submissions` is the way in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from archive import catalogue, questions, standing, terms
from archive.api import serializers
from archive.api.serializers import absolute
from archive.labels import Labels
from archive.models.story import Kind, Story
from archive.refusals import Incomplete

PARAMETERS = [
    OpenApiParameter("q", str, description="What to search for; the language of the search box."),
    OpenApiParameter("theme", str, many=True, description="Slug of a theme; several are OR-ed."),
    OpenApiParameter("kind", str, many=True, enum=Kind.values),
    OpenApiParameter("place", str, many=True, description="Slug of a place or what contains it."),
    OpenApiParameter("language", str, many=True, description="Two letters, such as en or es."),
    OpenApiParameter("decade", str, many=True, description="The year a decade begins with."),
    OpenApiParameter("content_note", str, many=True, enum=list(terms.CONTENT_NOTES)),
    OpenApiParameter("without", str, many=True, enum=list(terms.CONTENT_NOTES)),
    OpenApiParameter("from", str, description="First year."),
    OpenApiParameter("to", str, description="Last year."),
    OpenApiParameter("sort", str, enum=list(questions.SORTS)),
    OpenApiParameter("page", str, description="From 1."),
    OpenApiParameter("literal", str, description="1: search what was typed, without mending it."),
]


class Spoken(APIView):
    """An answer whose labels and addresses are in the language that `Accept-Language` asks for."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        translation.activate(translation.get_language_from_request(request))
        super().initial(request, *args, **kwargs)


class Stories(Spoken):
    """Browse and search."""

    @extend_schema(
        operation_id="stories_find", parameters=PARAMETERS, responses=serializers.FoundPage
    )
    def get(self, request: Request) -> Response:
        """The stories that answer a question, with counts by facet."""
        question = questions.read(request.query_params)
        found = catalogue.find(question)
        labels = Labels(found)
        briefs = serializers.StoryBrief([each.story for each in found.results], many=True).data
        results = [
            {**brief, "snippet": str(result.snippet)}
            for brief, result in zip(briefs, found.results, strict=True)
        ]
        return Response(
            {
                "count": found.total,
                "next": self._link(question, found, +1),
                "previous": self._link(question, found, -1),
                "did_you_mean": found.did_you_mean,
                "notes": list(found.notes),
                "facets": {
                    name: [
                        {
                            "value": facet.value,
                            "label": labels.of(name, facet.value),
                            "count": labels.told(name, facet.value, facet.count),
                        }
                        for facet in found.facets.get(name, ())
                    ]
                    for name in questions.FILTERS
                },
                "results": results,
            }
        )

    @staticmethod
    def _link(question: questions.Question, found: catalogue.Found, step: int) -> str | None:
        page = question.page + step
        if not 1 <= page <= found.last_page:
            return None
        return absolute(replace(question, page=page).address(reverse("api-stories")))


class OneStory(Spoken):
    """One story, whole."""

    @extend_schema(
        operation_id="story_read",
        responses={200: serializers.StoryWhole, 404: serializers.Problem},
    )
    def get(self, request: Request, public_id: str) -> Response:
        """Everything its page shows."""
        rows = Story.objects.public().for_lists()
        # Letters and digits only: PostgreSQL takes no NUL, not even to find nothing.
        story = rows.filter(public_id=public_id.lower()).first() if public_id.isalnum() else None
        if story is None:
            raise Http404
        response = Response(serializers.StoryWhole(story).data)
        if not story.search_engines:
            response["X-Robots-Tag"] = "noindex, noarchive"
        return response


class Themes(Spoken):
    """The editors' themes."""

    @extend_schema(responses=serializers.VocabularyEntry(many=True))
    def get(self, request: Request) -> Response:
        """Every theme that stands on a public story, with its count."""
        return Response(_entries(standing.themes()))


class Places(Spoken):
    """The places of the stories."""

    @extend_schema(responses=serializers.VocabularyEntry(many=True))
    def get(self, request: Request) -> Response:
        """Every place of a public story; a count that could point to one person is null."""
        return Response(_entries(standing.places()))


class Campaigns(Spoken):
    """What readers can do now."""

    @extend_schema(responses=serializers.VocabularyEntry(many=True))
    def get(self, request: Request) -> Response:
        """Every campaign with the number of its public stories."""
        return Response(_entries(standing.campaigns()))


class Suggest(Spoken):
    """Completions for a search box."""

    @extend_schema(
        parameters=[OpenApiParameter("q", str, description="What has been typed so far.")],
        responses=serializers.Suggestions,
    )
    def get(self, request: Request) -> Response:
        """Themes, places, titles and words that begin so."""
        typed = questions.read(request.query_params).q
        found = catalogue.suggest(typed)
        return Response({"suggestions": [{**each, "url": absolute(each["url"])} for each in found]})


def _entries(rows: list[standing.Entry]) -> list[dict[str, Any]]:
    return [
        {"slug": row.slug, "label": row.label, "count": row.count, "url": absolute(row.url)}
        for row in rows
    ]


_WRONG = gettext_noop("Something in what was sent is missing or wrong.")


def explain(problem: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as `{"detail", "code"}`, in a sentence; `errors` by field where there are any."""
    if isinstance(problem, Incomplete):
        said = {"detail": _(_WRONG), "code": "invalid", "errors": problem.errors}
        return Response(said, status=422)
    response = exception_handler(problem, context)
    if response is None:
        return None
    if isinstance(problem, exceptions.ValidationError):
        response.data = {
            "detail": _(_WRONG),
            "code": "invalid",
            "errors": response.data,
        }
        return response
    if response.status_code == 404:
        response.data = {"detail": _("There is nothing at this address."), "code": "not_found"}
        return response
    code = getattr(problem, "default_code", "error")
    response.data = {"detail": str(getattr(problem, "detail", problem)), "code": code}
    return response
