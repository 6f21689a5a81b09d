"""Telling a story, one page at a time: before you write, story, photos, who, use, look over, receipt.

Every page is a post to the address of its kind, and every post is kept before it is judged. `go`
says where to: next, back, stop, stay, send, save (a script's own post), a step by name. Nothing
here knows a session; what opens the draft is the key in the form (`web.share_keys`).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views import View

from archive import doubts, drafts, gazetteer, intake, receipts, riskfinder, room, text, waiting
from archive.forms_sharing import StepForm
from archive.models.story import Kind
from archive.models.submission import State, Submission
from archive.refusals import Incomplete, Refusal
from archive.room import NoRoom
from archive.web import share_photographs
from archive.web.refusing import say_why_not
from archive.web.share import private, reopen_page, tongues
from archive.web.share_answers import FORMS, Whole, has_words, initial_of, joined, kept_of
from archive.web.share_keys import KeyRanOut, Opened, age_of, key_for, new_token, open_key

STEPS: dict[str, tuple[str, ...]] = {
    Kind.STORY: ("before", "story", "photos", "who", "use", "look"),
    Kind.PHOTO_PROJECT: ("before", "photos", "story", "who", "use", "look"),
}
ADDRESS = {Kind.STORY: "share_story", Kind.PHOTO_PROJECT: "share_photos"}


@method_decorator(private, name="dispatch")  # type: ignore[arg-type]
class Journey(View):
    """One address for each kind; which page it is, the form says."""

    kind: str = Kind.STORY

    def get(self, request: HttpRequest) -> HttpResponse:
        return Page(request, self.kind, token=new_token()).shown("before")

    def post(self, request: HttpRequest) -> HttpResponse:
        posted = request.POST
        try:
            opened = self._opened(posted)
        except KeyRanOut:
            return reopen_page(request)
        except Refusal as refusal:
            return reopen_page(request, str(refusal))
        token = posted.get("token", "")
        page = Page(
            request,
            opened.piece.kind if opened else self.kind,
            opened=opened,
            token=token if age_of(token) is not None else new_token(),
        )
        return Turn(page, posted).taken()

    @staticmethod
    def _opened(posted: Any) -> Opened | None:
        """The draft that the post belongs to; None before the first word."""
        if posted.get("anew"):
            return None
        if posted.get("code"):
            code = posted["code"]
            return Opened(receipts.holder_of(code), code, seen=True)
        if posted.get("key"):
            return open_key(posted, seconds=settings.DRAFT_KEY_SECONDS)
        return None


class PhotoJourney(Journey):
    """The same for photographs with their words, which come first."""

    kind = Kind.PHOTO_PROJECT


class Page:
    """What is shown to one visitor now."""

    def __init__(
        self, request: HttpRequest, kind: str, *, opened: Opened | None = None, token: str = ""
    ) -> None:
        self.request, self.kind, self.opened, self.token = request, kind, opened, token
        self.steps = STEPS[kind]
        self.found: list[str] = []
        self.refused: list[str] = []

    def shown(
        self,
        step: str,
        *,
        form: StepForm | None = None,
        template: str = "",
        status: int = 200,
        **more: Any,
    ) -> HttpResponse:
        """One step, with what was kept of it; or with `form`, as it was posted.

        `template` names a page within the step that has one of its own.
        """
        context = {
            "form": form or self._fresh(step),
            "step": step,
            "number": self.steps.index(step) if step in self.steps else 1,
            "total": len(self.steps) - 1,
            "kind": self.kind,
            "action_url": reverse(ADDRESS[Kind(self.kind)]),
            "tongues": tongues(ADDRESS[Kind(self.kind)]),
            "found": self.found,
            "refused": self.refused,
            "promised_days": settings.PROMISED_DAYS,
            "draft_days": settings.DRAFT_KEPT_DAYS,
            "backup_days": settings.BACKUP_KEPT_DAYS,
            **self._keys(),
            **(self._looked_over() if step == "look" else {}),
            **more,
        }
        return render(self.request, f"share/steps/{template or step}.html", context, status=status)

    def stopped(self) -> HttpResponse:
        """Saved, and the code to come back with."""
        if self.opened is None:
            return render(self.request, "share/stopped.html", {"nothing": True})
        context = {
            "receipt": receipts.shown(self.opened.code),
            "draft_days": settings.DRAFT_KEPT_DAYS,
            "key": key_for(self.opened),
        }
        return render(self.request, "share/stopped.html", context)

    def ended(self, *, again: bool) -> HttpResponse:
        """It is sent: the receipt once more."""
        context = {
            "receipt": receipts.shown(self.opened.code) if self.opened else "",
            "found": self.found,
            "refused": self.refused,
            "promised_days": settings.PROMISED_DAYS,
            "usual_days": waiting.usual_days(),
        }
        status = 200 if again else 201
        return render(self.request, "share/receipt_new.html", context, status=status)

    def bound(self, step: str, posted: Any) -> StepForm:
        """The form of a step with what was posted, to be judged."""
        if step == "photos":
            return share_photographs.form_of(self._piece, posted, self.request.FILES)
        return FORMS[step](posted)

    def _fresh(self, step: str) -> StepForm:
        if step == "photos":
            return share_photographs.form_of(self._piece)
        kept = drafts.answers_of(self.opened.piece) if self.opened else {}
        return FORMS[step](initial=initial_of(FORMS[step], kept))

    @property
    def _piece(self) -> Submission | None:
        return self.opened.piece if self.opened else None

    def bench(self, bench: share_photographs.Bench, *, status: int = 200) -> HttpResponse:
        """The page on which one photograph is covered."""
        shown = {"form": StepForm(), "template": "cover", **bench.context()}
        return self.shown("photos", status=status, **shown)

    def _keys(self) -> dict[str, str]:
        """The hidden field that opens the draft, and the code as long as no page has shown it."""
        if self.opened is None:
            return {"token": self.token}
        token = self.token or new_token()
        code = "" if self.opened.seen else receipts.shown(self.opened.code)
        key = key_for(Opened(self.opened.piece, self.opened.code, True))
        return {"token": token, "key": key, "receipt": code}

    def _looked_over(self) -> dict[str, Any]:
        if self.opened is None:
            return {"lacking": [("story", _("There is no text yet."))]}
        whole = Whole(self.opened.piece)
        words = {name: "".join(whole.answers.get(name, [])) for name in ("title", "body")}
        said = [words["title"], words["body"]]
        for row in whole.enclosed:
            said += [row.alt, row.caption]
        lacking = whole.lacking
        if not words["body"].strip() and not whole.enclosed:
            lacking.insert(0, ("story", _("There is no text and no photograph yet.")))
        return {
            "lacking": lacking,
            "title": words["title"],
            "html": mark_safe(text.to_html(words["body"])),  # noqa: S308 - archive.text made it
            "language": "".join(whole.answers.get("language", [])),
            "enclosed": whole.enclosed,
            "risks": riskfinder.excerpts("\n\n".join(filter(None, said)), known=gazetteer.names()),
            "consent_sentences": [] if whole.lacking else whole.sentences(),
        }


class Turn:
    """One post: first kept, then judged, then the page that follows."""

    def __init__(self, page: Page, posted: Any) -> None:
        self.page, self.posted = page, posted
        step = posted.get("step", "")
        self.step = step if step in FORMS else page.steps[1]
        # A program that posts everything at once, without a step, means to send it.
        go = posted.get("go", "next" if step else "send")
        self.go, _colon, self.about = go.partition(":")
        self.kept = share_photographs.Kept()

    def taken(self) -> HttpResponse:
        """Keep, then go where the button says."""
        try:
            self._keep()
            return self._gone()
        except Refusal as refusal:
            return self._refused(refusal)

    # --- keeping --------------------------------------------------------------------------------

    def _keep(self) -> None:
        no_room = _(
            "We cannot save anything at this moment. Nothing was sent. Your words are still on "
            "this page: leave it open and press the button again in a while, or copy them "
            "elsewhere."
        )
        with room.wanted(no_room):
            self._keep_answers()
            self._keep_photos()

    def _keep_answers(self) -> None:
        page, answers = self.page, kept_of(self.step, self.posted)
        if self.step == "questions" and self.go != "save":
            before = drafts.answers_of(page.opened.piece) if page.opened else {}
            answers |= joined({**before, **answers})
        if page.opened is None and (has_words(answers) or page.request.FILES):
            piece, code = drafts.begin(
                page.token, kind=page.kind, answers=answers, step=self._target()
            )
            page.opened = Opened(piece, code)
            if self.go == "send" or piece.state == State.DRAFT:
                return
        if page.opened is None or (self.go == "send" and self._is_sent()):
            return  # intake compares what was sent before
        drafts.keep(page.opened.piece, answers, step=self._target(), code=page.opened.code)

    def _is_sent(self) -> bool:
        return self.page.opened is not None and self.page.opened.piece.state != State.DRAFT

    def _keep_photos(self) -> None:
        page = self.page
        if page.opened is None or page.opened.piece.state != State.DRAFT:
            return
        self.kept = share_photographs.keep(
            page.opened.piece,
            page.request,
            words=self.step == "photos",
            go=self.go,
            about=self.about,
        )
        page.found, page.refused = self.kept.found, self.kept.refused

    # --- going ----------------------------------------------------------------------------------

    def _target(self) -> str:
        """The step that this post leads to, if nothing stands against it."""
        steps = self.page.steps
        at = steps.index(self.step) if self.step in steps else steps.index("story")
        if self.step == "questions":
            return "story"
        if self.go == "next" and not (self.step == "photos" and self.page.request.FILES):
            return steps[min(at + 1, len(steps) - 1)]
        if self.go == "back":
            return steps[max(at - 1, 0)]
        if self.go == "step" and self.about in FORMS:
            return self.about
        return self.step

    def _gone(self) -> HttpResponse:
        if self.go in ("save", "photo"):
            return self._told_script()
        if self.kept.bench is not None:
            return self.page.bench(self.kept.bench, status=422)
        if self.go == "cover" and self.page.opened is not None:
            bench = share_photographs.Bench.of(self.page.opened.piece, self.about)
            return self.page.bench(bench) if bench else self.page.shown("photos")
        if self.go == "stop":
            return self.page.stopped()
        if self.go == "send":
            return self._sent()
        if self.go == "next":
            form = self.page.bound(self.step, self.posted)
            if not form.is_valid():
                return self.page.shown(self.step, form=form, status=422)
        return self.page.shown(self._target())

    def _told_script(self) -> HttpResponse:
        opened = self.page.opened
        if opened is None:
            return JsonResponse({"said": ""})
        said = {
            "key": key_for(opened),
            "said": _("Saved"),
            "receipt": receipts.shown(opened.code),
        }
        if self.go == "photo":
            request = self.page.request
            return share_photographs.told_script(opened.piece, self.kept, request, said)
        return JsonResponse(said)

    def _sent(self) -> HttpResponse:
        page = self.page
        if page.opened is None:
            return page.shown("look", status=422)
        piece = Submission.objects.get(pk=page.opened.piece.pk)
        whole = Whole(piece)
        lacking = whole.lacking
        # Another press of the button may have sent it, and taken the draft, while we read.
        piece.refresh_from_db()
        if piece.state != State.DRAFT:
            return self._sent_before(piece)
        if lacking:
            return page.shown("look", status=422)
        try:
            intake.send(
                piece,
                whole.telling(),
                whole.allowed(),
                names=whole.names(),
                contact=whole.contact(),
                suspicion=self._doubts(whole),
            )
        except Incomplete as refusal:
            lacking = [("story", each) for each in refusal.errors.get("body", [str(refusal)])]
            return page.shown("look", lacking=lacking, status=422)
        return page.ended(again=False)

    def _doubts(self, whole: Whole) -> str:
        return doubts.about(
            whole.words,
            sender=whole.piece.reference,
            address=self.page.request.META.get("REMOTE_ADDR", ""),
            trapped=bool(self.posted.get("second_note", "").strip()),
            age=age_of(self.posted.get("token", "")),
        )

    def _sent_before(self, piece: Submission) -> HttpResponse:
        """The button was pressed twice: the same answer, unless other words came with it."""
        body = self.posted.get("body")
        sent = piece.current.body if piece.current else ""
        if body is not None and text.plain(body) != sent:
            raise drafts.sent_already()
        return self.page.ended(again=True)

    # --- refusing -------------------------------------------------------------------------------

    def _refused(self, refusal: Refusal) -> HttpResponse:
        """Nothing was kept: the same page, with every word in it."""
        status = {NoRoom: 503, Incomplete: 422}.get(type(refusal), 409)
        said = str(refusal)
        if self.go in ("save", "photo"):
            return JsonResponse({"said": said, "refused": said}, status=status)
        form = self.page.bound(self.step, self.posted)
        form.is_valid()
        say_why_not(form, refusal)
        return self.page.shown(self.step, form=form, status=status)


def resume(request: HttpRequest, opened: Opened) -> HttpResponse:
    """A draft that somebody came back to with the receipt, at the step where it stood."""
    page = Page(request, opened.piece.kind, opened=opened)
    step = drafts.step_of(opened.piece)
    return page.shown(step if step in FORMS else "story", resumed=True)
