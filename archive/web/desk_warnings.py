"""What stands above a piece: what somebody should know before she reads it, or decides.

Sentences alone, in the order of their weight. Made for the page of a piece, from rows that it has
read already; asks for none itself and decides nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from archive import changing, claims, consent, planning, safeguards
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.models.submission import Enclosure, State, Submission

DECIDED = frozenset({"accept", "approve", "ask", "decline", "refer", "take back"})
ANSWERED = frozenset({"answer", "write"})  # what a contributor says in letters


def of(
    row: Submission, lines: list[LedgerEntry], enclosures: list[Enclosure], person: Person
) -> list[str]:
    """The sentences for this reader; `lines` are the piece's own of the ledger, oldest first."""
    return [
        *_standing(row, lines, person),
        *_warnings(row, enclosures, person),
    ]


def _standing(row: Submission, lines: list[LedgerEntry], person: Person) -> list[str]:
    """How it stands: who else reads it, what has come in answer, how it comes back."""
    said = [claims.said_to(row, person)]
    if any(line.verb in ANSWERED for line in _since_the_desk(lines)):
        said.append(_("Its contributor has written. You find it below the text."))
    said.append(_withdrawn(row))
    return [sentence for sentence in said if sentence]


def _withdrawn(row: Submission) -> str:
    """How a hidden piece comes back, or that it goes."""
    if row.state != State.WITHDRAWN or row.withdrawn_on is None:
        return ""
    if row.erase_on:
        return _("Its contributor asked us to erase it. That is done on %s.") % date_format(
            row.erase_on
        )
    if safeguards.is_taken_down_by_teller(row):
        return _("Its contributor took it down. It comes back by their own hand, with the receipt.")
    last = row.withdrawn_on + timedelta(days=settings.WITHDRAWN_KEPT_DAYS)
    return _("It is hidden everywhere. Until %s an editor can restore it.") % date_format(last)


def _since_the_desk(lines: list[LedgerEntry]) -> list[LedgerEntry]:
    """The lines after the last decision or question of the desk."""
    decided = [number for number, line in enumerate(lines) if line.verb in DECIDED]
    return lines[decided[-1] + 1 :] if decided else lines


def _warnings(row: Submission, enclosures: list[Enclosure], person: Person) -> list[str]:
    """What somebody should know before deciding."""
    said = []
    if row.state == State.HELD:
        said.append(_("Held as possible spam (%s). A person decides.") % row.suspicion)
    if row.accepted_version and row.accepted_version != row.version:
        said.append(_("What was accepted is an older version. This one must be accepted again."))
    flags = safeguards.labels(row)
    if flags and row.accepted_by_id == person.pk and row.accepted_version == row.version:
        said.append(
            _("Two pairs of eyes: %s. You accepted it, so a colleague publishes it.")
            % ", ".join(flags)
        )
    elif flags:
        said.append(
            _("Two pairs of eyes: %s. Whoever accepts it cannot publish it.") % ", ".join(flags)
        )
    if row.current and not consent.agreed(
        row.consent_in_force, row.current, row.agreed_version or 0
    ):
        said.append(_("It waits for its contributor, who asked to see it before it is public."))
    wishes = changing.wished(row)
    if wishes:
        said.append(_("The contributor wishes for more now: %s") % " ".join(wishes))
    return [*said, *_plans(row), *_lacking(enclosures)]


def _plans(row: Submission) -> list[str]:
    """What is planned, what the contributor wished, and what came of it."""
    said = []
    planned = planning.planned(row)
    if planned and planned.plan_failed:
        said.append(
            _("It was to be published on %s and could not be. Look at it, and publish it again.")
            % _moment(planned.plan_at)
        )
    elif planned:
        said.append(_("It will be published on %s.") % _moment(planned.plan_at))
    wished = planning.embargo(row)
    if wished and row.state != State.PUBLISHED:
        said.append(
            _("Its contributor wishes it to be public from %s. Until then it can be planned.")
            % date_format(timezone.localtime(wished))
        )
    return said


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""


def _lacking(enclosures: list[Enclosure]) -> list[str]:
    if any(not each.alt.strip() and not each.withheld for each in enclosures):
        return [_("Photographs still need a description before they can be published.")]
    return []
