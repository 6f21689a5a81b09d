"""News: short dated notes by editors, on their page and on the home page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from archive import editing
from archive.models.editorial import News
from archive.models.person import Person
from archive.refusals import NotAllowed
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, ruth: Person) -> Client:
    client.force_login(ruth)
    return client


def note(**said: Any) -> dict[str, Any]:
    return {
        "day": timezone.localdate().isoformat(),
        "title_en": "We read by telephone",
        "body_en": "Tell us **when** to call.",
        "title_es": "Leemos por teléfono",
        "body_es": "Díganos **cuándo** llamar.",
        "verb": "keep",
        "seen": editing.version(News.objects.first()),
        **said,
    }


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "We read by telephone"), ("/es", "Leemos por teléfono")]
)
def test_a_note_stands_on_its_page_and_on_home(desk: Client, prefix: str, words: str) -> None:
    assert words not in page(desk, f"{prefix}/")
    assert desk.post("/desk/news/new/", note()).status_code == 302
    assert words in page(desk, f"{prefix}/news/")
    assert words in page(desk, f"{prefix}/")


def test_home_shows_the_newest_note_alone(desk: Client) -> None:
    desk.post("/desk/news/new/", note())
    yesterday = timezone.localdate() - timedelta(days=1)
    desk.post("/desk/news/new/", note(day=yesterday.isoformat(), title_en="Older"))
    assert "Older" not in page(desk, "/")
    assert page(desk, "/news/").index("We read") < page(desk, "/news/").index("Older")


def test_a_note_waits_for_its_day(desk: Client) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    desk.post("/desk/news/new/", note(day=tomorrow.isoformat()))
    assert "We read" not in page(desk, "/news/")
    assert "not yet shown" in page(desk, "/desk/news/")


def test_looking_keeps_nothing(desk: Client) -> None:
    response = desk.post("/desk/news/new/", note(verb="look"))
    assert "<strong>when</strong>" in response.content.decode()
    assert not News.objects.exists()


def test_changing_and_taking_away_are_seen_at_once(desk: Client) -> None:
    desk.post("/desk/news/new/", note())
    number = News.objects.get().pk
    assert "We read" in page(desk, "/news/")
    desk.post(f"/desk/news/{number}/", note(title_en="We read by letter"))
    assert "by letter" in page(desk, "/news/")
    desk.post(f"/desk/news/{number}/remove/")
    assert "We read" not in page(desk, "/news/")


def test_the_day_is_written_as_browsers_calendars_do(desk: Client) -> None:
    today = timezone.localdate().isoformat()
    for path in ("/desk/news/new/", "/es/desk/news/new/"):
        assert f'value="{today}"' in page(desk, path)


@pytest.mark.parametrize("who", ["ines", "wren"])
def test_only_editors_write_news(client: Client, cast: Cast, who: str) -> None:
    somebody = getattr(cast, who)
    client.force_login(somebody)
    assert client.post("/desk/news/new/", note()).status_code == 403
    words = editing.Words(title_en="x", body_en="x")
    kept = editing.save_news(None, words, day=timezone.localdate(), by=cast.ruth)
    with pytest.raises(NotAllowed):
        editing.remove_news(kept, by=somebody)
    with pytest.raises(NotAllowed):
        editing.save_news(kept, words, day=timezone.localdate(), by=somebody)
