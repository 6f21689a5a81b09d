"""Covered parts of a photograph as they are typed: rows of numbers, which the drawing script fills too.

Owns the form and its reading. Called by the desk and by the contributor's journey, whose pages share
`templates/photos/_covers.html`. Shape only; whether a photograph may be covered the stages say.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from archive.models.submission import Enclosure


class RegionForm(forms.Form):
    """One covered part, in hundredths of the picture's width and height."""

    shape = forms.ChoiceField(
        label=_("Form"),
        choices=[("rect", _("Rectangle")), ("ellipse", _("Ellipse"))],
        initial="rect",
    )
    how = forms.ChoiceField(
        label=_("Covered by"),
        choices=[("black", _("Black")), ("blur", _("Blur, beyond recovery"))],
        initial="black",
    )
    x = forms.FloatField(label=_("From the left, %"), min_value=0, max_value=100)
    y = forms.FloatField(label=_("From the top, %"), min_value=0, max_value=100)
    w = forms.FloatField(label=_("Width, %"), min_value=0.1, max_value=100)
    h = forms.FloatField(label=_("Height, %"), min_value=0.1, max_value=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in "xywh":
            self.fields[name].widget.attrs["step"] = "0.01"

    def region(self) -> dict[str, Any]:
        """What was typed, as `photos.redact` takes it."""
        data = self.cleaned_data
        parts = {name: data[name] / 100 for name in "xywh"}
        return {"shape": data["shape"], "how": data["how"], **parts}


_Regions = forms.formset_factory(
    RegionForm,
    extra=2,  # without scripts: two more with every round
    can_delete=True,
    max_num=settings.PHOTO_MAX_REGIONS,
    absolute_max=settings.PHOTO_MAX_REGIONS,
    validate_max=True,
)


def regions_form(row: Enclosure, data: Any = None) -> Any:
    """The covered parts as rows of numbers, with two empty rows."""
    return _Regions(data, initial=list(map(_percent, row.photo.redactions)), prefix="part")


def regions_of(formset: Any) -> list[dict[str, Any]]:
    """The rows that were filled in and not taken off."""
    return [each.region() for each in _filled(formset)]


def _filled(formset: Any) -> Iterable[RegionForm]:
    return (
        form for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")
    )


def _percent(region: dict[str, Any]) -> dict[str, Any]:
    return {**region, **{name: round(region[name] * 100, 3) for name in "xywh"}}
