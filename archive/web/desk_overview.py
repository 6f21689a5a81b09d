"""The ledger as a page, and the morning page: what waits, what changed, what is owed. Thin."""

from __future__ import annotations

import datetime
import shutil
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from archive import jobs, misses, planning, register
from archive.backups import facts
from archive.models.person import Person
from archive.models.review import Handling, LedgerEntry
from archive.models.story import Story
from archive.models.submission import State, Submission
from archive.refusals import Refusal
from archive.web import paging
from archive.web.desk import desk, person_of, posted
from archive.web.downloads import csv_file
from archive.web.numbers import number_in

LINES_PER_PAGE = 100
OPEN = (State.WAITING, State.HELD, State.ASKED, State.REFERRED, State.ACCEPTED)


@require_safe
@desk
def ledger_page(request: HttpRequest) -> HttpResponse:
    """Who did what, newest first; of one piece, about one person, or of all."""
    asked = _asked(request.GET)
    page = Paginator(register.rows(**asked), LINES_PER_PAGE).get_page(request.GET.get("page"))

    def address(number: int) -> str:
        return f"{reverse('desk_ledger')}?{urlencode({**asked, 'page': number})}"

    context = {
        "entries": register.told(page),
        "asked": asked,
        "whose": _whose(asked["about"]),
        "verbs": register.verbs(),
        "page": paging.links(page.number, page.paginator.num_pages, address),
        "section": "ledger",
    }
    return render(request, "desk/ledger.html", context)


def _asked(given: QueryDict) -> dict[str, str]:
    return {name: given.get(name, "")[:40] for name in ("piece", "verb", "about")}


def _whose(about: str) -> str:
    """Who it is that lines about a person are about; of anything else, its own name."""
    kind, _colon, number = about.partition(":")
    people = Person.objects.filter(pk=number_in(number)) if kind == "person" else ()
    return next((person.shown for person in people), about)


@posted("desk_ledger")
def export_ledger(request: HttpRequest) -> HttpResponse:
    """The ledger as a file."""
    try:
        lines = register.export(by=person_of(request), **_asked(request.POST))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk_ledger")
    return csv_file("ledger", lines)


@require_safe
@desk
def morning(request: HttpRequest) -> HttpResponse:
    """What waits and how long, what changed since yesterday, what is owed; nothing about people."""
    today = timezone.localdate()
    ahead = today + timedelta(days=settings.MORNING_AHEAD_DAYS)
    context = {
        "waiting": _waiting(),
        "promised_days": settings.PROMISED_DAYS,
        "changes": _since(timezone.now() - timedelta(days=1)),
        "plans": Handling.objects.exclude(plan_at=None)
        .select_related("submission__current")
        .order_by("plan_at")[:20],
        "embargoes": Story.objects.filter(
            withdrawn=False, visible_from__gt=today, visible_from__lte=ahead
        ),
        "ahead_days": settings.MORNING_AHEAD_DAYS,
        "embargoed": [
            {
                "reference": row.reference,
                "title": row.current.title if row.current else "",
                "day": end,
            }
            for row, end in planning.embargoed(ahead)[:20]
        ],
        "renewals": _renewals(ahead),
        "owed": _owed(),
        "backups": _backups(),
        "missed": misses.often()[:10],
        "section": "morning",
    }
    return render(request, "desk/morning.html", context)


def _waiting() -> list[dict[str, Any]]:
    rows = (
        Submission.objects.filter(state__in=OPEN)
        .order_by()
        .values("state")
        .annotate(pieces=Count("pk"), oldest=Min("received_on"))
    )
    by_state = {row["state"]: row for row in rows}
    today = timezone.localdate()
    return [
        {
            "label": state.label,
            "url": f"{reverse('desk')}?state={state}",
            "pieces": by_state[state]["pieces"],
            "days": (today - by_state[state]["oldest"]).days if by_state[state]["oldest"] else None,
        }
        for state in OPEN
        if state in by_state
    ]


def _since(moment: Any) -> list[tuple[str, int]]:
    """What happened to pieces, by verb and never by person."""
    rows = LedgerEntry.objects.filter(at__gte=moment).order_by().values_list("verb")
    counted = rows.annotate(times=Count("pk")).order_by("-times", "verb")
    return [(register.said(verb), times) for verb, times in counted]


def _renewals(ahead: datetime.date) -> list[dict[str, Any]]:
    """Public pieces that their contributors allowed for a time, which is over by then."""
    ending = Submission.objects.filter(state=State.PUBLISHED, story__visible_until__lte=ahead)
    return [
        {"reference": row.reference, "title": row.story.title, "day": row.story.visible_until}
        for row in ending.select_related("story").order_by("story__visible_until")[:20]
        if row.story
    ]


def _owed() -> list[tuple[str, str]]:
    disk = shutil.disk_usage(settings.DATA_DIR)
    debt = Story.objects.aggregate(owed=Count("pk", filter=Q(index_debt__gt=0)))["owed"]
    return [
        (_("Stories that the search has yet to hear of"), str(debt)),
        (_("Work that waits"), str(jobs.waiting().count())),
        (_("Work that was given up"), str(jobs.given_up().count())),
        (_("Room left on the disk"), filesizeformat(disk.free)),
    ]


def _backups() -> list[dict[str, Any]]:
    """The last backup and the last proven restore, each with a sentence where somebody must act."""
    backup, proof = facts.last(facts.BACKUP), facts.last(facts.PROOF)
    return [
        {"label": _("Last backup"), "event": backup, "warning": _of_backup(backup)},
        {
            "label": _("Last restore that was proven"),
            "event": proof,
            "warning": _of_proof(proof) if backup else "",
        },
    ]


def _of_backup(last: facts.Fact | None) -> str:
    if last is None:
        return _("There is no backup yet: what this machine loses is lost.")
    if last.days < settings.BACKUP_OLD_AFTER_DAYS:
        return ""
    return _(
        "The last backup is %(days)s days old. Ask whoever runs the machine why there is no newer one."
    ) % {"days": last.days}


def _of_proof(last: facts.Fact | None) -> str:
    if last is None:
        return _(
            "Nobody has tried yet whether this archive can be brought back. "
            "Ask whoever runs the machine for a drill."
        )
    if last.days < settings.PROOF_OLD_AFTER_DAYS:
        return ""
    return _(
        "It is %(days)s days since a restore was proven. Ask whoever runs the machine for a drill."
    ) % {"days": last.days}
