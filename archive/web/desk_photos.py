"""Photographs at the desk: seen from the vault, described, left out. Thin."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from archive import moderation
from archive.models.submission import Enclosure, State, Submission
from archive.refusals import Refusal
from archive.web.desk import desk, person_of
from archive.web.desk_forms import PhotoForm
from archive.web.desk_reading import veils
from media import photos

PREVIEW_WIDTHS = {240, 960}


@require_safe
@desk
def photo(request: HttpRequest, reference: str, enclosure: int, width: int) -> HttpResponse:
    """A photograph from the vault, for eyes at the desk only.

    Blurred while content notes stand over the piece and nobody asked to see it; grey for whoever
    chose so.
    """
    row = (
        Enclosure.objects.filter(pk=enclosure, submission__reference=reference)
        .exclude(submission__state__in=[State.DRAFT, State.ERASED])
        .select_related("photo", "submission__current")
        .first()
    )
    if row is None or width not in PREVIEW_WIDTHS:
        raise Http404
    blurred = veils(row.submission) and request.GET.get("seen") != "yes"
    pixels = photos.preview(
        row.photo, width, grey=person_of(request).greyscale or blurred, blurred=blurred
    )
    return HttpResponse(pixels, content_type="image/jpeg")


@require_POST
@desk
def describe_photo(request: HttpRequest, reference: str) -> HttpResponse:
    """Write what a photograph shows, or leave it out."""
    form = PhotoForm(request.POST)
    row = Submission.objects.filter(reference=reference).first()
    if row is None or not form.is_valid():
        raise Http404
    data = form.cleaned_data
    try:
        moderation.describe_photo(
            row,
            data["enclosure"],
            alt=data["alt"],
            withheld=data["withheld"],
            by=person_of(request),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The photograph's words are kept."))
    return redirect("desk_piece", reference=reference)
