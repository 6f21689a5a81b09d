"""One piece at the desk: read it, compare its versions, act on it. Thin."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from archive import moderation
from archive.models.submission import Submission
from archive.refusals import Refusal, VersionChanged
from archive.web import desk_reading as reading
from archive.web.desk import desk, person_of, posted
from archive.web.desk_acts import ACTS
from archive.web.desk_comparison import differences
from archive.web.desk_forms import ContactForm
from archive.web.numbers import number_in
from archive.web.refusing import say_why_not


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def piece(request: HttpRequest, reference: str) -> HttpResponse:
    """Read a piece, and act on it: each form posts its verb and the version that was read."""
    row = reading.find(reference)
    if request.method != "POST":
        return _page(request, row)
    name = request.POST.get("verb", "")
    if name not in ACTS:
        messages.error(request, _("This is not something that can be done here."))
        return redirect("desk_piece", reference=reference)
    form = reading.typed(name, request.POST, row)
    if not form.is_valid():
        return _page(request, row, {name: form}, status=422)
    try:
        made = ACTS[name].do(row, form.cleaned_data, person_of(request))
    except Refusal as refusal:
        return _refused(request, reference, name, refusal)
    done = ACTS[name].done
    messages.success(request, done(made) if callable(done) else str(done))
    if name == "yield":  # who hands on what is hard to bear is not left before it
        return redirect("desk")
    return redirect("desk_piece", reference=reference)


def _refused(request: HttpRequest, reference: str, name: str, refusal: Refusal) -> HttpResponse:
    """The page again, with the reason and with what was typed.

    Where the piece has changed meanwhile the page shows what changed, and the form carries the
    version that is shown there: whoever sends it again has had it before their eyes.
    """
    row = reading.find(reference)
    typed = request.POST.copy()
    seen = int(str(typed["version"])) if isinstance(refusal, VersionChanged) else None
    if seen is not None:
        typed["version"] = str(row.version)
    form = reading.typed(name, typed, row)
    say_why_not(form, refusal)
    return _page(request, row, {name: form}, seen=seen, status=409)


def _page(
    request: HttpRequest,
    row: Submission,
    typed: dict[str, forms.Form] | None = None,
    *,
    seen: int | None = None,
    status: int = 200,
) -> HttpResponse:
    person = person_of(request)
    by_name = {**reading.possible(row, person), **(typed or {})}
    unveiled = request.GET.get("photos") == "shown"
    context = reading.page(row, by_name, person=person, seen=seen, unveiled=unveiled)
    context["refused"] = next(iter((typed or {}).values()), None)
    return render(request, "desk/piece.html", context, status=status)


@require_safe
@desk
def compare(request: HttpRequest, reference: str) -> HttpResponse:
    """Two versions of a piece, word by word; the newest two where nothing was chosen."""
    row = reading.find(reference)
    revisions = {each.number: each for each in row.revisions.select_related("place", "made_by")}
    newest = max(revisions)
    before = number_in(request.GET.get("from", ""), otherwise=max(1, newest - 1))
    after = number_in(request.GET.get("to", ""), otherwise=newest)
    if before not in revisions or after not in revisions:
        raise Http404
    return render(
        request,
        "desk/compare.html",
        {
            "reference": row.reference,
            "title": revisions[after].title,
            "language": revisions[after].language,
            "versions": list(revisions.values()),
            "before": before,
            "after": after,
            "rows": differences(revisions[before], revisions[after]),
            "section": "queue",
        },
    )


@posted("desk_piece", "reference")
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """The contact details, shown once on a page that nothing keeps, for a reason that is kept."""
    row = reading.find(reference)
    form = ContactForm(request.POST, auto_id="id_contact_%s")
    opened: dict[str, str] = {}
    status = 200 if form.is_valid() else 422
    if form.is_valid():
        try:
            opened = moderation.open_contact(
                row, reason=form.cleaned_data["reason"], by=person_of(request)
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
    context = {
        "reference": row.reference,
        "opened": [(contact_label(name), value) for name, value in opened.items()],
        "may_write": row.consent_in_force.contact_ok,
        "form": form,
        "section": "queue",
    }
    return render(request, "desk/contact.html", context, status=status)


def contact_label(name: str) -> str:
    """What a sealed detail is called; an unknown one names itself."""
    return {
        "chosen": _("Chosen name"),
        "first": _("First name"),
        "full": _("Full name"),
        "email": _("E-mail"),
        "phone": _("Telephone"),
    }.get(name, name)
