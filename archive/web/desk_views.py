"""The views of the queue that somebody keeps: kept, renamed, removed on one page. Thin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from archive import saved_views
from archive.models.person import SavedView
from archive.refusals import Incomplete, Refusal
from archive.web.desk import desk, person_of
from archive.web.desk_forms import ViewForm
from archive.web.desk_sieve import address, worth_keeping
from archive.web.numbers import number_in

_OURS = {"csrfmiddlewaretoken", "verb", "name", "view"}  # beside the filters of the queue


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def views(request: HttpRequest) -> HttpResponse:
    """Hers, each with its name to change and a button that removes it."""
    if request.method != "POST":
        return _page(request)
    try:
        said = _done(request)
    except Incomplete as refusal:
        sentences = [each for several in refusal.errors.values() for each in several]
        return _page(request, sentences, status=422)
    except Refusal as refusal:
        return _page(request, [str(refusal)], status=409)
    messages.success(request, said)
    return redirect("desk" if request.POST["verb"] == "keep" else "desk_views")


def _done(request: HttpRequest) -> str:
    """Do what was posted; the sentence that says so."""
    verb, name, by = request.POST.get("verb"), request.POST.get("name", ""), person_of(request)
    if verb == "keep":
        saved_views.keep(name, worth_keeping(_filters(request)), by=by)
        return _("Kept. It stands above the queue, for you alone.")
    view = get_object_or_404(SavedView, pk=number_in(request.POST.get("view", "")), person=by)
    if verb == "rename":
        saved_views.rename(view, name, by=by)
        return _("It has its new name.")
    if verb == "remove":
        saved_views.remove(view, by=by)
        return _("It is kept no longer.")
    raise Http404


def _filters(request: HttpRequest) -> dict[str, str]:
    return {key: request.POST[key] for key in request.POST if key not in _OURS}


def _page(request: HttpRequest, said: list[str] | None = None, status: int = 200) -> HttpResponse:
    """The page; what was refused comes back as it was typed."""
    verb, typed = request.POST.get("verb", ""), request.POST.get("name", "")
    rows = []
    for view in SavedView.objects.filter(person=person_of(request)):
        here = verb == "rename" and request.POST.get("view") == str(view.pk)
        form = ViewForm(initial={"name": typed if here else view.name}, auto_id=f"id_{view.pk}_%s")
        form.fields["name"].help_text = ""  # said once, where it is kept
        rows.append({"view": view, "form": form, "url": address(view.filters)})
    context: dict[str, Any] = {"rows": rows, "said": said or [], "section": "queue"}
    if verb == "keep":
        context |= {"again": ViewForm(initial={"name": typed}), "filters": _filters(request)}
    return render(request, "desk/views.html", context, status=status)
