"""Kept pages: given again before anything else is done, and never once anything has changed.

Every page is asked for before the change, so that each of them is kept; no job is run after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from archive import catalogue, editing, jobs, publication, vocabulary
from archive.models.editorial import News, Report
from archive.models.person import Person
from archive.models.submission import Submission
from archive.models.vocabulary import Campaign, Place, Theme
from archive.web.pages import KeptPages, public_page
from media.models import Rendition
from search import index
from tests import factories

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4 a report"


def words(title: str) -> editing.Words:
    return editing.Words(title, f"About {title}.", f"{title} ES", f"Sobre {title}.")


@pytest.fixture
def piece() -> Submission:
    """One public story with a photograph, a theme, a prison and a campaign, and two more there."""
    catalogue.ensure()
    visits, attica = factories.theme("visits"), factories.place("attica")
    closer = factories.campaign("closer")
    with factories.committed():
        for title in ("Zzfirst", "Zzsecond", "Zzsought"):
            piece = factories.in_public(
                factories.telling(title=title, body=f"{title} morning.", place=attica),
                themes=[visits],
                campaigns=[closer],
                enclosed=[factories.enclosed()] if title == "Zzsought" else [],
            )
    jobs.run_due()
    return piece


# --- an editor's edits ------------------------------------------------------------------------------
def keep_campaign(new: str, by: Person) -> None:
    row = Campaign.objects.get(slug="closer")
    editing.save_campaign(row, editing.CampaignWords(title_en=new), by=by)


def keep_report(new: str, by: Person) -> None:
    row = Campaign.objects.get(slug="closer")
    upload = SimpleUploadedFile("a.pdf", PDF)
    editing.add_report(row, upload, title_en=new, language="en", by=by)


def keep_theme(new: str, by: Person) -> None:
    theme = Theme.objects.get(slug="visits")
    theme.label_en = new
    vocabulary.keep(theme, by=by)


def merge_themes(new: str, by: Person) -> None:
    into = factories.theme("other", label_en=new)
    vocabulary.merge(Theme.objects.get(slug="visits"), into=into, by=by)


def rename_place(new: str, by: Person) -> None:
    vocabulary.rename_place(Place.objects.get(slug="attica"), name=new, aliases=[], by=by)


# What is done, in this order, and a page that says so in the next request.
EDITS: list[tuple[Callable[[str, Person], object], str]] = [
    (keep_campaign, "/campaigns/"),
    (lambda new, by: editing.save_campaign(None, editing.CampaignWords(new), by=by), "/campaigns/"),
    (keep_report, "/campaigns/closer/"),
    (lambda new, by: editing.save_news(None, words(new), day=date(2026, 5, 4), by=by), "/news/"),
    (lambda new, by: editing.save_page("about", words(new), by=by), "/about/"),
    (keep_theme, "/themes/visits/"),
    (merge_themes, "/themes/"),
    (rename_place, "/places/attica/"),
]


def test_what_an_editor_changes_stands_on_the_page_in_the_next_request(
    client: Client, piece: Submission, ruth: Person
) -> None:
    for number, (change, page) in enumerate(EDITS):
        new = f"Zznew{number}"
        assert new not in _said(client.get(page)), page
        change(new, ruth)
        assert new in _said(client.get(page)), page


def test_what_an_editor_takes_away_is_gone_in_the_next_request(
    client: Client, piece: Submission, ruth: Person
) -> None:
    keep_report("Zznew", ruth)
    editing.save_news(None, words("Zznew"), day=date(2026, 5, 4), by=ruth)
    offered = factories.theme("offered", label_en="Zznew")
    pages = ("/campaigns/closer/", "/news/", "/newsletter/")
    for page in pages:
        assert "Zznew" in client.get(page).content.decode()
    editing.remove_report(Report.objects.get(), by=ruth)
    editing.remove_news(News.objects.get(), by=ruth)
    vocabulary.retire(offered, retired=True, by=ruth)
    for page in pages:
        assert "Zznew" not in client.get(page).content.decode()


# --- what is taken back -----------------------------------------------------------------------------
def everywhere(piece: Submission) -> Iterator[str]:
    """Every kind of page that shows, counts or names a story."""
    story = piece.story
    assert story is not None
    for prefix in ("", "/es"):
        for page in (
            "/", "/stories/", "/stories/?q=zzsought", "/stories/?theme=visits", "/themes/",
            "/themes/visits/", "/places/", "/places/attica/", "/places/wyoming-county/",
            "/campaigns/", "/campaigns/closer/", "/stories/feed.atom",
        ):  # fmt: skip
            yield f"{prefix}{page}"
        yield f"{prefix}{story.get_absolute_url()}"
        yield f"{prefix}{story.get_absolute_url()}plates/1/"
    yield from (
        f"/stories/{story.public_id}/card.png", "/sitemap.xml", "/api/v1/stories/",
        f"/api/v1/stories/{story.public_id}/", "/api/v1/themes/", "/api/v1/places/",
        "/api/v1/suggest/?q=zzsou",
    )  # fmt: skip
    yield from (f"/gallery/{name}" for name in Rendition.objects.values_list("name", flat=True))


@pytest.mark.parametrize("the_index", ["answers", "fails"])
def test_what_is_withdrawn_is_gone_everywhere_in_the_next_request(
    client: Client, piece: Submission, monkeypatch: pytest.MonkeyPatch, the_index: str
) -> None:
    story, addresses = piece.story, list(everywhere(piece))
    assert story is not None
    before = {address: client.get(address) for address in addresses}
    assert not [address for address in addresses if before[address].status_code != 200]
    naming = [address for address in addresses if story.public_id in _said(before[address])]
    assert len(naming) > 20, "otherwise this proves nothing"
    if the_index == "fails":

        def fail(*_args: Any, **_more: Any) -> None:
            raise index.IndexUnavailable

        for verb in ("put", "drop"):
            monkeypatch.setattr(index, verb, fail)
    with factories.committed():
        publication.withdraw(piece, by=factories.contributor(piece))
    own = {address for address in addresses if story.public_id in address or "gallery" in address}
    for address in addresses:
        after = client.get(address)
        assert after.status_code == (404 if address in own else 200), address
        if address in own:
            continue  # it says its own name, as whatever never was does
        told = _said(after)
        for word in (story.public_id, "Zzsought morning"):
            assert word not in told, f"{word} at {address}"
    if the_index == "answers":
        counted = client.get("/api/v1/themes/").json()
        assert "2" in str(counted)
        assert "3" not in str(counted)
        assert 'class="mark" x=' in _said(before["/places/"])
        assert 'class="mark" x=' not in _said(client.get("/places/")), "fewer than three"


def _said(response: Any) -> str:
    told: str = response.getvalue().decode(errors="replace")
    return told


# --- the keeping itself -----------------------------------------------------------------------------
def test_a_kept_page_costs_one_question_and_is_the_same_to_the_header(
    client: Client, piece: Submission, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get("/es/themes/visits/")
    with django_assert_num_queries(1):  # which generation is in force
        again = client.get("/es/themes/visits/")
    assert again.content == first.content
    assert dict(again.items()) == dict(first.items())
    assert again["Content-Language"] == "es"
    assert again["Content-Security-Policy"]
    assert again["Content-Length"] == str(len(again.content))


def test_a_kept_page_is_given_under_its_own_host_and_scheme_alone(
    client: Client, piece: Submission, settings: Settings
) -> None:
    client.get("/themes/")
    assert client.get("/themes/", HTTP_HOST="evil.example").status_code == 400
    assert client.get("/themes/").status_code == 200
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/themes/", secure=True).status_code == 200
    assert Client().get("/themes/?fresh").status_code == 301


def test_a_page_that_looked_at_somebody_is_not_kept(db: None) -> None:
    """Should a public view one day read a session or set a cookie, its page is made anew each time."""

    def looks(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("for you", headers={"Vary": "Cookie"})

    def gives(_request: HttpRequest) -> HttpResponse:
        response = HttpResponse("for you")
        response.set_cookie("you", "1")
        return response

    def speaks(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("for everybody")

    request = RequestFactory().get("/")
    for view, kept in ((looks, False), (gives, False), (speaks, True)):
        caches["pages"].clear()
        answer = KeptPages(public_page(view))(request)
        assert answer.has_header("ETag") is kept
        assert bool(caches["pages"]._cache) is kept  # type: ignore[attr-defined]
