"""The pages of campaigns, and the reports one can download from them. Part of the public site."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from archive import reports
from archive.models.editorial import Report
from archive.models.story import Story
from archive.models.vocabulary import Campaign
from archive.web import machines
from archive.web.pages import public_page

STORIES_SHOWN = 10


@require_safe
@public_page
def campaigns(request: HttpRequest) -> HttpResponse:
    """Every campaign that is shown."""
    return render(
        request,
        "public/campaigns.html",
        {"campaigns": Campaign.objects.filter(shown=True), "section": "campaigns"},
    )


@require_safe
@public_page
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """One campaign: what it asks for, what one can do, the stories that belong to it."""
    entry = Campaign.objects.filter(slug=slug, shown=True).first()
    if entry is None:
        raise Http404
    return render(
        request,
        "public/campaign.html",
        {
            "campaign": entry,
            "card": machines.card(entry.title, entry.goal, path=entry.get_absolute_url()),
            "demands": entry.spoken_demands,
            "calls": entry.spoken_calls,
            "dates": entry.spoken_dates,
            "partners": entry.spoken_partners,
            "reports": entry.reports.select_related("campaign"),
            "stories": Story.objects.public().for_lists().filter(campaigns=entry)[:STORIES_SHOWN],
            "section": "campaigns",
        },
    )


@require_safe
def report(request: HttpRequest, slug: str, public_id: str) -> HttpResponseBase:
    """A report as a download, while its campaign is shown; never opened inside a page of ours."""
    row = Report.objects.filter(
        public_id=public_id, campaign__slug=slug, campaign__shown=True
    ).first()
    if row is None or not reports.path(row.file_name).exists():
        raise Http404
    response = FileResponse(
        open(reports.path(row.file_name), "rb"),  # noqa: SIM115 - the response closes it
        as_attachment=True,
        filename=f"{slugify(row.title)[:80] or 'report'}-{row.language}.pdf",
        content_type="application/pdf",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-cache"
    return response
