"""The one table of allowed moves: which verb takes a piece from where to where, and who may.

Ground floor under the stages: `intake`, `moderation` and `publication` check every verb here,
before they write. It decides nothing about content and touches no row.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from archive.actors import Actor, Contributor
from archive.models.submission import State, Submission
from archive.permission import DESK, EDITORS
from archive.refusals import NotAllowed, WrongState

CONTRIBUTOR, SYSTEM = "contributor", "system"
OPEN = frozenset({State.HELD, State.WAITING, State.ASKED, State.REFERRED, State.ACCEPTED})
ALIVE = frozenset(State) - {State.ERASED, State.WITHDRAWN}


class Move(NamedTuple):
    """One row of the table. `to` is None where the state stays, or is the one before."""

    sources: frozenset[State]
    to: State | None
    roles: frozenset[str]


def _move(sources: object, to: State | None, *roles: object) -> Move:
    names = frozenset().union(*(role if isinstance(role, frozenset) else {role} for role in roles))
    return Move(
        frozenset(sources) if not isinstance(sources, State) else frozenset({sources}),  # type: ignore[call-overload]
        to,
        frozenset(str(name) for name in names),
    )


MOVES: dict[str, Move] = {
    # verb            from                                   to               who
    "save": _move(State.DRAFT, None, CONTRIBUTOR),
    "send": _move(State.DRAFT, State.WAITING, CONTRIBUTOR, SYSTEM, EDITORS),
    "hold": _move(State.DRAFT, State.HELD, CONTRIBUTOR),
    "clear": _move(State.HELD, State.WAITING, DESK),
    "claim": _move(OPEN, None, DESK),
    "yield": _move(OPEN, None, DESK),
    "edit": _move(OPEN | {State.PUBLISHED}, None, DESK, CONTRIBUTOR, SYSTEM),
    # What is done with one photograph, or with their order.
    "describe": _move(OPEN | {State.PUBLISHED}, None, DESK),
    "arrange": _move(OPEN | {State.PUBLISHED}, None, DESK),
    "cover": _move(OPEN | {State.PUBLISHED}, None, DESK),
    "leave out": _move(OPEN | {State.PUBLISHED}, None, DESK),
    "take in": _move(OPEN | {State.PUBLISHED}, None, DESK),
    "redact": _move(OPEN | {State.PUBLISHED}, None, DESK),
    "tag": _move(OPEN, None, DESK),
    "assign": _move(OPEN, None, DESK),
    "mark": _move(ALIVE - {State.DRAFT}, None, DESK),
    "recuse": _move(ALIVE - {State.DRAFT}, None, DESK),
    "contact opened": _move(frozenset(State) - {State.DRAFT, State.ERASED}, None, DESK),
    "note": _move(ALIVE - {State.DRAFT}, None, DESK),
    "ask": _move({State.WAITING, State.REFERRED, State.ACCEPTED}, State.ASKED, DESK),
    "answer": _move(State.ASKED, State.WAITING, CONTRIBUTOR),
    "write": _move(ALIVE - {State.DRAFT, State.ASKED}, None, CONTRIBUTOR),
    # What the desk has changed: the contributor agrees, or puts their own words back.
    "agree": _move(OPEN | {State.PUBLISHED}, None, CONTRIBUTOR),
    "object": _move(OPEN | {State.PUBLISHED}, None, CONTRIBUTOR),
    "refer": _move({State.WAITING, State.ASKED}, State.REFERRED, DESK),
    "take back": _move({State.REFERRED, State.DECLINED, State.ACCEPTED}, State.WAITING, DESK),
    # Accepting again clears a newer version of what was accepted before.
    "accept": _move({State.WAITING, State.REFERRED, State.ACCEPTED}, State.ACCEPTED, DESK),
    "approve": _move(State.PUBLISHED, None, DESK),
    "decline": _move(OPEN, State.DECLINED, DESK),
    "publish": _move(State.ACCEPTED, State.PUBLISHED, EDITORS),
    "plan": _move(State.ACCEPTED, None, EDITORS),
    "unplan": _move(State.ACCEPTED, None, EDITORS),
    "amend": _move(State.PUBLISHED, None, EDITORS, CONTRIBUTOR, SYSTEM),
    "take down": _move(State.PUBLISHED, None, CONTRIBUTOR, DESK, SYSTEM),
    "withdraw": _move(ALIVE, State.WITHDRAWN, CONTRIBUTOR, DESK, SYSTEM),
    "restore": _move(State.WITHDRAWN, None, CONTRIBUTOR, EDITORS),
    "erase": _move(frozenset(State) - {State.ERASED}, State.ERASED, CONTRIBUTOR, EDITORS, SYSTEM),
    "consent": _move(ALIVE, None, CONTRIBUTOR, SYSTEM, EDITORS),
    # What a contributor allows beyond before is in force once somebody at the desk has read it.
    "widen": _move(ALIVE - {State.DRAFT}, None, DESK),
    "leave narrow": _move(ALIVE - {State.DRAFT}, None, DESK),
}


def permits(verb: str, submission: Submission, by: Actor) -> bool:
    """Whether the table has this move; for pages that show only what can be done."""
    move = MOVES[verb]
    own = not isinstance(by, Contributor) or by.reference == submission.reference
    return own and by.role in move.roles and State(submission.state) in move.sources


def check(verb: str, submission: Submission, by: Actor) -> State:
    """The state that the verb leads to.

    Raises `NotAllowed` where this person may never do it, `WrongState` where the piece does not
    stand in a state from which it can be done.
    """
    move = MOVES[verb]
    own = not isinstance(by, Contributor) or by.reference == submission.reference
    if not own or by.role not in move.roles:
        raise NotAllowed(_("Your role does not allow this. Ask an editor or an administrator."))
    state = State(submission.state)
    if state not in move.sources:
        raise WrongState(
            _("This cannot be done now: the piece is “%(state)s”. Load the page again.")
            % {"state": state.label}
        )
    return move.to or state
