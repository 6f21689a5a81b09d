"""The editors' side of the desk: campaigns, news, standing pages, the newsletter, concerns. Thin.

Everybody at the desk may look; what a role may do is checked by the stages, whose refusals are
shown beside what was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from archive import concerns, editing, editorial, newsletter
from archive.forms_editing import (
    EMPTY_ROWS,
    MOST_ROWS,
    CampaignSheet,
    NewsForm,
    ReportForm,
    WordsForm,
)
from archive.models.concern import Concern
from archive.models.editorial import News, Page, Report
from archive.models.submission import Submission
from archive.models.vocabulary import Campaign
from archive.refusals import Refusal, VersionChanged
from archive.web.desk import desk, person_of, posted
from archive.web.downloads import csv_file
from archive.web.numbers import number_in

reads_or_acts = require_http_methods(["GET", "HEAD", "POST"])


def _tried(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do it and say so, or say why not."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True


# --- campaigns ------------------------------------------------------------------------------------


@require_safe
@desk
def campaigns(request: HttpRequest) -> HttpResponse:
    """Every campaign, hidden ones too."""
    rows = Campaign.objects.all()
    return render(request, "desk/campaigns.html", {"campaigns": rows, "section": "campaigns"})


@reads_or_acts
@desk
def campaign(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Begin or change a campaign, on one page. “More rows” keeps what was typed and saves nothing."""
    row = get_object_or_404(Campaign, slug=slug) if slug else None
    if request.method != "POST":
        return _sheet(request, row, CampaignSheet(row))
    if "more" in request.POST:
        return _sheet(request, row, CampaignSheet(row, _with_more_rows(request)))
    sheet = CampaignSheet(row, request.POST)
    if not sheet.is_valid():
        return _sheet(request, row, sheet, status=422)
    try:
        seen = request.POST.get("seen", "")
        kept = editing.save_campaign(row, sheet.words(), by=person_of(request), seen=seen)
    except VersionChanged as refusal:
        sheet.form.add_error(None, str(refusal))
        row = Campaign.objects.get(pk=row.pk) if row else None
        return _sheet(request, row, sheet, status=409, seen=editing.version(row))
    except Refusal as refusal:
        sheet.form.add_error(None, str(refusal))
        return _sheet(request, row, sheet, status=403)
    messages.success(request, _("The campaign is kept."))
    return redirect("desk_campaign", slug=kept.slug)


def _with_more_rows(request: HttpRequest) -> Any:
    """What was posted, with room for more in the list whose button was pressed."""
    posted = request.POST.copy()
    total = f"{posted['more']}-TOTAL_FORMS"
    rows = number_in(str(posted.get(total, "")))
    posted[total] = str(min(rows + EMPTY_ROWS, MOST_ROWS))
    return posted


def _sheet(
    request: HttpRequest,
    row: Campaign | None,
    sheet: CampaignSheet,
    status: int = 200,
    seen: str | None = None,
) -> HttpResponse:
    """The form; `seen` is the version that is before the editor, else what she sent or what is."""
    context = {
        "campaign": row,
        "seen": request.POST.get("seen", editing.version(row)) if seen is None else seen,
        "sheet": sheet,
        "form": sheet.form,
        "more": request.POST.get("more", ""),
        "reports": row.reports.select_related("campaign") if row else [],
        "report_form": ReportForm(auto_id="id_report_%s"),
        "section": "campaigns",
    }
    return render(request, "desk/campaign.html", context, status=status)


@posted("desk_campaign", "slug")
def add_report(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a PDF beside a campaign."""
    row = get_object_or_404(Campaign, slug=slug)
    form = ReportForm(request.POST, request.FILES)
    if not form.is_valid():
        for sentence in (each for errors in form.errors.values() for each in errors):
            messages.error(request, str(sentence))
        return redirect("desk_campaign", slug=slug)
    said = form.cleaned_data
    upload = said.pop("file")
    _tried(
        request,
        lambda: editing.add_report(row, upload, **said, by=person_of(request)),
        _("The report can be downloaded now."),
    )
    return redirect("desk_campaign", slug=slug)


@posted("desk_campaign", "slug")
def remove_report(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Take a report away."""
    row = get_object_or_404(Report, public_id=public_id, campaign__slug=slug)
    _tried(
        request,
        lambda: editing.remove_report(row, by=person_of(request)),
        _("The report is gone, and its file with it."),
    )
    return redirect("desk_campaign", slug=slug)


# --- news and pages -------------------------------------------------------------------------------


@require_safe
@desk
def news(request: HttpRequest) -> HttpResponse:
    """Every note, those of days to come too."""
    context = {"news": News.objects.all(), "today": timezone.localdate(), "section": "news"}
    return render(request, "desk/news.html", context)


@reads_or_acts
@desk
def note(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Write or change one note; “Look at it” shows it and saves nothing."""
    row = get_object_or_404(News, pk=number) if number else None
    if request.method != "POST":
        seen = editing.version(row)
        return _written(request, NewsForm(initial=_initial(row)), seen=seen, note=row)
    form = NewsForm(request.POST)

    def keep() -> News:
        day, seen = form.cleaned_data["day"], request.POST.get("seen", "")
        return editing.save_news(row, form.words(), day=day, by=person_of(request), seen=seen)

    return _keep_or_look(
        request, form, keep, now=lambda: _note(row), to=reverse("desk_news"), note=row
    )


def _note(row: News | None) -> News | None:
    """The note as it stands now."""
    return News.objects.filter(pk=row.pk).first() if row else None


@posted("desk_news")
def remove_note(request: HttpRequest, number: int) -> HttpResponse:
    """Take a note away."""
    row = get_object_or_404(News, pk=number)
    _tried(request, lambda: editing.remove_news(row, by=person_of(request)), _("The note is gone."))
    return redirect("desk_news")


@require_safe
@desk
def pages(request: HttpRequest) -> HttpResponse:
    """The standing pages."""
    rows = [editorial.as_written(slug) for slug in editorial.PAGES]
    return render(request, "desk/pages.html", {"pages": rows, "section": "pages"})


@reads_or_acts
@desk
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a standing page in both languages; “Look at it” shows it and saves nothing."""
    if slug not in editorial.PAGES:
        raise Http404
    if request.method != "POST":
        row = editorial.as_written(slug)
        seen = editing.version(row)
        return _written(request, WordsForm(initial=_initial(row)), seen=seen, slug=slug)
    form = WordsForm(request.POST)

    def keep() -> object:
        seen = request.POST.get("seen", "")
        return editing.save_page(slug, form.words(), by=person_of(request), seen=seen)

    return _keep_or_look(
        request,
        form,
        keep,
        now=lambda: editorial.as_written(slug),
        to=reverse("desk_pages"),
        slug=slug,
    )


def _initial(row: News | Page | None) -> dict[str, Any] | None:
    return vars(row) if row else None


def _keep_or_look(
    request: HttpRequest,
    form: WordsForm,
    keep: Callable[[], object],
    *,
    now: Callable[[], News | Page | None],
    to: str,
    **about: Any,
) -> HttpResponse:
    """Save what was typed, or only show it, as the button says. Where somebody else was quicker,
    what stands there `now` is shown beside what was typed."""
    about["seen"] = request.POST.get("seen", "")
    if not form.is_valid():
        return _written(request, form, status=422, **about)
    if request.POST.get("verb") == "look":
        return _written(request, form, looked_at=form.words(), **about)
    try:
        keep()
    except VersionChanged as refusal:
        form.add_error(None, str(refusal))
        row = now()
        about["seen"] = editing.version(row)
        return _written(request, form, status=409, standing=row, **about)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _written(request, form, status=403, **about)
    messages.success(request, _("It is kept, and readers see it."))
    return redirect(to)


def _written(
    request: HttpRequest,
    form: WordsForm,
    status: int = 200,
    looked_at: editing.Words | None = None,
    standing: News | Page | None = None,
    **about: Any,
) -> HttpResponse:
    context = {
        "form": form,
        "preview": _preview(looked_at) if looked_at else [],
        "standing": _preview(standing) if standing else [],
        "section": "pages" if "slug" in about else "news",
        **about,
    }
    return render(request, "desk/words.html", context, status=status)


def _preview(words: editing.Words | News | Page) -> list[dict[str, Any]]:
    """Each language as readers will see it."""
    sides = (("en", words.title_en, words.body_en), ("es", words.title_es, words.body_es))
    return [
        {"language": language, "title": title, "html": editorial.rendered(body)}
        for language, title, body in sides
        if body
    ]


# --- the newsletter's list ------------------------------------------------------------------------


@require_safe
@desk
def subscribers(request: HttpRequest) -> HttpResponse:
    """How many are on the list; no address is shown."""
    context = {"counts": newsletter.counts(), "section": "newsletter"}
    return render(request, "desk/newsletter.html", context)


@posted("desk_newsletter")
def export_subscribers(request: HttpRequest) -> HttpResponse:
    """The list as a file for the mailing tool."""
    try:
        table = newsletter.export(by=person_of(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk_newsletter")
    day = timezone.localdate().isoformat()
    return csv_file(f"newsletter-{day}", table)


# --- concerns -------------------------------------------------------------------------------------


@require_safe
@desk
def concerns_page(request: HttpRequest) -> HttpResponse:
    """What readers told us and nobody has settled, oldest first."""
    rows = list(concerns.open_ones())
    pieces = Submission.objects.filter(story__in=[row.story_id for row in rows])
    references = dict(pieces.values_list("story_id", "reference"))
    told = [{"row": row, "reference": references.get(row.story_id, "")} for row in rows]
    return render(request, "desk/concerns.html", {"concerns": told, "section": "concerns"})


@posted("desk_concerns")
def settle_concern(request: HttpRequest, number: int) -> HttpResponse:
    """Say that it was seen to."""
    row = get_object_or_404(Concern, pk=number)
    _tried(request, lambda: concerns.settle(row, by=person_of(request)), _("Settled."))
    return redirect("desk_concerns")
