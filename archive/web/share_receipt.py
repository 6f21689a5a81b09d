"""Coming back with the receipt: where a piece stands, and everything its contributor may do to it.

The code is only ever posted; what can be done then is posted with the key that it opened, which
stays good for a while (settings.OPENED_KEY_SECONDS). A draft opens where it stood.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from archive import changing, erasing, intake, moves, publication, receipts
from archive.actors import Contributor
from archive.forms_sharing import ReceiptForm
from archive.models.submission import State, Submission
from archive.refusals import Incomplete, Refusal
from archive.web import share_changes, share_plates, share_steps
from archive.web.numbers import number_in
from archive.web.share import private, tongues
from archive.web.share_keys import KeyRanOut, Opened, key_for, open_key
from archive.web.share_standing import letter, standing


@require_http_methods(["GET", "HEAD", "POST"])
@private
def receipt(request: HttpRequest) -> HttpResponse:
    """Ask for the code; open the piece with it; do what is posted with its key."""
    if request.method != "POST":
        return _asked(request, ReceiptForm())
    if "key" in request.POST:
        return _act(request)
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return _asked(request, form, 422)
    code = form.cleaned_data["code"]
    try:
        piece = receipts.holder_of(code)
    except receipts.TooManyGuesses as refusal:
        form.add_error("code", str(refusal))
        return _asked(request, form, 429)
    except receipts.UnknownReceipt as refusal:
        form.add_error("code", str(refusal))
        return _asked(request, form, 422)
    return _opened(request, Opened(piece, code, seen=True))


def _asked(request: HttpRequest, form: ReceiptForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "tongues": tongues("receipt")}
    return render(request, "share/receipt.html", context, status=status)


def _opened(
    request: HttpRequest, opened: Opened, *, status: int = 200, **more: Any
) -> HttpResponse:
    if opened.piece.state == State.DRAFT:
        return share_steps.resume(request, opened)
    context = {
        **standing(opened),
        "tongues": tongues("receipt"),
        "action_url": reverse("receipt"),
        "close_url": reverse("receipt"),
        **more,
    }
    return render(request, "share/status.html", context, status=status)


def _act(request: HttpRequest) -> HttpResponse:
    """One verb of the contributor on the piece that their key opens."""
    try:
        opened = open_key(request.POST, seconds=settings.OPENED_KEY_SECONDS)
    except KeyRanOut:
        asked = ReceiptForm({})
        asked.add_error("code", _too_late(settings.OPENED_KEY_SECONDS // 60))
        words = request.POST.get("words", "")
        context = {"form": asked, "tongues": tongues("receipt"), "words": words}
        return render(request, "share/receipt.html", context, status=422)
    act = _ACTS.get(request.POST.get("verb", ""), _nothing)
    try:
        return act(request, opened)
    except Incomplete as refusal:
        said, status = refusal.errors, 422
    except Refusal as refusal:
        said, status = {"": [str(refusal)]}, 409
    form = letter(opened.piece, request.POST)
    form.is_valid()
    for name, sentences in said.items():
        for sentence in sentences:
            form.add_error("words" if name == "text" else None, sentence)
    return _again(request, opened, status=status, form=form)


def _again(request: HttpRequest, opened: Opened, **more: Any) -> HttpResponse:
    """The page of the piece as it stands by now."""
    rows = Submission.objects.select_related("current", "story")
    return _opened(request, Opened(rows.get(pk=opened.piece.pk), opened.code, opened.seen), **more)


def _nothing(request: HttpRequest, opened: Opened) -> HttpResponse:
    return _again(request, opened)


def _letter(request: HttpRequest, opened: Opened) -> HttpResponse:
    """An answer to a question, or any other words to the desk."""
    piece = opened.piece
    by = Contributor(piece.reference)
    words = request.POST.get("words", "")
    if piece.state == State.ASKED:
        intake.answer(piece, words, by=by)
    else:
        intake.write(piece, words, by=by)
    return _again(request, opened, done=_("Your words are with us."))


def _hide(request: HttpRequest, opened: Opened) -> HttpResponse:
    publication.withdraw(opened.piece, by=_holder(opened))
    return _gone(request, opened)


def _take_down(request: HttpRequest, opened: Opened) -> HttpResponse:
    share_plates.take_down(opened.piece, request.POST.get("plate", ""))
    return _again(request, opened, done=_("It is hidden everywhere. The rest of the piece stays."))


def _restore(request: HttpRequest, opened: Opened) -> HttpResponse:
    publication.restore(opened.piece, by=_holder(opened))
    return _again(request, opened, done=_("It stands where it stood before."))


def _erase(request: HttpRequest, opened: Opened) -> HttpResponse:
    """After days of waiting; a draft, which nobody else has seen, at once."""
    if opened.piece.state == State.DRAFT:
        return _erase_at_once(request, opened)
    day = erasing.ask(opened.piece, by=_holder(opened))
    return _gone(request, opened, erase_on=day)


def _erase_at_once(request: HttpRequest, opened: Opened) -> HttpResponse:
    """What goes and cannot come back is said first; done when the form that says so comes back."""
    if request.POST.get("sure") != "yes":
        return _before_erasing(request, opened)
    erasing.at_once(opened.piece, by=_holder(opened))
    return _gone(request, opened, erased=True)


def _before_erasing(request: HttpRequest, opened: Opened) -> HttpResponse:
    piece = opened.piece
    can_hide = moves.permits("withdraw", piece, _holder(opened))
    context = {
        "verb": "erase now",
        "draft": piece.state == State.DRAFT,
        "photos": piece.enclosures.count(),
        "can_hide": can_hide and piece.state != State.DRAFT,
        "kept_days": settings.WITHDRAWN_KEPT_DAYS,
        "backup_days": settings.BACKUP_KEPT_DAYS,
        "key": key_for(opened),
        "tongues": tongues("receipt"),
        "action_url": reverse("receipt"),
    }
    return render(request, "share/erase.html", context)


def _keep(request: HttpRequest, opened: Opened) -> HttpResponse:
    erasing.keep(opened.piece, by=_holder(opened))
    return _again(request, opened, done=_("It stays hidden, and is not erased."))


def _agree(request: HttpRequest, opened: Opened) -> HttpResponse:
    changing.agree(opened.piece, version=_version(request), by=_holder(opened))
    return _again(request, opened, done=_("Thank you. It can be published as you saw it."))


def _put_back(request: HttpRequest, opened: Opened) -> HttpResponse:
    changing.put_back(opened.piece, version=_version(request), by=_holder(opened))
    return _again(request, opened, done=_("Your own words are back. We read them again."))


def _change(request: HttpRequest, opened: Opened) -> HttpResponse:
    return share_changes.page(request, opened)


def _changed(request: HttpRequest, opened: Opened) -> HttpResponse:
    """New choices; the page again where something is missing."""
    outcome = share_changes.take(request, opened)
    if isinstance(outcome, HttpResponse):
        return outcome
    said = _("Your choices are kept. What is narrower than before is in force now.")
    if outcome.waits:
        said = _(
            "Your choices are kept. What is narrower is in force now; what is wider waits until one "
            "of us has read it."
        )
    return _again(request, opened, done=said)


def _holder(opened: Opened) -> Contributor:
    return Contributor(opened.piece.reference)


def _too_late(minutes: int) -> str:
    return ngettext(
        "%(minutes)s minute has passed. Please enter your code once more.",
        "%(minutes)s minutes have passed. Please enter your code once more.",
        minutes,
    ) % {"minutes": minutes}


def _version(request: HttpRequest) -> int:
    return number_in(request.POST.get("version", ""))


def _gone(request: HttpRequest, opened: Opened, **more: Any) -> HttpResponse:
    """It is hidden, or erased; `opened` as it was before that, which knows who could read it."""
    story = opened.piece.story
    context = {
        "kept_days": settings.WITHDRAWN_KEPT_DAYS,
        "backup_days": settings.BACKUP_KEPT_DAYS,
        "was_public": story is not None and story.visible_from <= timezone.localdate(),
        **more,
    }
    return render(request, "share/withdrawn.html", context)


_ACTS: dict[str, Callable[[HttpRequest, Opened], HttpResponse]] = {
    "answer": _letter,
    "write": _letter,
    "withdraw": _hide,
    "take down": _take_down,
    "restore": _restore,
    "erase": _erase,
    "erase now": _erase_at_once,
    "keep": _keep,
    "agree": _agree,
    "object": _put_back,
    "change": _change,
    "changed": _changed,
}
