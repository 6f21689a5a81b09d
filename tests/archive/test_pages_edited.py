"""The standing pages: good first texts, and editors who change them in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from archive import editing, editorial
from archive.models.editorial import Page
from archive.models.person import Person
from archive.refusals import NotAllowed, WrongState
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, ruth: Person) -> Client:
    client.force_login(ruth)
    return client


def words(**said: Any) -> dict[str, Any]:
    return {
        "title_en": "About us",
        "body_en": "## Why\n\nBecause *families* asked.",
        "title_es": "Quiénes somos",
        "body_es": "## Por qué\n\nPorque las familias lo pidieron.",
        "verb": "keep",
        "seen": editing.version(editorial.as_written("about")),
        **said,
    }


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("slug", editorial.PAGES)
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_every_page_has_a_first_text_and_a_form(desk: Client, prefix: str, slug: str) -> None:
    public, form = page(desk, f"{prefix}/{slug}/"), page(desk, f"{prefix}/desk/pages/{slug}/")
    first = editorial.as_written(slug)
    assert first is not None
    title = first.title_es if prefix else first.title_en
    assert f"<h1>{title}</h1>" in public
    assert first.title_es in form


def test_what_an_editor_writes_takes_the_place_of_the_first_text(desk: Client) -> None:
    page(desk, "/about/")
    page(desk, "/es/about/")
    assert desk.post("/desk/pages/about/", words()).status_code == 302
    assert "<em>families</em> asked" in page(desk, "/about/")
    assert "Quiénes somos" in page(desk, "/es/about/")
    assert desk.post("/desk/pages/about/", words(title_en="About")).status_code == 302
    assert Page.objects.count() == 1


def test_who_saves_second_over_a_changed_page_is_told_and_keeps_her_words(
    desk: Client,
) -> None:
    form = page(desk, "/desk/pages/about/")
    opened = words(title_en="Hers", seen=_seen(form))
    assert (
        desk.post("/desk/pages/about/", words(title_en="His", seen=_seen(form))).status_code == 302
    )
    refused = desk.post("/desk/pages/about/", opened)
    told = refused.content.decode()
    assert refused.status_code == 409
    assert "Somebody else has changed this" in told
    assert 'value="Hers"' in told, "what she typed stays in the form"
    assert "<h3>His</h3>" in told, "and what stands there now is beside it"
    assert editorial.as_written("about").title_en == "His"  # type: ignore[union-attr]
    assert desk.post("/desk/pages/about/", {**opened, "seen": _seen(told)}).status_code == 302
    assert editorial.as_written("about").title_en == "Hers"  # type: ignore[union-attr]


def _seen(form: str) -> str:
    return form.partition('name="seen" value="')[2].partition('"')[0]


def test_looking_shows_both_languages_and_keeps_nothing(desk: Client) -> None:
    text = desk.post("/desk/pages/about/", words(verb="look")).content.decode()
    assert "<h2>Why</h2>" in text
    assert "<h2>Por qué</h2>" in text
    assert "## Why" in text, "what was typed stays in the form"
    assert not Page.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<p onclick="x">',
        "![x](https://elsewhere.example/x.png)",
        "<style>body{}</style>",
    ],
)
def test_no_script_and_no_foreign_picture_comes_out(desk: Client, typed: str) -> None:
    before = page(desk, "/about/").count("<script")
    for verb in ("look", "keep"):
        desk.post("/desk/pages/about/", words(body_en=typed, verb=verb))
    prose = page(desk, "/about/").split('class="prose standing"', 1)[1].split("</article>")[0]
    for harm in ("<script", 'javascript:alert(1)"', "<p onclick", "<img", "<style"):
        assert harm not in prose
    assert page(desk, "/about/").count("<script") == before


@pytest.mark.parametrize("empty", ["title_en", "body_en"])
def test_a_page_needs_its_english_words(desk: Client, empty: str) -> None:
    response = desk.post("/desk/pages/about/", words(**{empty: ""}))
    assert response.status_code == 422
    assert not Page.objects.exists()


def test_no_page_is_made_that_no_link_leads_to(desk: Client, cast: Cast) -> None:
    assert desk.get("/desk/pages/secrets/").status_code == 404
    with pytest.raises(WrongState):
        editing.save_page("secrets", editing.Words(title_en="x", body_en="x"), by=cast.ruth)


@pytest.mark.parametrize("who", ["ines", "wren"])
def test_only_editors_write_pages(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.post("/desk/pages/about/", words()).status_code == 403
    with pytest.raises(NotAllowed):
        editing.save_page("about", editing.Words(title_en="x", body_en="x"), by=getattr(cast, who))
    assert not Page.objects.exists()


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    for path in ("pages/", "pages/about/", "news/", "campaigns/", "newsletter/", "concerns/"):
        response = client.get(f"/desk/{path}")
        assert response.status_code == 302
        assert "login" in response["Location"]
