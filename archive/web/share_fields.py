"""A field of the journey that Django does not have: several photographs at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


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
