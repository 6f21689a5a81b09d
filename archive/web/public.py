"""The public site: home, browse and search, stories, themes, news, pages.

Everything comes through `catalogue.find` and `Story.objects.public()`. Knows nothing of
submissions, keeps no cookie, writes no row.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import Case, Exists, Max, OuterRef, Q, When
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from django.views.decorators.http import require_safe

from archive import catalogue, editorial, languages, questions, standing, terms
from archive.models.story import Kind, Story, StoryPhoto
from archive.models.vocabulary import Campaign, Theme, ThemeAddress
from archive.web import machines, plates
from archive.web.listing import Listing
from archive.web.pages import public_page
from media import photos

NEWEST_SHOWN = 6
ORDER = ("-published_on", "-pk")  # newest first, as the table is ordered by itself


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """What this is, one story told large, a photo project, doors to the themes, the newest."""
    featured, project, newest = _on_the_front(languages.spoken())
    everything = Story.objects.public().order_by()
    return render(
        request,
        "public/home.html",
        {
            "featured": featured,
            "project": project,
            "themes": standing.themes()[:8],
            "newest": newest,
            "campaign": Campaign.objects.filter(shown=True).first(),
            "news": next(iter(editorial.news(limit=1)), None),
            "card": machines.card(settings.ARCHIVE_NAME, path=reverse("home")),
            # A translation is no further story.
            "count": everything.values(told=Coalesce("translation_of_id", "pk")).distinct().count(),
        },
    )


def _on_the_front(here: str) -> tuple[Story | None, Story | None, list[Story]]:
    """The story told large, the newest photo project, and the newest stories beside them.

    Told large is the newest in the reader's language that has a photograph and a pull quote, or
    else the newest in that language, or any. All in one query and its prefetches.
    """
    pictured = Exists(StoryPhoto.objects.filter(story=OuterRef("pk"), picture__ready=True))
    ranked = Story.objects.public().annotate(
        rank=Case(
            When(Q(pictured) & ~Q(pull_quotes=[]) & Q(language=here), then=0),
            When(language=here, then=1),
            default=2,
        )
    )
    told, hung = ranked.filter(kind=Kind.STORY), ranked.filter(kind=Kind.PHOTO_PROJECT)
    chosen = (told.order_by("rank", *ORDER)[:1], told[: NEWEST_SHOWN + 1], hung[:1])
    wanted = [Q(pk__in=rows.values("pk")) for rows in chosen]
    shown = ranked.filter(wanted[0] | wanted[1] | wanted[2]).select_related("place")
    rows: list[Any] = list(shown.with_plates())
    stories = [row for row in rows if row.kind == Kind.STORY]
    featured = min(stories, key=lambda row: row.rank, default=None)
    project = next((row for row in rows if row.kind == Kind.PHOTO_PROJECT), None)
    return featured, project, [row for row in stories if row != featured][:NEWEST_SHOWN]


def _renamed(request: HttpRequest) -> str:
    """This address with themes as they are called today; "" where none of them was renamed."""
    asked = [slug for slug in request.GET.getlist("theme") if "\x00" not in slug]
    if not asked:
        return ""
    former = ThemeAddress.objects.filter(slug__in=asked[:20])
    now = dict(former.values_list("slug", "theme__slug"))
    if not now:
        return ""
    given = request.GET.copy()
    given.setlist("theme", [now.get(slug, slug) for slug in asked])
    return f"{request.path}?{given.urlencode()}"


@require_safe
@public_page
def stories(request: HttpRequest) -> HttpResponse:
    """Browse and search in one page; every state of it is an address."""
    if today := _renamed(request):
        return redirect(today)
    question = questions.read(request.GET)
    found = catalogue.find(question)
    if question.page > found.last_page:
        notes = (*question.notes, _("There is no page %s; this is the last.") % question.page)
        found = catalogue.find(replace(question, page=found.last_page, notes=notes))
    listing = Listing(found, reverse("stories"))
    response = render(
        request,
        "public/stories.html",
        {
            "found": listing,
            "q": question.q,
            "clear_url": question.freed().address(reverse("stories")),
            # Whoever follows a search waits for what is new, from its first page.
            "feed_url": replace(question, sort="newest", page=1).address(reverse("feed")),
            "canonical": question.address(reverse("stories")),
            "section": "stories",
        },
    )
    if question.narrowed:
        response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@public_page
def story(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """One story or photo project."""
    rows = Story.objects.public().whole().select_related("translation_of")
    piece = rows.filter(public_id=public_id.lower()).first()
    if piece is None:
        raise Http404
    if request.path != piece.get_absolute_url():
        return redirect(piece)
    asked = questions.read(request.GET).q
    template = "project" if piece.kind == Kind.PHOTO_PROJECT else "story"
    response = render(request, f"public/{template}.html", _story_context(piece, asked))
    if not piece.search_engines:
        response["X-Robots-Tag"] = "noindex, noarchive"
    elif asked:
        response["X-Robots-Tag"] = "noindex"  # the same page as without the marks
    return response


def _story_context(piece: Story, asked: str) -> dict[str, Any]:
    allowed, not_allowed = terms.uses_sentences(piece.permitted_uses)
    shown = [photo for photo in piece.photos.all() if photo.picture.ready]
    plates.mark(piece, shown, asked)
    siblings = list(piece.siblings())
    text = catalogue.marked(piece, asked)
    return {
        "story": piece,
        "text": text,
        "passage": '<mark id="found">' in text,  # what a story behind its content notes leads to
        "photos": shown,
        "plates": shown,
        "themes": piece.themes.all(),
        "similar": catalogue.similar(piece, siblings),
        "translations": [_told_in(other) for other in siblings],
        "content_notes": terms.labels_of_notes(piece.content_notes),
        "uses": allowed or [_("It may be read here. Ask us before you use it anywhere else.")],
        "uses_not": not_allowed,
        "citation": piece.citation(settings.ARCHIVE_NAME, settings.SITE_URL),
        "campaign": next((each for each in piece.campaigns.all() if each.shown), None),
        "structured": machines.structured(piece),
        "card": machines.card_of(piece),
        "canonical": machines.home_of(piece),
        "alternates": machines.alternates([piece, *siblings]),
        "section": "stories",
    }


def _told_in(other: Story) -> dict[str, str]:
    """The way to a story in its other language, said in that language where it is one of ours."""
    if other.language in dict(settings.LANGUAGES):
        with override(other.language):
            label = pgettext("a link, in the language of this catalogue", "Read in English")
    else:
        label = _("Read it in %s") % languages.name(other.language)
    return {"code": other.language, "label": label, "url": other.get_absolute_url()}


@require_safe
@public_page
def story_card(request: HttpRequest, public_id: str) -> HttpResponse:
    """The drawn card of a story, for links to it that are shown elsewhere."""
    piece = Story.objects.public().filter(public_id=public_id).first()
    if piece is None:
        raise Http404
    drawn = photos.card(piece.title, piece.byline, settings.ARCHIVE_NAME)
    response = HttpResponse(drawn, content_type="image/png")
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@public_page
def themes(request: HttpRequest) -> HttpResponse:
    """Every theme that has a story."""
    return render(request, "public/themes.html", {"themes": standing.themes(), "section": "themes"})


@require_safe
@public_page
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """One theme: an editor's introduction, its words, its stories, its years."""
    entry = Theme.objects.filter(slug=slug).first()
    if entry is None:
        # Renamed or merged since: its old address leads to it still.
        return redirect(get_object_or_404(Theme, former_addresses__slug=slug))
    question = replace(questions.Question(), theme=(slug,))
    found = catalogue.find(question)
    return render(
        request,
        "public/theme.html",
        {
            "theme": entry,
            "stories": [result.story for result in found.results],
            "structured": machines.structured_theme(entry, (each.story for each in found.results)),
            "card": machines.card(entry.label, entry.description, path=entry.get_absolute_url()),
            "words": _other_words(entry),
            "years": _by_decade(found.facets.get("decade", ())),
            "section": "themes",
        },
    )


def _other_words(entry: Theme) -> list[str]:
    """What people say for it beside its names, which are the headline in one language or the other."""
    return [word for word in entry.words if word not in (entry.label_en, entry.label_es)]


def _by_decade(counts: Any) -> list[dict[str, Any]]:
    highest = max((each.count for each in counts), default=1)
    return [
        {
            "year": _("%ss") % each.value,
            "count": each.count,
            "percent": round(100 * each.count / highest),
        }
        for each in sorted(counts, key=lambda each: each.value)
    ]


@require_safe
@public_page
def news(request: HttpRequest) -> HttpResponse:
    """The editors' short dated notes, newest first."""
    return render(request, "public/news.html", {"news": editorial.news(), "section": "news"})


@require_safe
@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """About, promises, safety, accessibility, contact: the editors' own pages."""
    written = editorial.page(slug, languages.spoken())
    if written is None:
        raise Http404
    return render(
        request,
        "public/page.html",
        {"page": written, "card": machines.card(written.title), "section": slug},
    )


@require_safe
@public_page
def search_help(request: HttpRequest) -> HttpResponse:
    """How to search, each example a link that works."""
    return render(
        request,
        "public/search_help.html",
        {"examples": editorial.search_examples(), "section": "stories"},
    )


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may walk: stories and themes, never the endless combinations of a search."""
    lines = [
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /share/",
        "Disallow: /stories/?",
        "Disallow: /stories/*/report/",
        "Disallow: /newsletter/confirm/",
        "Disallow: /newsletter/leave/",
        "Disallow: /es/stories/*/report/",
        "Disallow: /es/newsletter/confirm/",
        "Disallow: /es/newsletter/leave/",
        "Disallow: /es/desk/",
        "Disallow: /es/share/",
        "Disallow: /es/stories/?",
        "Disallow: /api/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process serves and its database answers; nothing more is told to strangers."""
    Story.objects.aggregate(Max("pk"))
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same page for what never was, what was withdrawn and what was declined."""
    if request.path.startswith("/api/"):  # programs read every error in one shape
        said = {"detail": _("There is nothing at this address."), "code": "not_found"}
        return JsonResponse(said, status=404)
    return render(request, "404.html", status=404)
