"""Photographs in the journey: taken in at once, once, and published only as each one allows."""

from __future__ import annotations

import io

import pytest

from archive.models.submission import Enclosure, Submission
from media.models import Photo
from tests import pictures
from tests.archive.journeying import Visitor

pytestmark = pytest.mark.django_db


def photo(seed: int = 1) -> io.BytesIO:
    made = io.BytesIO(pictures.jpeg(64 + seed, 48))
    made.name = "IMG_4711.jpg"
    return made


def test_a_photo_project_begins_with_photographs() -> None:
    visitor = Visitor("/share/photos/").press()
    assert visitor.fields()["step"] == ["photos"]
    visitor.press(photos=[photo(1), photo(2)])
    code = visitor.code
    assert visitor.fields()["step"] == ["photos"], "now each can be described"
    first, second = Enclosure.objects.all()
    assert [first.shown, second.shown] == ["no", "no"], "the safest until they choose"
    assert visitor.text.count("data:image/jpeg;base64,") == 2
    visitor.press(**{f"alt_{first.pk}": "A bus.", f"shown_{first.pk}": "yes"})
    assert visitor.fields()["step"] == ["story"]
    visitor.press().press(adult="yes").press(audience="public").press("send")
    assert (visitor.page.status_code, visitor.code) == (201, code)
    piece = Submission.objects.get()
    assert [each.shown for each in piece.enclosures.all()] == ["yes", "no"]
    assert not piece.enclosures.exclude(sight="").exists()
    consent = piece.consents.get()
    assert consent.photos_published
    assert "May photograph 2 be published?\n(x) Do not publish it" in consent.wording


def test_the_same_photograph_again_is_not_taken_twice_and_one_can_be_taken_out() -> None:
    visitor = Visitor("/share/photos/").press()
    visitor.press("stay", photos=[photo()])
    visitor.press("stay", photos=[photo()])
    assert Photo.objects.count() == Enclosure.objects.count() == 1
    visitor.press(f"remove:{Enclosure.objects.get().pk}")
    assert not Photo.objects.exists()


def test_one_that_cannot_be_taken_is_said_and_loses_nothing() -> None:
    bad = io.BytesIO(b"no picture")
    bad.name = "x.jpg"
    visitor = Visitor().press().press(body="Words.")
    visitor.press("stay", photos=[bad, photo()], new_shown="yes")
    assert Enclosure.objects.get().shown == "yes"
    assert 'class="notice "' in visitor.text


def test_nobody_reaches_a_photograph_of_another_draft() -> None:
    mine, other = Visitor("/share/photos/").press(), Visitor("/share/photos/").press()
    mine.press("stay", photos=[photo(1)])
    other.press("stay", photos=[photo(2)])
    row = Enclosure.objects.first()
    other.press(f"remove:{row.pk}", **{f"alt_{row.pk}": "stolen"})
    row.refresh_from_db()
    assert row.alt == ""
