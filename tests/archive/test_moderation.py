"""The desk's verbs: who holds a piece, which version was decided on, and what is written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from archive import ledger, moderation, publication, reasons
from archive.models.person import Person
from archive.models.review import Handling, LedgerEntry, Message, Review
from archive.models.story import Generation, Story
from archive.models.submission import Revision, State, Submission
from archive.refusals import Incomplete, NotAllowed, VersionChanged
from tests import factories

pytestmark = pytest.mark.django_db

Decision = Callable[[Submission, int, Person], object]

DECISIONS: dict[str, Decision] = {
    "ask": lambda piece, version, by: moderation.ask(piece, "When?", version=version, by=by),
    "refer": lambda piece, version, by: moderation.refer(piece, "", version=version, by=by),
    "accept": lambda piece, version, by: moderation.accept(piece, version=version, by=by),
    "decline": lambda piece, version, by: moderation.decline(
        piece, reason="safety", version=version, by=by
    ),
    "edit": lambda piece, version, by: moderation.edit(
        piece, reason="spelling", title="Another title", version=version, by=by
    ),
}


# --- which version --------------------------------------------------------------------------------
@pytest.mark.parametrize("what", DECISIONS)
@pytest.mark.parametrize("seen", [0, 1, 3])
def test_a_decision_on_another_version_is_refused(what: str, seen: int, ines: Person) -> None:
    piece = factories.submission()
    moderation.edit(piece, version=1, reason="spelling", title="Better", by=ines)
    lines = LedgerEntry.objects.count()
    with pytest.raises(VersionChanged):
        DECISIONS[what](piece, seen, ines)
    assert Submission.objects.get().version == 2
    assert LedgerEntry.objects.count() == lines
    assert not Review.objects.exists()
    DECISIONS[what](piece, 2, ines)


def test_nothing_unread_can_be_published_after_an_edit(ines: Person, ruth: Person) -> None:
    piece = factories.accepted()
    moderation.edit(piece, version=1, reason="names", body="Words nobody cleared.", by=ruth)
    for version in (1, 2):
        with pytest.raises(VersionChanged):
            publication.publish(piece, version=version, themes=(), by=ruth)
    assert not Story.objects.exists()
    moderation.accept(piece, version=2, by=ines)
    assert publication.publish(piece, version=2, themes=(), by=ruth).body == "Words nobody cleared."


def test_an_edit_makes_a_revision_and_leaves_the_one_before(ines: Person) -> None:
    piece = factories.submission()
    made = moderation.edit(piece, version=1, reason="spelling", title="The bus at 4", by=ines)
    first, second = Revision.objects.order_by("number")
    assert second == made
    assert (first.title, second.title) == ("The four o'clock bus", "The bus at 4")
    assert (second.body, second.made_by, second.reason) == (first.body, ines, "spelling")
    assert first.made_by is None


def test_an_edit_of_what_no_revision_has_is_an_error_of_ours(ines: Person) -> None:
    with pytest.raises(TypeError, match="state"):
        moderation.edit(factories.submission(), version=1, reason="", state="published", by=ines)


# --- who has it -----------------------------------------------------------------------------------
TAKEN = {
    **{name: lambda piece, by, do=do: do(piece, 1, by) for name, do in DECISIONS.items()},
    "claim": lambda piece, by: moderation.claim(piece, by=by),
    "give back": lambda piece, by: moderation.give_back(piece, by=by),
    "note": lambda piece, by: moderation.remark(piece, "Hm.", by=by),
}


@pytest.mark.parametrize("what", TAKEN)
def test_what_somebody_reads_no_other_may_decide(what: str, ines: Person, ruth: Person) -> None:
    piece = moderation.claim(factories.submission(), by=ines)
    with pytest.raises(NotAllowed, match="Inés"):
        TAKEN[what](piece, ruth)
    TAKEN[what](piece, ines)


def test_a_claim_ends_by_itself(ines: Person, ruth: Person, settings: Settings) -> None:
    piece = factories.submission()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        moderation.claim(piece, by=ines)
        clock.shift(settings.CLAIM_MINUTES * 60 - 1)
        with pytest.raises(NotAllowed):
            moderation.accept(piece, version=1, by=ruth)
        clock.shift(2)
        moderation.accept(piece, version=1, by=ruth)
    now = Submission.objects.get()
    assert (now.accepted_by, now.claimed_by, now.claimed_until) == (ruth, None, None)


def test_claiming_again_extends_the_time(ines: Person) -> None:
    piece = factories.submission()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = moderation.claim(piece, by=ines).claimed_until
        clock.shift(600)
        second = moderation.claim(piece, by=ines).claimed_until
    assert (second - first).total_seconds() == 600


def test_giving_back_needs_no_word(ines: Person, ruth: Person) -> None:
    piece = moderation.claim(factories.submission(), by=ines)
    moderation.give_back(piece, by=ines)
    assert moderation.claim(piece, by=ruth).claimed_by == ruth


def test_a_claim_never_stands_in_the_way_of_withdrawal(ines: Person) -> None:
    piece = moderation.claim(factories.accepted(), by=ines)
    publication.withdraw(piece, by=factories.contributor(piece))
    assert Submission.objects.get().state == State.WITHDRAWN


# --- words ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("reason", ["", "because", "SAFETY", "safety "])
def test_no_is_never_said_without_a_reason_that_the_contributor_can_read(
    reason: str, ines: Person
) -> None:
    piece = factories.submission()
    with pytest.raises(Incomplete) as refusal:
        moderation.decline(piece, reason=reason, version=1, by=ines)
    assert list(refusal.value.errors) == ["reason"]
    assert Submission.objects.get().state == State.WAITING


@pytest.mark.parametrize("reason", reasons.FIRST)
def test_every_reason_says_what_can_be_done(reason: str, ines: Person) -> None:
    piece = moderation.decline(factories.submission(), reason=reason, version=1, by=ines)
    assert piece.state == State.DECLINED
    assert Review.objects.get().reason == reason
    assert LedgerEntry.objects.last().reason == reason
    assert reasons.words(reason).count(".") >= 2


@pytest.mark.parametrize("words", ["", "  ", "\n\t", "\u202e\x00"])
def test_empty_questions_and_notes_are_refused(words: str, ines: Person) -> None:
    piece = factories.submission()
    with pytest.raises(Incomplete):
        moderation.ask(piece, words, version=1, by=ines)
    with pytest.raises(Incomplete):
        moderation.remark(piece, words, by=ines)
    assert not Message.objects.exists()
    assert not Review.objects.exists()


def test_a_piece_is_tagged_while_it_is_fresh(ines: Person) -> None:
    visits, money = factories.theme("visits"), factories.theme("money")
    piece = moderation.accept(factories.submission(), version=1, themes=[visits], by=ines)
    assert list(piece.themes.all()) == [visits]
    moderation.accept(piece, version=1, by=ines)
    assert list(piece.themes.all()) == [visits], "not asked for, yet changed"
    moderation.accept(piece, version=1, themes=[money], by=ines)
    assert list(piece.themes.all()) == [money]


def test_accepting_a_newer_version_leaves_the_published_one_up(ines: Person) -> None:
    piece = factories.in_public()
    moderation.edit(piece, version=1, reason="names", body="A newer text.", by=ines)
    moderation.accept(piece, version=2, by=ines)
    now = Submission.objects.get()
    assert (now.state, now.accepted_version, now.published_version) == (State.PUBLISHED, 2, 1)
    assert Story.objects.public().get().body == factories.BODY


# --- many at once ---------------------------------------------------------------------------------
def test_many_are_accepted_as_each_would_be(ines: Person) -> None:
    pieces = [factories.submission() for _ in range(3)]
    moderation.accept_all(pieces, by=ines)
    assert set(Submission.objects.values_list("state", "accepted_version", "accepted_by")) == {
        ("accepted", 1, ines.pk)
    }
    assert Review.objects.count() == 3
    assert LedgerEntry.objects.filter(verb="accept", actor=ines, version=1).count() == 3


def test_many_are_accepted_together_or_not_at_all(ines: Person, ruth: Person) -> None:
    pieces = [factories.submission() for _ in range(3)]
    moderation.claim(pieces[2], by=ruth)
    with pytest.raises(NotAllowed):
        moderation.accept_all(pieces, by=ines)
    assert not Submission.objects.filter(state=State.ACCEPTED).exists()
    assert not Review.objects.exists()


def test_many_are_accepted_in_the_version_they_were_handed_over_in(ines: Person) -> None:
    pieces = [factories.submission() for _ in range(2)]
    moderation.edit(Submission.objects.get(pk=pieces[1].pk), version=1, reason="", by=ines)
    with pytest.raises(VersionChanged):
        moderation.accept_all(pieces, by=ines)
    assert not Submission.objects.filter(state=State.ACCEPTED).exists()


# --- one transaction ------------------------------------------------------------------------------
EVERY_VERB: dict[str, tuple[Callable[..., Submission], Callable[[Submission, Person], object]]] = {
    "clear": (factories.held, lambda piece, by: moderation.clear(piece, by=by)),
    "claim": (factories.submission, lambda piece, by: moderation.claim(piece, by=by)),
    "yield": (factories.submission, lambda piece, by: moderation.give_back(piece, by=by)),
    "take back": (factories.accepted, lambda piece, by: moderation.take_back(piece, by=by)),
    "mark": (factories.submission, lambda piece, by: moderation.mark(piece, ["case"], by=by)),
    "recuse": (factories.submission, lambda piece, by: moderation.recuse(piece, by=by)),
    "redact": (
        factories.submission,
        lambda piece, by: moderation.redact(piece, ["daughter"], version=1, by=by),
    ),
    "open contact": (
        factories.submission,
        lambda piece, by: moderation.open_contact(piece, reason="safety", by=by),
    ),
    "note": (factories.submission, lambda piece, by: moderation.remark(piece, "Hm.", by=by)),
    "accept many": (factories.submission, lambda piece, by: moderation.accept_all([piece], by=by)),
    **{
        name: (factories.submission, lambda piece, by, do=do: do(piece, 1, by))
        for name, do in DECISIONS.items()
    },
    "publish": (
        factories.accepted,
        lambda piece, by: publication.publish(piece, version=1, themes=(), by=by),
    ),
    "publish many": (factories.accepted, lambda piece, by: publication.publish_all([piece], by=by)),
    "amend": (factories.in_public, lambda piece, by: publication.amend(piece, version=1, by=by)),
    "retag": (factories.in_public, lambda piece, by: publication.retag(piece, themes=(), by=by)),
    "reconsider": (factories.in_public, lambda piece, by: publication.reconsider(piece, by=by)),
    "withdraw": (factories.in_public, lambda piece, by: publication.withdraw(piece, by=by)),
    "restore": (factories.withdrawn, lambda piece, by: publication.restore(piece, by=by)),
    "erase": (factories.in_public, lambda piece, by: publication.erase(piece, by=by)),
}
TABLES: list[Any] = [
    Submission, Revision, Review, Message, Handling, Story, Generation, LedgerEntry
]  # fmt: skip


def rows() -> list[Any]:
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


@pytest.mark.parametrize("verb", EVERY_VERB)
def test_where_the_ledger_cannot_be_written_nothing_is_done(
    verb: str, ruth: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, do = EVERY_VERB[verb]
    piece = make()
    before = rows()

    def unwritable(*_given: object, **_more: object) -> None:
        raise OSError("the ledger cannot be written")

    with monkeypatch.context() as broken:
        broken.setattr(ledger, "write_all", unwritable)
        with pytest.raises(OSError, match="ledger"):
            do(Submission.objects.get(pk=piece.pk), ruth)
    assert rows() == before
    do(Submission.objects.get(pk=piece.pk), ruth)
    assert LedgerEntry.objects.last().piece == piece.reference


def test_the_ledger_holds_no_word_of_a_story(ines: Person, ruth: Person) -> None:
    piece = factories.submission(contact={"email": "denise@example.org"})
    moderation.ask(piece, "A private question?", version=1, by=ines)
    moderation.take_back(moderation.refer(piece, "A private note.", version=1, by=ines), by=ines)
    moderation.edit(piece, version=1, reason="A private reason", title="Elsewhere", by=ruth)
    moderation.remark(piece, "Another private note.", by=ruth)
    said = repr(list(LedgerEntry.objects.values()))
    for word in ("bus", "Queens", "denise", "private", "Denise", "Elsewhere"):
        assert word not in said
    assert LedgerEntry.objects.filter(piece=piece.reference).count() == 6
