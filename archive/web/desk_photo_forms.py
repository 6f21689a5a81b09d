"""What the desk types about enclosed photographs: words and places. Shape only."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.enclosures import Place, Words
from archive.models.submission import Enclosure
from archive.pairing import MOST


class WordsForm(forms.Form):
    """Everything that is said about one photograph."""

    recognisable = forms.ChoiceField(
        label=_("Who can be recognised here?"),
        help_text=_(
            "A face, a tattoo, a name on a shirt. Whoever has not agreed is covered, or the "
            "photograph stays out. Where several answers are true, choose the last of them."
        ),
        choices=Enclosure.Recognisable.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    alt = forms.CharField(
        label=_("Description for people who do not see it"),
        help_text=_(
            "One or two sentences, as you would say it on the telephone: “A woman in a winter coat "
            "holds an envelope against the glass of a bus window.”"
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    decorative = forms.BooleanField(
        label=_("It is there for its looks only"),
        help_text=_("Nothing would be missed without it; screen readers pass it over."),
        required=False,
    )
    transcript = forms.CharField(
        label=_("What is written on it"),
        help_text=_("Word for word, as it is spelled. It is shown beside the page, and found."),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
    )
    sitter = forms.CharField(label=_("Who is shown, as they allow"), max_length=200, required=False)
    caption = forms.CharField(
        label=_("Caption"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    credit = forms.CharField(label=_("Credit"), max_length=200, required=False)

    @classmethod
    def of(cls, row: Enclosure) -> WordsForm:
        """Filled with what is said now."""
        return cls(initial={name: getattr(row, name) for name in cls.base_fields})

    def words(self) -> Words:
        """What was typed, as the stage takes it."""
        return Words(**self.cleaned_data)


class PlaceForm(forms.Form):
    """Where one photograph stands."""

    position = forms.IntegerField(label=_("Place"), min_value=1, max_value=MOST)
    part = forms.ChoiceField(label=_("Shows"), choices=Enclosure.Part.choices)
    plate = forms.IntegerField(label=_("Plate"), min_value=1, max_value=MOST, required=False)

    @classmethod
    def of(cls, row: Enclosure) -> PlaceForm:
        """Filled with where it stands now."""
        now = {"position": row.position + 1, "part": row.part, "plate": row.plate}
        return cls(initial=now, prefix=str(row.pk))

    def place(self) -> Place:
        """What was typed, as the stage takes it."""
        data = self.cleaned_data
        return Place(data["position"], data["part"], data["plate"])
