"""The vocabulary at the desk, and the gallery of components. Thin."""

from __future__ import annotations

import json

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from archive import comparison
from archive.forms import ShareForm
from archive.models.story import Story
from archive.models.vocabulary import Theme
from archive.web.desk import desk

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
