"""The terms under which a published story is read: permitted uses and content notes.

Owns the lists and their words, on both sides of the wall. Pure: knows no record.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

# What a reader may do beyond reading here. Never granted without a yes (safety.md (b), uses).
USES = {
    "quote": gettext_lazy("Journalists may quote it"),
    "print": gettext_lazy("It may be printed and exhibited"),
    "teach": gettext_lazy("It may be used in teaching and research"),
    "newsletter": gettext_lazy("Our newsletter and social media may show it"),
    "translate": gettext_lazy("It may be translated"),
    "train": gettext_lazy("It may be used to train computer models"),
}

# The same where nobody said yes. Sentences of their own: "Not allowed: It may be" reads as its reverse.
REFUSED = {
    "quote": gettext_lazy("Journalists may not quote it"),
    "print": gettext_lazy("It may not be printed or exhibited"),
    "teach": gettext_lazy("It may not be used in teaching or research"),
    "newsletter": gettext_lazy("Our newsletter and social media may not show it"),
    "translate": gettext_lazy("It may not be translated"),
    "train": gettext_lazy("It may not be used to train computer models"),
}

CONTENT_NOTES = {
    "death": gettext_lazy("Death"),
    "suicide": gettext_lazy("Suicide"),
    "self_harm": gettext_lazy("Self-harm"),
    "violence": gettext_lazy("Violence"),
    "sexual_violence": gettext_lazy("Sexual violence"),
    "drug_use": gettext_lazy("Drug use"),
    "racism": gettext_lazy("Racism"),
    "child_separation": gettext_lazy("Children taken from their family"),
    "medical": gettext_lazy("Illness and medical neglect"),
    "solitary": gettext_lazy("Solitary confinement"),
}


def uses_sentences(codes: Iterable[str]) -> tuple[list[str], list[str]]:
    """What may be done with a published story, and what may not, as sentences."""
    allowed = set(codes)
    yes = [str(sentence) for code, sentence in USES.items() if code in allowed]
    no = [str(sentence) for code, sentence in REFUSED.items() if code not in allowed]
    return yes, no


def labels_of_notes(codes: Iterable[str]) -> list[str]:
    """Names of content notes in the reader's language; an unknown code names itself."""
    return [str(CONTENT_NOTES.get(code, code)) for code in codes]
