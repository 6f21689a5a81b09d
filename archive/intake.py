"""What comes in: a story, its photographs and its consent, in one transaction, and a receipt back.

Owns the writing of submissions, revisions by contributors, first consents and contacts. Called by
the contributor's pages, the import and the sample. Never publishes; of what the desk writes it asks
only which words stay out (`redaction`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from archive import enclosing, languages, ledger, moves, receipts, redaction, sealing, text
from archive.actors import Actor, Contributor
from archive.models.story import Kind
from archive.models.submission import (
    Consent,
    Contact,
    Draft,
    Revision,
    State,
    Submission,
)
from archive.refusals import Incomplete, WrongState
from archive.telling import Allowed, Enclosed, Item, Telling, checked, fingerprint
from media import photos

__all__ = ["Allowed", "Enclosed", "Item", "Telling"]


@dataclass(frozen=True)
class Received:
    """What `receive` gives back. `code` is shown once and is nowhere else."""

    submission: Submission
    code: str
    repeated: bool = False
    found: Sequence[photos.Findings] = field(default_factory=tuple)
    refused: Sequence[tuple[int, str]] = field(default_factory=tuple)


def receive(
    telling: Telling,
    allowed: Allowed,
    *,
    token: str,
    kind: str = Kind.STORY,
    names: Mapping[str, str] | None = None,
    contact: Mapping[str, str] | None = None,
    enclosed: Sequence[Enclosed] = (),
    suspicion: str = "",
) -> Received:
    """Take in one piece, whole or not at all.

    `token` names the form it came from: the same token with the same words, choices and names gives
    the same receipt again, and with others is refused (`WrongState`). `names` maps "chosen",
    "first" and "full" to names; both they and `contact` are sealed. A photograph that cannot be taken does not
    lose the text: it is listed in `refused` by its place in `enclosed`. Raises `Incomplete`.
    """
    telling = checked(telling, photographs=bool(enclosed))
    code = receipts.code_for(token)
    receipts.keep_out_of(_every_word(telling, enclosed), code, field="body")
    # Not the wording: asked again in another language, they are the same choices.
    chosen = replace(allowed, wording="")
    said = fingerprint(telling, chosen, dict(names or {}), dict(contact or {}))
    digest = receipts.digest_for(token, said)
    before = _same_form(token, digest)
    if before is not None:
        return Received(before, code, repeated=True)
    admitted = [enclosing.admit(each, allowed.keep_originals) for each in enclosed]
    try:
        with enclosing.kept_only_if_done(admitted), transaction.atomic():
            submission = _open(kind, token_hash=receipts.token_hash(token), token_digest=digest)
            _write(submission, telling, allowed, _contact(submission, names or {}, contact or {}))
            refused, found = enclosing.enclose(submission, enclosed, admitted)
            receipts.issue(submission, code)
            _send(submission, by=Contributor(submission.reference), suspicion=suspicion)
    except IntegrityError:
        # The same form, sent twice at once: the other one was first, and its row stands.
        before = _same_form(token, digest)
        if before is None:
            raise
        return Received(before, code, repeated=True)
    return Received(submission, code, found=found, refused=refused)


@transaction.atomic
def send(
    draft: Submission,
    telling: Telling,
    allowed: Allowed,
    *,
    names: Mapping[str, str] | None = None,
    contact: Mapping[str, str] | None = None,
    suspicion: str = "",
) -> Submission:
    """Make of a draft what the desk reads. The receipt stays the one it was begun with.

    Sent again with the same text it is the same piece, unchanged; with another text it is refused
    (`WrongState`). Raises `Incomplete`.
    """
    piece = Submission.objects.locked(draft)
    telling = checked(telling, photographs=piece.enclosures.exists())
    digest = fingerprint(telling)
    if piece.state != State.DRAFT:
        return _sent_before(piece, digest)
    _write(piece, telling, allowed, _contact(piece, names or {}, contact or {}))
    piece.token_digest = digest
    Draft.objects.filter(submission=piece).delete()
    piece.enclosures.update(sight="")
    _send(piece, by=Contributor(piece.reference), suspicion=suspicion)
    return piece


def bring_in(
    item: Item, *, by: Actor, enclosed: Sequence[Enclosed] = ()
) -> tuple[Submission, bool]:
    """Take in one record of a collection: (submission, whether anything is new).

    As `bring_in_all`, with photographs. Raises `Incomplete` and `photos.PhotoRefused`.
    """
    known = Submission.objects.filter(source=item.source, source_key=item.source_key).exists()
    admitted: list[photos.Admitted] = []
    with enclosing.kept_only_if_done(admitted):
        for each in () if known else enclosed:
            admitted.append(photos.admit(each.upload))
        with transaction.atomic():
            checked_item = replace(item, telling=checked(item.telling, photographs=bool(enclosed)))
            [(submission, new)] = bring_in_all([checked_item], by=by)
            if admitted:
                enclosing.enclose(submission, enclosed, admitted)
    return submission, new


@transaction.atomic
def bring_in_all(items: Sequence[Item], *, by: Actor) -> list[tuple[Submission, bool]]:
    """Take in records of a collection, each once, in their order; few statements for many.

    The telling of each has passed `checked`. The same source and key again makes a new revision
    where the record has changed, and nothing where it has not; what was withdrawn or erased stays
    so. Nobody gets a receipt: the record belongs to its source.
    """
    known = {
        (piece.source, piece.source_key): piece
        for piece in Submission.objects.select_related("current").filter(
            source__in={item.source for item in items},
            source_key__in=[item.source_key for item in items],
        )
    }
    fresh: dict[tuple[str, str], Item] = {}
    for item in items:
        if (item.source, item.source_key) not in known:
            fresh.setdefault((item.source, item.source_key), item)
    known |= dict(zip(fresh, _open_all(list(fresh.values()), by), strict=True))
    taken = []
    for item in items:
        key = (item.source, item.source_key)
        new = fresh.get(key) is item
        taken.append((known[key], new) if new else _renew(known[key], item, by))
    return taken


@transaction.atomic
def answer(submission: Submission, words: str, *, by: Contributor) -> None:
    """The contributor's answer to a question from the desk; the piece waits to be read again."""
    piece = Submission.objects.locked(submission)
    piece.state = moves.check("answer", piece, by)
    piece.messages.create(from_contributor=True, text=_needed(words))
    piece.save(update_fields=["state"])
    ledger.write("answer", piece, by=by)


@transaction.atomic
def write(submission: Submission, words: str, *, by: Contributor) -> None:
    """Words to the desk that nobody asked for: about a change, or anything else."""
    piece = Submission.objects.locked(submission)
    moves.check("write", piece, by)
    piece.messages.create(from_contributor=True, text=_needed(words))
    ledger.write("write", piece, by=by)


def _needed(words: str) -> str:
    said = text.plain(words)
    if not said.strip():
        raise Incomplete({"text": [_("Please write a few words before you send them.")]})
    return said


def _every_word(telling: Telling, enclosed: Sequence[Enclosed]) -> str:
    """Everything of it that others may read one day."""
    said = [telling.body, telling.title, telling.summary, telling.place_text]
    for each in enclosed:
        said += [getattr(each, name) for name in enclosing.WORDS]
    return "\n".join(said)


def _same_form(token: str, digest: str) -> Submission | None:
    """The piece that this form already became. Raises `WrongState` if it now says something else."""
    before = Submission.objects.filter(token_hash=receipts.token_hash(token)).first()
    return before and _sent_before(before, digest)


def _sent_before(piece: Submission, digest: str) -> Submission:
    if piece.token_digest != digest:
        raise WrongState(
            _(
                "This form was already sent with another text. What you sent first is safe. "
                "To change it, use your receipt."
            )
        )
    return piece


def _open(kind: str, **fields: Any) -> Submission:
    return Submission.objects.create(kind=kind, interface_language=languages.spoken(), **fields)


def _open_all(items: list[Item], by: Actor) -> list[Submission]:
    """Rows for records that nobody brought before: they wait to be read."""
    pieces = [
        Submission(
            kind=item.kind,
            source=item.source,
            source_key=item.source_key,
            source_digest=item.digest,
            licence=item.licence,
            notes=dict(item.notes),
            received_on=timezone.localdate(),
        )
        for item in items
    ]
    for piece in pieces:
        piece.state = moves.check("send", piece, by)
    Submission.objects.bulk_create(pieces)
    both = list(zip(pieces, items, strict=True))
    revisions = Revision.objects.bulk_create(_revision(piece, item.telling) for piece, item in both)
    for piece, revision in zip(pieces, revisions, strict=True):
        piece.current = revision
    only = Revision.objects.filter(submission=OuterRef("pk")).values("pk")
    Submission.objects.filter(pk__in=[piece.pk for piece in pieces]).update(current=Subquery(only))
    Consent.objects.bulk_create(_consent(piece, item.allowed) for piece, item in both)
    sealed = (_contact(piece, item.names, {}) for piece, item in both)
    Contact.objects.bulk_create(contact for contact in sealed if contact)
    ledger.write_all("send", pieces, by=by)
    return pieces


def _revision(submission: Submission, telling: Telling, *, reason: str = "") -> Revision:
    """The next revision, not yet saved."""
    lists = {name: list(getattr(telling, name)) for name in ("content_notes", "pull_quotes")}
    return Revision(
        submission=submission,
        number=submission.version + 1,
        reason=reason,
        **{**vars(telling), **lists},
    )


def _consent(submission: Submission, allowed: Allowed, *, before: int = 0) -> Consent:
    """The next consent, not yet saved."""
    return Consent(
        submission=submission,
        number=before + 1,
        language=submission.interface_language,
        **{**vars(allowed), "uses": list(allowed.uses)},
    )


def _contact(
    submission: Submission, names: Mapping[str, str], contact: Mapping[str, str]
) -> Contact | None:
    """Who it is, sealed, not yet saved; None where nothing was told: then nothing needs a seal."""
    details = {name: text.one_line(value) for name, value in {**contact, **names}.items() if value}
    if not details:
        return None
    return Contact(submission=submission, sealed=sealing.seal(details))


def _write(
    submission: Submission,
    telling: Telling,
    allowed: Allowed,
    contact: Contact | None,
    *,
    reason: str = "",
) -> None:
    """A new revision, which becomes the one in force, a new consent, and who it is."""
    newest = submission.consents.order_by("-number").values_list("number", flat=True).first()
    revision = redaction.applied(_revision(submission, telling, reason=reason))
    revision.save()
    submission.current = revision
    _consent(submission, allowed, before=newest or 0).save()
    Contact.objects.filter(submission=submission).delete()
    if contact:
        contact.save()


def _send(submission: Submission, *, by: Actor, suspicion: str = "") -> None:
    verb = "hold" if suspicion else "send"
    submission.state = moves.check(verb, submission, by)
    submission.suspicion = suspicion
    submission.received_on = timezone.localdate()
    submission.save()
    ledger.write(verb, submission, by=by, reason=suspicion)


def _renew(known: Submission, item: Item, by: Actor) -> tuple[Submission, bool]:
    """A record that came before: a new revision if it changed; what was erased stays erased."""
    gone = known.state in (State.ERASED, State.WITHDRAWN)
    if gone or known.source_digest == item.digest:
        return known, False
    moves.check("edit", known, by)
    _write(known, item.telling, item.allowed, _contact(known, item.names, {}), reason="import")
    known.source_digest, known.licence = item.digest, item.licence
    known.notes = dict(item.notes)
    known.save()
    ledger.write("edit", known, by=by, reason="import")
    return known, True
