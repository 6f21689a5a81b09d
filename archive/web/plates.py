"""One photograph of a story or a project on a page of its own: whole, with its words beside it.

Public: everything comes through `Story.objects.public()`. Knows nothing of submissions.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from archive import catalogue, questions, terms
from archive.models.story import Story, StoryPhoto
from archive.web.pages import public_page
from media import photos


@require_safe
@public_page
def plate(request: HttpRequest, public_id: str, number: str, slug: str = "") -> HttpResponse:
    """The plate of this number, with the ones before and after it."""
    story = _story(public_id)
    hung = [photo for photo in story.photos.all() if photo.picture.ready]
    at = next((at for at, photo in enumerate(hung) if photo.position == int(number)), None)
    if at is None:
        raise Http404
    photo = hung[at]
    mark(story, [photo], questions.read(request.GET).q)
    if request.path != photo.get_absolute_url():
        return redirect(photo)
    context = {
        "story": story,
        "photo": photo,
        "whole_url": _largest(photo.picture),
        "companion_whole_url": _largest(photo.companion) if photo.companion else "",
        "rank": at + 1,
        "count": len(hung),
        "previous": hung[at - 1] if at else None,
        "next": hung[at + 1] if at + 1 < len(hung) else None,
        "back_url": _back(story, photo),
        "content_notes": terms.labels_of_notes(story.content_notes),
        "section": "stories",
    }
    response = render(request, "public/plate.html", context)
    if not story.search_engines:
        response["X-Robots-Tag"] = "noindex, noarchive"
    return response


def mark(story: Story, hung: Iterable[StoryPhoto], asked: str) -> None:
    """Mark the words of a search in the transcripts; those without any stay as they are."""
    for photo in hung if asked.strip() else ():
        if not photo.transcript:
            continue
        words = Story(body_html=linebreaks(photo.transcript, True), language=story.language)
        shown = catalogue.marked(words, asked).replace('<mark id="found">', "<mark>")
        photo.marked = mark_safe(shown) if "<mark>" in shown else ""  # noqa: S308 - escaped above


def _story(public_id: str) -> Story:
    rows = Story.objects.public().select_related("place").with_plates()
    story = rows.filter(public_id=public_id).first()
    if story is None:
        raise Http404
    return story


def _largest(picture: photos.Picture) -> str:
    """The widest JPEG: for eyes that need handwriting as large as it is had."""
    made = picture.made("jpeg")
    return made[-1].url if made else ""


def _back(story: Story, photo: StoryPhoto) -> str:
    return f"{story.get_absolute_url()}#plate-{photo.position}"
