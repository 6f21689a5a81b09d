"""What is being written and not yet sent: kept from the first word, under the receipt it will keep.

Owns drafts: beginning, saving and reading them; their photographs are `bringing`'s. The answers are
kept as they were typed, right or wrong, and sealed; only sending (`intake.send`) asks whether they
can be taken. Called by the contributor's pages. Nobody at the desk reads a draft.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive import languages, ledger, moves, receipts, sealing
from archive.actors import Contributor
from archive.models.submission import Draft, State, Submission
from archive.refusals import WrongState

Answers = Mapping[str, Sequence[str]]  # field -> what was posted for it, in order


def begin(token: str, *, kind: str, answers: Answers, step: str) -> tuple[Submission, str]:
    """Keep the first words: (the piece, the code of its receipt).

    The same token again, from a second click or a line that broke, is kept in the same draft; if
    that was sent meanwhile, it stays as it was sent.
    """
    code = receipts.code_for(token)
    before = _begun(token)
    if before is None:
        try:
            return _open(token, code, kind, answers, step), code
        except IntegrityError:
            # Twice at once: the other one was first, and its row stands.
            before = _begun(token)
            if before is None:
                raise
    if before.state == State.DRAFT:
        try:
            keep(before, answers, step=step, code=code)
        except WrongState:  # sent between the look and the lock
            before.refresh_from_db()
    return before, code


@transaction.atomic
def keep(draft: Submission, answers: Answers, *, step: str, code: str = "") -> Submission:
    """Keep the answers of one step; those of the others stay. `step` is where she goes on.

    Raises `WrongState` where it was sent meanwhile, `Incomplete` where a text holds the code.
    """
    piece = Submission.objects.locked(draft)
    if piece.state != State.DRAFT:
        raise sent_already()
    moves.check("save", piece, Contributor(piece.reference))
    _refuse_code(answers, code)
    row = Draft.objects.get(submission=piece)
    kept = {**_opened(row), **{name: list(values) for name, values in answers.items()}}
    row.sealed, row.step, row.kept_on = _sealed(kept), step, timezone.localdate()
    row.save()
    return piece


def sent_already() -> WrongState:
    """What is raised where words come for a draft that is none any more."""
    return WrongState(
        _("This story was already sent, and what you sent is safe. Your receipt opens it.")
    )


def answers_of(piece: Submission) -> dict[str, list[str]]:
    """Everything that was typed so far, by field; nothing where there is no draft (any more)."""
    row = Draft.objects.filter(submission=piece).first()
    return _opened(row) if row else {}


def step_of(piece: Submission) -> str:
    """Where its contributor stopped."""
    return Draft.objects.values_list("step", flat=True).get(submission=piece)


# --- inside -------------------------------------------------------------------------------------


def _begun(token: str) -> Submission | None:
    return Submission.objects.filter(token_hash=receipts.token_hash(token)).first()


@transaction.atomic
def _open(token: str, code: str, kind: str, answers: Answers, step: str) -> Submission:
    _refuse_code(answers, code)
    piece = Submission.objects.create(
        kind=kind,
        token_hash=receipts.token_hash(token),
        interface_language=languages.spoken(),
    )
    sealed = _sealed({name: list(values) for name, values in answers.items()})
    Draft.objects.create(submission=piece, sealed=sealed, step=step)
    receipts.issue(piece, code)
    ledger.write("save", piece, by=Contributor(piece.reference))
    return piece


def _refuse_code(answers: Answers, code: str) -> None:
    for name, values in answers.items() if code else ():
        receipts.keep_out_of("\n".join(values), code, field=name)


def _sealed(answers: Mapping[str, list[str]]) -> str:
    return sealing.seal({"answers": json.dumps(answers)})


def _opened(row: Draft) -> dict[str, list[str]]:
    opened: dict[str, list[str]] = json.loads(sealing.unseal(row.sealed)["answers"])
    return opened
