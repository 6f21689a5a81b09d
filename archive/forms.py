"""What people may type, field by field, with the words that are said about each.

Owns the desk's small forms (contributors': `web.share_forms`). Checks shape only; what may happen
is decided by the stages.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from archive.models.vocabulary import Campaign, Theme
from archive.moderation import REASONS


class DecisionForm(forms.Form):
    """What every decision at the desk carries: the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class Entries(forms.ModelMultipleChoiceField):
    """Entries of the vocabulary as checkboxes, named as readers see them."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return str(getattr(obj, "label", "") or obj.title)


class ThemesForm(DecisionForm):
    """Accept or publish, with themes and campaigns."""

    themes = Entries(
        label=_("Themes"),
        queryset=Theme.objects.filter(retired=False),
        to_field_name="slug",
        required=False,
        error_messages={"invalid_choice": _("“%(value)s” is not one of our themes.")},
    )
    campaigns = Entries(
        label=_("Campaigns"),
        queryset=Campaign.objects.all(),
        to_field_name="slug",
        required=False,
    )


class DeclineForm(DecisionForm):
    """No, with a reason that the contributor reads."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=list(REASONS.items()), widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note for colleagues"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class AskForm(DecisionForm):
    """A question to the contributor."""

    question = forms.CharField(
        label=_("Your question"),
        help_text=_("They read it when they come back with their receipt."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class EditForm(DecisionForm):
    """A new version of the words; the one before stays."""

    title = forms.CharField(label=_("Title"), max_length=settings.TITLE_MAX_CHARACTERS)
    summary = forms.CharField(
        label=_("Summary"),
        help_text=_("One or two sentences of ours, for lists."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 20}), strip=False)
    reason = forms.CharField(label=_("Why"), max_length=200)


class PhotoForm(forms.Form):
    """The words that stand at a photograph."""

    enclosure = forms.IntegerField(widget=forms.HiddenInput)
    alt = forms.CharField(
        label=_("Description for people who do not see it"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    withheld = forms.BooleanField(label=_("Leave this photograph out"), required=False)


class NoteForm(forms.Form):
    """A note for colleagues, or for whoever a piece is referred to."""

    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )
