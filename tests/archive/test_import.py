"""`import_stories`: a collection through the same stages as everything else, end to end."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from archive import catalogue, moderation, publication, questions
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.models.story import Story
from archive.models.submission import Consent, State, Submission
from media.models import Photo
from tests import factories, pictures
from tests.archive import ground

pytestmark = pytest.mark.django_db


def collection(folder: Path, rows: Iterable[dict[str, Any]], name: str = "letters.jsonl") -> Path:
    path = folder / name
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def letter(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"letter-{number}", "text": f"Letter number {number} from the box.", **more}


def run(path: Path, *options: str) -> tuple[str, list[str], int]:
    """What it said at the end, each refusal, and the exit code."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        with factories.committed():
            call_command("import_stories", str(path), *options, stdout=out, stderr=err)
    except SystemExit as ending:
        code = int(ending.code or 0)
    return out.getvalue().strip().splitlines()[-1], err.getvalue().strip().splitlines(), code


PUBLISH = ("--publish", "--by", "ruth")


# --- what is taken --------------------------------------------------------------------------------
def test_a_record_becomes_a_story_with_all_that_was_told(ruth: Person, tmp_path: Path) -> None:
    visits = factories.theme("visits", words_en=["family visits"])
    row = letter(
        1, title="The box", author="D. W.", place="Attica prison", date="1971-09", language="en",
        summary="From the yard.", themes=["Family Visits", "uprisings"], kind="story",
        licence="Public domain in the USA", volume="II",
    )  # fmt: skip
    closing, refusals, code = run(collection(tmp_path, [row]), *PUBLISH)
    assert (closing, refusals, code) == ("imported 1, unchanged 0, refused 0", [], 0)
    story = Story.objects.public().get()
    assert (story.title, story.byline, story.summary) == ("The box", "D. W.", "From the yard.")
    assert (story.place.slug, story.year_from, story.season) == ("attica", 1971, "autumn")
    assert list(story.themes.all()) == [visits]
    assert (story.source, story.licence) == ("letters", "Public domain in the USA")
    assert story.search_engines
    assert "train" not in story.permitted_uses
    piece = Submission.objects.get()
    assert piece.notes == {"volume": "II", "themes": ["uprisings"]}
    assert piece.consents.get().method == Consent.Method.IMPORT
    verbs = [(line.verb, line.actor_role) for line in LedgerEntry.objects.all()]
    assert verbs == [("send", "system"), ("accept", "editor"), ("publish", "editor")]
    assert catalogue.find(questions.Question(q="yard")).total == 1


def test_a_place_we_do_not_know_stays_in_their_words(ruth: Person, tmp_path: Path) -> None:
    run(collection(tmp_path, [letter(1, place="Bay St. Louis")]), *PUBLISH)
    story = Story.objects.get()
    assert (story.place, story.place_text) == (None, "Bay St. Louis")


def test_without_a_free_licence_nothing_is_granted(ruth: Person, tmp_path: Path) -> None:
    run(collection(tmp_path, [letter(1, licence="CC BY 4.0")]), *PUBLISH)
    story = Story.objects.get()
    assert (story.permitted_uses, story.search_engines) == ([], False)


def test_without_publish_everything_waits_to_be_read(tmp_path: Path) -> None:
    closing, *_rest = run(collection(tmp_path, [letter(1), letter(2)]), "--source", "box")
    assert closing == "imported 2, unchanged 0, refused 0"
    assert not Story.objects.exists()
    assert set(Submission.objects.values_list("state", "source")) == {("waiting", "box")}


@pytest.mark.parametrize("name", ["letters.jsonl.gz", "letters.csv", "letters.csv.gz"])
def test_every_kind_of_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if "jsonl" in name:
        collection(tmp_path, [letter(1, themes=["a", "b"])], name)
    else:
        content = b'id,text,themes\r\nletter-1,"Two\r\nlines, ""quoted""",a; b\r\n'
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert run(path)[0] == "imported 1, unchanged 0, refused 0"
    assert Submission.objects.get().notes == {"themes": ["a", "b"]}
    assert Submission.objects.get().source == "letters"


# --- again ----------------------------------------------------------------------------------------
def test_the_same_file_again_changes_nothing(ruth: Person, tmp_path: Path) -> None:
    path = collection(tmp_path, [letter(number) for number in range(5)])
    run(path, *PUBLISH)
    before = (ground.every_value(), LedgerEntry.objects.count())
    assert run(path, *PUBLISH) == ("imported 0, unchanged 5, refused 0", [], 0)
    assert (ground.every_value(), LedgerEntry.objects.count()) == before


def test_what_was_imported_can_be_published_by_a_second_run(ruth: Person, tmp_path: Path) -> None:
    path = collection(tmp_path, [letter(1), letter(2)])
    run(path)
    assert run(path, *PUBLISH)[0] == "imported 2, unchanged 0, refused 0"
    assert Story.objects.public().count() == 2
    assert run(path, *PUBLISH)[0] == "imported 0, unchanged 2, refused 0"


def test_a_changed_record_amends_its_story(ruth: Person, tmp_path: Path) -> None:
    run(collection(tmp_path, [letter(1), letter(2)]), *PUBLISH)
    address = Story.objects.order_by("pk")[0].public_id
    changed = collection(tmp_path, [letter(1, text="A corrected letter."), letter(2)])
    assert run(changed, *PUBLISH)[0] == "imported 1, unchanged 1, refused 0"
    story = Story.objects.get(public_id=address)
    assert (story.body, Story.objects.count()) == ("A corrected letter.", 2)
    assert catalogue.find(questions.Question(q="corrected")).total == 1


def test_the_same_id_twice_in_one_file_is_one_story_in_its_last_form(
    ruth: Person, tmp_path: Path
) -> None:
    rows = [letter(1), letter(2), letter(1, text="Its last form."), letter(2)]
    assert run(collection(tmp_path, rows), *PUBLISH)[2] == 0
    assert set(Story.objects.public().values_list("body", flat=True)) == {
        "Its last form.",
        "Letter number 2 from the box.",
    }


@pytest.mark.parametrize("end", ["withdraw", "erase"])
def test_what_people_took_down_stays_down(end: str, ruth: Person, tmp_path: Path) -> None:
    run(collection(tmp_path, [letter(1), letter(2)]), *PUBLISH)
    getattr(publication, end)(Submission.objects.get(source_key="letter-1"), by=ruth)
    for rows in ([letter(1), letter(2)], [letter(1, text="Changed."), letter(2)]):
        assert run(collection(tmp_path, rows), *PUBLISH)[0] == "imported 0, unchanged 2, refused 0"
    assert Story.objects.public().count() == 1


def test_what_the_desk_said_no_to_is_refused_and_the_others_go_on(
    ines: Person, ruth: Person, tmp_path: Path
) -> None:
    run(collection(tmp_path, [letter(1), letter(2)]))
    declined = Submission.objects.get(source_key="letter-1")
    moderation.decline(declined, reason="elsewhere", version=1, by=ines)
    rows = [letter(1, text="Changed."), letter(2), letter(3)]
    closing, refusals, code = run(collection(tmp_path, rows), *PUBLISH)
    assert (closing, code) == ("imported 2, unchanged 0, refused 1", 1)
    assert "letter-1" in refusals[0]
    assert Story.objects.public().count() == 2


def test_what_somebody_is_reading_is_refused_and_the_others_go_on(
    ines: Person, ruth: Person, tmp_path: Path
) -> None:
    path = collection(tmp_path, [letter(1), letter(2)])
    run(path)
    moderation.claim(Submission.objects.get(source_key="letter-1"), by=ines)
    closing, refusals, code = run(path, *PUBLISH)
    assert (closing, code) == ("imported 1, unchanged 0, refused 1", 1)
    assert "Inés is reading this piece" in refusals[0]
    assert Submission.objects.get(source_key="letter-1").state == State.WAITING


# --- what is refused ------------------------------------------------------------------------------
def test_each_refusal_is_a_sentence_with_its_line_and_the_rest_is_taken(
    ruth: Person, tmp_path: Path
) -> None:
    rows = [
        letter(1),
        {"id": "no-words", "text": " "},
        letter(3, photos=[{"path": "../letters.jsonl"}]),
        {"text": "Nobody's."},
        letter(5, text="\u202e\x00"),
        letter(6, title="T" * 201),
        letter(7, text="a " * 100_001),
        letter(8),
    ]
    closing, refusals, code = run(collection(tmp_path, rows), *PUBLISH)
    assert (closing, code) == ("imported 2, unchanged 0, refused 6", 1)
    assert [line.split(" was refused: ")[0] for line in sorted(refusals)] == [
        "line 2 (no-words)", "line 3 (letter-3)", "line 4 (without id)", "line 5 (letter-5)",
        "line 6 (letter-6)", "line 7 (letter-7)",
    ]  # fmt: skip
    assert all(line.endswith(".") for line in refusals)
    assert Story.objects.public().count() == 2


NOTHING: dict[str, tuple[bytes, tuple[str, ...], str]] = {
    "broken in the middle": (
        b'{"id": "a", "text": "Words."}\n{"id": "b", "text"',
        PUBLISH,
        "cannot be read after line 1",
    ),
    "nobody to publish": (b"", ("--publish",), "--publish needs --by USER"),
    "an unknown person": (b"", ("--publish", "--by", "nobody"), "nobody called 'nobody'"),
    "a moderator": (b"", ("--publish", "--by", "ines"), "'ines' is no editor"),
}


@pytest.mark.parametrize("case", NOTHING)
def test_where_it_cannot_be_done_nothing_is_half_done(
    case: str, ines: Person, ruth: Person, tmp_path: Path
) -> None:
    content, options, said = NOTHING[case]
    path = tmp_path / "letters.jsonl"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=said):
        call_command("import_stories", str(path), *options)
    assert not Submission.objects.exists()


def test_an_empty_file_is_no_problem(tmp_path: Path) -> None:
    assert run(collection(tmp_path, [])) == ("imported 0, unchanged 0, refused 0", [], 0)


# --- photographs ----------------------------------------------------------------------------------
def test_photographs_beside_the_file_come_along(ruth: Person, tmp_path: Path) -> None:
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "1.jpg").write_bytes(pictures.jpeg(64, 48))
    photo = {"path": "box/1.jpg", "alt": "A box.", "caption": "Found in 1971", "credit": "D. W."}
    path = collection(tmp_path, [letter(1, photos=[photo]), letter(2)])
    assert run(path, *PUBLISH)[0] == "imported 2, unchanged 0, refused 0"
    shown = Story.objects.get(photos__isnull=False).photos.get()
    assert (shown.alt, shown.caption, shown.credit) == ("A box.", "Found in 1971", "D. W.")
    assert run(path, *PUBLISH)[0] == "imported 0, unchanged 2, refused 0"
    assert Photo.objects.count() == 1


@pytest.mark.parametrize("kind", ["no picture", "no description"])
def test_a_photograph_that_cannot_be_shown_keeps_its_record_out(
    kind: str, ruth: Person, tmp_path: Path
) -> None:
    content = pictures.jpeg(64, 48) if kind == "no description" else b"nothing"
    (tmp_path / "1.jpg").write_bytes(content)
    closing, refusals, code = run(
        collection(tmp_path, [letter(1, photos=["1.jpg"]), letter(2)]), *PUBLISH
    )
    assert (closing, code) == ("imported 1, unchanged 0, refused 1", 1)
    assert refusals[0].startswith("line 1 (letter-1) was refused: ")
    assert Submission.objects.get().source_key == "letter-2"
    assert not Photo.objects.exists()


# --- a real one -----------------------------------------------------------------------------------
def test_sixty_narratives_of_the_writers_project(
    ruth: Person, shared_data: Path, tmp_path: Path
) -> None:
    source = shared_data / "testimony-en" / "wpa-slave-narratives.jsonl.gz"
    with gzip.open(source, "rt", encoding="utf-8") as handle:
        rows = [json.loads(line) for line in islice(handle, 60)]
    path = collection(tmp_path, rows, "wpa.jsonl.gz")
    assert run(path, *PUBLISH) == ("imported 60, unchanged 0, refused 0", [], 0)
    assert run(path, *PUBLISH) == ("imported 0, unchanged 60, refused 0", [], 0)
    assert Story.objects.public().count() == 60
    assert not catalogue.compare()
    sought = "quite venerable in appearance"  # from the first of them
    found = catalogue.find(questions.Question(q=f'"{sought}"'))
    assert found.total == 1
    assert f"<mark>{sought}</mark>" in found.results[0].snippet
    assert LedgerEntry.objects.filter(verb="publish", actor=ruth).count() == 60


def test_a_batch_takes_few_statements(
    ruth: Person, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    """Twice as many records must not be twice as many questions to the database."""
    few = collection(tmp_path, [letter(number) for number in range(10)], "few.jsonl")
    many = collection(tmp_path, [letter(number) for number in range(40)], "many.jsonl")
    counts = []
    for path in (few, many):
        with django_assert_max_num_queries(200) as asked:
            run(path, *PUBLISH)
        counts.append(len(asked))
    assert counts[1] < counts[0] * 2
