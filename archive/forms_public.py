"""What readers may type: the newsletter's form, and the form that tells the editors of a wrong.

Checks shape only; what happens is decided by `archive.newsletter` and `archive.concerns`.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from archive import languages
from archive.models.concern import Concern
from archive.models.vocabulary import Theme


class Trapped(forms.Form):
    """A form with a field that people do not see and machines fill in."""

    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    @property
    def trapped(self) -> bool:
        """Whether a machine has filled it in; for valid forms."""
        return bool(self.cleaned_data["website"])


class NewsletterForm(Trapped):
    """An address, a language, and what the letters shall be about."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    language = forms.ChoiceField(
        label=_("In which language?"),
        choices=[("en", "English"), ("es", "Español")],
        widget=forms.RadioSelect,
    )
    themes = forms.ModelMultipleChoiceField(
        label=_("What would you like to hear of?"),
        help_text=_("If you choose nothing, we write about everything."),
        queryset=Theme.objects.filter(retired=False, parent=None),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = languages.spoken()
        self.fields["themes"].label_from_instance = lambda theme: theme.label  # type: ignore[attr-defined]


class ConcernForm(Trapped):
    """What is wrong with a story, and a few words."""

    reason = forms.ChoiceField(
        label=_("What is wrong?"), choices=Concern.Reason.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Tell us what we should know"),
        help_text=_(
            "We do not ask who you are. Leave a way to reach you only if you want an answer."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=settings.CONCERN_MAX_CHARACTERS,
        required=False,
    )
