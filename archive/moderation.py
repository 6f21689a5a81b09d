"""Clears what came in: claim, ask, accept, decline, refer, hand back, and corrections by the desk.

Owns reviews and the state of a submission until it is published. Called by the desk, `batches` and
the import. Never writes a story, never touches the index: that is publication's.

Every verb is atomic, takes the acting person as `by=`, writes its ledger row in the same
transaction, and raises `NotAllowed` or `WrongState`. A decision names the version it was made on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive import (
    enclosing,
    ledger,
    moves,
    permission,
    reasons,
    redaction,
    safeguards,
    sealing,
    text,
    tidings,
    tombstones,
)
from archive.models.person import Person
from archive.models.review import Handling, Review
from archive.models.submission import Revision, State, Submission
from archive.models.vocabulary import Theme
from archive.moves import MOVES
from archive.refusals import Incomplete, VersionChanged

__all__ = ["CONTACT_REASONS", "MOVES"]

# Why somebody opens the contact details of a contributor; the code goes to the ledger.
CONTACT_REASONS = {
    "asked": gettext_lazy("They asked to be called or written to"),
    "safety": gettext_lazy("Somebody may be in danger"),
    "consent": gettext_lazy("Their consent must be cleared with them"),
    "court": gettext_lazy("A lawyer or a court asks"),
}


@transaction.atomic
def claim(submission: Submission, *, by: Person) -> Submission:
    """Take a piece for `CLAIM_MINUTES`; claiming again extends the time."""
    piece = _taken_up("claim", submission, by)
    piece.claimed_by = by
    piece.claimed_until = timezone.now() + timedelta(minutes=settings.CLAIM_MINUTES)
    return _put_down("claim", piece, by=by)


@transaction.atomic
def give_back(submission: Submission, *, by: Person) -> Submission:
    """Lay a piece back into the queue without a word of explanation."""
    piece = _taken_up("yield", submission, by)
    _end_claim(piece)
    # Given to her, it would wait for nobody else.
    Handling.objects.filter(submission=piece, assigned_to=by).update(assigned_to=None)
    return _put_down("yield", piece, by=by)


@transaction.atomic
def clear(submission: Submission, *, by: Person) -> Submission:
    """Say that a held piece is no spam; it joins the queue at the day it came."""
    piece = _taken_up("clear", submission, by)
    piece.suspicion = ""
    return _put_down("clear", piece, by=by)


@transaction.atomic
def ask(submission: Submission, question: str, *, version: int, by: Person) -> Submission:
    """Ask the contributor something; the piece waits for the answer."""
    words = text.plain(question)
    if not words.strip():
        raise Incomplete({"question": [_("Write your question before you send it.")]})
    piece = _taken_up("ask", submission, by, version=version)
    _review(piece, Review.Decision.ASK, by=by)
    piece.messages.create(author=by, text=words)
    return _put_down("ask", piece, by=by)


@transaction.atomic
def refer(
    submission: Submission, note: str, *, version: int, by: Person, to: Person | None = None
) -> Submission:
    """Hand a piece to somebody who knows more: a colleague, or a lawyer whom the note names."""
    piece = _taken_up("refer", submission, by, version=version)
    _review(piece, Review.Decision.REFER, by=by, note=note)
    _end_claim(piece)
    if to is not None:
        _assign(piece, to)
    return _put_down("refer", piece, by=by)


@transaction.atomic
def assign(submission: Submission, *, to: Person | None, by: Person) -> Submission:
    """Ask somebody at the desk to read a piece, or nobody any more; it stays where it stands."""
    piece = _taken_up("assign", submission, by)
    _assign(piece, to)
    return _put_down("assign", piece, by=by)


@transaction.atomic
def tag(submission: Submission, themes: Iterable[Theme], *, by: Person) -> Submission:
    """Give a piece that is not public yet these themes, and no others."""
    piece = _taken_up("tag", submission, by)
    piece.themes.set(themes)
    return _put_down("tag", piece, by=by)


@transaction.atomic
def take_back(submission: Submission, *, by: Person) -> Submission:
    """Put a referred, declined or accepted piece back among those that wait."""
    return _put_down("take back", _taken_up("take back", submission, by), by=by)


@transaction.atomic
def accept(
    submission: Submission,
    *,
    version: int,
    by: Person,
    themes: Iterable[Theme] | None = None,
    note: str = "",
) -> Submission:
    """Clear exactly this version for publication, and tag it while it is fresh.

    A published piece stays up meanwhile: accepting its newer version only clears that one.
    """
    verb = "approve" if submission.state == State.PUBLISHED else "accept"
    piece = _taken_up(verb, submission, by, version=version)
    _review(piece, Review.Decision.ACCEPT, by=by, note=note)
    piece.accepted_version = version
    piece.accepted_by = by
    if themes is not None:
        piece.themes.set(themes)
    _end_claim(piece)
    return _put_down(verb, piece, by=by)


@transaction.atomic
def accept_all(submissions: Sequence[Submission], *, by: Person) -> list[Submission]:
    """Clear many pieces at once, each in the version it was handed over in; all or none."""
    versions = {submission.pk: submission.version for submission in submissions}
    rows = Submission.objects.held().filter(pk__in=versions).prefetch_related("handling")
    pieces = list(rows.order_by("pk"))
    for piece in pieces:
        piece.state = _permitted("accept", piece, by, version=versions[piece.pk])
        piece.accepted_version, piece.accepted_by = versions[piece.pk], by
        _end_claim(piece)
    Submission.objects.keep_all(
        pieces, "state", "accepted_version", "accepted_by_id", "claimed_by_id", "claimed_until"
    )
    Review.objects.bulk_create(
        Review(
            submission=piece, reviewer=by, version=piece.version, decision=Review.Decision.ACCEPT
        )
        for piece in pieces
    )
    ledger.write_all("accept", pieces, by=by)
    return pieces


@transaction.atomic
def decline(
    submission: Submission, *, reason: str, version: int, by: Person, note: str = ""
) -> Submission:
    """Say no, with one of the reasons that can be given; the contributor will read its words."""
    if reason not in reasons.given():
        raise Incomplete({"reason": [_("Choose a reason: the contributor will read it.")]})
    piece = _taken_up("decline", submission, by, version=version)
    _review(piece, Review.Decision.DECLINE, by=by, reason=reason, note=note)
    _end_claim(piece)
    return _put_down("decline", piece, by=by, reason=reason)


@transaction.atomic
def remark(submission: Submission, note: str, *, by: Person) -> Submission:
    """Leave a note for colleagues; the contributor never sees it."""
    words = text.plain(note)
    if not words.strip():
        raise Incomplete({"note": [_("Write your note before you save it.")]})
    piece = _taken_up("note", submission, by)
    _review(piece, Review.Decision.NOTE, by=by, note=words)
    return _put_down("note", piece, by=by)


@transaction.atomic
def mark(submission: Submission, codes: Iterable[str], *, by: Person) -> Submission:
    """Say that a second pair of eyes must publish it: codes of `safeguards.REASONS`.

    What the consent or a photograph says by itself cannot be unmarked.
    """
    wanted = [code for code in safeguards.REASONS if code in set(codes)]
    piece = _taken_up("mark", submission, by)
    Handling.objects.update_or_create(submission=piece, defaults={"marks": wanted})
    return _put_down("mark", piece, by=by, reason=" ".join(wanted))


@transaction.atomic
def recuse(submission: Submission, *, by: Person) -> Submission:
    """Say that this is a story of one's own or of one's family: from now on others decide."""
    piece = Submission.objects.locked(submission)
    moves.check("recuse", piece, by)
    handling, _new = Handling.objects.get_or_create(submission=piece)
    handling.conflicted = sorted({*handling.conflicted, by.pk})
    handling.save(update_fields=["conflicted"])
    if piece.claimed_by_id == by.pk:
        _end_claim(piece)
    return _put_down("recuse", piece, by=by)


@transaction.atomic
def open_contact(submission: Submission, *, reason: str, by: Person) -> dict[str, str]:
    """The names and ways to reach a contributor, unsealed, for one look that the ledger records."""
    if reason not in CONTACT_REASONS:
        raise Incomplete(
            {"reason": [_("Say why you need to see it: the ledger keeps the reason.")]}
        )
    piece = Submission.objects.locked(submission)
    moves.check("contact opened", piece, by)
    safeguards.demand_no_conflict("contact opened", piece, by)
    contact = getattr(piece, "contact", None)
    ledger.write("contact opened", piece, by=by, reason=reason)
    return sealing.unseal(contact.sealed) if contact else {}


@transaction.atomic
def edit(
    submission: Submission, *, version: int, by: Person, reason: str, **changes: object
) -> Revision:
    """A new revision with these fields changed; the one before stays as it was.

    What was accepted was the old version: the new one must be accepted again.
    """
    piece = _taken_up("edit", submission, by, version=version)
    before = piece.current
    if before is None:
        raise VersionChanged(_("There is no text to edit yet."))
    fields = {name: getattr(before, name) for name in _EDITABLE}
    unknown = set(changes) - set(fields)
    if unknown:
        raise TypeError(f"not fields of a revision: {sorted(unknown)}")
    made = _next_revision(piece, by=by, reason=reason, fields={**fields, **changes})
    _put_down("edit", piece, by=by)
    return made


@transaction.atomic
def redact(
    submission: Submission, words: Iterable[str], *, version: int, by: Person
) -> Revision | None:
    """Take words out of a piece for good: a new version without them, and every later one too.

    What stands at its photographs is struck at once. The version that was sent keeps them, and so
    does what is public until the new version takes its place. None where no word of the newest
    version was among them: then they are only kept out of what comes.
    """
    piece = _taken_up("redact", submission, by, version=version)
    wanted = [said for each in words if (said := text.one_line(each))]
    if not wanted or piece.current is None:
        raise Incomplete({"words": [_("Write the words to take out, one name a line.")]})
    struck = redaction.remember(piece, wanted)
    for row in piece.enclosures.all():
        for name in enclosing.WORDS:
            said = redaction.strike(getattr(row, name), struck, piece.current.language)
            setattr(row, name, said)
        row.save(update_fields=enclosing.WORDS)
    before = {name: getattr(piece.current, name) for name in _EDITABLE}
    after = redaction.applied(Revision(submission=piece, **before))
    made = None
    if any(getattr(after, name) != said for name, said in before.items()):
        made = _next_revision(piece, by=by, reason=_("names taken out"), fields=before)
    _put_down("redact", piece, by=by)
    tombstones.narrow(tombstones.piece(piece.reference), struck=len(struck))
    return made


_EDITABLE = (
    "title", "summary", "body", "language", "place", "place_text", "year_from", "year_to",
    "season", "content_notes", "pull_quotes",
)  # fmt: skip


def _next_revision(
    piece: Submission, *, by: Person, reason: str, fields: dict[str, Any]
) -> Revision:
    made = Revision(submission=piece, number=piece.version + 1, made_by=by, reason=reason, **fields)
    piece.current = redaction.applied(made)
    made.save()
    return made


def _taken_up(
    verb: str, submission: Submission, by: Person, *, version: int | None = None
) -> Submission:
    """The row, locked, after every question has been asked whether `by` may do `verb` to it."""
    piece = Submission.objects.locked(submission)
    piece.state = _permitted(verb, piece, by, version=version)
    return piece


def _permitted(verb: str, piece: Submission, by: Person, *, version: int | None) -> State:
    """The state it leads to. Raises what stands against `by` doing this to this version now."""
    state = safeguards.demand(verb, piece, by)
    if version is not None and version != piece.version:
        raise VersionChanged(
            _("This piece has changed since you opened it. Read the new version, then decide.")
        )
    return state


def _put_down(verb: str, piece: Submission, *, by: Person, reason: str = "") -> Submission:
    piece.save()
    ledger.write(verb, piece, by=by, reason=reason)
    tidings.owe(verb, piece)
    return piece


def _review(
    piece: Submission, decision: str, *, by: Person, reason: str = "", note: str = ""
) -> None:
    Review.objects.create(
        submission=piece,
        reviewer=by,
        version=piece.version,
        decision=decision,
        reason=reason,
        note=text.plain(note),
    )


def _assign(piece: Submission, to: Person | None) -> None:
    if to is not None and (not to.is_active or to.role not in permission.DESK):
        raise Incomplete({"to": [_("This person does not read at the desk. Choose another one.")]})
    Handling.objects.update_or_create(submission=piece, defaults={"assigned_to": to})


def _end_claim(piece: Submission) -> None:
    piece.claimed_by = None
    piece.claimed_until = None
