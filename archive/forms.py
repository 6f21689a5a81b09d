"""What people may type, field by field, with the words that are said about each.

Owns the contributor's forms; the desk's are in `web.desk_forms`. Checks shape only; what may
happen is decided by the stages.
"""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from archive import consent, terms
from archive.intake import Allowed, Telling
from archive.models.story import Season
from archive.models.submission import Consent
from archive.models.vocabulary import Place

FIRST_YEAR = 1900  # nobody alive tells of an earlier one; older papers come by import


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
        if found is None:
            wanted = typed.casefold()
            found = next(
                (
                    place
                    for place in Place.objects.exclude(aliases=[])
                    if wanted in (alias.casefold() for alias in place.aliases)
                ),
                None,
            )
        return found, typed


class ShareForm(forms.Form):
    """One page for one story. Every choice begins at its safest value, and none is ticked."""

    title = forms.CharField(
        label=_("A title, if you have one"),
        help_text=_("If you leave it empty, we use your first words."),
        max_length=settings.TITLE_MAX_CHARACTERS,
        required=False,
    )
    body = forms.CharField(
        label=_("Your story"),
        help_text=_(
            "Write as you speak, in any language. A blank line begins a new paragraph. "
            "There is no right length."
        ),
        widget=forms.Textarea(attrs={"rows": 18}),
        required=False,
        strip=False,
    )
    language = forms.ChoiceField(
        label=_("The language of your story"),
        choices=[("en", "English"), ("es", "Español"), ("other", _("Another language"))],
        initial="en",
    )
    content_notes = forms.MultipleChoiceField(
        label=_("Does it speak of any of these?"),
        help_text=_("Readers see this before the text, and can choose to go on."),
        choices=list(terms.CONTENT_NOTES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    place = PlaceField(
        label=_("Where did it happen?"),
        help_text=_("A prison, a town or a county. You decide below whether it is shown."),
        max_length=120,
        required=False,
    )
    year = forms.IntegerField(
        label=_("In which year?"),
        help_text=_("Roughly is enough."),
        min_value=FIRST_YEAR,
        max_value=2100,
        required=False,
    )
    season = forms.ChoiceField(
        label=_("Which season?"),
        choices=[("", _("I would rather not say")), *Season.choices],
        required=False,
    )
    name_shown = forms.ChoiceField(
        label=_("How shall we name you?"),
        choices=Consent.NameShown.choices,
        initial=Consent.NameShown.NONE,
        widget=forms.RadioSelect,
    )
    chosen_name = forms.CharField(label=_("The name you choose"), max_length=120, required=False)
    first_name = forms.CharField(label=_("Your first name"), max_length=120, required=False)
    full_name = forms.CharField(
        label=_("Your full name"),
        help_text=_("We keep names locked away, and show only the one you chose above."),
        max_length=120,
        required=False,
    )
    others_named = forms.ChoiceField(
        label=_("Does it name other people who are alive?"),
        choices=[
            ("", _("It names nobody else")),
            ("changed", _("I changed their names")),
            ("agreed", _("They know, and agree")),
            ("unasked", _("I could not ask them; please look with care")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    place_shown = forms.ChoiceField(
        label=_("Which place may readers see?"),
        choices=Consent.PlaceShown.choices,
        initial=Consent.PlaceShown.NONE,
        widget=forms.RadioSelect,
    )
    date_shown = forms.ChoiceField(
        label=_("Which date may readers see?"),
        choices=Consent.DateShown.choices,
        initial=Consent.DateShown.SEASON,
        widget=forms.RadioSelect,
    )
    audience = forms.ChoiceField(
        label=_("Who may read it?"),
        help_text=_("Nothing is public before a person here has read it."),
        choices=[
            (Consent.Audience.TEAM, Consent.Audience.TEAM.label),
            (Consent.Audience.PUBLIC, Consent.Audience.PUBLIC.label),
        ],
        initial=Consent.Audience.TEAM,
        widget=forms.RadioSelect,
    )
    editing = forms.ChoiceField(
        label=_("If something in it should be changed"),
        choices=Consent.Editing.choices,
        initial=Consent.Editing.SHOW,
        widget=forms.RadioSelect,
    )
    search_engines = forms.BooleanField(
        label=_("Search engines such as Google may list it"), required=False
    )
    uses = forms.MultipleChoiceField(
        label=_("Besides being read here, may it be used?"),
        help_text=_("Each is your choice. None is needed."),
        choices=list(terms.USES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    photos = ManyPhotos(
        label=_("Photographs"),
        help_text=_(
            "JPEG, PNG, HEIC or WebP, up to 25 MB each. We remove what is hidden inside, such as "
            "the place where a photo was taken."
        ),
        required=False,
    )
    photos_published = forms.BooleanField(
        label=_("These photographs may be published, and everyone you can recognise has agreed"),
        required=False,
    )
    on_behalf = forms.ChoiceField(
        label=_("Whose story is it?"),
        choices=[
            (Consent.Giver.SELF, _("My own")),
            *[choice for choice in Consent.Giver.choices if choice[0] != Consent.Giver.SELF],
        ],
        initial=Consent.Giver.SELF,
        widget=forms.RadioSelect,
    )
    adult = forms.ChoiceField(
        label=_("Are you 18 or older?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say whether you are 18 or older.")},
    )
    contact_ok = forms.BooleanField(label=_("You may write to me about this story"), required=False)
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Mail from us says only that there is news, never a word of your story."),
        max_length=200,
        required=False,
        error_messages={
            "invalid": _("This address lacks something. It looks like name@example.org.")
        },
    )
    token = forms.CharField(widget=forms.HiddenInput, max_length=100)
    # A field that people do not see and programs fill. Nothing is refused because of it.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean(self) -> dict[str, Any]:
        """A name that shall be shown must have been given."""
        data = super().clean() or self.cleaned_data
        shown = data.get("name_shown", "none")
        if shown != Consent.NameShown.NONE and not data.get(f"{shown}_name", "").strip():
            self.add_error(
                f"{shown}_name", _("Write the name that shall be shown, or choose “No name”.")
            )
        if data.get("contact_ok") and not data.get("email"):
            self.add_error("email", _("Write an address, or take the tick away."))
        return data

    def clean_year(self) -> int | None:
        year: int | None = self.cleaned_data["year"]
        if year and year > datetime.date.today().year:  # noqa: DTZ011 - a year needs no zone
            raise forms.ValidationError(_("That year has not come yet. Please check it."))
        return year

    def telling(self) -> Telling:
        """What is told, for `intake.receive`."""
        data = self.cleaned_data
        place, typed = data["place"]
        return Telling(
            title=data["title"],
            body=data["body"],
            language=data["language"],
            place=place,
            place_text="" if place else typed,
            year_from=data["year"],
            season=data["season"],
            content_notes=tuple(data["content_notes"]),
        )

    def allowed(self) -> Allowed:
        """The consent, with every question and answer as it stood on the page."""
        data = self.cleaned_data
        return Allowed(
            wording=self.wording(),
            wording_version=consent.WORDING_VERSION,
            **{
                name: data[name]
                for name in (
                    "name_shown", "place_shown", "date_shown", "audience", "search_engines",
                    "uses", "contact_ok", "on_behalf", "others_named", "photos_published", "editing",
                )
            },
            adult=data["adult"] == "yes",
        )  # fmt: skip

    def names(self) -> dict[str, str]:
        """The names that were given, under the keys of the choices they belong to."""
        data = self.cleaned_data
        return {
            choice: data[f"{choice}_name"]
            for choice in ("chosen", "first", "full")
            if data[f"{choice}_name"].strip()
        }

    def wording(self) -> str:
        """The consent questions and the answers, line by line, in the language of the page."""
        lines = []
        for name in CONSENT_FIELDS:
            field = self.fields[name]
            lines.append(f"{field.label} {self._answer(name, field)}")
        return "\n".join(lines)

    def _answer(self, name: str, field: forms.Field) -> str:
        value = self.cleaned_data[name]
        if isinstance(field, forms.BooleanField):
            return str(_("Yes") if value else _("No"))
        labels = dict(getattr(field, "choices", []))
        if isinstance(value, list):
            return "; ".join(str(labels[each]) for each in value) or "—"
        return str(labels.get(value, value))


CONSENT_FIELDS = (
    "audience", "name_shown", "place_shown", "date_shown", "search_engines", "uses",
    "photos_published", "editing", "on_behalf", "others_named", "adult", "contact_ok",
)  # fmt: skip


class ReceiptForm(forms.Form):
    """The code, typed or pasted, in any shape people write it."""

    code = forms.CharField(
        label=_("Your receipt code"),
        help_text=_("Twenty letters and digits, with or without dashes."),
        max_length=100,
        error_messages={
            "required": _("Type the code that you were given when you sent your story.")
        },
    )


class AnswerForm(forms.Form):
    """The contributor's answer, and the signed key that their receipt opened."""

    key = forms.CharField(widget=forms.HiddenInput)
    words = forms.CharField(label=_("Your answer"), widget=forms.Textarea(attrs={"rows": 6}))
