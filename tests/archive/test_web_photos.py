"""Photographs in pages: the contact sheet and the bench at the desk, the plates in public."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from archive import catalogue, enclosures, jobs, publication
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


# --- the public pages of plates -------------------------------------------------------------------
@pytest.fixture
def project(ruth: Person) -> Submission:
    """Three sitters with their pages, developed and in the index."""
    catalogue.ensure()
    brought = []
    for plate, word in enumerate(("harmonica", "windowsill", "peppermint"), start=1):
        who = {"plate": plate, "sitter": f"Sitter {plate}", "alt": f"Face {plate}."}
        brought.append(enclosed(part=Part.PORTRAIT, recognisable="agreed", **who))
        brought.append(enclosed(part=Part.PAGE, transcript=f"I kept the {word}.", **who))
    with factories.committed():
        piece = factories.in_public(kind="photo_project", enclosed=brought)
    jobs.run_due()
    catalogue.settle()
    return piece


def test_a_project_shows_every_plate_with_its_transcript(
    client: Client, project: Submission
) -> None:
    page = client.get(project.story.get_absolute_url()).content.decode()
    for plate, word in enumerate(("harmonica", "windowsill", "peppermint"), start=1):
        assert f'id="plate-{plate}"' in page
        assert f"I kept the {word}." in page
        assert f'href="{project.story.get_absolute_url()}plates/{plate}/"' in page
    assert page.count('type="image/webp"') == 6


def test_one_plate_a_page_with_the_ones_beside_it(client: Client, project: Submission) -> None:
    base = project.story.get_absolute_url()
    middle = client.get(f"{base}plates/2/")
    page = middle.content.decode()
    assert middle.status_code == 200
    assert f'rel="prev" href="{base}plates/1/"' in page
    assert f'rel="next" href="{base}plates/3/"' in page
    assert "I kept the windowsill." in page
    assert "harmonica" not in page
    assert 'rel="prev"' not in client.get(f"{base}plates/1/").content.decode()
    assert client.get(f"/stories/{project.story.public_id}/plates/2/").url == f"{base}plates/2/"
    for none in ("0", "4", "0002", "9999"):
        assert client.get(f"{base}plates/{none}/").status_code in (302, 404)


def test_a_search_hit_on_a_transcript_leads_to_its_plate(
    client: Client, project: Submission
) -> None:
    base = project.story.get_absolute_url()
    found = client.get("/stories/?q=peppermint").content.decode()
    assert f'href="{base}?q=peppermint#plate-3"' in found
    told = client.get("/stories/?q=daughter").content.decode()
    assert f'href="{base}?q=daughter#found"' in told


def test_a_plate_that_was_taken_down_is_like_one_that_never_was(
    client: Client, project: Submission, ruth: Person
) -> None:
    base = project.story.get_absolute_url()
    with factories.committed():
        publication.take_down(project, plate=2, by=ruth)
    gone, never = (client.get(f"{base}plates/{number}/") for number in (2, 99))
    assert gone.status_code == never.status_code == 404
    assert gone.content.replace(b"/plates/2/", b"") == never.content.replace(b"/plates/99/", b"")
    page = client.get(base).content.decode()
    assert "windowsill" not in page
    assert "Sitter 2" not in page
    assert f'rel="next" href="{base}plates/3/"' in client.get(f"{base}plates/1/").content.decode()
    assert (
        "windowsill" not in client.get("/stories/?q=windowsill").content.decode().split("main")[2]
    )


def test_a_plate_of_a_withdrawn_piece_is_gone_with_it(
    client: Client, project: Submission, ruth: Person
) -> None:
    base = project.story.get_absolute_url()
    publication.withdraw(project, by=ruth)
    assert client.get(f"{base}plates/1/").status_code == 404


def test_content_notes_stand_before_a_plate(client: Client, ruth: Person) -> None:
    with factories.committed():
        story = factories.published(
            factories.telling(content_notes=["violence"]), enclosed=[enclosed()]
        )
    jobs.run_due()
    page = client.get(story.photos.get().get_absolute_url()).content.decode()
    assert page.index("gate-notes") < page.index('<details class="gate">') < page.index("<picture")


def test_what_search_engines_may_not_list_is_marked_so(client: Client, ruth: Person) -> None:
    with factories.committed():
        story = factories.published(
            permits=factories.allowed(search_engines=False), enclosed=[enclosed()]
        )
    jobs.run_due()
    answer = client.get(story.photos.get().get_absolute_url())
    assert "noindex" in answer["X-Robots-Tag"]
    assert 'name="robots"' in answer.content.decode()


def test_the_words_of_a_search_are_marked_in_the_transcript(client: Client) -> None:
    catalogue.ensure()
    with factories.committed():
        piece = factories.in_public(
            kind="photo_project",
            enclosed=[
                enclosed(part=Part.PORTRAIT, plate=1),
                enclosed(
                    part=Part.PAGE, plate=1, transcript="I kept <b>the</b> geranium.\n\nIt lives."
                ),
            ],
        )
    jobs.run_due()
    catalogue.settle()
    here = piece.story.get_absolute_url()
    page = client.get(f"{here}?q=geranium").content.decode()
    assert "I kept &lt;b&gt;the&lt;/b&gt; <mark>geranium</mark>." in page
    plate = client.get(f"{piece.story.photos.get().get_absolute_url()}?q=geranium").content.decode()
    assert "<mark>geranium</mark>" in plate
    assert "<mark>" not in client.get(here).content.decode()
