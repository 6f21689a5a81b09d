"""Any verb, in any order, by anybody: three sentences hold after each step.

What is public is the version that was accepted, under a consent that allows it. What is withdrawn
is on no surface. What is erased has no row, and no byte of it stands in any table. Sequences are drawn
by hypothesis; refusals are part of the game, and must leave everything as it was.

Fifteen thousand steps have to be cheap, so what lies there is read without building queries anew,
and the sentences are asked again where something was written and only there.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, ClassVar

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
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
    Draft,
    Enclosure,
    Receipt,
    Revision,
    State,
    Submission,
    Wish,
)  # fmt: skip
from archive.refusals import Refusal
from tests import factories
from tests.archive import ground

DESK = ("ines", "ruth", "odell", "wren")
who = st.sampled_from((*DESK, "ruth", "odell"))  # oftener those who may do most
readers = st.sampled_from(DESK[:3])
stale = st.sampled_from((0, 0, 0, 1))  # how many versions behind the decision is
WORDS = ("A bus.", "A bus, later.", "Marta drove the bus.", "Nobody drove.")
MARKS = ("quillwort", "fernbrake")  # in everything that was ever written of the one, of the other
# Where a story stands among others: all are asked when something is hidden at the end of a sequence,
# one otherwise.
SURFACES = ("/", "/es/stories/", "/stories/feed.atom", "/api/v1/stories/", "/sitemap.xml")
# What a piece consists of, and what may hold a word of it.
GIVEN = (Revision, Consent, Contact, Receipt, Enclosure, Handling, Review, Message, Draft, Wish)


class Ground:
    """Two pieces that wait and the four people, made once: each sequence begins and ends there."""

    def __init__(self) -> None:
        roles = (Role.MODERATOR, Role.EDITOR, Role.ADMINISTRATOR, Role.GUEST)
        self.people = {
            name: Person.objects.create_user(username=name, role=role)
            for name, role in zip(DESK, roles, strict=True)
        }
        self.pieces = [
            self._told(MARKS[0], factories.allowed()),
            self._told(MARKS[1], factories.allowed(others_named="unasked")),
        ]

    def _told(self, mark: str, permits: intake.Allowed) -> int:
        said = factories.telling(title=f"The {mark} bus", body=f"{factories.BODY} {mark}")
        piece = factories.submission(said, permits, names={"chosen": f"Denise {mark}"})
        # Something to erase in every table: a question, its answer, the note of a reader.
        moderation.ask(piece, f"Which {mark}?", version=1, by=self.people["ruth"])
        piece.refresh_from_db()
        intake.answer(piece, f"The {mark}.", by=factories.contributor(piece))
        moderation.remark(piece, mark, by=self.people["ruth"])
        moderation.mark(piece, [], by=self.people["ruth"])
        return piece.pk


class Pen:
    """Watches the database: was anything written since it was last asked?"""

    wrote = True

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.wrote |= sql.startswith(("INSERT", "UPDATE", "DELETE"))
        return execute(sql, params, many, context)


class Desk(RuleBasedStateMachine):
    """Two pieces, four people and the contributors, and no order at all."""

    ground: ClassVar[Ground]
    met: ClassVar[set[str]]  # what was ever seen; a machine to which nothing happens proves nothing

    def __init__(self) -> None:
        super().__init__()
        self.pen, self.undo = Pen(), ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.undo.enter_context(connection.execute_wrapper(self.pen))
        self.people = {name: copy.copy(person) for name, person in self.ground.people.items()}
        self.pieces = self.ground.pieces
        self.cleared: dict[int, set[int]] = {pk: set() for pk in self.pieces}
        self.cleared_by: dict[tuple[int, int], str] = {}
        self.struck: set[int] = set()  # pieces out of which a name was taken
        self.surface = SURFACES[0]
        self.three_sentences_hold()

    @initialize(surface=st.sampled_from(SURFACES))
    def look_there_at_the_end(self, surface: str) -> None:
        self.surface = surface

    def teardown(self) -> None:
        """Every sequence ends at the public doors: what is public is found there, nothing else."""
        try:
            self._knock_at_every_door()
        finally:
            transaction.set_rollback(True)
            self.undo.close()

    def _knock_at_every_door(self) -> None:
        stories = list(Story.objects.all())
        if not stories:
            return
        public = set(Story.objects.public().values_list("pk", flat=True))
        for (
            cache
        ) in caches.all():  # this sequence is undone, and the next counts the same generations
            cache.clear()
        client = Client()
        nothing_hidden = len(public) == len(stories)
        # A surface that says nothing of anybody would pass: what is public is found on one of them.
        surfaces = {self.surface} if nothing_hidden else SURFACES
        said = {each: client.get(each).content.decode() for each in surfaces}
        for story in stories:
            is_public = story.pk in public
            self.met.add("found" if is_public else "not found")
            for surface, words in said.items():
                assert (story.public_id in words) is is_public, surface
            for door in (story.get_absolute_url(), f"/api/v1/stories/{story.public_id}/"):
                seen = client.get(door).status_code
                assert (seen == 200) is is_public, f"{door}: {seen}"

    def attempt(self, deed: Callable[[Submission], Any], which: int) -> bool:
        """Do it or be refused; a refusal leaves no trace."""
        try:
            deed(self.seen[which])  # each verb is a transaction of its own
        except Refusal:
            # Without a stroke of the pen nothing has changed; otherwise all of it was taken back.
            assert not self.pen.wrote or standing() == self.stands
            return False
        return True

    piece = st.integers(min_value=0, max_value=1)

    @rule(which=piece, by=who, body=st.sampled_from(WORDS), behind=stale)
    def edit(self, which: int, by: str, body: str, behind: int) -> None:
        self.attempt(
            lambda row: moderation.edit(
                row,
                version=row.version - behind,
                reason="",
                body=f"{body} {MARKS[which]}",
                by=self.people[by],
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
                getattr(moderation, verb)(row, MARKS[which], version=version, by=person)

        assert not (self.attempt(deed, which) and behind)

    @rule(which=piece)
    def answer(self, which: int) -> None:
        self.attempt(
            lambda row: intake.answer(row, MARKS[which], by=factories.contributor(row)), which
        )

    @rule(which=piece, by=who, behind=stale)
    def publish(self, which: int, by: str, behind: int) -> None:
        self._public(publication.publish, which, by, behind, themes=())

    @rule(which=piece, reader=readers, editor=readers, body=st.sampled_from(WORDS))
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
            assert not (flagged and self.cleared_by.get((row.pk, row.version)) == by)

    @rule(which=piece, by=who)
    def plan_and_the_day_comes(self, which: int, by: str) -> None:
        later = datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=1)
        planned = self.attempt(
            lambda row: planning.publish(
                row, version=row.version, by=self.people[by], themes=(), at=later
            ),
            which,
        )
        if not planned:
            return
        Handling.objects.filter(submission=self.pieces[which]).exclude(plan_at=None).update(
            plan_at=later - datetime.timedelta(days=2)
        )
        planning.carry_out({"piece": self.pieces[which]})

    @rule(which=piece, by=st.sampled_from([*DESK, "contributor", "system"]))
    def withdraw(self, which: int, by: str) -> None:
        self.attempt(lambda row: publication.withdraw(row, by=self._actor(by, row)), which)

    @rule(which=piece, by=st.sampled_from([*DESK, "contributor", "contributor"]))
    def restore(self, which: int, by: str) -> None:
        self.attempt(lambda row: publication.restore(row, by=self._actor(by, row)), which)

    @precondition(lambda self: len(self.cleared_by) > 1)
    @rule(which=piece, by=st.sampled_from(["contributor", "ruth", "wren", "ines"]))
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
                search_engines=True,  # or the sitemap would be silent about what is public
            )  # fmt: skip
            if audience == "team" and row.state == State.PUBLISHED:
                publication.withdraw(row, by=factories.contributor(row))

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
        """Asked again whenever something was written; a refusal has been seen to change nothing."""
        if not self.pen.wrote:
            return
        self.pen.wrote, self.stands = False, standing()
        # What anybody has before their eyes; each verb looks again, behind its lock.
        self.seen = as_anybody_sees_them(self.stands)
        there = self.stands[Story]
        public = {story.pk: story for story in Story.objects.public()} if there else {}
        for row, mark in zip(self.seen, MARKS, strict=True):
            if row.story_id in public:
                self.met.add("public")
                self._what_is_public_was_accepted_and_is_allowed(row, public[row.story_id])
            if row.state == State.WITHDRAWN:
                assert row.story_id not in public
            if row.state == State.ERASED:
                self.met.add("erased")
                self._what_is_erased_is_nowhere(row, mark)
            if row.pk in self.struck and row.current:
                assert "Marta" not in row.current.body, "what was taken out came back"

    def _what_is_public_was_accepted_and_is_allowed(self, row: Submission, story: Story) -> None:
        assert row.state == State.PUBLISHED
        assert row.published_version in self.cleared[row.pk]
        [said] = [
            (each["body"], each["title"])
            for each in self.stands[Revision]
            if (each["submission_id"], each["number"]) == (row.pk, row.published_version)
        ]
        assert (story.body, story.title) == said
        assert consent.may_publish(row.consent_in_force)

    @staticmethod
    def _what_is_erased_is_nowhere(row: Submission, mark: str) -> None:
        assert row.story_id is None
        for table in GIVEN:
            assert not rows_about(row, table), table.__name__
        assert mark not in ground.every_value(), f"{mark} still stands somewhere"


def as_anybody_sees_them(stands: dict[type[Model], list[Any]]) -> list[Submission]:
    """Both pieces, each with its version in force, out of the rows that were read already."""
    texts = {row["id"]: _made_of(Revision, row) for row in stands[Revision]}
    pieces = [_made_of(Submission, row) for row in stands[Submission]]
    for piece in pieces:
        piece.current = texts.get(piece.current_id)
    return pieces


def _made_of(table: type[Model], row: dict[str, Any]) -> Any:
    fields = table._meta.concrete_fields
    return table.from_db(
        None, [each.attname for each in fields], [row[each.column] for each in fields]
    )


def rows_about(piece: Submission, table: type[Model]) -> int:
    """How many rows of this table belong to the piece."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT COUNT(*) FROM "{table._meta.db_table}" WHERE submission_id = %s',  # noqa: S608
            [piece.pk],
        )
        return int(cursor.fetchone()[0])


WRITTEN = (Submission, Revision, Review, Handling, Story, Consent, Message, LedgerEntry)


def standing() -> dict[type[Model], list[Any]]:
    """What every verb of the desk writes, as it stands."""
    return ground.rows_of(*WRITTEN)


def play(examples: int, steps: int, *, derandomize: bool = True) -> None:
    Desk.ground, Desk.met = Ground(), set()
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=derandomize,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],  # explaining traces every line, for minutes
            print_blob=True,
        ),
    )
    assert Desk.met == {"public", "erased", "found", "not found"}


@pytest.mark.timeout(900)
@pytest.mark.django_db
def test_three_sentences_hold_whatever_is_done() -> None:
    play(300, 50)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.django_db
def test_three_sentences_hold_for_a_long_time() -> None:
    play(2000, 50, derandomize=False)
