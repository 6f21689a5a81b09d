"""What readers ask: addresses round trip, and nothing that a visitor sends is an error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from archive import questions
from archive.questions import Question
from archive.terms import CONTENT_NOTES

words = st.text(
    alphabet=st.characters(categories=["L", "N", "P", "S"], include_characters=" "), max_size=40
).map(lambda typed: " ".join(typed.split()))
names = st.lists(words.filter(bool), max_size=4, unique=True).map(tuple)
notes = st.lists(st.sampled_from(sorted(CONTENT_NOTES)), max_size=4, unique=True).map(tuple)
years = st.none() | st.integers(questions.FIRST_YEAR, questions.LAST_YEAR)
asked = st.builds(
    Question,
    q=words,
    theme=names,
    kind=st.lists(st.sampled_from(["story", "photo_project"]), unique=True).map(tuple),
    place=names,
    language=names,
    decade=names,
    content_note=notes,
    without=notes,
    year_from=years,
    year_to=years,
    sort=st.sampled_from(["", *questions.SORTS]),
    page=st.integers(1, 50),
    literal=st.booleans(),
)


@given(asked)
def test_a_question_survives_its_address(question: Question) -> None:
    again = questions.read(QueryDict(question.query_string()))
    assert again == question
    assert again.notes == ()
    assert again.query_string() == question.query_string()


def test_equal_questions_have_one_address_whatever_the_order() -> None:
    one = questions.read(QueryDict("page=1&theme=b&q=bus++visit&theme=a&theme=b&sort="))
    other = questions.read(QueryDict("q=bus%20visit&theme=b&theme=a"))
    assert one.address("/stories/") == other.address("/stories/")
    assert other.address("/stories/") == "/stories/?q=bus+visit&theme=b&theme=a"
    assert Question().address("/stories/") == "/stories/"


PARAMETERS = [
    "q", "theme", "kind", "place", "language", "decade", "content_note", "without", "from", "to",
    "sort", "page", "literal", "csrf", "",
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(PARAMETERS), st.text(max_size=60)), max_size=8))
def test_no_nonsense_is_an_error(sent: list[tuple[str, str]]) -> None:
    params = QueryDict(mutable=True)
    for name, value in sent:
        params.appendlist(name, value)
    question = questions.read(params)
    assert 1 <= question.page <= 50
    assert all(
        year is None or 1500 <= year <= 2100 for year in (question.year_from, question.year_to)
    )
    assert questions.read(QueryDict(question.query_string())) == question
    assert all(note.endswith(".") for note in question.notes)


def test_no_payload_is_an_error(shared_data: Path) -> None:
    file = shared_data / "hostile-text" / "payloads.jsonl"
    for line in file.read_text("utf-8").splitlines():
        payload = json.loads(line)["payload"]
        question = questions.read(dict.fromkeys(PARAMETERS, str(payload)))
        assert questions.read(QueryDict(question.query_string())) == question


NONSENSE = {
    "from=next": "“next” is not a year between 1500 and 2100; it was left out.",
    "from=1499": "“1499” is not a year",
    "to=2101": "“2101” is not a year",
    "to=-1": "“-1” is not a year",
    "from=19%D9%A3%D9%A4": "is not a year",  # Arabic digits are digits to Python
    "to=0000019945": "is not a year",  # only begins like one
    "from=%00": None,
    "page=0": "“0” is not a page number; this is the first page.",
    "page=-3": "is not a page number",
    "page=1e3": "is not a page number",
    "page=99999999999999999999": "Lists end at page 50.",
    "page=51": "Lists end at page 50.",
    "sort=best": "“best” is not an order we know; the usual one is used.",
    "kind=poem": "“poem” is not a choice here; it was left out.",
    "without=spiders&without=death": "“spiders” is not a choice here",
    "content_note=x": "“x” is not a choice here",
}


@pytest.mark.parametrize("sent", NONSENSE)
def test_what_makes_no_sense_is_left_out_and_said(sent: str) -> None:
    question = questions.read(QueryDict(sent))
    expected = NONSENSE[sent]
    if expected is None:
        assert question.notes == ()
    else:
        [note] = question.notes
        assert expected in note
    assert question.year_from is None
    assert question.year_to is None


def test_what_makes_sense_beside_nonsense_is_kept() -> None:
    question = questions.read(QueryDict("without=spiders&without=death&from=1990&page=2"))
    assert (question.without, question.year_from, question.page) == (("death",), 1990, 2)


@pytest.mark.parametrize(
    ("sent", "order"),
    [
        ("", "newest"),
        ("q=bus", "relevance"),
        ("q=bus&sort=title", "title"),
        ("sort=oldest", "oldest"),
    ],
)
def test_the_order_in_force(sent: str, order: str) -> None:
    assert questions.read(QueryDict(sent)).order == order


def test_a_choice_is_put_in_and_taken_out_from_the_first_page() -> None:
    question = Question(q="bus", theme=("visits",), page=3)
    put_in = question.toggled("theme", "money")
    assert (put_in.theme, put_in.page, put_in.q) == (("visits", "money"), 1, "bus")
    assert put_in.toggled("theme", "visits").theme == ("money",)


@pytest.mark.parametrize(
    ("sent", "narrowed"),
    [
        ("", False),
        ("sort=title&page=2", False),
        ("q=a", True),
        ("without=death", True),
        ("to=1990", True),
    ],
)
def test_whether_anything_was_asked_for(sent: str, narrowed: bool) -> None:
    assert questions.read(QueryDict(sent)).narrowed is narrowed


def test_a_flood_of_values_is_cut() -> None:
    flood = "&".join(f"theme=theme-{n}" for n in range(900)) + "&place=" + "x" * 10_000
    question = questions.read(QueryDict(flood))
    assert len(question.theme) == questions.MAX_VALUES
    assert len(question.place[0]) == 100
