"""Photographs in the journey: what a post does with them, the page that covers one, and the answers
that the uploading script reads.

Thin: `bringing` decides and writes. Called by `web.share_steps`, which has opened the draft and
knows the page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from archive import bringing
from archive.models.story import Kind
from archive.models.submission import Enclosure, Submission
from archive.web.numbers import number_in
from archive.web.photo_covers import regions_form, regions_of
from archive.web.share_photo_forms import PhotosForm
from media import photos

COVERING = "covering"  # the field that says whose covers a post holds


class Bench:
    """The page on which one photograph of a draft is covered."""

    def __init__(self, row: Enclosure, posted: Any = None) -> None:
        self.row = row
        self.regions = regions_form(row, posted)

    @classmethod
    def of(cls, piece: Submission, enclosure: str, posted: Any = None) -> Bench | None:
        """None where the piece has no such photograph."""
        rows = piece.enclosures.select_related("photo")
        row = rows.filter(pk=number_in(enclosure)).first()
        return cls(row, posted) if row else None

    def context(self) -> dict[str, Any]:
        """What the page shows. The picture is empty where the machine is busy; the numbers work."""
        try:
            source = bringing.bench(self.row)
        except photos.PhotoRefused:
            source = ""
        return {"row": self.row, "source": source, "regions": self.regions}


def form_of(piece: Submission | None, *given: Any) -> PhotosForm:
    """The form over the photographs that are here, with what was posted."""
    if piece is None:
        return PhotosForm(*given)
    rows = piece.enclosures.select_related("photo")
    return PhotosForm(*given, enclosed=rows, project=piece.kind == Kind.PHOTO_PROJECT)


def keep(piece: Submission, request: HttpRequest, *, words: bool, go: str, about: str) -> Kept:
    """Do with the photographs of a draft what a post says; `words` where it came from their page."""
    kept = Kept()
    posted = request.POST
    form = form_of(piece, posted)
    form.is_valid()
    if words:
        bringing.describe(piece, form.words())
        if form.ranks() or form.pairs():
            kept.refused += bringing.arrange(piece, form.ranks(), form.pairs())
    if COVERING in posted:
        kept.bench = _cover(piece, posted)
    if go in _VERBS:
        _VERBS[go](piece, number_in(about))
    uploads = request.FILES.getlist("photos")
    if uploads:
        brought = bringing.take_in(
            piece,
            uploads,
            shown=form.cleaned_data.get("new_shown") or Enclosure.Shown.NO,
            keep_original=bool(form.cleaned_data.get("keep_original")),
        )
        kept.rows, kept.known = brought.rows, brought.known
        # Sixty photographs of one phone carry the same things: once is enough to say so.
        kept.found = list(dict.fromkeys(each.sentence() for each in brought.found))
        kept.refused += brought.refused
        kept.final = brought.final
    return kept


class Kept:
    """What is said after a post: of photographs found, refused, here already; covers to correct."""

    def __init__(self) -> None:
        self.rows: list[Enclosure] = []
        self.found: list[str] = []
        self.refused: list[str] = []
        self.final = False  # a file was refused for what it is: sending it again is in vain
        self.known = 0
        self.bench: Bench | None = None


def _cover(piece: Submission, posted: Any) -> Bench | None:
    """Keep the covers; the page again where they are none."""
    bench = Bench.of(piece, posted[COVERING], posted)
    if bench is None:
        return None
    if not bench.regions.is_valid():
        return bench
    bringing.cover(piece, bench.row.pk, regions_of(bench.regions))
    return None


_VERBS: dict[str, Callable[[Submission, int], Any]] = {
    "remove": bringing.take_out,
    "earlier": lambda piece, enclosure: bringing.move(piece, enclosure, by=-1),
    "later": lambda piece, enclosure: bringing.move(piece, enclosure, by=1),
    "pair": lambda piece, _enclosure: bringing.pair_by_order(piece),
}


def told_script(piece: Submission, kept: Kept, request: HttpRequest, keys: dict[str, str]) -> Any:
    """The answer to one photograph that the script sent: its part of the page, or why not.

    `final` says that the same file need not be sent again; `beside` is the key of the photograph
    whose plate it shares.
    """
    if kept.refused:
        return JsonResponse(
            {**keys, "refused": " ".join(kept.refused), "final": kept.final}, status=422
        )
    if not kept.rows:
        said = _("This photograph is here already.") if kept.known else ""
        return JsonResponse(
            {**keys, "refused": said, "final": bool(said)}, status=200 if said else 422
        )
    form, [row] = form_of(piece), kept.rows[:1]
    fresh = next(each for each in form.rows if each.pk == row.pk)
    plate = next(each for each in form.on_plates if fresh in (each.main, each.companion))
    partner = plate.companion if plate.main == fresh else plate.main
    context = {**form.shown(fresh), "found": " ".join(kept.found)}
    return JsonResponse(
        {
            **keys,
            "html": render_to_string("share/_photo.html", context, request),
            "beside": partner.pk if partner else None,
        }
    )
