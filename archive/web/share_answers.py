"""Between what is kept and what is sent: answers as typed, forms, telling and consent.

Owns the reading of a draft's answers by the forms of the journey. Called by `web.share_steps`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from archive import consent, drafts, likeness
from archive.models.submission import Consent, Enclosure, Submission
from archive.telling import Allowed, Telling
from archive.web import share_choices
from archive.web.share_forms import (
    LookForm,
    QuestionsForm,
    StepForm,
    StoryForm,
    UseForm,
    WhoForm,
)
from archive.web.share_photo_forms import PhotosForm

Answers = Mapping[str, list[str]]

FORMS: dict[str, type[StepForm]] = {
    "before": StepForm,
    "story": StoryForm,
    "questions": QuestionsForm,
    "photos": PhotosForm,
    "who": WhoForm,
    "use": UseForm,
    "look": LookForm,
}
KEPT = ("story", "questions", "who", "use")  # photographs have rows of their own


def kept_of(step: str, posted: Any) -> dict[str, list[str]]:
    """What to keep of a post: every answer of this step, and of others those that came along."""
    names = {name: other for other in KEPT for name in FORMS[other]().fields}
    return {
        name: posted.getlist(name) for name, of in names.items() if of == step or name in posted
    }


def has_words(answers: Answers) -> bool:
    """Whether anything was written that would be missed; a choice left as it was is not.

    Nor is the language, which the page chose: another page may choose another.
    """
    fields = {name: field for step in KEPT for name, field in FORMS[step]().fields.items()}
    return any(
        value.strip() and value != (fields[name].initial or "")
        for name, values in answers.items()
        if name != "language"
        for value in values
    )


def initial_of(form: type[StepForm], answers: Answers) -> dict[str, Any]:
    """Kept answers as the first values of a form that has not been judged yet."""
    known: dict[str, Any] = {}
    for name, field in form().fields.items():
        if name not in answers:
            continue
        values = answers[name]
        if isinstance(field, forms.MultipleChoiceField):
            known[name] = values
        elif isinstance(field, forms.BooleanField):
            known[name] = bool(values)
        elif values:
            known[name] = values[-1]
    return known


def filled(form: type[StepForm], answers: Answers) -> MultiValueDict[str, str]:
    """Kept answers as if they had just been posted; what was never asked is at its safest."""
    safest = {
        name: [str(field.initial)]
        for name, field in form().fields.items()
        if isinstance(field, forms.ChoiceField) and isinstance(field.initial, str)
    }
    given = {name: list(values) for name, values in answers.items() if values or name not in safest}
    return MultiValueDict({**safest, **given})


def joined(answers: Answers) -> dict[str, list[str]]:
    """Answers to the questions, put behind the text that is there already; the boxes are empty."""
    names = ["body", *(name for name, _question in share_choices.QUESTIONS)]
    parts = ["".join(answers.get(name, [])) for name in names]
    body = "\n\n".join(part.strip("\n") for part in parts if part.strip())
    return {"body": [body], **{name: [""] for name, _question in share_choices.QUESTIONS}}


@dataclass(frozen=True)
class Whole:
    """Everything of a draft, read by every form."""

    piece: Submission

    @cached_property
    def answers(self) -> dict[str, list[str]]:
        return drafts.answers_of(self.piece)

    @cached_property
    def forms(self) -> dict[str, StepForm]:
        rows = self.enclosed
        shown = MultiValueDict({f"shown_{row.pk}": [row.shown] for row in rows})
        photographs = PhotosForm(shown, enclosed=rows)
        if self.keep_originals:
            shown["keep_original"] = "on"
            photographs.consents = [*photographs.consents, "keep_original"]
        return {
            "story": StoryForm(filled(StoryForm, self.answers)),
            "photos": photographs,
            "who": WhoForm(filled(WhoForm, self.answers)),
            "use": UseForm(filled(UseForm, self.answers)),
        }

    @cached_property
    def enclosed(self) -> list[Enclosure]:
        return list(self.piece.enclosures.select_related("photo"))

    @property
    def keep_originals(self) -> bool:
        """Whether any file is kept as it came."""
        return any(row.photo.original_name for row in self.enclosed)

    @property
    def lacking(self) -> list[tuple[str, str]]:
        """(step, sentence) of all that must be put right before it can be sent."""
        return [
            (step, str(sentence))
            for step, form in self.forms.items()
            for sentences in form.errors.values()
            for sentence in sentences
        ]

    def telling(self) -> Telling:
        """What is told. Only where nothing is `lacking`."""
        words, about = self.forms["story"].cleaned_data, self.forms["who"].cleaned_data
        place, typed = about["place"]
        return Telling(
            title=words["title"],
            body=words["body"],
            language=words["language"],
            place=place,
            place_text="" if place else typed,
            year_from=about["year"],
            season=about["season"],
            content_notes=tuple(words["content_notes"]),
        )

    def allowed(self) -> Allowed:
        """The consent, with every question and answer as it stood on the pages."""
        who, use = self.forms["who"].cleaned_data, self.forms["use"].cleaned_data
        worded = [self.forms[step].wording() for step in ("who", "use", "photos")]
        return Allowed(
            wording="\n\n".join(filter(None, worded)),
            wording_version=consent.WORDING_VERSION,
            adult=who["adult"] == "yes",
            photos_published=likeness.any_shown(self.enclosed),
            keep_originals=self.keep_originals,
            **{name: who[name] for name in _OF_WHO},
            **choices_of_use(use),
        )

    def names(self) -> dict[str, str]:
        """The names that were given."""
        who = self.forms["who"]
        return who.names() if isinstance(who, WhoForm) else {}

    def contact(self) -> dict[str, str]:
        """How to reach them; nothing unless they asked for it."""
        use = self.forms["use"].cleaned_data
        return {"email": use["email"]} if use["contact_ok"] else {}

    def sentences(self) -> list[str]:
        """What they allow, as they will read it later with their receipt."""
        return consent.sentences(Consent(**{**vars(self.allowed()), "uses": self._uses}))

    @property
    def _uses(self) -> list[str]:
        return list(self.forms["use"].cleaned_data["uses"])


_OF_WHO = ("name_shown", "place_shown", "date_shown", "on_behalf", "they_know", "could_hurt",
           "guardian", "others_named")  # fmt: skip
_OF_USE = ("search_engines", "uses", "editing", "contact_ok", "keep_for")


def choices_of_use(data: dict[str, Any]) -> dict[str, Any]:
    """Fields of a consent that the questions about use answer."""
    later = data["audience"] == share_choices.LATER
    return {
        **{name: data[name] for name in _OF_USE},
        "audience": Consent.Audience.PUBLIC if later else data["audience"],
        "public_from": data["public_from"] if later else None,
    }
