"""Every state, every verb, every kind of person: who may do what to which piece.

The matrix below is written by hand from the promises of the house, not computed from `MOVES`; the
first half holds the table against it, the second half the verbs themselves, on real pieces.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from archive import intake, moderation, moves, publication
from archive.actors import SYSTEM, Actor, Contributor
from archive.models.person import Person, Role
from archive.models.review import Handling, LedgerEntry, Message, Review
from archive.models.story import Generation, Story
from archive.models.submission import Revision, State, Submission
from archive.refusals import NotAllowed, WrongState
from tests import factories
from tests.archive import ground
from tests.factories import IN_STATE, at_the_desk

# Columns: Draft Held Waiting asKed Referred Accepted deClined Published withdraWn Erased.
# A letter in a column: from there it goes to the state of that letter. "=": it stays where it is;
# "<": back to where it stood before. ".": cannot be done from there.
COLUMNS = "DHWKRACPXE"
STATES = dict(zip(COLUMNS, State.values, strict=True))
# Who: o the contributor of this piece, s the archive itself, m moderator, e editor, a administrator.
# The contributor of another piece and a guest may never do anything.
MATRIX = """
verb       DHWKRACPXE  who
save       =.........  o
send       W.........  o s e a
hold       H.........  o
clear      .W........  m e a
claim      .=====....  m e a
yield      .=====....  m e a
edit       .=====.=..  o s m e a
describe   .=====.=..  m e a
arrange    .=====.=..  m e a
cover      .=====.=..  m e a
leave_out  .=====.=..  m e a
take_in    .=====.=..  m e a
redact     .=====.=..  m e a
tag        .=====....  m e a
assign     .=====....  m e a
mark       .=======..  m e a
recuse     .=======..  m e a
contact_opened .========.  m e a
note       .=======..  m e a
ask        ..K.KK....  m e a
answer     ...W......  o
write      .==.====..  o
agree      .=====.=..  o
object     .=====.=..  o
refer      ..RR......  m e a
take_back  ....WWW...  m e a
accept     ..A.AA....  m e a
approve    .......=..  m e a
decline    .CCCCC....  m e a
publish    .....P....  e a
plan       .....=....  e a
unplan     .....=....  e a
amend      .......=..  o s e a
take_down  .......=..  o s m e a
withdraw   XXXXXXXX..  o s m e a
restore    ........<.  o e a
erase      EEEEEEEEE.  o s e a
consent    ========..  o s e a
widen      .=======..  m e a
leave_narrow .=======..  m e a
"""
REFERENCE = "0123456789"
ACTORS: dict[str, Actor] = {
    "o": Contributor(REFERENCE),
    "another": Contributor("9876543210"),
    "s": SYSTEM,
    "guest": Person(role=Role.GUEST),
    "m": Person(role=Role.MODERATOR),
    "e": Person(role=Role.EDITOR),
    "a": Person(role=Role.ADMINISTRATOR),
}


def read_matrix() -> dict[str, tuple[dict[str, str], set[str]]]:
    """verb -> ({state: where it leads}, who)"""
    rows = {}
    for line in MATRIX.strip().splitlines()[1:]:
        verb, cells, *who = line.split()
        leads = {STATES[at]: to for at, to in zip(COLUMNS, cells, strict=True) if to != "."}
        rows[verb.replace("_", " ")] = (
            {state: {"=": state}.get(to, STATES.get(to, "")) for state, to in leads.items()},
            set(who),
        )
    return rows


EXPECTED = read_matrix()
CELLS = [(verb, state, who) for verb in EXPECTED for state in STATES.values() for who in ACTORS]


def test_the_matrix_and_the_table_know_the_same_verbs_and_states() -> None:
    assert set(EXPECTED) == set(moves.MOVES)
    assert list(STATES.values()) == State.values
    assert {role for move in moves.MOVES.values() for role in move.roles} == {
        actor.role for actor in ACTORS.values()
    } - {Role.GUEST}


@pytest.mark.parametrize("verb", EXPECTED)
def test_the_table_says_what_the_matrix_says(verb: str) -> None:
    leads, may = EXPECTED[verb]
    for state in STATES.values():
        for who, actor in ACTORS.items():
            piece = Submission(reference=REFERENCE, state=state)
            cell = f"{verb} from {state} by {who}"
            assert moves.permits(verb, piece, actor) == (who in may and state in leads), cell
            if who not in may:
                with pytest.raises(NotAllowed):
                    moves.check(verb, piece, actor)
            elif state not in leads:
                with pytest.raises(WrongState, match=str(State(state).label)):
                    moves.check(verb, piece, actor)
            else:
                # "restore" leads to where the piece stood before, which the table cannot know.
                assert moves.check(verb, piece, actor) == (leads[state] or state), cell
            assert piece.state == state, "the table was asked, and moved the piece"


# --- the verbs themselves -------------------------------------------------------------------------
Verb = Callable[[Submission, Any], object]


def _version(verb: Callable[..., object], *words: str, **more: Any) -> Verb:
    return lambda piece, by: verb(piece, *words, version=piece.version, by=by, **more)


# What is called, with everything but the right and the state in order.
VERBS: dict[str, Verb] = {
    "clear": lambda piece, by: moderation.clear(piece, by=by),
    "claim": lambda piece, by: moderation.claim(piece, by=by),
    "yield": lambda piece, by: moderation.give_back(piece, by=by),
    "edit": _version(moderation.edit, reason="spelling", title="The bus at four"),
    "redact": lambda piece, by: moderation.redact(piece, ["Nobody"], version=piece.version, by=by),
    "tag": lambda piece, by: moderation.tag(piece, [], by=by),
    "assign": lambda piece, by: moderation.assign(piece, to=None, by=by),
    "mark": lambda piece, by: moderation.mark(piece, ["case"], by=by),
    "contact opened": lambda piece, by: moderation.open_contact(piece, reason="safety", by=by),
    "note": lambda piece, by: moderation.remark(piece, "Read with care.", by=by),
    "ask": _version(moderation.ask, "Which year was it?"),
    "answer": lambda piece, by: intake.answer(piece, "It was 1994.", by=by),
    "refer": _version(moderation.refer, "For the lawyer."),
    "take back": lambda piece, by: moderation.take_back(piece, by=by),
    "accept": _version(moderation.accept),
    "approve": _version(moderation.accept),
    "decline": _version(moderation.decline, reason="safety"),
    "publish": _version(publication.publish, themes=()),
    "amend": _version(publication.amend),
    "withdraw": lambda piece, by: publication.withdraw(piece, by=by),
    "restore": lambda piece, by: publication.restore(piece, by=by),
    "erase": lambda piece, by: publication.erase(piece, by=by),
}
# "accept" is one function for two rows of the table: which one is meant, the state tells.
SHARED = {"accept": State.PUBLISHED, "approve": None}
# The desk's functions take a person as `by`; the table lets others do the same by other doors.
ONLY_PEOPLE = {"edit"}


@pytest.fixture
def people(db: None) -> Callable[[str, Submission], Actor]:
    def who_is(who: str, piece: Submission) -> Actor:
        roles = {"guest": Role.GUEST, "m": Role.MODERATOR, "e": Role.EDITOR}
        if who in ("o", "another"):
            return Contributor(piece.reference if who == "o" else "9876543210")
        return SYSTEM if who == "s" else at_the_desk(roles.get(who, Role.ADMINISTRATOR))

    return who_is


def standing() -> dict[Any, list[Any]]:
    """Every row that a verb could touch, as it stands."""
    return ground.rows_of(
        Submission, Revision, Review, Message, Handling, Story, Generation, LedgerEntry
    )


@pytest.mark.parametrize("verb", VERBS)
def test_the_verb_does_what_the_table_allows_and_a_refusal_leaves_no_trace(
    verb: str, people: Callable[[str, Submission], Actor]
) -> None:
    leads, may = EXPECTED[verb]
    for state, make in IN_STATE.items():
        if SHARED.get(verb, "") == state or (verb == "approve" and state != State.PUBLISHED):
            continue
        piece = make()
        assert piece.state == state
        for who in ACTORS:
            if verb in ONLY_PEOPLE and who in "os":
                continue
            by = people(who, piece)
            cell = f"{verb} from {state} by {who}"
            with transaction.atomic():
                before, lines = standing(), LedgerEntry.objects.count()
                given = Submission.objects.select_related("story", "current").get(pk=piece.pk)
                if who in may and state in leads:
                    VERBS[verb](given, by)
                    now = Submission.objects.get(pk=piece.pk)
                    assert now.state == (leads[state] or State.PUBLISHED), cell
                    line = LedgerEntry.objects.order_by("pk").last()
                    assert LedgerEntry.objects.count() == lines + 1, cell
                    assert line is not None
                    assert (line.verb, line.piece) == (verb, piece.reference), cell
                    assert line.actor_role == by.role, cell
                    assert line.actor == (by if isinstance(by, Person) else None), cell
                else:
                    with pytest.raises(NotAllowed if who not in may else WrongState):
                        VERBS[verb](given, by)
                    assert standing() == before, f"{cell} was refused, and left a trace"
                transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_page_of_another_piece_opens_none_of_mine() -> None:
    """Two contributors, two receipts: each may withdraw what is theirs and nothing else."""
    hers, his = factories.in_public(), factories.in_public()
    with pytest.raises(NotAllowed):
        publication.withdraw(hers, by=factories.contributor(his))
    publication.withdraw(his, by=factories.contributor(his))
    assert list(Story.objects.public()) == [hers.story]
