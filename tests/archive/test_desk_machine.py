"""Any verb, in any order, by anybody: three sentences hold after each step.

What is public is the version that was accepted, under a consent that allows it. What is withdrawn
is on no surface. What is erased has no row. Sequences are drawn by hypothesis; refusals are part of
the game, and must leave everything as it was.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.db.models import Model
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from archive import consent, intake, moderation, planning, publication, safeguards
from archive.actors import SYSTEM
from archive.models.person import Person, Role
from archive.models.review import Handling, LedgerEntry, Message, Review
from archive.models.story import Story
from archive.models.submission import (
    Consent,
    Contact,
    Enclosure,
    Receipt,
    Revision,
    State,
    Submission,
)  # fmt: skip
from archive.refusals import Refusal
from tests import factories
from tests.archive import ground

DESK = ("ines", "ruth", "odell", "wren")
who = st.sampled_from((*DESK, "ruth", "odell"))  # oftener those who may do most
stale = st.sampled_from((0, 0, 0, 1))  # how many versions behind the decision is
WORDS = ("A bus.", "A bus, later.", "Marta drove the bus.", "Nobody drove.")


class Ground:
    """Two pieces that wait and the four people, made once: each sequence begins and ends there."""

    def __init__(self) -> None:
        roles = (Role.MODERATOR, Role.EDITOR, Role.ADMINISTRATOR, Role.GUEST)
        self.people = {
            name: Person.objects.create_user(username=name, role=role)
            for name, role in zip(DESK, roles, strict=True)
        }
        self.pieces = [
            factories.submission().pk,
            factories.submission(permits=factories.allowed(others_named="unasked")).pk,
        ]


class Desk(RuleBasedStateMachine):
    """Two pieces, four people and the contributors, and no order at all."""

    ground: ClassVar[Ground]

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.people = {name: copy.copy(person) for name, person in self.ground.people.items()}
        self.pieces = self.ground.pieces
        self.cleared: dict[int, set[int]] = {pk: set() for pk in self.pieces}
        self.cleared_by: dict[tuple[int, int], str] = {}
        self.struck: set[int] = set()  # pieces out of which a name was taken
        self.unseen = True  # something was done since the sentences were last asked
        self.three_sentences_hold()

    def teardown(self) -> None:
        """Every sequence ends at the public doors: what is public is found there, nothing else."""
        try:
            self._knock_at_every_door()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @staticmethod
    def _knock_at_every_door() -> None:
        public = set(Story.objects.public().values_list("public_id", flat=True))
        client = Client()
        for code in Story.objects.values_list("public_id", flat=True):
            for door in (f"/stories/{code}/", f"/api/v1/stories/{code}/"):
                seen = client.get(door, follow=True).status_code
                assert (seen == 200) is (code in public), f"{door}: {seen}"

    def attempt(self, deed: Callable[[Submission], Any], which: int) -> bool:
        """Do it or be refused; a refusal leaves no trace."""
        try:
            deed(self.seen[which])  # each verb is a transaction of its own
        except Refusal:
            assert standing() == self.stands
            return False
        self.unseen = True
        return True

    piece = st.integers(min_value=0, max_value=1)

    @rule(which=piece, by=who, body=st.sampled_from(WORDS), behind=stale)
    def edit(self, which: int, by: str, body: str, behind: int) -> None:
        self.attempt(
            lambda row: moderation.edit(
                row, version=row.version - behind, reason="", body=body, by=self.people[by]
            ),
            which,
        )

    @rule(which=piece, by=who)
    def redact(self, which: int, by: str) -> None:
        done = self.attempt(
            lambda row: moderation.redact(row, ["Marta"], version=row.version, by=self.people[by]),
            which,
        )
        if done:
            self.struck.add(self.pieces[which])

    @rule(
        which=piece,
        by=who,
        verb=st.sampled_from(["claim", "claim", "give_back", "recuse", "clear", "take_back"]),
    )
    def plain(self, which: int, by: str, verb: str) -> None:
        self.attempt(lambda row: getattr(moderation, verb)(row, by=self.people[by]), which)

    @rule(which=piece, by=who, behind=stale)
    def accept(self, which: int, by: str, behind: int) -> None:
        seen = self.seen[which].version
        done = self.attempt(
            lambda row: moderation.accept(row, version=seen - behind, by=self.people[by]), which
        )
        if done:
            assert not behind, "a decision on another version"
            self.cleared[self.pieces[which]].add(seen)
            self.cleared_by[self.pieces[which], seen] = by

    @rule(which=piece, by=who, verb=st.sampled_from(["ask", "refer", "decline"]), behind=stale)
    def decide(self, which: int, by: str, verb: str, behind: int) -> None:
        def deed(row: Submission) -> None:
            version, person = row.version - behind, self.people[by]
            if verb == "decline":
                moderation.decline(row, reason="safety", version=version, by=person)
            else:
                getattr(moderation, verb)(row, "Words.", version=version, by=person)

        assert not (self.attempt(deed, which) and behind)

    @rule(which=piece)
    def answer(self, which: int) -> None:
        self.attempt(
            lambda row: intake.answer(row, "It was 1994.", by=factories.contributor(row)), which
        )

    @rule(which=piece, by=who, behind=stale)
    def publish(self, which: int, by: str, behind: int) -> None:
        self._public(publication.publish, which, by, behind, themes=())

    @rule(which=piece, reader=who, editor=who, body=st.sampled_from(WORDS))
    def all_the_way(self, which: int, reader: str, editor: str, body: str) -> None:
        """What is seldom drawn in this order by chance: written anew, accepted, made public."""
        self.edit(which, reader, body, 0)
        self.three_sentences_hold()
        self.accept(which, reader, 0)
        self.three_sentences_hold()
        verb = self.amend if self.seen[which].state == State.PUBLISHED else self.publish
        verb(which, editor, 0)

    @rule(which=piece, by=who, behind=stale)
    def amend(self, which: int, by: str, behind: int) -> None:
        self._public(publication.amend, which, by, behind)

    def _public(self, verb: Any, which: int, by: str, behind: int, **more: Any) -> None:
        done = self.attempt(
            lambda row: verb(row, version=row.version - behind, by=self.people[by], **more), which
        )
        if done:
            row = self.seen[which]
            flagged = safeguards.reasons(row)
            assert not (flagged and self.cleared_by[row.pk, row.version] == by)

    @rule(which=piece, by=who)
    def plan_and_the_day_comes(self, which: int, by: str) -> None:
        later = datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=1)
        self.attempt(
            lambda row: planning.publish(
                row, version=row.version, by=self.people[by], themes=(), at=later
            ),
            which,
        )
        Handling.objects.filter(submission=self.pieces[which]).exclude(plan_at=None).update(
            plan_at=later - datetime.timedelta(days=2)
        )
        planning.carry_out({"piece": self.pieces[which]})
        self.unseen = True

    @rule(which=piece, by=st.sampled_from([*DESK, "contributor", "system"]))
    def withdraw(self, which: int, by: str) -> None:
        self.attempt(lambda row: publication.withdraw(row, by=self._actor(by, row)), which)

    @rule(which=piece, by=st.sampled_from([*DESK, "contributor", "contributor"]))
    def restore(self, which: int, by: str) -> None:
        self.attempt(lambda row: publication.restore(row, by=self._actor(by, row)), which)

    @precondition(lambda self: len(self.cleared_by) > 2)
    @rule(which=piece, by=st.sampled_from(["contributor", "wren", "ines"]))
    def erase(self, which: int, by: str) -> None:
        self.attempt(lambda row: publication.erase(row, by=self._actor(by, row)), which)

    @rule(which=piece, audience=st.sampled_from(["public", "public", "team"]))
    def consent_anew(self, which: int, audience: str) -> None:
        """As the receipt page does: what is public and may not be any more is withdrawn with it."""
        row = self.seen[which]
        if row.state == State.ERASED:
            return
        newest = row.consent_in_force
        with transaction.atomic():
            Consent.objects.create(
                submission=row, number=newest.number + 1, audience=audience, adult=True,
                wording="", wording_version="test", others_named=newest.others_named,
            )  # fmt: skip
            if audience == "team" and row.state == State.PUBLISHED:
                publication.withdraw(row, by=factories.contributor(row))
        self.unseen = True

    @rule(by=who, role=st.sampled_from(Role.values))
    def another_role(self, by: str, role: str) -> None:
        self.people[by].role = role
        self.people[by].save(update_fields=["role"])

    def _actor(self, by: str, row: Submission) -> Any:
        if by == "system":
            return SYSTEM
        return factories.contributor(row) if by == "contributor" else self.people[by]

    @invariant()
    def three_sentences_hold(self) -> None:
        """Asked again whenever something was done; a refusal has been seen to change nothing."""
        if not self.unseen:
            return
        self.unseen, self.stands = False, standing()
        # What anybody has before their eyes; each verb looks again, behind its lock.
        rows = Submission.objects.filter(pk__in=self.pieces).select_related("story", "current")
        self.seen = list(rows.order_by("pk"))
        stories = self.stands[Story]
        public = set(Story.objects.public().values_list("pk", flat=True)) if stories else set()
        for row in self.seen:
            if row.story_id in public:
                self._what_is_public_was_accepted_and_is_allowed(row)
            if row.state == State.WITHDRAWN:
                assert row.story_id not in public
            if row.state == State.ERASED:
                self._what_is_erased_is_nowhere(row)
            if row.pk in self.struck and row.current:
                assert "Marta" not in row.current.body, "what was taken out came back"

    def _what_is_public_was_accepted_and_is_allowed(self, row: Submission) -> None:
        assert row.state == State.PUBLISHED
        assert row.published_version in self.cleared[row.pk]
        revision = row.revisions.get(number=row.published_version)
        assert row.story is not None
        assert (row.story.body, row.story.title) == (revision.body, revision.title)
        assert consent.may_publish(row.consent_in_force)

    @staticmethod
    def _what_is_erased_is_nowhere(row: Submission) -> None:
        assert row.story_id is None
        for table in (Revision, Consent, Contact, Receipt, Enclosure, Handling, Review, Message):
            assert not table.objects.filter(submission=row).exists(), table.__name__


WRITTEN = (Submission, Revision, Review, Handling, Story, Consent, Message, LedgerEntry)


def standing() -> dict[type[Model], list[Any]]:
    """What every verb of the desk writes, as it stands."""
    return ground.rows_of(*WRITTEN)


def play(examples: int, steps: int) -> None:
    Desk.ground = Ground()
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate, Phase.shrink],  # explaining traces every line, for minutes
            print_blob=True,
        ),
    )


@pytest.mark.django_db
def test_three_sentences_hold_whatever_is_done() -> None:
    play(60, 50)  # three hundred cost the suite a minute it does not have: they are below


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.django_db
def test_three_sentences_hold_for_a_long_time() -> None:
    play(2000, 50)
