"""The photographs of a piece at the desk: the contact sheet, one photograph, its covers. Thin.

What is shown here comes from the vault and is kept by no browser and no proxy. A photograph
without its covers is shown to those who may cover it, and to nobody else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from archive import enclosures, hanging, likeness, moves, publication
from archive.models.person import Person
from archive.models.submission import Consent, Enclosure, Submission
from archive.refusals import Refusal
from archive.web.desk import desk, person_of
from archive.web.desk_photo_forms import PlaceForm, WordsForm
from archive.web.desk_reading import veils
from archive.web.photo_covers import regions_form, regions_of
from media import photos

PREVIEW_WIDTHS = {240, 960}  # pixels: in lists, and on a page of its own
BARE_WIDTH = 1280  # pixels: a face in the fifth row can be told, and a phone still loads it
Context = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """Every photograph of a piece, pair by pair, with its place to correct."""
    piece = _piece(reference)
    rows = list(piece.enclosures.select_related("photo"))
    placed = {row.pk: PlaceForm.of(row) for row in rows}
    if request.method != "POST":
        return _sheet_page(request, piece, rows, placed)
    placed = {row.pk: PlaceForm(request.POST, prefix=str(row.pk)) for row in rows}
    if not all(form.is_valid() for form in placed.values()):
        return _sheet_page(request, piece, rows, placed, status=422)
    places = {pk: form.place() for pk, form in placed.items()}
    try:
        enclosures.arrange(piece, places, by=person_of(request))
    except Refusal as refusal:
        return _sheet_page(request, piece, rows, placed, str(refusal), status=409)
    messages.success(request, _("The order is kept."))
    return redirect("desk_photographs", reference=reference)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def photograph(request: HttpRequest, reference: str, enclosure: int) -> HttpResponse:
    """One photograph: who can be recognised, what covers them, its words."""
    piece, row = _row(reference, enclosure)
    words, regions = WordsForm.of(row), regions_form(row)
    if request.method != "POST":
        return _photo_page(request, piece, row, words, regions)
    verb = request.POST.get("verb", "")
    if verb == "describe":
        words = WordsForm(request.POST)
    if verb == "cover":
        regions = regions_form(row, request.POST)
    typed = {"describe": words, "cover": regions}.get(verb)
    if verb not in _ACTS or (typed is not None and not typed.is_valid()):
        return _photo_page(request, piece, row, words, regions, status=422)
    try:
        _ACTS[verb](piece, row, typed, person_of(request))
    except Refusal as refusal:
        return _photo_page(request, piece, row, words, regions, str(refusal), status=409)
    messages.success(request, _DONE[verb]())
    return redirect("desk_photograph", reference=reference, enclosure=enclosure)


@require_safe
@desk
def bare(request: HttpRequest, reference: str, enclosure: int) -> HttpResponse:
    """A photograph without its covers, for those who draw them."""
    piece, row = _row(reference, enclosure)
    if not moves.permits("cover", piece, person_of(request)):
        raise Http404
    content = photos.preview(row.photo, BARE_WIDTH, covered=False)
    return HttpResponse(content, content_type="image/jpeg")


@require_safe
@desk
def preview(request: HttpRequest, reference: str, enclosure: int, width: int) -> HttpResponse:
    """A photograph from the vault, for eyes at the desk only.

    Blurred while content notes stand over the piece and nobody asked to see it; grey for whoever
    chose so.
    """
    row = (
        Enclosure.objects.filter(pk=enclosure, submission__reference=reference)
        .filter(submission__in=Submission.objects.at_the_desk())
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


Act = Callable[[Submission, Enclosure, Any, Person], Any]
_ACTS: dict[str, Act] = {
    "describe": lambda piece, row, form, by: enclosures.describe(
        piece, row.pk, form.words(), by=by
    ),
    "cover": lambda piece, row, form, by: enclosures.cover(piece, row.pk, regions_of(form), by=by),
    "leave out": lambda piece, row, form, by: enclosures.leave_out(piece, row.pk, by=by),
    "take in": lambda piece, row, form, by: enclosures.take_in(piece, row.pk, by=by),
    "take down": lambda piece, row, form, by: publication.take_down(
        piece, plate=_number(piece, row), by=by
    ),
}
_DONE: dict[str, Callable[[], str]] = {
    "describe": lambda: _("The photograph's words are kept."),
    "cover": lambda: _("The covers are kept. This is how it will be shown."),
    "leave out": lambda: _("It stays out of what is published, with what stands beside it."),
    "take in": lambda: _("It is part of what will be published."),
    "take down": lambda: _("It is hidden everywhere. The rest of the piece stays."),
}


def _piece(reference: str) -> Submission:
    rows = Submission.objects.select_related("current", "story", "claimed_by")
    row = rows.at_the_desk().filter(reference=reference).first()
    if row is None:
        raise Http404
    return row


def _row(reference: str, enclosure: int) -> tuple[Submission, Enclosure]:
    piece = _piece(reference)
    row = piece.enclosures.filter(pk=enclosure).select_related("photo").first()
    if row is None:
        raise Http404
    return piece, row


def _number(piece: Submission, row: Enclosure) -> int:
    """The number of the plate on which it hangs."""
    return next(
        plate.number
        for plate in hanging.plates(piece.enclosures.all())
        if row.pk in {plate.main.pk, plate.companion.pk if plate.companion else None}
    )


def _sheet_page(
    request: HttpRequest,
    piece: Submission,
    rows: list[Enclosure],
    placed: dict[int, PlaceForm],
    refused: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    consent = piece.consent_in_force
    context = {
        **_about(piece),
        "plates": [
            [
                {**_shown(piece, row, consent), "form": placed[row.pk]}
                for row in (plate.main, plate.companion)
                if row
            ]
            for plate in hanging.plates(rows)
        ],
        "count": len(rows),
        "refused": refused,
        "can_arrange": moves.permits("arrange", piece, person_of(request))
        and not any(row.picture_id for row in rows),
    }
    return render(request, "desk/photos.html", context, status=status)


def _photo_page(
    request: HttpRequest,
    piece: Submission,
    row: Enclosure,
    words: WordsForm,
    regions: Any,
    refused: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    siblings = list(piece.enclosures.values_list("pk", flat=True))
    at = siblings.index(row.pk)
    person = person_of(request)
    context = {
        **_about(piece),
        "photo": _shown(piece, row, piece.consent_in_force),
        "bare_url": reverse("desk_photo_bare", args=[piece.reference, row.pk]),
        "number": at + 1,
        "count": len(siblings),
        "previous_url": _address(piece, siblings[at - 1]) if at else "",
        "next_url": _address(piece, siblings[at + 1]) if at + 1 < len(siblings) else "",
        "words": words,
        "regions": regions,
        "refused": refused,
        "can": {
            verb.replace(" ", "_"): moves.permits(verb, piece, person) and _now(verb, row)
            for verb in _ACTS
        },
    }
    return render(request, "desk/photo.html", context, status=status)


def _now(verb: str, row: Enclosure) -> bool:
    """Whether this can be done to the photograph as it stands, hanging or not, left out or not."""
    hangs = row.picture_id is not None
    fits = {
        "describe": True,
        "cover": not hangs,
        "leave out": not hangs and not row.withheld,
        "take in": row.withheld,
        "take down": hangs,
    }
    return fits[verb]


def _about(piece: Submission) -> Context:
    return {
        "piece": {
            "reference": piece.reference,
            "title": piece.current.title if piece.current else "",
            "language": piece.current.language if piece.current else "",
            "state_label": piece.get_state_display(),
        },
        "section": "queue",
    }


def _shown(piece: Submission, row: Enclosure, consent: Consent) -> Context:
    def sight(width: int) -> str:
        return reverse("desk_photo", args=[piece.reference, row.pk, width])

    return {
        "number": likeness.number(row),
        "address": _address(piece, row.pk),
        "preview_url": sight(240),
        "covered_url": sight(960),
        "width": row.photo.width,
        "height": row.photo.height,
        "alt": row.alt,
        "sitter": row.sitter,
        "withheld": row.withheld,
        "hangs": row.picture_id is not None,
        "covers": len(row.photo.redactions),
        "lacks": likeness.said_of(row, consent),
        "who": row.get_recognisable_display(),
    }


def _address(piece: Submission, enclosure: int) -> str:
    return reverse("desk_photograph", args=[piece.reference, enclosure])
