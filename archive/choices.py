"""The answers of the journey with what each of them means, in the words that contributors read.

Owns the words alone; the codes are `models.submission`'s and `terms`'. Whoever changes a sentence
here raises `consent.WORDING_VERSION`: every consent keeps the words that were shown.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from archive import terms
from archive.models.submission import Consent, Enclosure


class Answer:
    """The label of an answer, with the sentence that says what it does (`means`)."""

    def __init__(self, label: Any, means: Any = "") -> None:
        self.label, self.means = label, means

    def __str__(self) -> str:
        return str(self.label)


Answers = list[tuple[str, Answer]]


def told(label: Any) -> str:
    """An answer with what it means, where that is said, in one line."""
    means = str(getattr(label, "means", ""))
    return f"{label} — {means}" if means else str(label)


LATER = "later"  # everyone, from a day on: `Consent.audience` public with `public_from`

LANGUAGES: list[tuple[str, Any]] = [
    ("en", "English"),
    ("es", "Español"),
    ("other", _("Another language")),
]

GIVERS: Answers = [
    (Consent.Giver.SELF, Answer(_("It is my own story"))),
    (
        Consent.Giver.FAMILY,
        Answer(
            _("It is the story of someone in my family"),
            _("Someone who is incarcerated, or who cannot send it."),
        ),
    ),
    (Consent.Giver.MEMORY, Answer(_("It is the story of someone who has died"))),
    (
        Consent.Giver.CHILD,
        Answer(
            _("It is the story of my child"),
            _("We never show a child’s true name, exact place or photograph."),
        ),
    ),
]
KNOWS: Answers = [
    ("yes", Answer(_("Yes, they know"))),
    ("no", Answer(_("No, or not yet"))),
    ("", Answer(_("I would rather not say"))),
]
HURTS: Answers = [
    ("no", Answer(_("No"))),
    ("unsure", Answer(_("I am not sure"), _("Then nothing is public before you have seen it and said yes."))),
    ("yes", Answer(_("Yes, it could"), _("Then two of us read it, and you say yes before it is public."))),
    ("", Answer(_("I would rather not say"))),
]  # fmt: skip
OF_AGE: Answers = [
    ("yes", Answer(_("Yes, I am 18 or older"))),
    (
        "no",
        Answer(
            _("No, I am under 18"),
            _(
                "You can tell your story. To publish it we need a parent or guardian who agrees too."
            ),
        ),
    ),
]
NAMES: Answers = [
    (Consent.NameShown.NONE, Answer(_("No name"), _("Readers see no name at all."))),
    (
        Consent.NameShown.CHOSEN,
        Answer(_("A name I choose"), _("Any name. Nobody is told that it is not yours.")),
    ),
    (Consent.NameShown.FIRST, Answer(_("My first name"), _("People who know you may guess."))),
    (
        Consent.NameShown.FULL,
        Answer(_("My full name"), _("Anyone who looks for your name can find this story.")),
    ),
]
OTHERS: Answers = [
    ("", Answer(_("It names nobody else"))),
    ("changed", Answer(_("I changed their names"))),
    ("agreed", Answer(_("They know, and agree"))),
    ("unasked", Answer(_("I could not ask them"), _("We will look at it with care."))),
]
PLACES: Answers = [
    (Consent.PlaceShown.NONE, Answer(_("No place"))),
    (Consent.PlaceShown.STATE, Answer(_("The state only"), _("For example: New York."))),
    (
        Consent.PlaceShown.CITY,
        Answer(_("The city, county or prison"), _("It helps people find stories like theirs.")),
    ),
]
DATES: Answers = [
    (
        Consent.DateShown.SEASON,
        Answer(_("The season and the year"), _("For example: spring 2019.")),
    ),
    (Consent.DateShown.YEAR, Answer(_("The year only"))),
    (Consent.DateShown.NONE, Answer(_("No date"))),
]
AUDIENCES: Answers = [
    (
        Consent.Audience.TEAM,
        Answer(
            _("Only the people who run this archive"), _("We keep it safe. It is never public.")
        ),
    ),
    (
        Consent.Audience.REVIEW,
        Answer(
            _("Everyone, after I have seen the final text"),
            _("You come back with your receipt and say yes before it is public."),
        ),
    ),
    (
        Consent.Audience.PUBLIC,
        Answer(_("Everyone"), _("After one of us has read it, anyone can read it on this site.")),
    ),
    (
        LATER,
        Answer(
            _("Everyone, but not before a day that I choose"), _("Until then only we can read it.")
        ),
    ),
]
USES: Answers = [
    ("quote", Answer(terms.USES["quote"], _("A reporter may print a few of your sentences."))),
    ("print", Answer(terms.USES["print"], _("In a booklet, a book, or on a wall in a library."))),
    ("teach", Answer(terms.USES["teach"], _("In a class, or in a study."))),
    ("newsletter", Answer(terms.USES["newsletter"], _("People may then share it further."))),
    (
        "translate",
        Answer(terms.USES["translate"], _("So that people in other languages can read it.")),
    ),
    (
        "train",
        Answer(terms.USES["train"], _("Companies and universities may feed it to AI programs.")),
    ),
]
EDITINGS: Answers = [
    (
        Consent.Editing.SHOW,
        Answer(_("Show me every change before it is public"), _("You can say yes or no to each.")),
    ),
    (
        Consent.Editing.SPELLING,
        Answer(_("You may correct spelling"), _("Only slips of the pen. Never what you mean.")),
    ),
    (
        Consent.Editing.NONE,
        Answer(_("Change nothing"), _("It is published as it is, or not at all.")),
    ),
]
DURATIONS: Answers = [
    (Consent.Duration.UNTIL, Answer(_("Until I take it down"), _("You can do that on any day."))),
    (Consent.Duration.YEAR, Answer(_("For one year"), _("Then it hides by itself."))),
    (Consent.Duration.FIVE, Answer(_("For five years"), _("Then it hides by itself."))),
]
PHOTO_SHOWN: Answers = [
    (
        Enclosure.Shown.NO,
        Answer(_("Do not publish it"), _("Only the people of this archive see it.")),
    ),
    (
        Enclosure.Shown.BLURRED,
        Answer(
            _("Publish it with the faces covered"), _("We cover them for good, not just on top.")
        ),
    ),
    (Enclosure.Shown.YES, Answer(_("Publish it"))),
]
RECOGNISABLE: Answers = [
    ("", Answer(_("I am not sure"))),
    ("nobody", Answer(_("Nobody"))),
    ("myself", Answer(_("Myself"))),
    ("agreed", Answer(_("An adult who has agreed"))),
    ("unasked", Answer(_("An adult who has not been asked"))),
    ("child", Answer(_("A child"))),
    ("staff", Answer(_("Somebody who works there"))),
]

QUESTIONS = (
    ("q_begin", _("Where does your story begin?")),
    ("q_who", _("Who is it about, and what are they like?")),
    ("q_day", _("Is there one day that you remember most? What happened?")),
    ("q_changed", _("What changed for you, or for your family?")),
    ("q_helped", _("Who or what helped?")),
    ("q_know", _("What do you want people to know?")),
)
