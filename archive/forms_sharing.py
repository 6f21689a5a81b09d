"""What contributors may tell, step by step, with the words that are said about each field.

Owns the forms of the journey, which read what comes by the API as well, and of changes after
sending. Checks shape only; what may happen is decided by the stages. Every choice begins at its
safest value, and no box is ticked.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive import choices as said
from archive import languages, terms
from archive.models.story import Season
from archive.models.submission import Consent
from archive.models.vocabulary import Place

FIRST_YEAR = 1900  # nobody alive tells of an earlier one; older papers come by import


def one_of(label: Any, answers: said.Answers, safest: str | None = None, **more: Any) -> Any:
    """Radio buttons; `safest` is chosen already, None where they must choose themselves."""
    return forms.ChoiceField(
        label=label, choices=answers, initial=safest, widget=forms.RadioSelect, **more
    )


class PlaceField(forms.CharField):
    """A place as typed, matched to the gazetteer by name or alias where it can be."""

    def clean(self, value: Any) -> tuple[Place | None, str]:  # type: ignore[override]
        typed = " ".join(super().clean(value).split())
        if not typed:
            return None, ""
        return Place.objects.filter(name__iexact=typed).first() or _meant_by(typed), typed


def _meant_by(typed: str) -> Place | None:
    """The one place that is called so: by how its name begins, or by another name of it.

    Towns are names of the prisons in them: "Attica" is the prison that begins so and not the other
    one there, and a name of several is no name of any. A wrong prison is worse than none.
    """
    wanted = typed.casefold()
    begun = Place.objects.filter(name__istartswith=f"{typed} ")[:2]
    if len(begun) == 1:
        return begun[0]
    named = [
        place
        for place in Place.objects.exclude(aliases=[])
        if wanted in (alias.casefold() for alias in place.aliases)
    ]
    return named[0] if len(named) == 1 else None


class StepForm(forms.Form):
    """One page of the journey."""

    consents: Sequence[str] = ()  # fields whose question and answers belong to the consent

    def wording(self) -> str:
        """The questions and every answer, as they stood on the page; (x) is what was chosen."""
        return "\n\n".join(self._worded(name) for name in self.consents)

    def _worded(self, name: str) -> str:
        field, value = self.fields[name], self.cleaned_data.get(name)
        lines = [str(field.label), *([str(field.help_text)] if field.help_text else [])]
        if isinstance(field, forms.BooleanField):
            lines.append(f"({'x' if value else ' '}) {_('Yes')}")
        elif isinstance(field.widget, forms.Select | forms.RadioSelect):
            lines += [_answer(each, label, value) for each, label in list(field.widget.choices)]
        elif value:
            lines.append(str(value))
        return "\n".join(lines)


def _answer(code: str, label: Any, value: Any) -> str:
    chosen = code in value if isinstance(value, list) else code == value
    return f"({'x' if chosen else ' '}) {said.told(label)}"


class StoryForm(StepForm):
    """The words."""

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
        max_length=settings.STORY_MAX_CHARACTERS,
        error_messages={
            "max_length": _(
                "The text is longer than %(limit_value)d characters. Send it in two parts."
            )
        },
        required=False,
        strip=False,
    )
    language = forms.ChoiceField(
        label=_("The language of your story"), choices=said.LANGUAGES, initial="other"
    )
    content_notes = forms.MultipleChoiceField(
        label=_("Does it speak of any of these?"),
        help_text=_("Readers see this before the text, and can choose to go on."),
        choices=list(terms.CONTENT_NOTES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        here = languages.spoken()
        if here in dict(said.LANGUAGES):
            self.fields["language"].initial = here


class QuestionsForm(StepForm):
    """The same as answers to gentle questions; none is needed."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for name, question in said.QUESTIONS:
            self.fields[name] = forms.CharField(
                label=question,
                widget=forms.Textarea(attrs={"rows": 5}),
                required=False,
                strip=False,
            )


class NamesForm(StepForm):
    """How the narrator is named."""

    name_shown = one_of(_("How shall we name you?"), said.NAMES, Consent.NameShown.NONE)
    chosen_name = forms.CharField(label=_("The name you choose"), max_length=120, required=False)
    first_name = forms.CharField(label=_("Your first name"), max_length=120, required=False)
    full_name = forms.CharField(
        label=_("Your full name"),
        help_text=_("We keep names locked away, and show only the one you chose above."),
        max_length=120,
        required=False,
    )
    known: frozenset[str] = frozenset()  # names that we have under seal already

    def clean(self) -> dict[str, Any]:
        """A name that shall be shown must have been given."""
        data = super().clean() or self.cleaned_data
        shown = data.get("name_shown", Consent.NameShown.NONE)
        given = shown in self.known or data.get(f"{shown}_name", "").strip()
        if shown != Consent.NameShown.NONE and not given:
            self.add_error(
                f"{shown}_name", _("Write the name that shall be shown, or choose “No name”.")
            )
        return data

    def names(self) -> dict[str, str]:
        """The names that were given, under the keys of the choices they belong to."""
        data = self.cleaned_data
        return {
            choice: data[f"{choice}_name"]
            for choice in ("chosen", "first", "full")
            if data.get(f"{choice}_name", "").strip()
        }


class ShownForm(StepForm):
    """How exactly place and time are shown."""

    place_shown = one_of(_("Which place may readers see?"), said.PLACES, Consent.PlaceShown.NONE)
    date_shown = one_of(_("Which date may readers see?"), said.DATES, Consent.DateShown.SEASON)


class WhoForm(NamesForm, ShownForm):
    """Who and where; all but the age may stay empty."""

    on_behalf = one_of(_("Whose story is it?"), said.GIVERS, Consent.Giver.SELF)
    they_know = one_of(_("Do they know that you tell it?"), said.KNOWS, "", required=False)
    could_hurt = one_of(
        _("Could it hurt them?"),
        said.HURTS,
        "",
        help_text=_(
            "Think of a case that is not over, or of parole. Think of who has the children, of "
            "immigration, of someone violent."
        ),
        required=False,
    )
    adult = one_of(
        _("Are you 18 or older?"),
        said.OF_AGE,
        error_messages={"required": _("Please say whether you are 18 or older.")},
    )
    guardian = forms.BooleanField(
        label=_("A parent or guardian has read it and agrees, and so do I"), required=False
    )
    others_named = one_of(
        _("Does it name other people who are alive?"), said.OTHERS, "", required=False
    )
    place = PlaceField(
        label=_("Where did it happen?"),
        help_text=_("A prison, a town or a county."),
        max_length=120,
        required=False,
    )
    year = forms.IntegerField(
        label=_("In which year?"),
        help_text=_("Roughly is enough."),
        min_value=FIRST_YEAR,
        required=False,
    )
    season = forms.ChoiceField(
        label=_("Which season?"),
        choices=[("", _("I would rather not say")), *Season.choices],
        required=False,
    )
    consents: Sequence[str] = (
        "on_behalf", "they_know", "could_hurt", "adult", "guardian", "name_shown", "others_named",
        "place_shown", "date_shown",
    )  # fmt: skip

    def clean_year(self) -> int | None:
        year: int | None = self.cleaned_data["year"]
        if year and year > timezone.localdate().year:
            raise forms.ValidationError(_("That year has not come yet. Please check it."))
        return year


class UseForm(StepForm):
    """Who may read it, and what for."""

    audience = one_of(
        _("Who may read it?"),
        said.AUDIENCES,
        Consent.Audience.TEAM,
        help_text=_("Nothing is public before a person here has read it."),
    )
    public_from = forms.DateField(
        label=_("Not before this day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        error_messages={"invalid": _("Write the day like this: 2027-05-31.")},
    )
    keep_for = one_of(_("For how long?"), said.DURATIONS, Consent.Duration.UNTIL)
    search_engines = forms.BooleanField(
        label=_("Search engines such as Google may list it"),
        help_text=_("Then people can find it who never heard of this archive."),
        required=False,
    )
    uses = forms.MultipleChoiceField(
        label=_("Besides being read here, may it be used?"),
        help_text=_("Each is your choice. None is needed."),
        choices=said.USES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    editing = one_of(_("If something in it should be changed"), said.EDITINGS, Consent.Editing.SHOW)
    contact_ok = forms.BooleanField(
        label=_("You may write to me when there is news about my story"),
        help_text=_("The mail says only that there is news. It never holds a word of your story."),
        required=False,
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Only if nobody else reads your mail."),
        max_length=200,
        required=False,
        error_messages={
            "invalid": _("This address lacks something. It looks like name@example.org.")
        },
    )
    consents: Sequence[str] = (
        "audience", "public_from", "keep_for", "search_engines", "uses", "editing", "contact_ok",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What one answer needs from another field."""
        data = super().clean() or self.cleaned_data
        if data.get("contact_ok") and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("Write an address, or take the tick away."))
        if data.get("audience") == said.LATER and "public_from" not in self.errors:
            self._need_a_day_to_come(data.get("public_from"))
        return data

    def _need_a_day_to_come(self, day: datetime.date | None) -> None:
        if day is None or day <= timezone.localdate():
            self.add_error("public_from", _("Choose a day that has not come yet."))


class ChangeForm(NamesForm, ShownForm, UseForm):
    """What can be changed after sending. An address is kept unless another is given."""

    consents: Sequence[str] = ("name_shown", "place_shown", "date_shown", *UseForm.consents)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "email" in self.errors and not data.get("email") and "email" in self.known:
            del self.errors["email"]
        return data


class LookForm(StepForm):
    """The last page: nothing to fill in."""

    # A field that people do not see and programs fill. Nothing is refused because of it.
    second_note = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )


class ReceiptForm(forms.Form):
    """The code, typed or pasted, in any shape people write it."""

    code = forms.CharField(
        label=_("Your receipt code"),
        help_text=_("Twenty letters and digits, with or without dashes."),
        max_length=100,
        error_messages={
            "required": _("Type the code that you were given when you began your story.")
        },
    )


class LetterForm(forms.Form):
    """A few words to the desk: an answer, or anything else."""

    words = forms.CharField(label=_("Your answer"), widget=forms.Textarea(attrs={"rows": 6}))
