"""Every choice of a consent against every surface: what is not allowed stands nowhere."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from archive import catalogue, jobs
from archive.models.story import Story
from archive.models.submission import Consent
from tests import factories

pytestmark = pytest.mark.django_db
NAMES = {"chosen": "Zephyrine", "first": "Quirina", "full": "Quirina Oxenbould"}
WHERE, YEAR, SEASON = "Attica", "1994", "spring"


SURFACES: dict[str, Callable[[Story], str]] = {
    "page": lambda story: story.get_absolute_url(),
    "page in Spanish": lambda story: f"/es{story.get_absolute_url()}",
    "list": lambda story: "/stories/",
    "search": lambda story: "/stories/?q=cassowary",
    "feed": lambda story: "/stories/feed.atom",
    "API": lambda story: f"/api/v1/stories/{story.public_id}/",
    "API list": lambda story: "/api/v1/stories/",
    "home": lambda story: "/",
    "places": lambda story: "/places/",
    "API places": lambda story: "/api/v1/places/",
    "suggestions for the name": lambda story: "/api/v1/suggest/?q=oxen",
}
SHORT = set(SURFACES) - {"places", "API places", "suggestions for the name"}


def published(**choices: Any) -> Story:
    with factories.committed():
        story = factories.published(
            factories.telling(
                title="The cassowary",
                place=factories.place("attica"),
                year_from=1994,
                season="spring",
            ),
            factories.allowed(**{"name_shown": "none", "place_shown": "none", **choices}),
            names=NAMES,
            enclosed=[factories.enclosed(alt="A marker: quillwort.")],
        )
    jobs.run_due()
    return story


def everything(client: Client, story: Story) -> dict[str, str]:
    """What stands on every surface, its address and headers included."""
    said = {}
    for name, of in SURFACES.items():
        answer = client.get(of(story))
        said[name] = f"{of(story)} {answer.headers} {answer.content.decode()}".replace(
            "?q=oxen", ""
        )
    return said


# choice -> (words that must stand on the page, words that must stand nowhere)
CHOICES: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    "no name": ({"name_shown": "none"}, [], ["Zephyrine", "Quirina", "Oxenbould"]),
    "a chosen name": ({"name_shown": "chosen"}, ["Zephyrine"], ["Quirina", "Oxenbould"]),
    "the first name": ({"name_shown": "first"}, ["Quirina"], ["Zephyrine", "Oxenbould"]),
    "the full name": ({"name_shown": "full"}, ["Quirina Oxenbould"], ["Zephyrine"]),
    "a child's full name": (
        {"name_shown": "full", "on_behalf": "child", "place_shown": "city"},
        [],
        ["Quirina", "Oxenbould", "Attica Corr", "quillwort"],
    ),
    "under 18 with a guardian": (
        {"name_shown": "first", "adult": False, "guardian": True, "place_shown": "city"},
        ["New York"],
        ["Quirina", "Attica Corr", "quillwort"],
    ),
    "no place": ({"place_shown": "none"}, [], ["Attica Corr", "Wyoming County"]),
    "the state only": ({"place_shown": "state"}, ["New York"], ["Attica Corr", "Wyoming County"]),
    "the place": ({"place_shown": "city"}, ["Attica"], []),
    "no date": ({"date_shown": "none"}, [], ["1994"]),
    "the year only": ({"date_shown": "year"}, ["1994"], ["pring 1994"]),
    "the season": ({"date_shown": "season"}, ["1994"], []),
    "no photograph": ({"photos_published": False}, [], ["quillwort", "/gallery/"]),
    "photographs": ({"photos_published": True}, ["quillwort"], []),
}


@pytest.mark.parametrize("choice", CHOICES)
def test_what_a_choice_leaves_out_stands_on_no_surface(client: Client, choice: str) -> None:
    choices, shown, nowhere = CHOICES[choice]
    story = published(**choices)
    said = everything(client, story)
    for name in SHORT:
        assert "cassowary" in said[name], f"{name} does not show the story: it proves nothing"
    for word in shown:
        assert word in said["page"], word
    for word in nowhere:
        assert [name for name, text in said.items() if word in text] == [], word


AUDIENCES = {
    "from a day to come": {"public_from": timezone.localdate() + datetime.timedelta(days=1)},
    "for a year that is over": {"keep_for": "year"},
}


@pytest.mark.parametrize("choice", AUDIENCES)
def test_outside_its_time_it_stands_nowhere(client: Client, choice: str) -> None:
    story = published(**AUDIENCES[choice])
    if choice.startswith("for a year"):
        assert story.visible_until == story.published_on + datetime.timedelta(days=365)
        long_ago = timezone.localdate() - datetime.timedelta(days=800)
        Story.objects.update(visible_from=long_ago, visible_until=long_ago)
        catalogue.rebuild()
    assert [
        name for name, text in everything(client, story).items() if "The cassowary" in text
    ] == []


@pytest.mark.parametrize("audience", ["team", "review"])
def test_an_audience_that_is_not_everybody_is_not_published(audience: str) -> None:
    with pytest.raises(factories.publication.NotAllowed):
        factories.published(permits=factories.allowed(audience=audience))


def test_no_age_and_no_guardian_is_not_published() -> None:
    with pytest.raises(factories.publication.NotAllowed):
        factories.published(permits=factories.allowed(adult=False))


@pytest.mark.parametrize("listed", [True, False])
def test_search_engines_are_told_by_page_api_and_sitemap(client: Client, listed: bool) -> None:
    story = published(search_engines=listed)
    page, answer = client.get(story.get_absolute_url()), client.get(SURFACES["API"](story))
    assert ("noindex" in page.headers.get("X-Robots-Tag", "")) is not listed
    assert ("noindex" in answer.headers.get("X-Robots-Tag", "")) is not listed
    assert (story.public_id in client.get("/sitemap.xml").content.decode()) is listed


@pytest.mark.parametrize("use", ["quote", "print", "teach", "newsletter", "translate", "train"])
def test_a_use_is_permitted_only_where_it_was_ticked(client: Client, use: str) -> None:
    story = published(uses=[use])
    assert client.get(SURFACES["API"](story)).json()["permitted_uses"] == [use]
    assert story.permitted_uses == [use]
    assert Consent.objects.get().uses == [use]
