"""What pages say to programs: cards, schema.org, canonical addresses, each as its teller allows."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image, ImageFont

from archive import catalogue
from archive.models.story import Kind, Story, StoryPhoto
from archive.models.vocabulary import Theme
from media import cards, photos
from media.models import Picture
from tests.archive.told import hide, tell

pytestmark = pytest.mark.django_db

SPANISH = "¿Quién abrió la puerta aquella mañana? El camión — nada más, señor Ágüero"


def head(client: Client, path: str) -> str:
    response = client.get(path, follow=True)
    assert response.status_code == 200
    return response.content.decode().split("</head>")[0]


def og(text: str) -> dict[str, str]:
    return dict(re.findall(r'<meta property="og:([a-z:_]+)" content="([^"]*)">', text))


def schema(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    return json.loads(found[1]) if found else {}


def listed(**said: Any) -> Story:
    return tell(**{"search_engines": True, "byline": "Denise", "summary": "A night bus.", **said})


# --- the drawing ----------------------------------------------------------------------------------


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a font of its own."""
    cards._face.cache_clear()
    monkeypatch.setattr(cards, "_SERIFS", ())
    monkeypatch.setattr(cards, "_face", lambda size: ImageFont.load_default(size))


@pytest.mark.parametrize(
    ("title", "byline"),
    [
        ("The bus", "Denise"),
        (SPANISH, "Doña Carmen"),
        ("word " * 40, "name " * 40),
        ("unbroken" * 25, ""),
        ("", ""),
        ("你好", "Жанна"),
        ("\n\ttwo\nlines", "x"),
    ],
    ids=["short", "spanish", "long", "unbroken", "empty", "other scripts", "white space"],
)
def test_a_card_is_drawn_for_every_title(title: str, byline: str, bare_machine: None) -> None:
    drawn = photos.card(title, byline, "Testimonio")
    picture = Image.open(io.BytesIO(drawn))
    assert (picture.format, picture.size) == ("PNG", photos.CARD_SIZE)
    assert len(drawn) < 60_000


def test_the_same_words_make_the_same_card() -> None:
    assert photos.card("The bus", "", "T") == photos.card("The bus", "", "T")
    assert photos.card("The bus", "", "T") != photos.card("The coat", "", "T")


def test_spanish_is_written_whole_without_a_font_of_the_machine(bare_machine: None) -> None:
    font = cards._face(60)
    assert cards._writable(SPANISH, font) == SPANISH
    assert photos.card("año", "", "T") != photos.card("ano", "", "T")


def test_a_script_that_cannot_be_written_is_left_out_whole(bare_machine: None) -> None:
    assert cards._writable("A 你", cards._face(60)) == ""


def test_no_letter_runs_over_the_edge(bare_machine: None) -> None:
    drawn = photos.card("wide " * 60, "name " * 60, "Testimonio")
    picture = Image.open(io.BytesIO(drawn)).convert("L")
    width, height = picture.size
    assert picture.crop((width - 60, 0, width, height)).getextrema()[0] > 200


# --- where it is served ---------------------------------------------------------------------------


def test_the_card_is_there_while_its_story_is(client: Client) -> None:
    bus = listed()
    path = f"/stories/{bus.public_id}/card.png"
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    hide(bus)
    assert client.get(path).status_code == 404


def test_a_new_title_is_on_the_card_at_once(client: Client) -> None:
    bus = listed()
    path = f"/stories/{bus.public_id}/card.png"
    before = client.get(path).content
    Story.objects.filter(pk=bus.pk).update(title="The coat")
    assert client.get(path).content == before, "drawn once for a generation"
    tell("another")
    assert client.get(path).content != before


# --- what the page says ---------------------------------------------------------------------------


def test_a_listed_story_has_a_whole_card(client: Client) -> None:
    bus = listed()
    said = og(head(client, bus.get_absolute_url()))
    assert said["title"] == "The bus to Malone"
    assert said["type"] == "article"
    assert said["description"] == "A night bus."
    assert said["locale"] == "en_US"
    assert said["url"] == settings.SITE_URL + bus.get_absolute_url()
    assert said["image"] == f"{settings.SITE_URL}/stories/{bus.public_id}/card.png"
    assert client.get(said["image"].removeprefix(settings.SITE_URL)).status_code == 200


def test_a_story_that_search_engines_may_not_list_says_no_more_than_its_title(
    client: Client,
) -> None:
    bus = tell(search_engines=False, summary="A night bus.", byline="Denise")
    text = head(client, bus.get_absolute_url())
    assert set(og(text)) == {"site_name", "type", "title", "locale"}
    assert "A night bus." not in text
    assert "Denise" not in text
    assert schema(text) == {}
    assert 'content="noindex, noarchive"' in text
    assert bus.public_id not in client.get("/sitemap.xml").content.decode()


@pytest.mark.parametrize(
    ("uses", "drawn"), [(["newsletter"], False), ([], True), (["print"], True)]
)
def test_a_photograph_is_on_the_card_only_where_social_media_may_show_it(
    client: Client, uses: list[str], drawn: bool
) -> None:
    bus = listed(permitted_uses=uses)
    picture = Picture.objects.create(name="a" * 32, width=1600, height=1200, ready=True)
    for width in (320, 1280, 2048):
        picture.renditions.create(
            format="jpeg", width=width, height=width * 3 // 4, bytes=1, name=f"{width}.jpg"
        )
    StoryPhoto.objects.create(story=bus, picture=picture, alt="A bus at night.")
    said = og(head(client, bus.get_absolute_url()))
    assert said["image"].endswith("card.png") is drawn
    if not drawn:
        assert said["image:width"] == "1280"
        assert said["image:alt"] == "A bus at night."


def test_an_article_is_described_and_cannot_end_its_script(client: Client) -> None:
    bus = listed(title="</script><script>alert(1)</script>")
    text = head(client, bus.get_absolute_url())
    said = schema(text)
    assert said["@type"] == "Article"
    assert said["headline"] == "</script><script>alert(1)</script>"
    assert said["author"]["name"] == "Denise"
    assert "<script>alert" not in text


def test_a_photo_project_is_a_gallery_of_photographs(client: Client) -> None:
    hung = listed(kind=Kind.PHOTO_PROJECT)
    picture = Picture.objects.create(name="b" * 32, width=8, height=6, ready=True)
    StoryPhoto.objects.create(story=hung, picture=picture, alt="A chair.", caption="Kept for him.")
    said = schema(head(client, hung.get_absolute_url()))
    assert said["@type"] == "ImageGallery"
    assert said["hasPart"][0]["@type"] == "Photograph"
    assert said["hasPart"][0]["caption"] == "Kept for him."


def test_a_theme_collects_only_stories_that_may_be_listed(client: Client) -> None:
    theme = Theme.objects.create(slug="visits", label_en="Visits")
    for title, allowed in (("The bus", True), ("The coat", False)):
        tell(title, search_engines=allowed).themes.add(theme)
    catalogue.rebuild()
    said = schema(head(client, "/themes/visits/"))
    assert said["@type"] == "Collection"
    assert [part["headline"] for part in said["hasPart"]] == ["The bus"]


def test_in_lists_a_story_that_may_not_be_listed_gives_search_engines_no_snippet(
    client: Client,
) -> None:
    tell("The quiet one", search_engines=False)
    tell("The open one", search_engines=True)
    tell("The one told large, being the newest", search_engines=False)
    text = client.get("/").content.decode()
    openings = re.findall(r'<div([^>]*)><article class="opening">', text)
    assert sorted("nosnippet" in attributes for attributes in openings) == [False, True]
    assert re.search(r'<section[^>]*data-nosnippet><article class="told', text)


def test_versions_name_one_another_and_themselves(client: Client) -> None:
    bus = listed()
    camion = listed(title="El camión", language="es", translation_of=bus)
    wanted = {
        ("en", f"{settings.SITE_URL}/stories/{bus.public_id}/the-bus-to-malone/"),
        ("es", f"{settings.SITE_URL}/es/stories/{camion.public_id}/el-camion/"),
        ("x-default", f"{settings.SITE_URL}/stories/{bus.public_id}/the-bus-to-malone/"),
    }
    for story, prefix in ((bus, ""), (camion, ""), (bus, "/es"), (camion, "/es")):
        text = head(client, f"{prefix}/stories/{story.public_id}/")
        links = set(re.findall(r'rel="alternate" hreflang="([^"]+)" href="([^"]+)"', text))
        assert links == wanted
    listed_there = client.get("/sitemap.xml").content.decode()
    for code, address in wanted:
        assert f'hreflang="{code}" href="{address}"' in listed_there
    hide(camion)
    assert "hreflang" not in head(client, bus.get_absolute_url())


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_a_story_has_one_canonical_address_in_its_own_language(client: Client, prefix: str) -> None:
    camion = listed(title="El camión", language="es")
    text = head(client, f"{prefix}/stories/{camion.public_id}/")
    address = f"{settings.SITE_URL}/es/stories/{camion.public_id}/el-camion/"
    assert re.findall(r'<link rel="canonical" href="([^"]+)">', text) == [address]


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/", "/"),
        ("/es/", "/es/"),
        ("/places/?utm_source=x", "/places/"),
        ("/stories/?utm_source=x", "/stories/"),
        ("/about/", "/about/"),
        ("/newsletter/", "/newsletter/"),
    ],
)
def test_every_page_has_one_canonical_address(client: Client, path: str, canonical: str) -> None:
    catalogue.rebuild()
    text = head(client, path)
    found = re.findall(r'<link rel="canonical" href="([^"]+)">', text)
    assert found == [settings.SITE_URL + canonical]
    assert set(re.findall(r'hreflang="(\w+)"', text)) == {"en", "es"}


def test_the_sitemap_holds_what_is_public(client: Client) -> None:
    listed(place="buffalo")
    text = client.get("/sitemap.xml").content.decode()
    for path in ("/places/buffalo/", "/es/places/erie-county/", "/about/", "/es/news/"):
        assert f"{path}</loc>" in text
    assert "/share/" not in text
    assert "/desk/" not in text
