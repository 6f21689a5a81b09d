"""Where one pair of eyes is not enough, and where nobody may decide for her own.

Owns the reasons for which a second person must publish, read from consent, photographs and the
desk's own marks, and the recorded conflicts. Asked by the stages before they write, and by pages
that say why something cannot be done. Writes nothing.
"""

from __future__ import annotations

from contextlib import suppress

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive import claims, moves
from archive.actors import Actor
from archive.consent import of_a_minor
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.models.submission import Consent, State, Submission
from archive.refusals import NotAllowed

# Why two people must look (safety.md J4, "on behalf of" and "other people").
REASONS = {
    "child": gettext_lazy("A child"),
    "others": gettext_lazy("Another person's name"),
    "case": gettext_lazy("An open case"),
    "original": gettext_lazy("Original photograph kept"),
    "hurt": gettext_lazy("It could hurt somebody"),
}


def reasons(piece: Submission) -> list[str]:
    """Codes of `REASONS` that hold for this piece, in the order of the list."""
    found = set()
    with suppress(Consent.DoesNotExist):  # nothing has been sent yet
        found |= _of_consent(piece.consent_in_force)
    handling = getattr(piece, "handling", None)
    if handling is not None:
        found |= set(handling.marks)
    if any(each.photo.original_name for each in piece.enclosures.all()):
        found.add("original")
    return [code for code in REASONS if code in found]


def _of_consent(consent: Consent) -> set[str]:
    found = set()
    if of_a_minor(consent):
        found.add("child")
    if consent.others_named in ("agreed", "unasked"):
        found.add("others")
    if consent.keep_originals:
        found.add("original")
    if consent.could_hurt == "yes":
        found.add("hurt")
    return found


def demand(verb: str, piece: Submission, by: Person) -> State:
    """The state that the verb leads to, after the table, the conflicts and the claims were asked.

    Raises what `moves.check` raises, and `NotAllowed` where the story is of her own family, or a
    colleague is reading it.
    """
    state = moves.check(verb, piece, by)
    demand_no_conflict(verb, piece, by)
    claims.demand_free(piece, by)
    return state


def labels(piece: Submission) -> list[str]:
    """The same in words, for lists and warnings."""
    return [str(REASONS[code]) for code in reasons(piece)]


def demand_second_pair(piece: Submission, by: Actor) -> None:
    """Raise `NotAllowed` where this person accepted what somebody else must publish."""
    if not isinstance(by, Person) or piece.accepted_by_id != by.pk:
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


def demand_no_conflict(verb: str, piece: Submission, by: Actor) -> None:
    """Raise `NotAllowed` where this person said that it is a story of her own or of her family."""
    if isinstance(by, Person) and verb not in _STILL_HERS and is_conflicted(piece, by):
        raise NotAllowed(
            _("You said that this story is of your family. A colleague decides about it.")
        )


def demand_not_the_tellers(piece: Submission, by: Actor) -> None:
    """Raise `NotAllowed` where its contributor took it down: nobody at the desk puts it up again."""
    if isinstance(by, Person) and is_taken_down_by_teller(piece):
        raise NotAllowed(
            _("Its contributor took it down. It comes back by their own hand, with the receipt.")
        )


def is_taken_down_by_teller(piece: Submission) -> bool:
    """Whether a withdrawn piece was hidden by its contributor, or is to be erased as they asked."""
    if piece.state != State.WITHDRAWN:
        return False
    lines = LedgerEntry.objects.filter(piece=piece.reference, verb="withdraw").order_by("-pk")
    last = lines.values_list("actor_role", flat=True).first()
    return piece.erase_on is not None or last == "contributor"


# What somebody who may not decide can do all the same: let go of it, say so, and hide it at once.
_STILL_HERS = {"yield", "recuse", "withdraw"}


def is_conflicted(piece: Submission, by: Person) -> bool:
    """Whether this person said so."""
    handling = getattr(piece, "handling", None)
    return handling is not None and by.pk in handling.conflicted


def permits(verb: str, piece: Submission, by: Person) -> bool:
    """Whether none of this stands in the way; for pages that show only what can be done."""
    if verb not in _STILL_HERS and is_conflicted(piece, by):
        return False
    if verb == "restore" and is_taken_down_by_teller(piece):
        return False
    return not (verb in _PUBLIC and piece.accepted_by_id == by.pk and reasons(piece))


_PUBLIC = {"publish", "plan", "amend"}
