"""The contributor's side: share a story, come back with the receipt, take it down.

No account and no session: a page that was opened with a receipt carries a signed key in its own
forms, for half an hour. The code itself is only ever posted. Nothing here is kept by browsers or
proxies, and nothing that was typed is ever lost.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from archive import consent, intake, moves, publication, reasons, receipts
from archive.actors import Contributor
from archive.forms import AnswerForm, ReceiptForm, ShareForm
from archive.models.review import Review
from archive.models.story import Kind
from archive.models.submission import State, Submission
from archive.refusals import Incomplete, Refusal

OPEN_SECONDS = 30 * 60  # how long an opened receipt stays open without a click
_KEY = "archive.share.opened"
_TOKEN = "archive.share.form"  # noqa: S105 - a salt, no secret


def private(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """A page that neither browser nor proxy keeps."""

    @sensitive_post_parameters()
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded


@require_safe
@private
def begin(request: HttpRequest) -> HttpResponse:
    """Before you write: what happens, who may read, the risks, what is never recorded."""
    return render(request, "share/begin.html", {"promised_days": settings.PROMISED_DAYS})


@method_decorator(private, name="dispatch")  # type: ignore[arg-type]
class Share(View):
    """One page for one story; its answer is the receipt."""

    kind = Kind.STORY

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, ShareForm(initial={"token": new_token()}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ShareForm(_with_token(request), request.FILES)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            received = self._receive(form)
        except Incomplete as refusal:
            for name, sentences in refusal.errors.items():
                for sentence in sentences:
                    form.add_error(name if name in form.fields else None, sentence)
            return self._page(request, form, status=422)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self._page(request, form, status=409)
        return render(
            request,
            "share/receipt_new.html",
            {
                "receipt": receipts.shown(received.code),
                "found": [sentence for each in received.found if (sentence := each.sentence())],
                "refused": [sentence for _position, sentence in received.refused],
                "promised_days": settings.PROMISED_DAYS,
            },
            status=200 if received.repeated else 201,
        )

    def _receive(self, form: ShareForm) -> intake.Received:
        data = form.cleaned_data
        return intake.receive(
            form.telling(),
            form.allowed(),
            token=data["token"],
            kind=self.kind,
            names=form.names(),
            contact={"email": data["email"]},
            enclosed=[intake.Enclosed(upload=each) for each in data["photos"]],
            suspicion="trap" if data["website"] else "",
        )

    def _page(self, request: HttpRequest, form: ShareForm, status: int = 200) -> HttpResponse:
        return render(request, "share/story.html", {"form": form, "kind": self.kind}, status=status)


class SharePhotos(Share):
    """The same page for photographs with their words."""

    kind = Kind.PHOTO_PROJECT


def new_token() -> str:
    """A name for one form, signed: two copies of the form are one submission."""
    return signing.dumps(secrets.token_urlsafe(16), salt=_TOKEN)


def _with_token(request: HttpRequest) -> Any:
    """The posted fields, with a fresh token where theirs is missing or not ours."""
    posted = request.POST.copy()
    try:
        signing.loads(posted.get("token", ""), salt=_TOKEN)
    except signing.BadSignature:
        posted["token"] = new_token()
    return posted


@require_http_methods(["GET", "HEAD", "POST"])
@private
def receipt(request: HttpRequest) -> HttpResponse:
    """Come back with the code; what can be done then is posted here too, with the opened key."""
    if request.method == "POST" and "key" in request.POST:
        return _act(request)
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "share/receipt.html", {"form": form})
    try:
        piece = receipts.holder_of(form.cleaned_data["code"])
    except receipts.TooManyGuesses as refusal:
        form.add_error("code", str(refusal))
        return render(request, "share/receipt.html", {"form": form}, status=429)
    except receipts.UnknownReceipt as refusal:
        form.add_error("code", str(refusal))
        return render(request, "share/receipt.html", {"form": form}, status=422)
    return _status(request, piece)


def _act(request: HttpRequest) -> HttpResponse:
    """One verb of the contributor on the piece that their key opens."""
    try:
        reference = signing.loads(request.POST["key"], salt=_KEY, max_age=OPEN_SECONDS)
        piece = Submission.objects.get(reference=reference)
    except (signing.BadSignature, Submission.DoesNotExist):
        form = ReceiptForm(request.POST.copy() if "code" in request.POST else {})
        form.add_error("code", _("Half an hour has passed. Please enter your code once more."))
        return render(request, "share/receipt.html", {"form": form}, status=422)
    by = Contributor(piece.reference)
    verb = request.POST.get("verb", "")
    answer_form = _answer_form(piece, request.POST if verb == "answer" else None)
    try:
        return _carry_out(request, piece, verb, by, answer_form)
    except Incomplete as refusal:
        answer_form.add_error("words", str(refusal))
    except Refusal as refusal:
        answer_form = _answer_form(piece, request.POST)
        answer_form.add_error(None, str(refusal))
    piece.refresh_from_db()
    return _status(request, piece, form=answer_form, status=422)


def _carry_out(
    request: HttpRequest, piece: Submission, verb: str, by: Contributor, form: AnswerForm
) -> HttpResponse:
    if verb == "withdraw":
        publication.withdraw(piece, by=by)
        return _gone(request, erased=False)
    if verb == "erase":
        publication.erase(piece, by=by)
        return _gone(request, erased=True)
    if verb == "restore":
        piece = publication.restore(piece, by=by)
    elif verb == "answer":
        if not form.is_valid():
            return _status(request, piece, form=form, status=422)
        intake.answer(piece, form.cleaned_data["words"], by=by)
        piece.refresh_from_db()
    return _status(request, piece)


def _gone(request: HttpRequest, *, erased: bool) -> HttpResponse:
    context = {"erased": erased, "kept_days": settings.WITHDRAWN_KEPT_DAYS}
    return render(request, "share/withdrawn.html", context)


def _answer_form(piece: Submission, data: Any = None) -> AnswerForm:
    """The form that carries the opened key, and the answer if there is a question."""
    opened = signing.dumps(piece.reference, salt=_KEY)
    return AnswerForm({**data.dict(), "key": opened} if data else None, initial={"key": opened})


def _status(
    request: HttpRequest, piece: Submission, *, form: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    """Where the piece stands, in words, and what can be done now."""
    by = Contributor(piece.reference)
    kept_until = (
        piece.withdrawn_on + timedelta(days=settings.WITHDRAWN_KEPT_DAYS)
        if piece.withdrawn_on
        else None
    )
    shown = piece.story if piece.story and piece.state == State.PUBLISHED else None
    context = {
        "piece": {
            "title": piece.current.title if piece.current else "",
            "language": piece.current.language if piece.current else "",
            "state_sentence": _state_sentence(piece),
            "story_url": shown.get_absolute_url() if shown else "",
        },
        "can": {verb: moves.permits(verb, piece, by) for verb in _VERBS},
        "letters": piece.messages.all(),
        "consent_sentences": consent.sentences(intake.consent_in_force(piece)),
        "restore_until": date_format(kept_until) if kept_until else "",
        "kept_days": settings.WITHDRAWN_KEPT_DAYS,
        "form": form or _answer_form(piece),
        "action_url": reverse("receipt"),
        "close_url": reverse("receipt"),
    }
    return render(request, "share/status.html", context, status=status)


_VERBS = ("answer", "withdraw", "restore", "erase")


def _state_sentence(piece: Submission) -> str:
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


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """A page that says nothing about this one; the browser is asked to forget what it holds."""
    response = render(request, "share/left.html")
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    response["Cache-Control"] = "no-store"
    return response


@private
def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django calls when the key of a form has run out: every word comes back in a fresh form.

    Every word but a password, which is quickly typed again and must not stand in a page.
    """
    if "password" in request.POST:
        return redirect(request.get_full_path())
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    return render(
        request,
        "share/expired.html",
        {
            "typed": typed,
            "action_url": request.path,
            "multipart": bool(request.FILES),
            "had_files": bool(request.FILES),
        },
        status=403,
    )
