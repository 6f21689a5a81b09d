"""Whether one version of a piece may become public, by whom, and under which consent.

Owns the questions that are asked between acceptance and publication. `publication` asks before it
writes, `planning` before it promises a day. Raises the reason why not; writes nothing.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from archive import consent, likeness, safeguards
from archive.actors import Actor
from archive.models.submission import Consent, Revision, Submission
from archive.refusals import NotAllowed, VersionChanged


def demand(piece: Submission, version: int, by: Actor) -> tuple[Revision, Consent]:
    """The revision to publish and the consent that allows it, its photographs included.

    Raises what `of_words` raises, and `Incomplete` where a photograph lacks its description or
    shows somebody who has not agreed.
    """
    revision, allowed = of_words(piece, version, by)
    likeness.demand(piece.enclosures.select_related("photo"), allowed)
    return revision, allowed


def of_words(piece: Submission, version: int, by: Actor) -> tuple[Revision, Consent]:
    """The same for the words alone: enough for a piece without photographs.

    Raises `VersionChanged` where the accepted version is another one, and `NotAllowed` where the
    consent, its contributor's wish to see it, or a second pair of eyes stands against it.
    """
    safeguards.demand_no_conflict("publish", piece, by)
    safeguards.demand_second_pair(piece, by)
    if not piece.current or piece.version != version or piece.accepted_version != version:
        raise VersionChanged(
            _(
                "The version you saw is not the one that was accepted. Read it again, then accept it."
            )
        )
    allowed = agreed(piece)
    if not consent.agreed(allowed, piece.current, piece.agreed_version or 0):
        raise NotAllowed(
            _(
                "The contributor has not seen this version yet and asked to. They find it with their "
                "receipt; until they agree, it cannot be published."
            )
        )
    return piece.current, allowed


def agreed(piece: Submission) -> Consent:
    """The consent in force, where it lets anybody but the team read it."""
    allowed = piece.consent_in_force
    if not consent.may_publish(allowed):
        raise NotAllowed(
            _("The consent in force lets nobody but us read it. Only they can widen it.")
        )
    return allowed
