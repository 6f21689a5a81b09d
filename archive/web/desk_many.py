"""Many pieces at once: chosen in the queue, shown before it is done, undone from the ledger. Thin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive import batches
from archive.models.submission import Submission
from archive.refusals import Refusal
from archive.web.desk import person_of, posted
from archive.web.desk_forms import ManyForm
from archive.web.desk_sieve import SHELVES, Sieve
from archive.web.downloads import csv_file


@posted("desk")
def many(request: HttpRequest) -> HttpResponse:
    """First what would come of it; done when the form that says so comes back."""
    form = ManyForm(request.POST)
    try:
        pieces = batches.chosen(_references(request))
        if not form.is_valid():
            messages.error(
                request, " ".join(str(each) for row in form.errors.values() for each in row)
            )
            return redirect("desk")
        if form.cleaned_data["deed"] == "export":
            return csv_file("pieces", batches.export(pieces, by=person_of(request)))
        deed = form.chosen()
        if request.POST.get("sure") != "yes":
            return _page(request, form, batches.foresee(pieces, deed, by=person_of(request)))
        _batch, outcome = batches.do(pieces, deed, by=person_of(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk")
    return _done(request, outcome)


@posted("desk_ledger")
def undo(request: HttpRequest) -> HttpResponse:
    """Take a batch back, as far as the rules still allow it."""
    try:
        _batch, outcome = batches.undo(request.POST.get("batch", "")[:8], by=person_of(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk_ledger")
    for piece, sentence in outcome.refused:
        messages.error(request, f"{piece.reference}: {sentence}")
    return _done(request, outcome)


def _references(request: HttpRequest) -> list[str]:
    """The rows that were ticked, or every row of the list as it was filtered."""
    if request.POST.get("whole") != "yes":
        return list(dict.fromkeys(request.POST.getlist("piece")))
    asked: Mapping[str, Any] = request.POST
    shelf = asked.get("state", "")
    sieve = Sieve(asked, shelf=shelf if shelf in SHELVES else SHELVES[0], person=person_of(request))
    rows = sieve.rows().values_list("reference", flat=True)
    return list(rows[: settings.MANY_AT_ONCE + 1])


def _page(request: HttpRequest, form: ManyForm, outcome: batches.Outcome) -> HttpResponse:
    context = {
        "deed": form.sentence(),
        "fields": [
            (name, request.POST[name])
            for name in ("deed", "theme", "person")
            if name in request.POST
        ],
        "changed": [_row(piece) for piece in outcome.changed],
        "same": len(outcome.same),
        "refused": [(_row(piece), sentence) for piece, sentence in outcome.refused],
        "section": "queue",
    }
    return render(request, "desk/many.html", context)


def _row(piece: Submission) -> dict[str, str]:
    title = piece.current.title if piece.current else ""
    return {
        "reference": piece.reference,
        "title": title or _("Without a title"),
        "language": piece.current.language if piece.current else "",
    }


def _done(request: HttpRequest, outcome: batches.Outcome) -> HttpResponse:
    """Back to the ledger, at the lines by which it can be undone."""
    changed = len(outcome.changed)
    messages.success(
        request,
        ngettext("%(n)s piece was changed.", "%(n)s pieces were changed.", changed)
        % {"n": changed},
    )
    return redirect("desk_ledger") if changed else redirect("desk")
