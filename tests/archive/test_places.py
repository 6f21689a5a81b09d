"""The map, its list, the pages of places: what is counted, what is not told, what is never shown."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from archive import cartography, catalogue, gazetteer, standing
from archive.forms_sharing import PlaceField
from archive.models.vocabulary import Place
from tests.archive.told import hide, tell

pytestmark = pytest.mark.django_db


def page(client: Client, path: str = "/places/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def counts(entries: list[standing.Entry]) -> dict[str, int | None]:
    return {entry.slug: entry.count for entry in entries}


def test_every_county_of_the_gazetteer_is_drawn_once_inside_the_drawing() -> None:
    drawing = cartography.new_york()
    assert sorted(county.slug for county in drawing.counties) == sorted(
        gazetteer.counties().values()
    )
    assert len(drawing.counties) == 62
    for county in drawing.counties:
        for ring in county.outline.split("z")[:-1]:
            start, steps = ring[1:].split("l")
            x, y = map(int, start.split())
            moves = list(map(int, steps.split()))
            for dx, dy in zip(moves[::2], moves[1::2], strict=True):
                assert 0 <= x <= drawing.width
                assert 0 <= y <= drawing.height
                x, y = x + dx, y + dy


def test_the_committed_map_is_light() -> None:
    assert cartography.FILE.stat().st_size < 40_000


@pytest.mark.parametrize(
    ("here", "there", "axis", "sign"),
    [
        ((-73.7, 42.6), (-78.8, 42.9), 0, 1),  # Albany lies east of Buffalo
        ((-74.0, 40.7), (-73.5, 44.7), 1, 1),  # New York City lies below Plattsburgh
    ],
)
def test_the_projection_keeps_directions(
    here: tuple[float, float], there: tuple[float, float], axis: int, sign: int
) -> None:
    place = cartography.new_york().projection.place
    assert (place(*here)[axis] - place(*there)[axis]) * sign > 0


def test_drawing_twice_gives_the_same_and_refuses_strange_counties() -> None:
    square = [[-75.0, 42.0], [-74.0, 42.0], [-74.0, 43.0], [-75.0, 43.0], [-75.0, 42.0]]
    feature = {"id": "36001", "geometry": {"type": "Polygon", "coordinates": [square]}}
    drawn = cartography.draw([feature], {"36001": "albany-county"})
    assert drawn["counties"][0][1] == "albany-county"
    assert re.fullmatch(r"M\d+ \d+l[-\d ]+z", drawn["counties"][0][2])
    with pytest.raises(KeyError):
        cartography.draw([{**feature, "id": "99999"}], {"36001": "albany-county"})


def test_a_county_counts_what_lies_within_it() -> None:
    tell(place="buffalo")
    tell(place="wende")
    tell(place="erie-county")
    told = counts(standing.places())
    assert told["erie-county"] == 3
    assert told["new-york"] == 3
    assert told["buffalo"] == 1


def test_a_borough_counts_for_its_county_and_for_the_city() -> None:
    tell(place="the-bronx")
    told = counts(standing.places())
    assert told["bronx-county"] == told["new-york-city"] == 1


def test_a_story_and_its_translation_count_once() -> None:
    bus = tell(place="buffalo")
    tell("El camión a Malone", place="erie-county", language="es", translation_of=bus)
    assert counts(standing.places())["erie-county"] == 1


@pytest.mark.parametrize(("stories", "told"), [(1, None), (2, None), (3, 3), (4, 4)])
def test_a_facility_is_counted_from_three_stories_on(stories: int, told: int | None) -> None:
    for _each in range(stories):
        tell(place="attica")
    assert counts(standing.places())["attica"] == told
    assert counts(standing.places())["wyoming-county"] == stories


def test_a_facility_is_marked_on_the_map_from_three_stories_on(client: Client) -> None:
    tell(place="attica")
    tell(place="attica")
    assert 'class="mark"' not in page(client)
    tell(place="attica")
    text = page(client)
    assert text.count('class="mark" x=') == 1
    assert 'aria-label="Attica Correctional Facility, 3 stories"' in text


def test_no_mark_stands_for_a_town_or_a_county(client: Client) -> None:
    for _each in range(5):
        tell(place="buffalo")
        tell(place="erie-county")
    assert 'class="mark" x=' not in page(client)


@pytest.mark.parametrize(
    ("path", "name"),
    [("/places/", "Erie County, 2 stories"), ("/es/places/", "Condado de Erie, 2 ")],
)
def test_a_county_is_a_link_with_a_name(client: Client, path: str, name: str) -> None:
    tell(place="buffalo")
    tell(place="erie-county")
    text = page(client, path)
    assert f'aria-label="{name}' in text
    assert text.count('class="county few"') == 1
    assert "style=" not in text.split("<main", 1)[1].split("</main", 1)[0]


def test_map_and_list_hold_the_same_counties(client: Client) -> None:
    for place in ("buffalo", "attica", "the-bronx", "orange-county"):
        tell(place=place)
    text = page(client)
    drawn, listed = (
        text.split("state-map", 1)[1].split("state-key", 1)[0],
        text.split("by-county", 1)[1],
    )
    for slug in ("erie-county", "wyoming-county", "bronx-county", "orange-county"):
        assert f'href="/places/{slug}/"' in drawn
        assert f'href="/places/{slug}/"' in listed


def test_pages_and_api_agree(client: Client) -> None:
    for place in ("attica", "buffalo", "wende", "wende", "wende", "the-bronx"):
        tell(place=place)
    answered = client.get("/api/v1/places/").json()
    assert {row["slug"]: row["count"] for row in answered} == counts(standing.places())
    assert {row["slug"]: row["count"] for row in answered}["attica"] is None


def test_facets_keep_quiet_where_the_map_does(client: Client) -> None:
    tell(place="attica")
    tell(place="buffalo")
    catalogue.rebuild()
    facets = client.get("/api/v1/stories/").json()["facets"]["place"]
    told = {facet["value"]: facet["count"] for facet in facets}
    assert told["attica"] is None
    assert told["buffalo"] == 1


def test_a_place_says_where_it_lies_and_what_lies_within(client: Client) -> None:
    tell(place="wende")
    catalogue.rebuild()
    county = page(client, "/places/erie-county/")
    assert 'href="/places/new-york/"' in county
    assert 'href="/places/wende/"' in county
    assert "The bus to Malone" in county
    prison = page(client, "/places/wende/")
    assert prison.index('href="/places/new-york/"') < prison.index('href="/places/erie-county/"')


def test_a_place_without_stories_is_not_for_search_engines(client: Client) -> None:
    catalogue.rebuild()
    response = client.get(reverse("place", args=["attica"]))
    assert response["X-Robots-Tag"] == "noindex"
    assert client.get("/places/atlantis/").status_code == 404


def test_a_withdrawn_story_leaves_map_list_and_place_at_once(client: Client) -> None:
    bus = tell(place="buffalo")
    catalogue.rebuild()
    assert "erie-county" in page(client)
    hide(bus)
    assert "erie-county" not in page(client)
    assert "The bus to Malone" not in page(client, "/places/buffalo/")
    assert json.loads(client.get("/api/v1/places/").content) == []


def test_a_loop_made_by_hand_ends(client: Client) -> None:
    erie = Place.objects.get(slug="erie-county")
    Place.objects.filter(slug="new-york").update(parent=erie)
    tell(place="buffalo")
    catalogue.rebuild()
    assert page(client)
    assert page(client, "/places/buffalo/")


# What somebody types where a place is asked for, and the one that is meant; a name of several is
# none: a wrong prison would stand on a public page.
MEANT = {
    "Attica": "attica",  # another prison stands in that town
    "Bedford Hills": "bedford-hills",
    "ACF": "attica",
    "sing sing": "sing-sing",
    "brooklyn": "brooklyn",
    "Malone": None,  # three prisons
    "Comstock": None,  # two
    "Nowhere": None,
}


def test_a_place_is_known_by_the_names_that_are_its_own() -> None:
    field = PlaceField()
    found = {typed: field.clean(typed)[0] for typed in MEANT}
    assert {typed: place and place.slug for typed, place in found.items()} == MEANT
