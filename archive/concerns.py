"""What readers tell the editors about a story: taken in here, settled at the desk.

Owns every row of `models.concern`. `raise_about` asks nobody who they are and keeps no trace of
them but their words; `settle` is for the desk. It hides nothing by itself: what must go is
withdrawn by `publication`. Stands on the public side, so it knows stories and no submission.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from archive import jobs, permission, rates, text
from archive.models.concern import Concern
from archive.models.person import Person
from archive.models.story import Story
from archive.refusals import Refusal, WrongState


class TooManyConcerns(Refusal):
    """More was told this hour than the desk can read."""


def raise_about(public_id: str, *, reason: str, words: str = "") -> None:
    """Tell the desk that something about a public story is not right.

    `reason` is a value of `Concern.Reason`. Raises `WrongState` where the story is not public, and
    `TooManyConcerns`.
    """
    story = Story.objects.public().filter(public_id=public_id).first()
    if story is None:
        raise WrongState(_("This story is not here any more."))
    _count()
    kept = text.plain(words)[: settings.CONCERN_MAX_CHARACTERS]
    Concern.objects.create(story=story, reason=Concern.Reason(reason), words=kept)


def _count() -> None:
    """Refuse once more came in within the hour than anybody could read."""
    if rates.count("concerns") > settings.CONCERNS_PER_HOUR:
        raise TooManyConcerns(
            _("Very much is coming in just now. Please try again in an hour, or write to us.")
        )


def open_ones() -> QuerySet[Concern]:
    """What nobody at the desk has settled yet, oldest first, with its story."""
    return Concern.objects.filter(settled_on=None).select_related("story")


def settle(concern: Concern, *, by: Person) -> None:
    """Say that it was seen to. Raises `NotAllowed`, and `WrongState` where somebody was quicker."""
    permission.require(by, permission.DESK)
    waiting = Concern.objects.filter(pk=concern.pk, settled_on=None)
    if not waiting.update(settled_on=timezone.localdate(), settled_by=by):
        raise WrongState(_("Somebody has settled this already."))


@jobs.every("concerns.sweep", hours=24)
def _sweep_job(_payload: dict[str, int]) -> None:
    """Forget what was settled long ago."""
    old = timezone.localdate() - timedelta(days=settings.CONCERN_KEPT_DAYS)
    Concern.objects.filter(settled_on__lt=old).delete()
