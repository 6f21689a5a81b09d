"""From answers as they were typed to what is told and what is allowed, by the forms of the journey.

Owns the one reading of them, for pages and for the API. Keeps nothing and decides nothing: what
lacks something is told in the sentences of the forms, and intake has the last word. Photographs
are `web.share_answers`'.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from archive import choices, consent
from archive.forms_sharing import StepForm, StoryForm, UseForm, WhoForm
from archive.models.submission import Consent
from archive.telling import Allowed, Telling

Answers = Mapping[str, list[str]]  # field -> what was typed or chosen for it, in order


class Told:
    """Answers, read by the forms of words, of people and of use."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers

    @property
    def words(self) -> str:
        """Everything that was typed or chosen, one after the other."""
        return "\n".join(value for values in self.answers.values() for value in values)

    @cached_property
    def forms(self) -> dict[str, StepForm]:
        """Every form with its answers, by its step."""
        return {
            "story": StoryForm(filled(StoryForm, self.answers)),
            "who": WhoForm(filled(WhoForm, self.answers)),
            "use": UseForm(filled(UseForm, self.answers)),
        }

    def telling(self) -> Telling:
        """What is told. Only where no form has an error."""
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

    @property
    def keep_originals(self) -> bool:
        """Whether any file is kept as it came; no words are."""
        return False

    @property
    def photos_published(self) -> bool:
        """Whether any photograph may be published; there is none."""
        return False

    def allowed(self) -> Allowed:
        """The consent, with every question and answer as it was asked."""
        who, use = self.forms["who"].cleaned_data, self.forms["use"].cleaned_data
        worded = [self.forms[step].wording() for step in _ASKING if step in self.forms]
        return Allowed(
            wording="\n\n".join(filter(None, worded)),
            wording_version=consent.WORDING_VERSION,
            adult=who["adult"] == "yes",
            **{name: who[name] for name in _OF_WHO},
            photos_published=self.photos_published,
            keep_originals=self.keep_originals,
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


def filled(form: type[StepForm], answers: Answers) -> MultiValueDict[str, str]:
    """Kept answers as if they had just been posted; what was never asked is at its safest."""
    safest = {
        name: [str(field.initial)]
        for name, field in form().fields.items()
        if isinstance(field, forms.ChoiceField) and isinstance(field.initial, str)
    }
    given = {name: list(values) for name, values in answers.items() if values or name not in safest}
    return MultiValueDict({**safest, **given})


_ASKING = ("who", "use", "photos")  # the steps of the consent, in the order of its wording
_OF_WHO = ("name_shown", "place_shown", "date_shown", "on_behalf", "they_know", "could_hurt",
           "guardian", "others_named")  # fmt: skip
_OF_USE = ("search_engines", "uses", "editing", "contact_ok", "keep_for")


def choices_of_use(data: dict[str, Any]) -> dict[str, Any]:
    """Fields of a consent that the questions about use answer."""
    later = data["audience"] == choices.LATER
    return {
        **{name: data[name] for name in _OF_USE},
        "audience": Consent.Audience.PUBLIC if later else data["audience"],
        "public_from": data["public_from"] if later else None,
    }
