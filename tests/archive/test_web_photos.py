"""Photographs in pages: the contact sheet and the bench at the desk, the plates in public."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from archive import enclosures
from archive.models.person import Person
from archive.models.submission import Enclosure, Submission
from tests import factories, pictures
from tests.factories import enclosed

pytestmark = pytest.mark.django_db
Part = Enclosure.Part


def address(name: str, piece: Submission, *more: Any) -> str:
    return reverse(name, args=[piece.reference, *more])


def numbers(*regions: dict[str, Any]) -> dict[str, Any]:
    """What a browser posts for so many covered parts, and two rows left empty."""
    rows = [*regions, {}, {}]
    posted: dict[str, Any] = {"verb": "cover", "part-INITIAL_FORMS": 0}
    posted["part-TOTAL_FORMS"] = len(rows)
    for number, row in enumerate(rows):
        filled = {"shape": "rect", "how": "black", "x": "", "y": "", "w": "", "h": "", **row}
        posted |= {f"part-{number}-{name}": value for name, value in filled.items()}
    return posted


# --- the desk: contact sheet ----------------------------------------------------------------------
def test_the_contact_sheet_shows_pairs_and_what_each_lacks(client: Client, ines: Person) -> None:
    piece = factories.submission(
        enclosed=[
            enclosed(part=Part.PORTRAIT, plate=1, recognisable="unasked"),
            enclosed(part=Part.PAGE, plate=1, alt=""),
            enclosed(recognisable=""),
        ]
    )
    client.force_login(ines)
    page = client.get(address("desk_photographs", piece)).content.decode()
    assert page.count('<li class="pair">') == 1
    for sentence in ("has not agreed", "Needs a description", "Nobody has said"):
        assert page.count(sentence) == 1


def test_number_fields_correct_order_and_pairs(client: Client, ines: Person) -> None:
    piece = factories.submission(enclosed=[enclosed(alt="page"), enclosed(alt="face")])
    page, face = piece.enclosures.all()
    client.force_login(ines)
    posted = {
        f"{page.pk}-position": 2, f"{page.pk}-part": Part.PAGE, f"{page.pk}-plate": 1,
        f"{face.pk}-position": 1, f"{face.pk}-part": Part.PORTRAIT, f"{face.pk}-plate": 1,
    }  # fmt: skip
    answer = client.post(address("desk_photographs", piece), posted)
    assert answer.status_code == 302
    assert [row.alt for row in piece.enclosures.all()] == ["face", "page"]
    posted[f"{page.pk}-part"] = Part.PORTRAIT
    refused = client.post(address("desk_photographs", piece), posted)
    assert refused.status_code == 409
    assert "Plate 1 holds two" in refused.content.decode()
    assert client.post(address("desk_photographs", piece), {}).status_code == 422


# --- the desk: one photograph ---------------------------------------------------------------------
def test_covers_are_drawn_with_numbers_alone(client: Client, ines: Person) -> None:
    piece = factories.submission(enclosed=[enclosed(pictures.jpeg(320, 240))])
    row = piece.enclosures.get()
    here = address("desk_photograph", piece, row.pk)
    client.force_login(ines)
    face = {"shape": "ellipse", "x": "10", "y": "20.5", "w": "30", "h": "40", "how": "blur"}
    assert client.post(here, numbers(face)).status_code == 302
    row.photo.refresh_from_db()
    assert row.photo.redactions == [
        {"shape": "ellipse", "x": 0.1, "y": 0.205, "w": 0.3, "h": 0.4, "how": "blur"}
    ]
    page = client.get(here).content.decode()
    assert 'value="20.5"' in page
    assert client.post(here, numbers({**face, "DELETE": "on"})).status_code == 302
    row.photo.refresh_from_db()
    assert row.photo.redactions == []


@pytest.mark.parametrize(
    "wrong", [{"x": "a"}, {"x": "101"}, {"w": "0"}, {"shape": "star"}, {"h": ""}, {"x": "nan"}]
)
def test_numbers_that_make_no_cover_come_back_with_a_sentence(
    wrong: dict[str, str], client: Client, ines: Person
) -> None:
    piece = factories.submission(enclosed=[enclosed()])
    row = piece.enclosures.get()
    client.force_login(ines)
    part = {"x": "10", "y": "10", "w": "30", "h": "40", **wrong}
    answer = client.post(address("desk_photograph", piece, row.pk), numbers(part))
    assert answer.status_code in (409, 422)
    assert "wrong-words" in answer.content.decode()
    row.photo.refresh_from_db()
    assert row.photo.redactions == []


def test_words_and_who_is_shown_are_kept(client: Client, ines: Person) -> None:
    piece = factories.submission(enclosed=[enclosed()])
    row = piece.enclosures.get()
    client.force_login(ines)
    words = {
        "alt": "A wall.",
        "transcript": "Dear son",
        "sitter": "Denise",
        "recognisable": "child",
    }
    here = address("desk_photograph", piece, row.pk)
    assert client.post(here, {"verb": "describe", **words}).status_code == 302
    row.refresh_from_db()
    assert {name: getattr(row, name) for name in words} == words
    assert client.post(here, {"verb": "describe", "recognisable": "x"}).status_code == 422
    assert client.post(here, {"verb": "erase"}).status_code == 422


def test_one_is_left_out_taken_in_and_taken_down(client: Client, ruth: Person) -> None:
    piece = factories.in_public(enclosed=[enclosed(), enclosed()])
    row = piece.enclosures.last()
    here = address("desk_photograph", piece, row.pk)
    client.force_login(ruth)
    refused = client.post(here, {"verb": "leave out"})
    assert refused.status_code == 409
    assert "Take it down first" in refused.content.decode()
    assert client.post(here, {"verb": "take down"}).status_code == 302
    assert piece.story.photos.count() == 1
    assert "Take it in again" in client.get(here).content.decode()
    assert client.post(here, {"verb": "take in"}).status_code == 302
    row.refresh_from_db()
    assert not row.withheld


def test_a_bare_photograph_is_for_those_who_cover_it(
    client: Client, ines: Person, wren: Person
) -> None:
    piece = factories.submission(enclosed=[enclosed(pictures.jpeg(320, 240))])
    row = piece.enclosures.get()
    whole = {"shape": "rect", "x": 0, "y": 0, "w": 1, "h": 1, "how": "black"}
    enclosures.cover(piece, row.pk, [whole], by=ines)
    bare = address("desk_photo_bare", piece, row.pk)
    assert client.get(bare).status_code == 302
    client.force_login(wren)
    assert client.get(bare).status_code == 404
    client.force_login(ines)
    seen = client.get(bare)
    assert (seen["Content-Type"], seen["Cache-Control"]) == ("image/jpeg", "no-store")
    covered = client.get(address("desk_photo", piece, row.pk, 960))
    assert len(set(_colours(covered.content))) == 1
    assert len(set(_colours(seen.content))) > 50


def _colours(content: bytes) -> list[Any]:
    return list(pictures.opened(content).convert("RGB").resize((32, 24)).get_flattened_data())


def test_a_photograph_is_found_only_at_its_own_piece(client: Client, ines: Person) -> None:
    mine, other = (factories.submission(enclosed=[enclosed()]) for _ in range(2))
    client.force_login(ines)
    for name in ("desk_photograph", "desk_photo_bare"):
        assert client.get(address(name, mine, other.enclosures.get().pk)).status_code == 404


def test_no_page_of_the_desk_says_a_file_name(client: Client, ines: Person) -> None:
    piece = factories.submission(enclosed=[enclosed()])
    row = piece.enclosures.select_related("photo").get()
    client.force_login(ines)
    for page in (
        address("desk_photographs", piece),
        address("desk_photograph", piece, row.pk),
        address("desk_piece", piece),
    ):
        assert not re.search(row.photo.name, client.get(page).content.decode())
