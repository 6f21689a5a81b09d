"""What may be typed at the desk, field by field. Checks shape only; the stages decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from archive import reasons, safeguards
from archive.batches import Deed
from archive.models.person import Person, Role
from archive.models.review import Reason
from archive.models.vocabulary import Campaign, Place, Theme
from archive.moderation import CONTACT_REASONS
from archive.permission import DESK


def area(rows: int) -> forms.Textarea:
    """A field for more than a line."""
    return forms.Textarea(attrs={"rows": rows})


def say(sentence: Any) -> dict[str, Any]:
    """What a field that was left empty says: what to do, not that it is required."""
    return {"required": sentence}


class ThemeField(forms.ModelChoiceField):
    """A theme, called as readers call it."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class DecisionForm(forms.Form):
    """What every decision at the desk carries: the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class Entries(forms.MultipleChoiceField):
    """Entries of the vocabulary as checkboxes, named as readers see them.

    The entries are handed in by whoever makes the form, so that several forms on a page share one
    query. What is posted must be among them.
    """

    widget = forms.CheckboxSelectMultiple

    def offer(self, entries: Sequence[Any]) -> None:
        """Let these be chosen; an entry's `means` is said below its name."""
        self.entries = {entry.slug: entry for entry in entries}
        self.choices = [(entry.slug, Named.of(entry)) for entry in entries]

    def clean(self, value: Any) -> list[Any]:
        if len(value or ()) > settings.THEMES_PER_STORY:
            raise forms.ValidationError(
                _(
                    "A story found under everything is found under nothing: choose at most %(most)s."
                ),
                params={"most": settings.THEMES_PER_STORY},
            )
        return [self.entries[slug] for slug in super().clean(value)]


class Named(str):
    """A label with a sentence that says more; see components/choices.html."""

    means = ""
    key = ""

    @classmethod
    def of(cls, entry: Any) -> Named:
        label = cls(getattr(entry, "label", "") or entry.title)
        label.means = getattr(entry, "means", "")
        label.key = str(getattr(entry, "key", ""))
        return label


class TagForm(DecisionForm):
    """Themes, of those that the page offers."""

    themes = Entries(
        label=_("Themes"),
        required=False,
        error_messages={"invalid_choice": _("“%(value)s” is not one of our themes.")},
    )

    def __init__(self, *args: Any, vocabulary: Vocabulary | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        offered = vocabulary or Vocabulary.of_all()
        for name, field in self.fields.items():
            if isinstance(field, Entries):
                field.offer(getattr(offered, name))


@dataclass(frozen=True)
class Vocabulary:
    """What can be chosen on a page."""

    themes: Sequence[Theme]
    campaigns: Sequence[Campaign]

    @classmethod
    def of_all(cls) -> Vocabulary:
        return cls(list(Theme.objects.filter(retired=False)), list(Campaign.objects.all()))


class ThemesForm(TagForm):
    """Accept or publish, with themes and campaigns."""

    campaigns = Entries(label=_("Campaigns"), required=False)


class PublishForm(ThemesForm):
    """Publish: now where no day is given."""

    day = forms.DateField(
        label=_("On which day?"),
        help_text=_("Left empty: now."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    hour = forms.TimeField(
        label=_("At what time?"),
        help_text=_("On New York's clock."),
        required=False,
        initial="09:00",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class RedactForm(DecisionForm):
    """Names to take out."""

    words = forms.CharField(
        label=_("Words to take out, one name a line"),
        help_text=_("Each is replaced by “[name removed]”, here and in every later version."),
        widget=area(3),
        max_length=4000,
        error_messages=say(_("Write the words to take out, one name a line.")),
    )


class MarkForm(forms.Form):
    """Why a second person must publish it."""

    marks = forms.MultipleChoiceField(
        label=_("It involves"),
        choices=list(safeguards.REASONS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class EmptyForm(forms.Form):
    """Nothing to type."""


class ContactForm(forms.Form):
    """Why the contact details are opened."""

    reason = forms.ChoiceField(
        label=_("Why do you need to see it?"),
        choices=list(CONTACT_REASONS.items()),
        widget=forms.RadioSelect,
        error_messages=say(_("Say why you need to see it: the ledger keeps the reason.")),
    )


class ReasonForm(forms.ModelForm):  # type: ignore[type-arg]
    """A reason in both languages, with what can be done next."""

    class Meta:
        model = Reason
        fields = ["code", "why_en", "next_en", "why_es", "next_es", "retired"]
        labels = {"code": _("Short name, for the ledger")}
        widgets = {
            "why_en": area(2), "next_en": area(2), "why_es": area(2), "next_es": area(2)
        }  # fmt: skip


class DeclineForm(DecisionForm):
    """No, with a reason that the contributor reads."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=lambda: reasons.given().items(),
        widget=forms.RadioSelect,
        error_messages=say(_("Choose a reason: the contributor will read it.")),
    )
    note = forms.CharField(label=_("Note for colleagues"), widget=area(3), required=False)


class AskForm(DecisionForm):
    """A question to the contributor."""

    question = forms.CharField(
        label=_("Your question"),
        help_text=_("They read it when they come back with their receipt."),
        widget=area(4),
        error_messages=say(_("Write your question before you send it.")),
    )


class EditForm(DecisionForm):
    """A new version of the words; the one before stays."""

    title = forms.CharField(
        label=_("Title"),
        max_length=settings.TITLE_MAX_CHARACTERS,
        error_messages=say(_("Give it a title: lists and links show it.")),
    )
    summary = forms.CharField(
        label=_("Summary"),
        help_text=_("One or two sentences of ours, for lists."),
        widget=area(3),
        required=False,
    )
    body = forms.CharField(
        label=_("Text"),
        widget=area(20),
        strip=False,
        error_messages=say(_("The text is empty. To hide the piece, withdraw it.")),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        error_messages=say(_("Say in a few words why: it stands beside the version.")),
    )


class NoteForm(forms.Form):
    """A note for colleagues."""

    note = forms.CharField(
        label=_("Note"),
        widget=area(3),
        max_length=4000,
        error_messages=say(_("Write your note before you save it.")),
    )


def readers() -> QuerySet[Person]:
    """Whom a piece can be given to."""
    return Person.objects.filter(is_active=True, role__in=DESK).order_by("first_name", "username")


class ManyForm(forms.Form):
    """What is done with many pieces at once."""

    DEEDS = (
        ("tag", _("Add a theme")),
        ("untag", _("Take a theme off")),
        ("assign", _("Give them to somebody")),
        ("export", _("Export them as CSV")),
    )
    deed = forms.ChoiceField(label=_("With the chosen pieces"), choices=DEEDS)
    theme = ThemeField(
        label=_("Theme"),
        queryset=Theme.objects.filter(retired=False),
        to_field_name="slug",
        required=False,
        empty_label=_("none"),
        error_messages={"invalid_choice": _("This is not one of our themes.")},
    )
    person = forms.ModelChoiceField(
        label=_("Person"), queryset=readers(), required=False, empty_label=_("nobody")
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("deed") in ("tag", "untag") and not said.get("theme") and not self.errors:
            self.add_error("theme", _("Choose the theme."))
        return said

    @classmethod
    def offered_to(cls, person: Person) -> ManyForm:
        """The form as it stands below the queue, with what this person may do."""
        form = cls(auto_id="id_many_%s")
        if not person.edits:
            form.fields["deed"].choices = [  # type: ignore[attr-defined]
                (deed, words) for deed, words in cls.DEEDS if deed != "export"
            ]
        return form

    def chosen(self) -> Deed:
        """What was chosen."""
        said = self.cleaned_data
        if said["deed"] == "assign":
            return Deed("assign", person=said["person"])
        return Deed(said["deed"], theme=said["theme"])

    def sentence(self) -> str:
        """The same in words."""
        said = self.cleaned_data
        what = said["person"] or _("nobody") if said["deed"] == "assign" else said["theme"].label
        return f"{dict(self.DEEDS)[said['deed']]}: {what}"


class ReferForm(DecisionForm):
    """To whom a piece goes, and what they should know."""

    to = forms.ModelChoiceField(
        label=_("To a colleague"),
        queryset=readers(),
        required=False,
        empty_label=_("nobody at the desk"),
    )

    note = forms.CharField(
        label=_("For whom, and what they should know"),
        widget=area(3),
        max_length=4000,
        error_messages=say(_("Write for whom it is, and what they should know.")),
    )


class Words(forms.CharField):
    """Several words or names, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [line for line in super().clean(value).splitlines() if line.strip()]


class ThemeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A theme in both languages."""

    parent = ThemeField(label=_("Stands below"), queryset=Theme.objects.all(), required=False)
    words_en = Words(label=_("Other words in English, one a line"), required=False)
    words_es = Words(label=_("Other words in Spanish, one a line"), required=False)

    class Meta:
        model = Theme
        fields = [
            "label_en", "label_es", "slug", "parent", "words_en", "words_es", "description_en",
            "description_es",
        ]  # fmt: skip
        help_texts = {"slug": _("Old addresses go on leading here.")}
        widgets = {"description_en": area(4), "description_es": area(4)}

    def validate_unique(self) -> None:
        """The stage says it in a sentence of ours, with the theme that has the address."""


class MergeForm(forms.Form):
    """Into which theme another one goes."""

    into = ThemeField(label=_("Into"), queryset=Theme.objects.all(), to_field_name="slug")


class PlaceForm(forms.ModelForm):  # type: ignore[type-arg]
    """How a place is called."""

    aliases = Words(label=_("Other and former names, one a line"), required=False)

    class Meta:
        model = Place
        fields = ["name", "aliases"]


class InviteForm(forms.Form):
    """Whom an administrator invites."""

    name = forms.CharField(
        label=_("Whom do you invite?"),
        max_length=120,
        error_messages=say(_("Write the name of the person, as colleagues know them.")),
    )
    role = forms.ChoiceField(label=_("As what?"), choices=Role.choices, initial=Role.MODERATOR)


class RoleForm(forms.Form):
    """What a person may do."""

    person = forms.IntegerField(widget=forms.HiddenInput)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class JoinForm(forms.Form):
    """How somebody who was invited signs in from now on."""

    username = forms.CharField(
        label=_("A name to sign in with"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        error_messages=say(_("Choose a name to sign in with.")),
    )
    password = forms.CharField(
        label=_("A password"),
        help_text=_("Twelve characters or more. A few words in a row are good."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages=say(_("Choose a password of twelve characters or more.")),
    )


class CareForm(forms.Form):
    """Care for oneself."""

    greyscale = forms.BooleanField(
        label=_("Show me photographs in grey"),
        help_text=_("Easier to bear. Everybody else sees them as they are."),
        required=False,
    )
    daily_limit = forms.IntegerField(
        label=_("At most this many pieces a day"),
        help_text=_("After so many, “the next one” says that it is enough for today."),
        min_value=1,
        max_value=500,
        required=False,
    )


class ViewForm(forms.Form):
    """What somebody calls a view of the queue."""

    name = forms.CharField(
        label=_("What you call this view"),
        help_text=_("For you alone. Please write nobody’s name into it."),
        error_messages=say(_("Give the view a name.")),
        max_length=settings.SAVED_VIEW_NAME_CHARACTERS,
    )
