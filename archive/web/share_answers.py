"""Between what is kept and what is sent: the answers of a draft, and its photographs.

Owns the reading of a draft by the forms of the journey. Called by `web.share_steps`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from archive import choices, consent, drafts, likeness
from archive.answers import Answers, Told
from archive.forms_sharing import (
    LookForm,
    QuestionsForm,
    StepForm,
    StoryForm,
    UseForm,
    WhoForm,
)
from archive.models.submission import Consent, Enclosure, Submission
from archive.web.share_photo_forms import PhotosForm

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


def joined(answers: Answers) -> dict[str, list[str]]:
    """Answers to the questions, put behind the text that is there already; the boxes are empty."""
    names = ["body", *(name for name, _question in choices.QUESTIONS)]
    parts = ["".join(answers.get(name, [])) for name in names]
    body = "\n\n".join(part.strip("\n") for part in parts if part.strip())
    return {"body": [body], **{name: [""] for name, _question in choices.QUESTIONS}}


class Whole(Told):
    """Everything of a draft, read by every form."""

    def __init__(self, piece: Submission) -> None:
        super().__init__(drafts.answers_of(piece))
        self.piece = piece

    @cached_property
    def forms(self) -> dict[str, StepForm]:
        """The photographs' as well, behind the words."""
        rows = self.enclosed
        shown = MultiValueDict({f"shown_{row.pk}": [row.shown] for row in rows})
        photographs = PhotosForm(shown, enclosed=rows)
        if self.keep_originals:
            shown["keep_original"] = "on"
            photographs.consents = [*photographs.consents, "keep_original"]
        told = super().forms
        return {"story": told["story"], "photos": photographs, **told}

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

    @property
    def photos_published(self) -> bool:
        """Whether any photograph may be published."""
        return likeness.any_shown(self.enclosed)

    def sentences(self) -> list[str]:
        """What they allow, as they will read it later with their receipt."""
        return consent.sentences(Consent(**{**vars(self.allowed()), "uses": self._uses}))

    @property
    def _uses(self) -> list[str]:
        return list(self.forms["use"].cleaned_data["uses"])
