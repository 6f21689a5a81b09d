"""Fields of the journey that Django does not have: several photographs, and a place by any name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from archive.models.vocabulary import Place


class ManyFiles(forms.ClearableFileInput):
    """A file field that takes several files at once."""

    allow_multiple_selected = True


class ManyPhotos(forms.FileField):
    """Several uploads as a list; what they are is for the photographs' door to find out."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > settings.PHOTOS_PER_SUBMISSION:
            raise forms.ValidationError(
                _("You chose %(count)s photographs. Please send at most %(limit)s at a time."),
                params={"count": len(files), "limit": settings.PHOTOS_PER_SUBMISSION},
            )
        return list(files)


class PlaceField(forms.CharField):
    """A place as typed, matched to the gazetteer by name or alias where it can be."""

    def clean(self, value: Any) -> tuple[Place | None, str]:  # type: ignore[override]
        typed = " ".join(super().clean(value).split())
        if not typed:
            return None, ""
        found = Place.objects.filter(name__iexact=typed).first()
        return found or _by_alias(typed.casefold()), typed


def _by_alias(wanted: str) -> Place | None:
    for place in Place.objects.exclude(aliases=[]):
        if wanted in (alias.casefold() for alias in place.aliases):
            return place
    return None
