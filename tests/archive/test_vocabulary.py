"""Themes in the making: no address breaks, no story is lost, and readers see it at once."""

from __future__ import annotations

import pytest
from django.test import Client

from archive import catalogue, jobs, suggestions, vocabulary
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.models.story import Generation, Story
from archive.models.vocabulary import Theme, ThemeAddress
from archive.questions import Question
from archive.refusals import Incomplete, NotAllowed
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _index() -> None:
    catalogue.ensure()


def found(q: str = "", *, theme: str = "") -> int:
    jobs.run_due()
    return catalogue.find(Question(q=q, theme=(theme,) if theme else (), literal=True)).total


def told(theme: Theme, **more: object) -> Story:
    with factories.committed():
        return factories.published(themes=[theme], **more)


def test_a_renamed_theme_is_found_under_its_old_address(client: Client, ruth: Person) -> None:
    visits = factories.theme("visits")
    told(visits)
    before = Generation.now()
    visits.slug, visits.label_en, visits.words_en = "the-road", "The road", ["autobus"]
    with factories.committed():
        vocabulary.keep(visits, by=ruth)
    assert Generation.now() != before
    old = client.get("/themes/visits/")
    assert (old.status_code, old["Location"]) == (302, "/themes/the-road/")
    assert client.get("/themes/the-road/").status_code == 200
    kept = client.get("/stories/?q=bus&theme=visits")
    assert (kept.status_code, kept["Location"]) == (302, "/stories/?q=bus&theme=the-road")
    assert found(theme="the-road") == 1
    assert found("autobus") == 1, "an editor's word is a synonym from now on"
    visits.slug = "visits"
    with factories.committed():
        vocabulary.keep(visits, by=ruth)
    assert client.get("/themes/visits/").status_code == 200
    assert client.get("/themes/the-road/")["Location"] == "/themes/visits/"


def test_two_themes_become_one_with_all_their_stories_words_and_addresses(
    client: Client, ruth: Person
) -> None:
    road = factories.theme("road", words_en=["bus"])
    visits = factories.theme("visits", words_en=["visiting room"])
    below = factories.theme("fares", parent=road)
    waiting = factories.submission()
    waiting.themes.set([road])
    told(road)
    both = told(visits)
    both.themes.add(road)
    vocabulary.keep(Theme(slug="older", label_en="Older"), by=ruth)
    vocabulary.merge(Theme.objects.get(slug="older"), into=road, by=ruth)
    with factories.committed():
        vocabulary.merge(road, into=visits, by=ruth)
    assert not Theme.objects.filter(slug="road").exists()
    visits.refresh_from_db()
    below.refresh_from_db()
    assert (Story.objects.filter(themes=visits).count(), below.parent) == (2, visits)
    assert both.themes.count() == 1
    assert list(waiting.themes.all()) == [visits]
    assert {"Road", "bus", "visiting room"} <= set(visits.words_en)
    for slug in ("road", "older"):
        assert client.get(f"/themes/{slug}/")["Location"] == "/themes/visits/"
    assert found(theme="visits") == 2
    assert LedgerEntry.objects.filter(verb="merge", about="theme:road", actor=ruth).exists()


def test_no_theme_stands_below_itself_or_goes_into_what_stands_below_it(ruth: Person) -> None:
    top = factories.theme("top")
    middle = factories.theme("middle", parent=top)
    low = factories.theme("low", parent=middle)
    for parent in (top, middle, low):
        top.parent = parent
        with pytest.raises(Incomplete, match="below itself"):
            vocabulary.keep(top, by=ruth)
    top.refresh_from_db()
    for into in (top, low):
        with pytest.raises(Incomplete):
            vocabulary.merge(top, into=into, by=ruth)
    low.parent = top
    vocabulary.keep(low, by=ruth)
    assert Theme.objects.get(slug="low").parent == top


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [("label_en", "  ", "label_en"), ("slug", "taken", "slug"), ("slug", "former", "slug")],
)
def test_what_cannot_be_kept_is_a_sentence(
    ruth: Person, field: str, value: str, wrong: str
) -> None:
    taken = factories.theme("taken")
    ThemeAddress.objects.create(slug="former", theme=taken)
    theme = Theme(slug="new", label_en="New")
    setattr(theme, field, value)
    with pytest.raises(Incomplete) as refusal:
        vocabulary.keep(theme, by=ruth)
    assert list(refusal.value.errors) == [wrong]
    assert Theme.objects.count() == 1


def test_a_retired_theme_stays_on_its_stories_and_is_given_to_no_other(
    client: Client, ruth: Person
) -> None:
    visits = factories.theme("visits")
    told(visits)
    vocabulary.retire(visits, retired=True, by=ruth)
    assert client.get("/themes/visits/").status_code == 200
    piece = factories.submission()
    client.force_login(ruth)
    here = f"/desk/pieces/{piece.reference}/"
    assert (
        client.post(here, {"verb": "accept", "version": 1, "themes": ["visits"]}).status_code == 422
    )


def test_the_names_of_a_place_are_the_searchs_synonyms(ruth: Person) -> None:
    attica = factories.place("attica")
    with factories.committed():
        factories.published(factories.telling(place=attica))
    assert found("elgordito") == 0
    with factories.committed():
        vocabulary.rename_place(
            attica, name=attica.name, aliases=["Elgordito", " ", "Elgordito"], by=ruth
        )
    assert attica.aliases == ["Elgordito"]
    assert found("elgordito") == 1


@pytest.mark.parametrize("who", ["ines", "wren"])
def test_editors_alone_keep_the_vocabulary(who: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(who)
    theme = factories.theme()
    before = list(Theme.objects.values())
    for deed in (
        lambda: vocabulary.keep(theme, by=by),
        lambda: vocabulary.merge(theme, into=factories.theme("other"), by=by),
        lambda: vocabulary.retire(theme, retired=True, by=by),
        lambda: vocabulary.rename_place(factories.place("attica"), name="X", aliases=[], by=by),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert list(Theme.objects.exclude(slug="other").values()) == before


# --- the pages ------------------------------------------------------------------------------------
def test_a_theme_is_made_changed_merged_and_retired_from_its_page(
    client: Client, ruth: Person, ines: Person
) -> None:
    client.force_login(ines)
    typed = {
        "label_en": "Phone calls",
        "label_es": "Llamadas",
        "slug": "calls",
        "words_en": "GTL\nJPay\n",
    }
    assert client.post("/desk/themes/new/", typed).status_code == 409
    client.force_login(ruth)
    assert client.post("/desk/themes/new/", typed).status_code == 302
    assert Theme.objects.get(slug="calls").words_en == ["GTL", "JPay"]
    again = client.post("/desk/themes/new/", typed)
    assert again.status_code == 422
    assert "leads to another theme" in again.content.decode()
    assert client.post("/desk/themes/calls/", {**typed, "slug": "phone"}).status_code == 302
    assert "calls" in client.get("/desk/themes/phone/").content.decode(), "the former address"
    client.post("/desk/themes/phone/act/", {"verb": "retire"})
    assert Theme.objects.get().retired
    factories.theme("money")
    client.post("/desk/themes/phone/act/", {"verb": "merge", "into": "money"})
    assert Theme.objects.get().slug == "money"
    assert client.post("/desk/themes/money/act/", {"verb": "burn"}).status_code == 404
    place = {"name": "Attica", "aliases": "The rock"}
    assert client.post("/desk/places/attica/", place).status_code == 302
    assert "The rock" in client.get("/desk/places/?q=rock").content.decode()


# --- suggestions ----------------------------------------------------------------------------------
def test_a_story_is_offered_the_themes_whose_words_it_says() -> None:
    visits = Theme(slug="visits", label_en="Visits", words_es=["visita"], words_en=["the bus"])
    money = Theme(slug="money", label_en="Money")
    box = Theme(slug="solitary", label_en="Solitary", words_en=["the box"])
    body = "La VISITA fue larga. The bus, the  bus. They put him in the box. Moneyed people."
    assert [each.theme.slug for each in suggestions.suggest([visits, money, box], body)] == [
        "visits",
        "solitary",
    ]


def test_similar_published_stories_lend_their_themes(client: Client, ruth: Person) -> None:
    winter = factories.theme("winter")
    body = "Blizzard blizzard blizzard over the thruway, chains and blankets on the thruway."
    told(winter, said=factories.telling(body=body))
    piece = factories.submission(
        factories.telling(body="Another blizzard closed the thruway again.")
    )
    client.force_login(ruth)
    page = client.get(f"/desk/pieces/{piece.reference}/").content.decode()
    assert "similar stories bear it" in page
    assert 'data-pick="1"' in page
