"""Publication on a day to come: the desk's wish, the contributor's embargo, and the worker's hand.

Owns the plan of a piece (when, which version, by whom) and the job that carries it out. Called by
the desk. It publishes through `publication.publish` alone, so that every rule is asked again when
the day has come: a piece that was withdrawn, changed or forbidden meanwhile stays unpublished, and
its plan says that it failed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive import clearance, jobs, ledger, moves, publication
from archive.models.person import Person
from archive.models.review import Handling
from archive.models.story import Story
from archive.models.submission import State, Submission
from archive.models.vocabulary import Campaign, Theme
from archive.refusals import Incomplete, Refusal

FARTHEST_DAYS = 3660  # ten years: a date beyond it is a slip of the keyboard


def moment(day: datetime.date, hour: datetime.time) -> datetime.datetime:
    """A day and an hour on our clock as a moment.

    Raises `Incomplete` for a moment that has passed, that daylight saving skips, or that is too far
    away. Of an hour that comes twice the first is meant.
    """
    here = timezone.get_current_timezone()
    local = datetime.datetime.combine(day, hour, tzinfo=here)
    if local.astimezone(datetime.UTC).astimezone(here).replace(fold=0) != local:
        raise Incomplete(
            {"hour": [_("The clocks go forward over this hour on that day. Choose another hour.")]}
        )
    if local <= timezone.now():
        raise Incomplete({"day": [_("This moment has passed. Choose a later one.")]})
    if local > timezone.now() + datetime.timedelta(days=FARTHEST_DAYS):
        raise Incomplete({"day": [_("This is more than ten years away. Look at the year again.")]})
    return local


def embargo(piece: Submission) -> datetime.datetime | None:
    """The first moment that the contributor allows, where it is still to come."""
    first = piece.consent_in_force.public_from
    if first is None or first <= timezone.localdate():
        return None
    return datetime.datetime.combine(
        first, datetime.time.min, tzinfo=timezone.get_current_timezone()
    )


def embargoed(until: datetime.date) -> list[tuple[Submission, datetime.datetime]]:
    """Pieces on their way whose contributor's day comes by `until`, with that day, the first first."""
    coming = Submission.objects.filter(
        state__in=moves.OPEN,
        consents__public_from__gt=timezone.localdate(),
        consents__public_from__lte=until,
    )
    rows = coming.distinct().select_related("current").prefetch_related("consents")
    ends = [(row, end) for row in rows if (end := embargo(row)) and end.date() <= until]
    return sorted(ends, key=lambda each: each[1])


def planned(piece: Submission) -> Handling | None:
    """Where its plan stands; None where nothing is planned."""
    handling = getattr(piece, "handling", None)
    return handling if handling is not None and handling.plan_at else None


@transaction.atomic
def publish(
    submission: Submission,
    *,
    version: int,
    by: Person,
    themes: Iterable[Theme],
    campaigns: Iterable[Campaign] = (),
    at: datetime.datetime | None = None,
) -> Story | Handling:
    """Publish now, or plan it for `at`, and never before the contributor's day.

    Raises today what `publication.publish` would raise: nobody plans what could not be published.
    """
    piece = Submission.objects.locked(submission)
    moves.check("plan", piece, by)  # before its consent is read: what is erased has none
    wished = [each for each in (at, embargo(piece)) if each is not None]
    if not wished:
        return publication.publish(
            piece, version=version, by=by, themes=themes, campaigns=campaigns
        )
    clearance.demand(piece, version, by)
    piece.themes.set(themes)
    piece.campaigns.set(campaigns)
    handling, _new = Handling.objects.update_or_create(
        submission=piece,
        defaults={
            "plan_at": max(wished),
            "plan_version": version,
            "plan_by": by,
            "plan_failed": False,
        },
    )
    piece.claimed_by = piece.claimed_until = None
    piece.save(update_fields=["claimed_by", "claimed_until"])
    jobs.enqueue(
        "planning.publish", key=str(piece.pk), payload={"piece": piece.pk}, run_at=max(wished)
    )
    ledger.write("plan", piece, by=by)
    return handling


@transaction.atomic
def unplan(submission: Submission, *, by: Person) -> Submission:
    """Take the plan back; the piece stays accepted."""
    piece = Submission.objects.locked(submission)
    moves.check("unplan", piece, by)
    _forget(piece)
    ledger.write("unplan", piece, by=by)
    return piece


@jobs.handles("planning.publish")
def carry_out(payload: dict[str, int]) -> None:
    """Publish one piece whose day has come; where a rule says no, the plan fails and stays visible.

    Bears being run twice and being run early: the plan in the database is what counts.
    """
    handling = (
        Handling.objects.filter(submission=payload["piece"], plan_at__lte=timezone.now())
        .exclude(plan_failed=True)
        .select_related("submission", "plan_by")
        .first()
    )
    if handling is None:
        return
    try:
        _publish_as_planned(handling)
    except Refusal:
        Handling.objects.filter(pk=handling.pk).update(plan_failed=True)


@transaction.atomic
def _publish_as_planned(handling: Handling) -> None:
    piece = handling.submission
    if piece.state != State.PUBLISHED:
        who = handling.plan_by
        if who is None or not who.is_active:
            raise Refusal(_("Whoever planned this has left the desk."))
        publication.publish(
            piece,
            version=handling.plan_version or 0,
            by=who,
            themes=piece.themes.all(),
            campaigns=piece.campaigns.all(),
        )
    _forget(piece)


def _forget(piece: Submission) -> None:
    Handling.objects.filter(submission=piece).update(
        plan_at=None, plan_version=None, plan_by=None, plan_failed=False
    )
