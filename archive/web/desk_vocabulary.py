"""The vocabulary at the desk: themes, the names of places, reasons for a no. Thin."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from archive import comparison, reasons, vocabulary
from archive.forms_sharing import StoryForm, UseForm, WhoForm
from archive.models.review import Reason
from archive.models.story import Story
from archive.models.vocabulary import Place, Theme
from archive.refusals import Incomplete, Refusal
from archive.web import paging
from archive.web.desk import desk, person_of, posted
from archive.web.desk_forms import MergeForm, PlaceForm, ReasonForm, ThemeForm
from archive.web.refusing import say_why_not

TEMPLATES = settings.BASE_DIR / "templates"
PLACES_PER_PAGE = 100


@require_safe
@desk
def themes(request: HttpRequest) -> HttpResponse:
    """The tree of themes with their words and how many public stories stand under each."""
    shown = Q(stories__in=Story.objects.public())
    rows = list(Theme.objects.annotate(count=Count("stories", filter=shown, distinct=True)))
    context = {"themes": _tree(rows), "section": "themes"}
    return render(request, "desk/themes.html", context)


def _tree(rows: Sequence[Theme]) -> list[Theme]:
    """The themes in the order of the tree, each with its `depth`; a loop made by hand ends."""
    below: dict[int | None, list[Theme]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    ordered: list[Theme] = []

    def walk(parent: int | None, depth: int) -> None:
        for row in below.pop(parent, []):
            row.depth = depth  # type: ignore[attr-defined]
            ordered.append(row)
            walk(row.pk, depth + 1)

    walk(None, 0)
    for parent in list(below):
        walk(parent, 0)
    return ordered


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def theme(request: HttpRequest, slug: str = "") -> HttpResponse:
    """One theme to change, or a new one."""
    row = get_object_or_404(Theme, slug=slug) if slug else Theme()
    form = ThemeForm(request.POST or None, instance=row, initial={} if slug else request.GET.dict())
    status = 200
    if request.method == "POST":
        status = _kept(request, form, lambda: vocabulary.keep(form.instance, by=person_of(request)))
        if status == 302:
            messages.success(request, _("The theme is kept. Lists and search follow."))
            return redirect("desk_themes")
    context = {
        "theme": Theme.objects.filter(slug=slug).first() if slug else None,
        "former": list(row.former_addresses.all()) if row.pk else [],
        "form": form,
        "merge_form": MergeForm(auto_id="id_merge_%s"),
        "section": "themes",
    }
    return render(request, "desk/theme.html", context, status=status)


def _kept(request: HttpRequest, form: ModelForm[Any], keep: Any) -> int:
    """302 where the stage kept it; otherwise the status of the page that says why not."""
    if not form.is_valid():
        return 422
    try:
        keep()
    except Refusal as refusal:
        say_why_not(form, refusal)
        return 422 if isinstance(refusal, Incomplete) else 409
    return 302


@posted("desk_theme", "slug")
def theme_act(request: HttpRequest, slug: str) -> HttpResponse:
    """Merge a theme into another one, retire it, or give it again."""
    row = get_object_or_404(Theme, slug=slug)
    verb, by = request.POST.get("verb"), person_of(request)
    try:
        if verb == "merge":
            form = MergeForm(request.POST)
            if not form.is_valid():
                raise Incomplete({"into": [_("Choose the theme that it goes into.")]})
            into = vocabulary.merge(row, into=form.cleaned_data["into"], by=by)
            messages.success(request, _("Merged. Its address leads to “%s” now.") % into.label)
        elif verb in ("retire", "revive"):
            vocabulary.retire(row, retired=verb == "retire", by=by)
            messages.success(request, _("The theme is kept. Lists and search follow."))
        else:
            raise Http404
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk_theme", slug=slug)
    return redirect("desk_themes")


@require_safe
@desk
def places(request: HttpRequest) -> HttpResponse:
    """Places and prisons of the gazetteer, found by any of their names."""
    wanted = " ".join(request.GET.get("q", "").split())[:100]
    rows = Place.objects.select_related("parent").filter(
        Q(name__icontains=wanted) | Q(aliases__icontains=wanted) if wanted else Q()
    )
    page = Paginator(rows, PLACES_PER_PAGE).get_page(request.GET.get("page"))

    def address(number: int) -> str:
        return f"{reverse('desk_places')}?{urlencode({'q': wanted, 'page': number})}"

    context = {
        "places": page,
        "q": wanted,
        "page": paging.links(page.number, page.paginator.num_pages, address),
        "section": "places",
    }
    return render(request, "desk/places.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """How one place is called."""
    row = get_object_or_404(Place, slug=slug)
    form = PlaceForm(request.POST or None, instance=row)
    status = 200
    if request.method == "POST":

        def keep() -> None:
            said = form.cleaned_data
            vocabulary.rename_place(
                row, name=said["name"], aliases=said["aliases"], by=person_of(request)
            )

        status = _kept(request, form, keep)
        if status == 302:
            messages.success(request, _("The names are kept. The search knows them."))
            return redirect("desk_places")
    context = {"place": row, "form": form, "section": "places"}
    return render(request, "desk/place.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def reasons_page(request: HttpRequest) -> HttpResponse:
    """The reasons for a no, in both languages; editors word them."""
    code = request.GET.get("code", "")
    chosen = Reason.objects.filter(code=code).first()
    begun = {} if chosen else reasons.first_wording(code)
    form = ReasonForm(request.POST or None, instance=chosen, initial=begun)
    status = 200
    if request.method == "POST":
        status = _kept(request, form, lambda: reasons.keep(form.instance, by=person_of(request)))
        if status == 302:
            messages.success(request, _("The reason is kept in these words."))
            return redirect("desk_reasons")
    context = {
        "reasons": list(reasons.every().items()),
        "form": form,
        "section": "reasons",
    }
    return render(request, "desk/reasons.html", context, status=status)


class _EveryField(StoryForm, WhoForm, UseForm):
    """Fields of every sort, for the gallery of components."""


@require_safe
@desk
def components(request: HttpRequest) -> HttpResponse:
    """Every part that pages are made of, with its states."""
    wrong = {"email": "marta@", "contact_ok": "on", "year": "3000"}
    changes = comparison.html("Marked down to ninety dollars.", "Marked down to 129.")
    return render(
        request,
        "desk/components.html",
        {
            "examples": json.loads((TEMPLATES / "desk" / "examples.json").read_text()),
            "form": _EveryField(auto_id="ok_%s"),
            "form_wrong": _EveryField(wrong, auto_id="wrong_%s"),
            "changes": [{"label": _("Text"), "language": "en", "html": changes}],
            "section": "components",
        },
    )
