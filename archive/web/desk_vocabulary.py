"""The vocabulary at the desk, and the gallery of components. Thin."""

from __future__ import annotations

import json

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from archive import comparison, reasons
from archive.forms import ShareForm
from archive.models.review import Reason
from archive.models.story import Story
from archive.models.vocabulary import Theme
from archive.refusals import Refusal
from archive.web.desk import desk, person_at
from archive.web.desk_forms import ReasonForm

TEMPLATES = settings.BASE_DIR / "templates"


@require_safe
@desk
def themes(request: HttpRequest) -> HttpResponse:
    """Every theme with its words and how many public stories stand under it."""
    shown = Q(stories__in=Story.objects.public())
    rows = Theme.objects.annotate(count=Count("stories", filter=shown, distinct=True))
    return render(request, "desk/themes.html", {"themes": rows, "section": "themes"})


@require_safe
@desk
def components(request: HttpRequest) -> HttpResponse:
    """Every part that pages are made of, with its states."""
    wrong = {"email": "marta@", "contact_ok": "on", "year": "3000"}
    return render(
        request,
        "desk/components.html",
        {
            "examples": json.loads((TEMPLATES / "desk" / "examples.json").read_text()),
            "form": ShareForm(initial={"token": "-"}, auto_id="ok_%s"),
            "form_wrong": ShareForm(wrong, auto_id="wrong_%s"),
            "changes": [
                {
                    "label": _("Text"),
                    "language": "en",
                    "html": comparison.html(
                        "Marked down to ninety dollars.", "Marked down to 129."
                    ),
                }
            ],
            "section": "components",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def reasons_page(request: HttpRequest) -> HttpResponse:
    """The reasons for a no, in both languages; editors word them."""
    chosen = Reason.objects.filter(code=request.GET.get("code", "")).first()
    form = ReasonForm(request.POST or None, instance=chosen)
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                reasons.keep(form.instance, by=person_at(request))
                messages.success(request, _("The reason is kept in these words."))
                return redirect("desk_reasons")
            status = 422
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
    context = {
        "reasons": list(reasons.every().items()),
        "worded": set(Reason.objects.values_list("code", flat=True)),
        "form": form,
        "section": "reasons",
    }
    return render(request, "desk/reasons.html", context, status=status)
