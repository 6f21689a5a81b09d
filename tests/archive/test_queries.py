"""How often a public page asks the database: a few times, however much it shows, and once when kept."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archive import catalogue
from archive.models.editorial import News
from archive.models.story import Generation, Kind, Story, StoryPhoto
from archive.models.vocabulary import Campaign, Theme
from media.models import Picture
from tests.archive.told import tell

pytestmark = pytest.mark.django_db


def picture(name: str) -> Picture:
    made = Picture.objects.create(name=name, width=1600, height=1200, ready=True)
    for width in (320, 640, 1280):
        for kind in ("webp", "jpeg"):
            made.renditions.create(
                format=kind, width=width, height=width, bytes=1, name=f"{name}-{width}.{kind}"
            )
    return made


def hang(number: int, *, photos: int = 2, kind: str = Kind.STORY) -> Story:
    """A story with everything that a page could look up: place, theme, campaign, photographs."""
    story = tell(f"Story {number}", place="buffalo", kind=kind, pull_quotes=["So it was."])
    theme, _made = Theme.objects.get_or_create(slug="visits", label_en="Visits")
    campaign, _made = Campaign.objects.get_or_create(slug="doors", title_en="Doors")
    story.themes.add(theme)
    story.campaigns.add(campaign)
    for each in range(photos):
        StoryPhoto.objects.create(
            story=story,
            position=each,
            picture=picture(f"{story.public_id}-{each}"),
            companion=picture(f"{story.public_id}-{each}-page"),
            alt="A table.",
        )
    return story


def asked(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.fixture
def hung(client: Client) -> Story:
    News.objects.create(day="2026-01-01", title_en="News", body_en="Some.")
    hang(1, kind=Kind.PHOTO_PROJECT)
    story = hang(2)
    catalogue.rebuild()
    client.get("/stories/?q=bus")  # the editors' words are looked up once in a generation
    return story


MOST = {
    "home": 9,
    "stories": 10,
    "story": 9,
    "themes": 2,
    "theme": 8,
    "places": 4,
    "place": 9,
    "campaigns": 2,
    "campaign": 7,
    "news": 2,
    "newsletter": 2,
}


def address(name: str, story: Story) -> str:
    words = {"theme": "visits", "place": "buffalo", "campaign": "doors"}
    if name == "story":
        return story.get_absolute_url()
    return reverse(name, args=[words[name]] if name in words else [])


def test_a_page_asks_a_few_times_and_once_when_it_is_kept(client: Client, hung: Story) -> None:
    pages = {name: address(name, hung) for name in MOST}
    first = {name: asked(client, path) for name, path in pages.items()}
    again = {name: asked(client, path) for name, path in pages.items()}
    assert {name: count for name, count in first.items() if count > MOST[name]} == {}
    assert set(again.values()) == {1}


def test_more_stories_and_photographs_are_no_more_questions(client: Client, hung: Story) -> None:
    pages = {name: address(name, hung) for name in MOST}
    few = {name: asked(client, path) for name, path in pages.items()}
    for number in range(3, 10):
        hang(number, photos=4)
    for each in range(5):
        StoryPhoto.objects.create(
            story=hung, position=9 + each, picture=picture(f"more-{each}"), alt="A chair."
        )
    catalogue.rebuild()
    Generation.advance()
    client.get("/stories/?q=bus")
    many = {name: asked(client, path) for name, path in pages.items()}
    # One more may be: a second similar story, a first one.
    assert {name: count for name, count in many.items() if count > few[name] + 1} == {}


# --- how they are carried out -----------------------------------------------------------------------
def test_postgresql_compiles_no_query() -> None:
    """It takes seconds to compile what takes less than a millisecond to find."""
    if connection.vendor != "postgresql":
        pytest.skip("The suite runs on SQLite, which compiles nothing.")
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
