"""The queue: what waits, oldest first, with filters that say how many; and "next for me". Thin."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Count, Exists, OuterRef, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from archive import claims, concerns, languages, moderation, permission, safeguards, terms
from archive.models.person import Person, SavedView
from archive.models.review import LedgerEntry
from archive.models.submission import State, Submission
from archive.refusals import Refusal
from archive.web import paging
from archive.web.desk import desk, person_of, posted
from archive.web.desk_forms import ManyForm, ViewForm
from archive.web.desk_sieve import SHELVES, Sieve, address

PIECES_PER_PAGE = 50


@require_safe
@desk
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first; one shelf for each state, and a sieve over the shelf."""
    counts = dict(Submission.objects.order_by().values_list("state").annotate(n=Count("pk")))
    shelf = request.GET.get("state", State.WAITING)
    if shelf not in SHELVES:
        shelf = State.WAITING
    sieve = Sieve(request.GET, shelf=shelf, person=person_of(request))
    decides = person_of(request).role in permission.DESK
    # Counted with the filters already: no query of its own.
    paginator = Paginator(sieve.rows(), PIECES_PER_PAGE)
    paginator.count = sieve.total  # type: ignore[misc]
    page = paginator.get_page(request.GET.get("page"))
    return render(
        request,
        "desk/queue.html",
        {
            "pieces": [row_of(piece) for piece in page],
            "total": sieve.total,
            "filters": _shelves(counts, shelf),
            "sieve": sieve,
            "views": _views(),
            "own_views": _own_views(person_of(request), sieve),
            "view_form": ViewForm(auto_id="id_view_%s"),
            "page": paging.links(
                page.number, paginator.num_pages, lambda number: sieve.url(page=number)
            ),
            "next_url": reverse("desk_next") if decides and counts.get(State.WAITING) else "",
            "many": ManyForm.offered_to(person_of(request)) if decides else None,
            "most": settings.MANY_AT_ONCE,
            "concerns": concerns.open_ones().count(),
            "section": "queue",
        },
    )


def _shelves(counts: dict[str, int], shelf: str) -> list[dict[str, Any]]:
    return [
        {
            "label": state.label,
            "count": counts.get(state, 0),
            "url": f"{reverse('desk')}?state={state}",
            "current": state == shelf,
        }
        for state in SHELVES
    ]


def _views() -> list[dict[str, str]]:
    """Ways to look at the queue that are worth a link to everybody."""
    kept = [
        (_("Mine"), "who=mine"),
        (_("Given to me"), "given=me"),
        (_("Nobody has it"), "who=nobody"),
        (_("In Spanish"), "language=es"),
        (_("With photographs"), "photos=yes"),
        (_("Without hard things"), "note=none"),
    ]
    return [{"label": label, "url": f"{reverse('desk')}?{query}"} for label, query in kept]


def _own_views(person: Person, sieve: Sieve) -> list[dict[str, Any]]:
    """Those that she keeps for herself."""
    here = sieve.url(q="")
    found = SavedView.objects.filter(person=person).values_list("name", "filters")
    return [
        {"label": name, "url": address(filters), "current": address(filters) == here}
        for name, filters in found
    ]


def row_of(piece: Submission) -> dict[str, Any]:
    """One line of the queue."""
    revision = piece.current
    days = (timezone.localdate() - piece.received_on).days if piece.received_on else None
    return {
        "reference": piece.reference,
        "title": revision.title if revision else "",
        "kind": piece.get_kind_display(),
        "language": revision.language if revision else "",
        "language_label": languages.name(revision.language) if revision else "",
        "words": revision.words if revision else 0,
        "photos": len(piece.enclosures.all()),
        "waiting_days": days,
        "state_label": piece.get_state_display(),
        "claimed_by": piece.claimed_by.shown if piece.claimed and piece.claimed_by else "",
        "notes": terms.labels_of_notes(revision.content_notes) if revision else [],
        "flags": safeguards.labels(piece),
        "assigned_to": str(claims.given_to(piece) or ""),
        "url": reverse("desk_piece", args=[piece.reference]),
    }


@posted("desk")
def take_next(request: HttpRequest) -> HttpResponse:
    """Give her one: the oldest piece that waits and that nobody has, while it is not enough for today.

    What she has handed on is not put before her again, unless a colleague gives it to her.
    """
    person = person_of(request)
    try:
        permission.require(person, permission.DESK)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk")
    if person.daily_limit is not None and _taken_today(person) >= person.daily_limit:
        messages.info(
            request, _("It is enough for today; you said so yourself. The queue can wait.")
        )
        return redirect("desk")
    waiting = Submission.objects.filter(state=State.WAITING).filter(
        Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
    )
    # What a colleague gave her first, and nothing that somebody else was asked to read.
    hers = Case(When(handling__assigned_to=person, then=0), default=1)
    free = waiting.exclude(~Q(handling__assigned_to=person), handling__assigned_to__isnull=False)
    handed_on = Exists(
        LedgerEntry.objects.filter(piece=OuterRef("reference"), verb="yield", actor=person)
    )
    fresh = free.filter(~handed_on | Q(handling__assigned_to=person))
    for piece in fresh.order_by(hers, "received_on", "pk")[:5]:
        try:
            moderation.claim(piece, by=person_of(request))
        except Refusal:
            continue  # somebody was quicker
        return redirect("desk_piece", reference=piece.reference)
    messages.info(
        request,
        _("What still waits you have handed on. Rest; somebody else will read it.")
        if free.exists()
        else _("Nothing waits that nobody has. Rest, or look at another list."),
    )
    return redirect("desk")


def _taken_today(person: Person) -> int:
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    taken = LedgerEntry.objects.filter(actor=person, verb="claim", at__gte=start)
    return taken.values("piece").distinct().count()
