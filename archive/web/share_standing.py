"""Where a piece stands, in words, for whoever holds its receipt.

Owns the sentences and what the receipt page shows. Writes nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from archive import changing, comparison, consent, moves, reasons, waiting
from archive.actors import Contributor
from archive.forms_sharing import LetterForm
from archive.models.review import Review
from archive.models.submission import State, Submission, Wish
from archive.web import share_plates
from archive.web.share_keys import Opened, key_for

_VERBS = ("answer", "write", "withdraw", "restore", "erase", "consent", "agree", "object")


def standing(opened: Opened) -> dict[str, Any]:
    """What the receipt page says about a piece that was sent."""
    piece = opened.piece
    by = Contributor(piece.reference)
    return {
        "piece": _seen(piece),
        "can": {verb: moves.permits(verb, piece, by) for verb in _VERBS},
        "plates": share_plates.hanging_of(piece),
        "letters": piece.messages.all(),
        "edit": _edit(piece),
        "wish": Wish.objects.filter(submission=piece).exists(),
        "erase_on": date_format(piece.erase_on) if piece.erase_on else "",
        "consent_sentences": consent.sentences(piece.consent_in_force),
        "usual_days": waiting.usual_days() if piece.state == State.WAITING else None,
        "promised_days": settings.PROMISED_DAYS,
        "restore_until": _restore_until(piece),
        "kept_days": settings.WITHDRAWN_KEPT_DAYS,
        "erase_days": settings.ERASE_AFTER_DAYS,
        "key": key_for(opened),
        "form": letter(piece),
    }


def letter(piece: Submission, posted: Any = None) -> LetterForm:
    """The form for words to the desk, under the name that fits: an answer, or anything else."""
    form = LetterForm(posted)
    if piece.state != State.ASKED:
        form.fields["words"].label = _("What you would like to tell us")
    return form


def _seen(piece: Submission) -> dict[str, Any]:
    shown = piece.story if piece.story and piece.state == State.PUBLISHED else None
    return {
        "title": piece.current.title if piece.current else "",
        "language": piece.current.language if piece.current else "",
        "state_sentence": state_sentence(piece),
        "story_url": shown.get_absolute_url() if shown else "",
    }


def _edit(piece: Submission) -> dict[str, Any] | None:
    """What waits for the contributor's word, word by word; None where nothing does."""
    pair = changing.to_agree(piece)
    if pair is None:
        return None
    known, now = pair
    return {
        "version": now.number,
        "language": now.language,
        "title": comparison.html(known.title, now.title),
        "summary": comparison.html(known.summary, now.summary),
        "body": comparison.html(known.body, now.body),
        "reason": now.reason if now.made_by_id else "",
        "unchanged": known.number == now.number,
    }


def _restore_until(piece: Submission) -> str:
    if piece.withdrawn_on is None:
        return ""
    return date_format(piece.withdrawn_on + timedelta(days=settings.WITHDRAWN_KEPT_DAYS))


def state_sentence(piece: Submission) -> str:
    """Where a piece stands, as one would say it to its contributor."""
    sentences = {
        State.DRAFT: _("It is a draft. Nobody but you has seen it."),
        State.HELD: _("We have it. A person will look at it before anything else happens."),
        State.WAITING: _("We have it, and it waits for its first reader."),
        State.ASKED: _("We have read it and have a question for you. It stands below."),
        State.REFERRED: _("We have read it, and asked someone who knows more to read it too."),
        State.ACCEPTED: _("We have read it and would like to publish it. It is not public yet."),
        State.PUBLISHED: _("It is public."),
        State.WITHDRAWN: _("It is hidden. Nobody can read or find it."),
        State.DECLINED: _("We decided not to publish it."),
        State.ERASED: _("It is erased."),
    }
    said = sentences[State(piece.state)]
    if piece.state == State.DECLINED:
        last = piece.reviews.filter(decision=Review.Decision.DECLINE).last()
        if last and last.reason:
            return f"{said} {reasons.words(last.reason)}".strip()
    return said
