"""What comes in: a story, its photographs and its consent, in one transaction, and a receipt back.

Owns the writing of submissions, revisions by contributors, consents, contacts and enclosures.
Called by `web.share`, the API and the import. Never publishes, never reads what the desk writes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from archive import ledger, moves, receipts, sealing, text
from archive.actors import Actor, Contributor
from archive.models.story import Kind
from archive.models.submission import (
    Consent,
    Contact,
    Enclosure,
    Revision,
    State,
    Submission,
)
from archive.models.vocabulary import Place
from archive.refusals import Incomplete, WrongState
from media import photos


@dataclass(frozen=True)
class Telling:
    """What is told: everything of a submission that may one day appear."""

    body: str
    title: str = ""
    summary: str = ""
    language: str = "en"
    place: Place | None = None
    place_text: str = ""
    year_from: int | None = None
    year_to: int | None = None
    season: str = ""
    content_notes: Sequence[str] = ()
    pull_quotes: Sequence[str] = ()


@dataclass(frozen=True)
class Enclosed:
    """One photograph that comes along: the bytes as received, and what was said about it."""

    upload: Any  # a file-like object or bytes; `media.photos.admit` believes nothing of it
    alt: str = ""
    caption: str = ""
    credit: str = ""
    transcript: str = ""
    sitter: str = ""
    part: str = Enclosure.Part.PICTURE
    plate: int | None = None


@dataclass(frozen=True)
class Allowed:
    """The choices of one consent; the defaults are the safest (safety.md, section (b))."""

    wording: str
    name_shown: str = Consent.NameShown.NONE
    place_shown: str = Consent.PlaceShown.NONE
    date_shown: str = Consent.DateShown.SEASON
    audience: str = Consent.Audience.TEAM
    public_from: Any = None
    search_engines: bool = False
    uses: Sequence[str] = ()
    editing: str = Consent.Editing.SHOW
    contact_ok: bool = False
    adult: bool = False
    on_behalf: str = Consent.Giver.SELF
    others_named: str = ""
    photos_published: bool = False
    keep_originals: bool = False
    method: str = Consent.Method.WEB
    wording_version: str = ""


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

    `token` names the form it came from: the same token with the same text gives the same receipt
    again, and with another text is refused (`WrongState`). `names` maps "chosen", "first" and
    "full" to names; both they and `contact` are sealed. A photograph that cannot be taken does not
    lose the text: it is listed in `refused` by its place in `enclosed`. Raises `Incomplete`.
    """
    telling = _checked(telling, enclosed)
    code = receipts.code_for(token)
    if receipts.appears_in(telling.body, code):
        raise Incomplete({"body": [_("Your text holds your receipt code. Please take it out.")]})
    digest = _digest(telling)
    before = _same_form(token, digest)
    if before is not None:
        return Received(before, code, repeated=True)
    admitted = [_admit(each, allowed.keep_originals) for each in enclosed]
    try:
        with transaction.atomic():
            submission = _open(kind, token_hash=_hash(token), token_digest=digest)
            _write_telling(submission, telling)
            _write_consent(submission, allowed)
            _keep_contact(submission, names or {}, contact or {})
            refused, found = _enclose(submission, enclosed, admitted)
            receipts.issue(submission, code)
            _send(submission, by=Contributor(submission.reference), suspicion=suspicion)
    except IntegrityError:
        # The same form, sent twice at once: the other one was first, and its row stands.
        before = _same_form(token, digest)
        if before is None:
            raise
        return Received(before, code, repeated=True)
    return Received(submission, code, found=found, refused=refused)


def bring_in(
    telling: Telling,
    allowed: Allowed,
    *,
    source: str,
    source_key: str,
    by: Actor,
    kind: str = Kind.STORY,
    names: Mapping[str, str] | None = None,
    licence: str = "",
    notes: Mapping[str, Any] | None = None,
    enclosed: Sequence[Enclosed] = (),
) -> tuple[Submission, bool]:
    """Take in one record of a collection, once: (submission, whether anything is new).

    The same source and key again makes a new revision where the record has changed, and nothing
    where it has not. Nobody gets a receipt: the record belongs to its source.
    """
    telling = _checked(telling, enclosed)
    digest = _digest(telling, names, allowed, licence, notes)
    known = (
        Submission.objects.select_related("current")
        .filter(source=source, source_key=source_key)
        .first()
    )
    if known is not None:
        with transaction.atomic():
            return _renew(known, telling, allowed, names or {}, licence, notes or {}, digest, by)
    admitted = [photos.admit(each.upload) for each in enclosed]
    with transaction.atomic():
        submission = _open(
            kind,
            source=source,
            source_key=source_key,
            source_digest=digest,
            licence=licence,
            notes=dict(notes or {}),
        )
        _write_telling(submission, telling)
        _write_consent(submission, allowed)
        _keep_contact(submission, names or {}, {})
        _enclose(submission, enclosed, admitted)
        _send(submission, by=by)
    return submission, True


@transaction.atomic
def answer(submission: Submission, words: str, *, by: Contributor) -> None:
    """The contributor's answer to a question from the desk; the piece waits to be read again."""
    submission.state = moves.check("answer", submission, by)
    submission.messages.create(from_contributor=True, text=_needed(words))
    submission.save(update_fields=["state"])
    ledger.write("answer", submission, by=by)


def consent_in_force(submission: Submission) -> Consent:
    """The newest consent. Every submission has one from its first moment."""
    return submission.consents.order_by("-number")[:1].get()


def _checked(telling: Telling, enclosed: Sequence[Enclosed]) -> Telling:
    """The telling with its text made plain, or `Incomplete` with what is missing."""
    body, title = text.plain(telling.body), text.one_line(telling.title)
    errors: dict[str, list[str]] = {}
    if not body.strip() and not enclosed:
        errors["body"] = [_("There is no text yet. Write your story, or add a photograph.")]
    if len(body) > settings.STORY_MAX_CHARACTERS:
        errors["body"] = [
            _("The text is longer than %(limit)s characters. Send it in two parts.")
            % {"limit": f"{settings.STORY_MAX_CHARACTERS:,}"}
        ]
    if len(title) > settings.TITLE_MAX_CHARACTERS:
        errors["title"] = [
            _("The title is longer than %(limit)s characters. Please shorten it.")
            % {"limit": settings.TITLE_MAX_CHARACTERS}
        ]
    if errors:
        raise Incomplete(errors)
    return Telling(
        **{
            **_fields(telling),
            "body": body,
            "title": title or _first_words(body),
            "summary": text.plain(telling.summary),
            "place_text": text.one_line(telling.place_text)[:120],
        }
    )


def _fields(telling: Telling) -> dict[str, Any]:
    return {name: getattr(telling, name) for name in telling.__dataclass_fields__}


def _first_words(body: str) -> str:
    """A title for what came without one: its first words, which an editor can better."""
    words = body.split()
    return " ".join(words[:8])[:120] + ("…" if len(words) > 8 else "")


def _needed(words: str) -> str:
    said = text.plain(words)
    if not said.strip():
        raise Incomplete({"text": [_("Please write a few words before you send them.")]})
    return said


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _digest(telling: Telling, *more: Any) -> str:
    """A fingerprint of what was sent, to tell a repeated form from a changed one."""
    parts = {**_fields(telling), "place": telling.place.slug if telling.place else ""}
    more = tuple(asdict(each) if isinstance(each, Allowed) else each for each in more)
    return hashlib.sha256(
        json.dumps([parts, more], sort_keys=True, default=str).encode()
    ).hexdigest()


def _same_form(token: str, digest: str) -> Submission | None:
    """The piece that this form already became. Raises `WrongState` if it now says something else."""
    before = Submission.objects.filter(token_hash=_hash(token)).first()
    if before is not None and before.token_digest != digest:
        raise WrongState(
            _(
                "This form was already sent with another text. What you sent first is safe. "
                "To change it, use your receipt."
            )
        )
    return before


def _open(kind: str, **fields: Any) -> Submission:
    return Submission.objects.create(
        kind=kind, interface_language=(get_language() or "en")[:2], **fields
    )


def _write_telling(
    submission: Submission, telling: Telling, *, reason: str = "", by: Actor | None = None
) -> Revision:
    """A new revision, which becomes the one in force."""
    revision = Revision.objects.create(
        submission=submission,
        number=submission.version + 1,
        reason=reason,
        **{
            **_fields(telling),
            "content_notes": list(telling.content_notes),
            "pull_quotes": list(telling.pull_quotes),
        },
    )
    submission.current = revision
    return revision


def _write_consent(submission: Submission, allowed: Allowed, *, before: int = 0) -> Consent:
    """A new record beside the old ones; the first where there is none."""
    choices = {**vars(allowed), "uses": list(allowed.uses)}
    return Consent.objects.create(
        submission=submission,
        number=before + 1,
        language=submission.interface_language,
        **choices,
    )


def _keep_contact(
    submission: Submission, names: Mapping[str, str], contact: Mapping[str, str]
) -> None:
    """Seal who it is. Without a name or an address no row is made: there is nothing to protect."""
    details = {name: text.one_line(value) for name, value in {**contact, **names}.items() if value}
    if details:
        Contact(submission=submission, sealed=sealing.seal(details)).save()


def _admit(each: Enclosed, keep_original: bool) -> photos.Admitted | photos.PhotoRefused:
    """One photograph through the door, before the transaction begins: decoding takes its time."""
    try:
        return photos.admit(each.upload, keep_original=keep_original)
    except photos.PhotoRefused as refusal:
        return refusal


def _enclose(
    submission: Submission,
    enclosed: Sequence[Enclosed],
    admitted: Sequence[photos.Admitted | photos.PhotoRefused],
) -> tuple[list[tuple[int, str]], list[photos.Findings]]:
    """Rows for the photographs that were taken; sentences for those that were not."""
    refused: list[tuple[int, str]] = []
    found: list[photos.Findings] = []
    for position, (each, outcome) in enumerate(zip(enclosed, admitted, strict=True)):
        if isinstance(outcome, photos.PhotoRefused):
            refused.append((position, str(outcome)))
            continue
        found.append(outcome.findings)
        Enclosure.objects.create(
            submission=submission,
            photo=outcome.photo,
            position=position,
            part=each.part,
            plate=each.plate,
            alt=text.plain(each.alt),
            caption=text.plain(each.caption),
            credit=text.one_line(each.credit)[:200],
            transcript=text.plain(each.transcript),
            sitter=text.one_line(each.sitter)[:200],
        )
    return refused, found


def _send(submission: Submission, *, by: Actor, suspicion: str = "") -> None:
    verb = "hold" if suspicion else "send"
    submission.state = moves.check(verb, submission, by)
    submission.suspicion = suspicion
    submission.received_on = timezone.localdate()
    submission.save()
    ledger.write(verb, submission, by=by, reason=suspicion)


def _renew(
    known: Submission,
    telling: Telling,
    allowed: Allowed,
    names: Mapping[str, str],
    licence: str,
    notes: Mapping[str, Any],
    digest: str,
    by: Actor,
) -> tuple[Submission, bool]:
    """A record that came before: a new revision if it changed; what was erased stays erased."""
    gone = known.state in (State.ERASED, State.WITHDRAWN)
    if gone or known.source_digest == digest:
        return known, False
    moves.check("edit", known, by)
    _write_telling(known, telling, reason="import")
    _write_consent(known, allowed, before=consent_in_force(known).number)
    Contact.objects.filter(submission=known).delete()
    _keep_contact(known, names, {})
    known.source_digest, known.licence, known.notes = digest, licence, dict(notes)
    known.save()
    ledger.write("edit", known, by=by, reason="import")
    return known, True
