"""Photographs in the journey: taken in at once, once, and published only as each one allows."""

from __future__ import annotations

import errno
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from archive import bringing, jobs, moderation, publication
from archive.models.person import Role
from archive.models.story import Story
from archive.models.submission import Enclosure, Submission
from archive.refusals import WrongState
from media import photos
from media.models import Photo
from tests import factories, pictures
from tests.archive import ground
from tests.archive.journeying import Visitor

pytestmark = pytest.mark.django_db
Part = Enclosure.Part


def photo(seed: int = 1, name: str = "IMG_4711.jpg", **options: Any) -> io.BytesIO:
    made = io.BytesIO(pictures.jpeg(64 + seed, 48, **options))
    made.name = name
    return made


def bad(name: str = "x.jpg") -> io.BytesIO:
    made = io.BytesIO(b"no picture")
    made.name = name
    return made


def project(*files: io.BytesIO, **typed: Any) -> Visitor:
    """At the photographs of a project, with these."""
    return Visitor("/share/photos/").press().press("stay", photos=list(files), **typed)


def rows() -> list[Enclosure]:
    return list(Enclosure.objects.select_related("photo"))


def pairs() -> list[tuple[str, int | None]]:
    return [(row.part, row.plate) for row in rows()]


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


# --- taken in -------------------------------------------------------------------------------------
def test_the_same_photograph_again_is_not_taken_twice_and_one_can_be_taken_out() -> None:
    visitor = project(photo())
    visitor.press("stay", photos=[photo()])
    assert Photo.objects.count() == Enclosure.objects.count() == 1
    visitor.press(f"remove:{Enclosure.objects.get().pk}")
    assert not Photo.objects.exists()


def test_one_that_cannot_be_taken_is_said_and_loses_nothing() -> None:
    visitor = Visitor().press().press(body="Words.")
    visitor.press("stay", photos=[bad(), photo()], new_shown="yes")
    assert Enclosure.objects.get().shown == "yes"
    assert 'class="notice "' in visitor.text


def test_too_many_are_said_and_the_first_are_kept(settings: Settings) -> None:
    settings.PHOTOS_PER_SUBMISSION = 2
    visitor = project(photo(1), photo(2), photo(3))
    assert [row.photo.width for row in rows()] == [65, 66]
    assert "A piece holds 2 photographs" in visitor.text
    visitor.press("stay", photos=[photo(4)])
    assert Enclosure.objects.count() == 2


def test_a_disk_that_fills_up_between_two_photographs_keeps_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visitor = Visitor("/share/photos/").press().press("stay", photos=[photo(1)])
    real, synced = os.fsync, []

    def filling(number: int) -> None:
        synced.append(number)
        if len(synced) > 3:  # the second photograph's folder
            raise OSError(errno.ENOSPC, "No space left on device")
        real(number)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", filling)
        visitor.press("stay", photos=[photo(2), photo(3)])
    assert visitor.page.status_code == 200
    assert "room" in visitor.text
    kept = {row.photo.name for row in rows()}
    assert len(kept) < 3
    visitor.press("stay", photos=[photo(1), photo(2), photo(3)])
    assert sorted(row.photo.width for row in rows()) == [65, 66, 67], (
        "sent again, each is here once"
    )


def test_the_file_as_it_came_is_kept_only_where_it_was_asked_for() -> None:
    """The other journeys ask for nothing; here one photograph shall serve as evidence."""
    visitor = project(photo(1))
    sent = photo(2)
    visitor.press("stay", photos=[sent], keep_original="on")
    assert [bool(row.photo.original_name) for row in rows()] == [False, True]
    assert photos.original(rows()[1].photo) == sent.getvalue()
    visitor.press().press().press(adult="yes").press(audience="public").press("send")
    consent = Submission.objects.get().consents.get()
    assert consent.keep_originals
    assert "locked away" in consent.wording


def test_what_was_hidden_is_told_at_once() -> None:
    told = io.BytesIO(pictures.telling("JPEG"))
    told.name = "a.jpg"
    visitor = project(told)
    assert "near Elmira" in visitor.text
    assert "We removed all of it" in visitor.text
    assert "42.0" not in str(Photo.objects.values()), "no coordinate is kept"


def test_nobody_reaches_a_photograph_of_another_draft() -> None:
    mine, other = project(photo(1)), project(photo(2))
    row = Enclosure.objects.first()
    for go in ("remove", "earlier", "cover"):
        other.press(f"{go}:{row.pk}", **{f"alt_{row.pk}": "stolen", f"place_{row.pk}": 2})
        assert "data-region" not in other.text
    face = {"covering": row.pk, **numbers(x=1, y=1, w=9, h=9)}
    other.press("stay", **face)
    row.refresh_from_db()
    assert (row.alt, row.photo.redactions) == ("", [])
    assert Enclosure.objects.filter(pk=row.pk).exists()
    mine.press(f"cover:{row.pk}")
    assert "data-region" in mine.text


# --- names, pairs, order --------------------------------------------------------------------------
def test_names_pair_over_several_rounds_and_are_kept_nowhere() -> None:
    visitor = project(photo(1, "02 portrait Rosalba.jpg"), photo(2, "01 portrait Rosalba.jpg"))
    visitor.press("stay", photos=[photo(3, "01 text.jpg"), photo(4, "02 portrait again.jpg")])
    assert pairs() == [("portrait", 2), ("portrait", 1), ("page", 1), ("portrait", None)]
    assert visitor.text.count('<li class="pair">') == 1
    assert "Rosalba" not in visitor.text + ground.every_value()
    assert b"Rosalba" not in ground.bytes_below(*ground.stores())
    Visitor().press().press(body="Words.").press("stay", photos=[photo(5, "01 portrait.jpg")])
    alone = Enclosure.objects.order_by("pk").last()
    assert (alone.part, alone.plate) == ("picture", None), "a story has no plates"


def test_pairs_by_order_and_by_hand() -> None:
    visitor = project(photo(1), photo(2), photo(3))
    visitor.press("pair")
    assert pairs() == [("portrait", 1), ("page", 1), ("portrait", 2)]
    first, second, third = rows()
    visitor.press("stay", **{f"part_{third.pk}": "portrait", f"plate_{third.pk}": 1})
    assert "Plate 1 holds two" in visitor.text
    assert pairs()[2] == ("portrait", None)
    visitor.press("stay", **{f"plate_{second.pk}": "", f"part_{second.pk}": "picture"})
    assert visitor.text.count('<li class="pair">') == 0
    assert first.pk == rows()[0].pk


def test_a_number_moves_a_plate_with_its_page() -> None:
    visitor = project(*(photo(seed) for seed in range(1, 6))).press("pair")
    widths = {row.pk: row.photo.width for row in rows()}
    third = rows()[4]
    visitor.press("stay", **{f"place_{third.pk}": 1})
    assert [widths[row.pk] for row in rows()] == [69, 65, 66, 67, 68]
    visitor.press("stay", **{f"place_{third.pk}": 3})
    assert [widths[row.pk] for row in rows()] == [65, 66, 67, 68, 69]
    visitor.press(f"earlier:{third.pk}")
    assert [widths[row.pk] for row in rows()] == [65, 66, 69, 67, 68]
    visitor.press(f"later:{rows()[0].pk}")
    assert [widths[row.pk] for row in rows()] == [69, 65, 66, 67, 68]
    visitor.press("stay", **{f"place_{third.pk}": "first"})
    assert [widths[row.pk] for row in rows()] == [69, 65, 66, 67, 68]


def test_hostile_names_lose_nothing_and_are_shown_nowhere(shared_data: Path) -> None:
    lines = (shared_data / "hostile-text" / "payloads.jsonl").read_text(encoding="utf-8")
    told = [json.loads(line) for line in lines.splitlines()]
    names = [each["payload"] for each in told if each["kind"] == "filename"]
    visitor = project(photo(1))
    for at in range(0, len(names), 50):
        # A header takes no line ends; browsers replace them as well.
        clean = ["".join(each.splitlines()) for each in names[at : at + 50]]
        visitor.press("stay", photos=[bad(each or "x") for each in clean])
        assert visitor.page.status_code == 200
        assert not [each for each in clean if len(each) > 8 and each in visitor.text]
    assert Enclosure.objects.count() == 1


# --- the script's own posts -----------------------------------------------------------------------
def script(visitor: Visitor, *files: io.BytesIO) -> dict[str, Any]:
    """What `choosing.js` sends of one photograph, and the answer it reads."""
    fields = visitor.fields()
    own = {name: fields.get(name, "") for name in ("step", "token", "key", "new_shown")}
    answer = visitor.client.post("/share/photos/", {**own, "go": "photo", "photos": list(files)})
    return {"status": answer.status_code, **answer.json()}


def test_the_script_gets_a_part_of_the_page_for_each_photograph() -> None:
    visitor = Visitor("/share/photos/").press()
    first = script(visitor, photo(1, "3 portrait.jpg"))
    assert first["status"] == 200
    assert first["receipt"]
    assert first["key"]
    assert f'id="photo-{rows()[0].pk}"' in first["html"]
    again = script(visitor, photo(1))
    assert (again["status"], again["refused"]) == (200, "This photograph is here already.")
    assert again["final"], "the same file need not be sent once more"
    page = script(visitor, photo(2, "3 text.jpg"))
    assert page["beside"] == rows()[0].pk
    refused = script(visitor, bad())
    assert refused["status"] == 422
    assert "not a photo we can read" in refused["refused"]
    assert refused["final"]
    assert Submission.objects.count() == 1, "one draft, whichever came first"


# --- covered before sending -----------------------------------------------------------------------
def numbers(**part: Any) -> dict[str, Any]:
    filled = {f"part-0-{name}": value for name, value in part.items()}
    return {
        "part-TOTAL_FORMS": 1,
        "part-INITIAL_FORMS": 0,
        "part-0-shape": "rect",
        "part-0-how": "black",
        **filled,
    }


def test_a_face_is_covered_before_it_is_sent() -> None:
    visitor = project(photo(1))
    row = rows()[0]
    visitor.press(f"cover:{row.pk}")
    assert visitor.text.count("data:image/jpeg;base64,") == 1
    visitor.press(f"cover:{row.pk}", **numbers(x=10, y=10, w=150, h=20))
    assert visitor.page.status_code == 422
    assert "wrong-words" in visitor.text
    before = row.sight
    visitor.press("step:photos", **numbers(x=0, y=0, w=50, h=50))
    [row] = rows()
    assert [each["w"] for each in row.photo.redactions] == [0.5]
    assert row.sight != before, "what she sees is what will be shown"
    assert "1 part covered" in visitor.text
    assert row.alt == row.caption == "", "the page of covers says nothing about words"


def test_nothing_is_covered_moved_or_added_once_it_is_sent() -> None:
    piece = factories.submission(enclosed=[factories.enclosed()])
    row = piece.enclosures.get()
    for act in (
        lambda: bringing.cover(piece, row.pk, []),
        lambda: bringing.move(piece, row.pk, by=1),
        lambda: bringing.take_out(piece, row.pk),
        lambda: bringing.take_in(piece, [photo()]),
        lambda: bringing.describe(piece, {row.pk: {"alt": "x"}}),
    ):
        with pytest.raises(WrongState):
            act()
    assert Photo.objects.count() == 1


# --- one taken down with the receipt --------------------------------------------------------------
def test_one_sitter_is_taken_down_with_the_receipt() -> None:
    enclosed = [
        factories.enclosed(part=part, plate=plate, sitter=f"Sitter {plate}")
        for plate in (1, 2)
        for part in (Part.PORTRAIT, Part.PAGE)
    ]
    received = factories.received(enclosed=enclosed, kind="photo_project")
    with factories.committed():
        story = _published(received.submission)
    jobs.run_due()
    visitor = Visitor("/share/receipt/").come_back(received.code)
    assert visitor.text.count('value="take down"') == 2
    with factories.committed():
        visitor.do("take down", plate="2")
    assert "It is hidden everywhere" in visitor.text
    assert [photo.position for photo in Story.objects.get().photos.all()] == [1]
    assert visitor.client.get(story.get_absolute_url()).content.decode().count("Sitter 2") == 0
    for wrong in ("2", "99999999", "²", ""):
        assert visitor.do("take down", plate=wrong).page.status_code == 409
    assert Story.objects.get().photos.count() == 1


def _published(piece: Submission) -> Story:
    by = factories.at_the_desk(Role.EDITOR)
    moderation.accept(piece, version=1, by=by)
    return publication.publish(Submission.objects.get(), version=1, themes=(), by=by)
