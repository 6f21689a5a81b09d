"""Where one pair of eyes is not enough, and where nobody may decide for her own.

Owns the reasons for which a second person must publish, read from consent, photographs and the
desk's own marks, and the recorded conflicts. Asked by the stages before they write, and by pages
that say why something cannot be done. Writes nothing.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.models.person import Person
from archive.models.submission import Consent, Submission
from archive.refusals import NotAllowed

# Why two people must look (safety.md J4, "on behalf of" and "other people").
REASONS = {
    "child": gettext_lazy("A child"),
    "others": gettext_lazy("Another person's name"),
    "case": gettext_lazy("An open case"),
    "original": gettext_lazy("Original photograph kept"),
}


def reasons(piece: Submission) -> list[str]:
    """Codes of `REASONS` that hold for this piece, in the order of the list."""
    consent = max(piece.consents.all(), key=lambda each: each.number, default=None)
    found = set()
    if consent is not None:
        found |= _of_consent(consent)
    if any(each.photo.original_name for each in piece.enclosures.all()):
        found.add("original")
    return [code for code in REASONS if code in found]


def _of_consent(consent: Consent) -> set[str]:
    found = set()
    if consent.on_behalf == Consent.Giver.CHILD or (
        consent.on_behalf == Consent.Giver.SELF and not consent.adult
    ):
        found.add("child")
    if consent.others_named in ("agreed", "unasked"):
        found.add("others")
    if consent.keep_originals:
        found.add("original")
    return found


def labels(piece: Submission) -> list[str]:
    """The same in words, for lists and warnings."""
    return [str(REASONS[code]) for code in reasons(piece)]


def demand_second_pair(piece: Submission, by: Person) -> None:
    """Raise `NotAllowed` where this person accepted what somebody else must publish."""
    if piece.accepted_by_id != by.pk:
        return
    said = labels(piece)
    if said:
        raise NotAllowed(
            _(
                "You accepted this version, and it needs a second pair of eyes (%s). "
                "Ask a colleague to read it and publish it."
            )
            % ", ".join(said).lower()
        )
