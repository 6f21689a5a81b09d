"""The desk in HTML: sign in, queue, read, decide, publish, withdraw. Thin.

Every view here asks for an account with a role; what a role may do is in `archive.moves`, and the
stages check it. Contact details never reach a template from here.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archive import (
    changing,
    concerns,
    consent,
    gazetteer,
    intake,
    moderation,
    moves,
    publication,
    riskfinder,
    terms,
    text,
)
from archive.forms import (
    AskForm,
    DecisionForm,
    DeclineForm,
    EditForm,
    NoteForm,
    PhotoForm,
    ThemesForm,
)
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.models.story import Story
from archive.models.submission import Enclosure, State, Submission
from archive.models.vocabulary import Theme
from archive.refusals import Refusal
from archive.web.share import private
from archive.web.share_forms import StoryForm, UseForm, WhoForm
from media import photos

View = Callable[..., HttpResponse]
PIECES_PER_PAGE = 50
PREVIEW_WIDTHS = {240, 960}
TEMPLATES = settings.BASE_DIR / "templates"


def desk(view: View) -> View:
    """For people with an account; never kept by a browser or a proxy."""

    @login_required
    @private
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    return guarded


# --- the queue ----------------------------------------------------------------------------------

_SHELVES = (
    State.WAITING, State.ASKED, State.REFERRED, State.ACCEPTED, State.HELD, State.PUBLISHED,
    State.DECLINED, State.WITHDRAWN,
)  # fmt: skip


@require_safe
@desk
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first; one shelf for each state, with counts from one query."""
    counts = dict(Submission.objects.values_list("state").annotate(n=Count("pk")))
    shelf = request.GET.get("state", State.WAITING)
    if shelf not in _SHELVES:
        shelf = State.WAITING
    rows = (
        Submission.objects.filter(state=shelf)
        .select_related("current", "claimed_by")
        .annotate(photos=Count("enclosures"))
        .order_by("received_on", "pk")
    )
    page = Paginator(rows, PIECES_PER_PAGE).get_page(request.GET.get("page"))
    address = f"{reverse('desk')}?state={shelf}&page="
    return render(
        request,
        "desk/queue.html",
        {
            "pieces": [_row(piece) for piece in page],
            "filters": [
                {
                    "label": state.label,
                    "count": counts.get(state, 0),
                    "url": f"{reverse('desk')}?state={state}",
                    "current": state == shelf,
                }
                for state in _SHELVES
            ],
            "page": {
                "number": page.number,
                "last": page.paginator.num_pages,
                "previous_url": f"{address}{page.number - 1}" if page.has_previous() else "",
                "next_url": f"{address}{page.number + 1}" if page.has_next() else "",
            },
            "next_url": reverse("desk_next") if counts.get(State.WAITING) else "",
            "concerns": concerns.open_ones().count(),
            "section": "queue",
        },
    )


def _row(piece: Submission) -> dict[str, Any]:
    revision = piece.current
    return {
        "reference": piece.reference,
        "title": revision.title if revision else "",
        "kind": piece.get_kind_display(),
        "language": revision.language if revision else "",
        "words": revision.words if revision else 0,
        "photos": piece.photos,  # type: ignore[attr-defined]
        "waiting_days": (timezone.localdate() - piece.received_on).days
        if piece.received_on
        else None,
        "state_label": piece.get_state_display(),
        "claimed_by": piece.claimed_by.shown if piece.claimed and piece.claimed_by else "",
        "flags": terms.labels_of_notes(revision.content_notes) if revision else [],
        "url": reverse("desk_piece", args=[piece.reference]),
    }


@require_POST
@desk
def take_next(request: HttpRequest) -> HttpResponse:
    """Give her one: the oldest piece that waits and that nobody has."""
    waiting = Submission.objects.filter(state=State.WAITING).filter(
        Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
    )
    for piece in waiting.order_by("received_on", "pk")[:5]:
        try:
            moderation.claim(piece, by=person_of(request))
        except Refusal:
            continue  # somebody was quicker
        return redirect("desk_piece", reference=piece.reference)
    messages.info(request, _("Nothing waits that nobody has. Rest, or look at another list."))
    return redirect("desk")


# --- one piece ----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def piece(request: HttpRequest, reference: str) -> HttpResponse:
    """Read a piece, and act on it: each form posts its verb and the version that was read."""
    rows = Submission.objects.select_related("current", "story", "claimed_by")
    row = rows.filter(reference=reference).exclude(state__in=[State.DRAFT, State.ERASED]).first()
    if row is None:
        raise Http404
    forms_by_verb = _forms(row, person_of(request))
    if request.method != "POST":
        return _piece_page(request, row, forms_by_verb)
    verb = request.POST.get("verb", "")
    if verb not in _VERBS:
        messages.error(request, _("This is not something that can be done here."))
        return redirect("desk_piece", reference=reference)
    form = type(_form_of(verb, row))(request.POST)
    if not form.is_valid():
        return _piece_page(request, row, {**forms_by_verb, verb: form}, status=422)
    try:
        _VERBS[verb](row, form.cleaned_data, person_of(request))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        row.refresh_from_db()
        return _piece_page(
            request, row, {**_forms(row, person_of(request)), verb: form}, status=409
        )
    messages.success(request, _DONE[verb]())
    return redirect("desk_piece", reference=reference)


Act = Callable[[Submission, dict[str, Any], Person], Any]

_VERBS: dict[str, Act] = {
    "claim": lambda row, data, by: moderation.claim(row, by=by),
    "yield": lambda row, data, by: moderation.give_back(row, by=by),
    "clear": lambda row, data, by: moderation.clear(row, by=by),
    "widen": lambda row, data, by: changing.widen(row, by=by),
    "leave narrow": lambda row, data, by: changing.leave_narrow(row, by=by),
    "accept": lambda row, data, by: moderation.accept(
        row, version=data["version"], themes=data["themes"], by=by
    ),
    "decline": lambda row, data, by: moderation.decline(
        row, version=data["version"], reason=data["reason"], note=data["note"], by=by
    ),
    "ask": lambda row, data, by: moderation.ask(
        row, data["question"], version=data["version"], by=by
    ),
    "take back": lambda row, data, by: moderation.take_back(row, by=by),
    "edit": lambda row, data, by: moderation.edit(
        row,
        version=data["version"],
        by=by,
        reason=text.one_line(data["reason"]),
        title=text.one_line(data["title"]),
        summary=text.plain(data["summary"]),
        body=text.plain(data["body"]),
    ),
    "note": lambda row, data, by: moderation.remark(row, data["note"], by=by),
    "publish": lambda row, data, by: publication.publish(
        row, version=data["version"], themes=data["themes"], campaigns=data["campaigns"], by=by
    ),
    "withdraw": lambda row, data, by: publication.withdraw(row, by=by),
    "restore": lambda row, data, by: publication.restore(row, by=by),
}

_DONE: dict[str, Callable[[], str]] = {
    "claim": lambda: _("This piece is yours for an hour."),
    "yield": lambda: _("It is back in the queue."),
    "clear": lambda: _("It is in the queue with the others."),
    "widen": lambda: _("What the contributor wishes is in force now."),
    "leave narrow": lambda: _("What was allowed before stays as it was."),
    "accept": lambda: _("Accepted. An editor can publish it now."),
    "decline": lambda: _("Declined. The contributor will read your reason."),
    "ask": lambda: _("Your question is there for the contributor to find."),
    "take back": lambda: _("It waits again."),
    "edit": lambda: _("Kept as a new version."),
    "note": lambda: _("Your note is kept."),
    "publish": lambda: _("It is public now."),
    "withdraw": lambda: _("It is hidden everywhere."),
    "restore": lambda: _("It is back where it was."),
}


def _form_of(verb: str, row: Submission) -> forms.Form:
    """The form of a verb, filled with what the piece says now."""
    seen: dict[str, Any] = {"version": row.version}
    tagged = {
        **seen,
        "themes": [theme.slug for theme in row.themes.all()],
        "campaigns": [campaign.slug for campaign in row.campaigns.all()],
    }
    if verb in ("accept", "publish"):
        return ThemesForm(initial=tagged, prefix=None)
    if verb == "edit" and row.current:
        now = row.current
        words = {"title": now.title, "summary": now.summary, "body": now.body}
        return EditForm(initial={**seen, **words})
    others: dict[str, type[forms.Form]] = {"decline": DeclineForm, "ask": AskForm, "note": NoteForm}
    return others.get(verb, DecisionForm)(initial=seen)


def _forms(row: Submission, person: Person) -> dict[str, forms.Form]:
    """A form for each verb that the table allows this person now."""
    allowed = {verb: _form_of(verb, row) for verb in _VERBS if moves.permits(verb, row, person)}
    if not consent.may_publish(intake.consent_in_force(row)):
        allowed.pop("publish", None)  # the page says why under "What is not"
    if not changing.wished(row):
        allowed.pop("widen", None)
        allowed.pop("leave narrow", None)
    if row.claimed and row.claimed_by_id == person.pk:
        allowed.pop("claim", None)
    else:
        allowed.pop("yield", None)
    for number, form in enumerate(allowed.values()):
        form.auto_id = f"id_{number}_%s"  # several forms on one page share field names
    return allowed


def _piece_page(
    request: HttpRequest, row: Submission, by_verb: dict[str, forms.Form], status: int = 200
) -> HttpResponse:
    revision = row.current
    if revision is None:
        raise Http404
    allowed = intake.consent_in_force(row)
    first = row.revisions.order_by("number")[:1].get()
    context = {
        "piece": {
            "reference": row.reference,
            "title": revision.title,
            "language": revision.language,
            "words": revision.words,
            "state_label": row.get_state_display(),
            "claimed_by": row.claimed_by.shown if row.claimed and row.claimed_by else "",
            "story_url": row.story.get_absolute_url()
            if row.story and row.state == State.PUBLISHED
            else "",
        },
        "revision": revision,
        "risks": riskfinder.excerpts(
            f"{revision.title}\n\n{revision.body}", known=gazetteer.names()
        ),
        "content_notes": terms.labels_of_notes(revision.content_notes),
        "warnings": _warnings(row),
        "as_sent": {
            "label": _("As it was sent"),
            "title": first.title,
            "language": first.language,
            "html": mark_safe(text.to_html(first.body)),  # noqa: S308 - archive.text made it
        },
        "as_it_will_appear": {
            "label": _("As it will appear"),
            "title": revision.title,
            "language": revision.language,
            "byline": publication.byline_of(row) or _("No name"),
            "html": mark_safe(text.to_html(revision.body)),  # noqa: S308 - archive.text made it
        },
        "consent_sentences": consent.sentences(allowed),
        "forbids": consent.forbids(allowed),
        "photos": [
            _photo(row, each, editable=moves.permits("edit", row, person_of(request)))
            for each in row.enclosures.select_related("photo")
        ],
        "letters": row.messages.select_related("author"),
        "reviews": row.reviews.select_related("reviewer"),
        "ledger": LedgerEntry.objects.filter(piece=row.reference).select_related("actor"),
        "forms": by_verb,
        "section": "queue",
    }
    return render(request, "desk/piece.html", context, status=status)


def _warnings(row: Submission) -> list[str]:
    """What somebody should know before deciding."""
    said = []
    if row.state == State.HELD:
        said.append(_("Held as possible spam (%s). A person decides.") % row.suspicion)
    if row.accepted_version and row.accepted_version != row.version:
        said.append(_("What was accepted is an older version. This one must be accepted again."))
    if changing.to_agree(row):
        said.append(_("It waits for its contributor, who asked to see it before it is public."))
    wishes = changing.wished(row)
    if wishes:
        said.append(_("The contributor wishes for more now: %s") % " ".join(wishes))
    lacking = row.enclosures.filter(alt="", withheld=False).count()
    if lacking:
        said.append(_("Photographs still need a description before they can be published."))
    return said


def _photo(row: Submission, enclosure: Enclosure, *, editable: bool) -> dict[str, Any]:
    def address(width: int) -> str:
        return reverse("desk_photo", args=[row.reference, enclosure.pk, width])

    return {
        "url": address(960),
        "preview_url": address(240),
        "alt": enclosure.alt,
        "caption": enclosure.caption,
        "withheld": enclosure.withheld,
        "form": PhotoForm(
            initial={
                "enclosure": enclosure.pk,
                "alt": enclosure.alt,
                "withheld": enclosure.withheld,
            },
            auto_id=f"id_photo_{enclosure.pk}_%s",
        )
        if editable
        else None,
    }


@require_safe
@desk
def photo(request: HttpRequest, reference: str, enclosure: int, width: int) -> HttpResponse:
    """A photograph from the vault, for eyes at the desk only."""
    row = (
        Enclosure.objects.filter(pk=enclosure, submission__reference=reference)
        .exclude(submission__state__in=[State.DRAFT, State.ERASED])
        .select_related("photo")
        .first()
    )
    if row is None or width not in PREVIEW_WIDTHS:
        raise Http404
    return HttpResponse(photos.preview(row.photo, width), content_type="image/jpeg")


@require_POST
@desk
def describe_photo(request: HttpRequest, reference: str) -> HttpResponse:
    """Write what a photograph shows, or leave it out."""
    form = PhotoForm(request.POST)
    row = Submission.objects.filter(reference=reference).first()
    if row is None or not form.is_valid():
        raise Http404
    data = form.cleaned_data
    try:
        moderation.describe_photo(
            row,
            data["enclosure"],
            alt=data["alt"],
            withheld=data["withheld"],
            by=person_of(request),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The photograph's words are kept."))
    return redirect("desk_piece", reference=reference)


# --- vocabulary ---------------------------------------------------------------------------------


@require_safe
@desk
def themes(request: HttpRequest) -> HttpResponse:
    """Every theme with its words and how many public stories stand under it."""
    shown = Q(stories__in=Story.objects.public())
    rows = Theme.objects.annotate(count=Count("stories", filter=shown, distinct=True))
    return render(request, "desk/themes.html", {"themes": rows, "section": "themes"})


class _EveryField(StoryForm, WhoForm, UseForm):
    """Fields of every sort, for the gallery of components."""


@require_safe
@desk
def components(request: HttpRequest) -> HttpResponse:
    """Every part that pages are made of, with its states."""
    wrong = {"email": "marta@", "contact_ok": "on", "year": "3000"}
    return render(
        request,
        "desk/components.html",
        {
            "examples": json.loads((TEMPLATES / "desk" / "examples.json").read_text()),
            "form": _EveryField(auto_id="ok_%s"),
            "form_wrong": _EveryField(wrong, auto_id="wrong_%s"),
            "section": "components",
        },
    )


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; `desk` has made sure that somebody is."""
    person = request.user
    if not isinstance(person, Person):
        raise Http404
    return person
