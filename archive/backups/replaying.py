"""Inside a restored archive, before anybody is served: what was taken away since the backup was
made is taken away again, by the same verbs, with the archive itself as the one who acts.

Asks `archive.tombstones` about every row that could have one. Where a contributor allows less since,
or a name was taken out since, what says so is lost with the backup: the piece is hidden until its
contributor or an editor has looked. So is a photograph whose covers were drawn since. And nothing is
published by itself on the word of a plan that may have been taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from archive import erasing, invitations, jobs, publication, redaction, tombstones
from archive.actors import SYSTEM
from archive.models.newsletter import Subscriber
from archive.models.person import Person
from archive.models.review import Handling
from archive.models.story import StoryPhoto
from archive.models.submission import Enclosure, State, Submission
from archive.refusals import Refusal
from archive.tombstones import Fate, Tombstones


@dataclass
class Replayed:
    """How much was taken away again; for `narrowed` the references of the pieces."""

    hidden: int = 0
    erased: int = 0
    narrowed: list[str] = field(default_factory=list)
    photographs: int = 0
    subscriptions: int = 0
    accounts: int = 0
    plans: int = 0
    # Accounts that were ended and could not be: of the last administrator whom the backup knows.
    accounts_left: list[str] = field(default_factory=list)


def replay() -> Replayed:
    """All of it; then the index is owed, and SQLite's log is emptied of what was erased."""
    stones = tombstones.read(Path(settings.TOMBSTONES))
    done = Replayed()
    if len(stones):
        _pieces(stones, done)
        _photographs(stones, done)
        _subscriptions(stones, done)
        _accounts(stones, done)
    planned = Handling.objects.exclude(plan_at=None)
    done.plans = planned.update(plan_failed=True)  # they stay visible, and wait for somebody
    jobs.enqueue("catalogue.rebuild")
    erasing.scrub({})
    return done


def _pieces(stones: Tombstones, done: Replayed) -> None:
    for piece in Submission.objects.exclude(state=State.ERASED).order_by("pk"):
        fate = stones.of(tombstones.piece(piece.reference))
        if fate is None:
            continue
        if fate.erased:
            publication.erase(piece, by=SYSTEM)
            done.erased += 1
        elif piece.state == State.WITHDRAWN:
            continue
        elif fate.hidden:
            publication.withdraw(piece, by=SYSTEM)
            done.hidden += 1
        elif _was_narrowed_since(piece, fate):
            publication.withdraw(piece, by=SYSTEM)
            done.narrowed.append(piece.reference)


def _was_narrowed_since(piece: Submission, fate: Fate) -> bool:
    """Whether the backup knows fewer consents, or fewer words that were taken out. A draft has
    none that anybody could act on."""
    if piece.state == State.DRAFT:
        return False
    return piece.consents.count() < fate.consent or len(redaction.struck_from(piece)) < fate.struck


def _photographs(stones: Tombstones, done: Replayed) -> None:
    rows = Enclosure.objects.filter(withheld=False).select_related("photo", "submission")
    for row in rows.order_by("pk"):
        fate = stones.of(tombstones.photograph(row.photo.name))
        if fate is None or not (fate.hidden or _was_covered_since(row, fate)):
            continue
        plate = _hung(row)
        if plate is not None:
            publication.take_down(row.submission, plate=plate.position, by=SYSTEM)
        else:
            Enclosure.objects.filter(pk=row.pk).update(withheld=True)
        done.photographs += 1


def _was_covered_since(row: Enclosure, fate: Fate) -> bool:
    return bool(fate.covers) and fate.covers != tombstones.sum_of(row.photo.redactions)


def _hung(row: Enclosure) -> StoryPhoto | None:
    """The plate that shows it, as the rows stand now: its neighbour may have gone with it."""
    picture = Enclosure.objects.values_list("picture", flat=True).get(pk=row.pk)
    if picture is None:
        return None
    shown = StoryPhoto.objects.filter(picture=picture) | StoryPhoto.objects.filter(
        companion=picture
    )
    return shown.first()


def _subscriptions(stones: Tombstones, done: Replayed) -> None:
    for row in Subscriber.objects.all():
        fate = stones.of(tombstones.subscription(row.public_id))
        if fate is not None and fate.erased:
            row.delete()
            done.subscriptions += 1


def _accounts(stones: Tombstones, done: Replayed) -> None:
    for person in _ended(stones):
        try:
            invitations.leave(person, by=person)
            done.accounts += 1
        except Refusal:
            done.accounts_left.append(person.username)


def _ended(stones: Tombstones) -> Iterator[Person]:
    for person in Person.objects.filter(is_active=True).order_by("pk"):
        fate = stones.of(tombstones.account(person.username))
        if fate is not None and fate.hidden:
            yield person
