"""A reader tells the editors that something should not be here: no account, no trace, a person reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from archive import concerns, jobs
from archive.models.concern import Concern
from archive.models.story import Story
from archive.refusals import NotAllowed, WrongState
from tests.archive.told import hide, tell
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def bus() -> Story:
    return tell()


def address(story: Story) -> str:
    return f"/stories/{story.public_id}/report/"


def test_the_story_leads_to_the_form(client: Client, bus: Story) -> None:
    assert address(bus) in client.get(bus.get_absolute_url()).content.decode()
    response = client.get(address(bus))
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"


def test_what_a_reader_writes_stands_at_the_desk(client: Client, bus: Story, cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(address(bus), {"reason": "names", "words": "My street is in it."})
    assert response.status_code == 200
    assert not response.cookies
    assert "A person reads this" in response.content.decode()
    client.force_login(cast.ines)
    assert "1 concern about a public story" in client.get("/desk/").content.decode()
    told = client.get("/desk/concerns/").content.decode()
    assert "My street is in it." in told
    assert str(Concern.Reason.NAMES.label) in told


def test_no_trace_of_the_reader_is_kept(client: Client, bus: Story) -> None:
    client.post(address(bus), {"reason": "other"}, REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="Fox")
    (row,) = Concern.objects.values()
    assert "203.0.113.9" not in str(row)
    assert "Fox" not in str(row)
    assert row["raised_on"] == timezone.localdate()


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({}, 422),
        ({"reason": "nonsense"}, 422),
        ({"reason": "other", "words": "x" * (settings.CONCERN_MAX_CHARACTERS + 1)}, 422),
        ({"reason": "other", "website": "https://buy.example"}, 200),
    ],
    ids=["nothing", "nonsense", "too long", "machine"],
)
def test_what_is_no_concern_is_not_kept(
    client: Client, bus: Story, typed: dict[str, str], status: int
) -> None:
    assert client.post(address(bus), typed).status_code == status
    assert not Concern.objects.exists()


def test_words_are_shown_as_words(client: Client, bus: Story, cast: Cast) -> None:
    client.post(address(bus), {"reason": "other", "words": "<script>alert(1)</script>"})
    client.force_login(cast.ines)
    assert "<script>alert" not in client.get("/desk/concerns/").content.decode()


def test_a_hidden_story_takes_no_concern_and_says_nothing(client: Client, bus: Story) -> None:
    hide(bus)
    for answer in (client.get(address(bus)), client.post(address(bus), {"reason": "other"})):
        assert answer.status_code == 404
        assert "Malone" not in answer.content.decode()
    with pytest.raises(WrongState):
        concerns.raise_about(bus.public_id, reason="other")


def test_a_flood_is_refused_in_a_sentence(client: Client, bus: Story, settings: Settings) -> None:
    settings.CONCERNS_PER_HOUR = 1
    cache.delete("concerns")
    assert client.post(address(bus), {"reason": "other"}).status_code == 200
    assert client.post(address(bus), {"reason": "other"}).status_code == 429
    assert Concern.objects.count() == 1


def test_settling_takes_it_off_the_desk_once(client: Client, bus: Story, cast: Cast) -> None:
    concerns.raise_about(bus.public_id, reason="child", words="My son.")
    row = Concern.objects.get()
    client.force_login(cast.ines)
    client.post(f"/desk/concerns/{row.pk}/")
    assert "My son." not in client.get("/desk/concerns/").content.decode()
    row.refresh_from_db()
    assert (row.settled_by, row.settled_on) == (cast.ines, timezone.localdate())
    with pytest.raises(WrongState):
        concerns.settle(row, by=cast.ruth)


def test_a_guest_settles_nothing(bus: Story, cast: Cast) -> None:
    concerns.raise_about(bus.public_id, reason="other")
    with pytest.raises(NotAllowed):
        concerns.settle(Concern.objects.get(), by=cast.wren)


def test_what_was_settled_is_forgotten_after_half_a_year(bus: Story, cast: Cast) -> None:
    for reason in ("other", "child", "names"):
        concerns.raise_about(bus.public_id, reason=reason)
    first, second, _third = Concern.objects.all()
    concerns.settle(first, by=cast.ines)
    concerns.settle(second, by=cast.ines)
    old = timezone.localdate() - timedelta(days=settings.CONCERN_KEPT_DAYS + 1)
    Concern.objects.exclude(pk=second.pk).update(raised_on=old)
    Concern.objects.filter(pk=first.pk).update(settled_on=old)
    jobs.enqueue("concerns.sweep")
    jobs.run_due()
    assert [each.reason for each in Concern.objects.all()] == ["child", "names"]


def test_a_story_titled_report_is_still_found(client: Client) -> None:
    titled = tell("Report")
    assert titled.get_absolute_url() == f"/stories/{titled.public_id}/"
    assert "<h1" in client.get(titled.get_absolute_url()).content.decode()
    assert client.get(address(titled)).status_code == 200
