"""What editors may type at the desk: campaigns, reports, news, the standing pages.

Checks shape only; what happens is decided by `archive.editing`. Rows that repeat (demands, dates,
calls, partners) are plain fields, with some empty ones at the end; a row left empty is no row.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.forms import formset_factory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.editing import CampaignWords, Words
from archive.models.editorial import Report
from archive.models.vocabulary import Call, Campaign

EMPTY_ROWS = 2  # at the end of each list; “More rows” gives as many again
MOST_ROWS = 40  # of one list: more is no campaign but a directory
_NUMBER = re.compile(r"\+?[\d\s().-]{5,24}")


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class LinkField(forms.CharField):
    """A web address, an e-mail address, a telephone number, or a page of ours beginning with /."""

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value).strip()
        if not typed or re.fullmatch(r"/(?!/)\S*", typed):
            return typed
        if _NUMBER.fullmatch(typed):
            return "tel:" + re.sub(r"[^\d+]", "", typed)
        if re.fullmatch(r"tel:\+?[\d-]+", typed):
            return typed
        if re.fullmatch(r"(mailto:)?[^@\s/:]+@[^@\s/:]+\.[^@\s/:]+", typed):
            return typed if typed.startswith("mailto:") else f"mailto:{typed}"
        whole = typed if "://" in typed else f"https://{typed}"
        try:
            URLValidator(schemes=["http", "https"])(whole)
        except ValidationError as problem:
            raise ValidationError(
                _("This is no address. Copy it from the top of the page you want to lead to.")
            ) from problem
        return whole


def _day(**said: Any) -> forms.DateField:
    """A day by the browser's own calendar, which speaks 2026-12-10 in every language."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **said
    )


class _Row(forms.Form):
    """One row of a list; without words it is none, whatever it held before."""

    def has_changed(self) -> bool:
        """Whether something stands in it; a choice alone is no word."""
        return any(str(self[name].data or "").strip() for name in self.fields if name != "kind")


class DemandForm(_Row):
    """One thing that a campaign asks for."""

    en = forms.CharField(label=_("In English"), max_length=400, widget=_long(2))
    es = forms.CharField(label=_("In Spanish"), max_length=400, widget=_long(2), required=False)


class DateForm(_Row):
    """A day, and what happens on it."""

    when = _day(label=_("Day"))
    label_en = forms.CharField(label=_("What happens, in English"), max_length=200)
    label_es = forms.CharField(label=_("In Spanish"), max_length=200, required=False)


class CallForm(_Row):
    """Something that readers can do."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Call.choices)
    url = LinkField(
        label=_("Where it leads"),
        help_text=_("A web address, an e-mail address or a telephone number."),
        max_length=500,
    )
    label_en = forms.CharField(label=_("What one can do, in English"), max_length=160)
    label_es = forms.CharField(label=_("In Spanish"), max_length=160, required=False)
    when = _day(label=_("Until"), required=False)


class PartnerForm(_Row):
    """An organisation behind the campaign."""

    name = forms.CharField(label=_("Organisation"), max_length=120)
    url = LinkField(label=_("Its address"), max_length=500)
    join_en = forms.CharField(
        label=_("How to join, in English"), max_length=300, widget=_long(2), required=False
    )
    join_es = forms.CharField(
        label=_("In Spanish"), max_length=300, widget=_long(2), required=False
    )


class _Rows(forms.BaseFormSet):
    """Rows of one kind, in order."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {"empty_permitted": True, "use_required_attribute": False}

    @property
    def rows(self) -> list[dict[str, str]]:
        """What was typed, days as 2026-12-10; empty values are left out."""
        return [
            {name: str(value) for name, value in form.cleaned_data.items() if value}
            for form in self.forms
            if form.has_changed()
        ]


ROWS: dict[str, type[forms.Form]] = {
    "demands": DemandForm,
    "dates": DateForm,
    "calls": CallForm,
    "partners": PartnerForm,
}
HEADINGS = {
    "demands": _("What it asks for"),
    "dates": _("Dates"),
    "calls": _("What readers can do"),
    "partners": _("Who stands behind it"),
}


class CampaignForm(forms.Form):
    """A campaign without its rows; only the English title is needed."""

    title_en = forms.CharField(label=_("Title in English"), max_length=120)
    title_es = forms.CharField(label=_("Title in Spanish"), max_length=120, required=False)
    goal_en = forms.CharField(
        label=_("The goal, in English"),
        help_text=_("One or two sentences; they stand large at the top of the page."),
        widget=_long(3),
        max_length=1_000,
        required=False,
    )
    goal_es = forms.CharField(
        label=_("The goal, in Spanish"), widget=_long(3), max_length=1_000, required=False
    )
    shown = forms.BooleanField(
        label=_("Show it to the public"),
        help_text=_("Without this only the desk sees it."),
        required=False,
        initial=True,
    )


class CampaignSheet:
    """The form of a campaign and its four lists, filled from a campaign or from what was typed."""

    def __init__(self, campaign: Campaign | None, posted: Any = None) -> None:
        self.form = CampaignForm(posted, initial=_as_typed(campaign))
        self.lists: dict[str, Any] = {
            name: formset_factory(
                form, formset=_Rows, extra=EMPTY_ROWS, max_num=MOST_ROWS, validate_max=True
            )(posted, initial=getattr(campaign, name, None), prefix=name)
            for name, form in ROWS.items()
        }

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The lists as the page shows them."""
        return [
            {"name": name, "heading": HEADINGS[name], "rows": rows}
            for name, rows in self.lists.items()
        ]

    def is_valid(self) -> bool:
        """Whether everything was typed as it can be; every list is looked at."""
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self.lists.values())])

    def words(self) -> CampaignWords:
        """What a valid sheet says."""
        rows = {name: formset.rows for name, formset in self.lists.items()}
        return CampaignWords(**self.form.cleaned_data, **rows)

    @property
    def wrong_rows(self) -> int:
        """How many rows must be looked at again."""
        return sum(bool(form.errors) for rows in self.lists.values() for form in rows.forms)


def _as_typed(campaign: Campaign | None) -> dict[str, Any]:
    names = CampaignForm.base_fields
    return {name: getattr(campaign, name) for name in names} if campaign else {}


class ReportForm(forms.Form):
    """A PDF to put beside a campaign."""

    title_en = forms.CharField(label=_("Title in English"), max_length=160)
    title_es = forms.CharField(label=_("Title in Spanish"), max_length=160, required=False)
    language = forms.ChoiceField(
        label=_("The language of the document"), choices=Report.Language.choices
    )
    file = forms.FileField(
        label=_("The PDF file"),
        help_text=_("At most %s megabytes.") % (settings.REPORT_MAX_BYTES // 1_000_000),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        allow_empty_file=True,
    )


class WordsForm(forms.Form):
    """A title and a text in both languages, in Markdown."""

    title_en = forms.CharField(label=_("Title in English"), max_length=120)
    body_en = forms.CharField(
        label=_("Text in English"),
        help_text=_("A blank line begins a paragraph; ## before a line makes it a heading."),
        widget=_long(14),
        max_length=40_000,
    )
    title_es = forms.CharField(label=_("Title in Spanish"), max_length=120, required=False)
    body_es = forms.CharField(
        label=_("Text in Spanish"), widget=_long(14), max_length=40_000, required=False
    )

    def words(self) -> Words:
        """What a valid form says."""
        names = ("title_en", "body_en", "title_es", "body_es")
        return Words(**{name: self.cleaned_data[name] for name in names})


class NewsForm(WordsForm):
    """The same with the day from which it is shown."""

    day = _day(
        label=_("Day"), help_text=_("It is shown from this day on."), initial=timezone.localdate
    )
    field_order = ("day",)
