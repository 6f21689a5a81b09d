"""What a reader types finds what they meant: examples of the help, loosening, marks, misses."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone, translation

from archive import catalogue, editorial, misses, questions
from archive.models.missed import Missed
from archive.models.story import Generation, Story
from search import index as engine
from search import language
from search.document import Document
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def asked(q: str, **more: str) -> catalogue.Found:
    params = QueryDict(mutable=True)
    params.update({"q": q, **more})
    return catalogue.find(questions.read(params))


def titles(found: catalogue.Found) -> list[str]:
    return [result.story.title for result in found.results]


@pytest.fixture
def index(transactional_db: None) -> None:
    catalogue.ensure()


@pytest.fixture
def shelf(index: None) -> None:
    """Two stories in which every example of the help page finds something."""
    visits = factories.theme(
        "visits", label_en="Family visits", label_es="Visitas", words_en=["the road there"]
    )
    factories.published(
        factories.telling(
            title="The bus to Attica",
            body="Mother took the bus to the visit. He came out of the box grey. A letter, no phone, "
            "a little commissary for my grandmother.",
            place=factories.place("attica"),
            year_from=1994,
        ),
        factories.allowed(name_shown="chosen"),
        names={"chosen": "Denise"},
        themes=[visits],
    )
    factories.published(
        factories.telling(
            title="La carta",
            body="Mi madre guardaba cada carta. A mother and a letter.",
            language="es",
        )
    )


def test_every_example_of_the_help_finds_something_and_is_understood(shelf: None) -> None:
    for code in ("en", "es"):
        assert_examples_find_something(code)


def assert_examples_find_something(code: str) -> None:
    with translation.override(code):
        for example in editorial.search_examples():
            parsed = language.parse(example["query"])
            found = asked(example["query"], literal="1")
            assert not parsed.notes, example["query"]
            assert found.total >= 1, example["query"]
            assert example["means"], example["query"]


def test_no_story_has_all_the_words_so_some_are_enough_and_the_page_says_so(shelf: None) -> None:
    found = asked("commissary carta")

    assert set(titles(found)) == {"The bus to Attica", "La carta"}
    assert any("some of them" in note for note in found.notes)


def test_a_literal_search_is_neither_mended_nor_loosened(shelf: None, client: Client) -> None:
    page = client.get("/stories/", {"q": "comissary"}).content.decode()
    assert "These are stories for <strong>commissary</strong>." in page
    assert "/stories/?q=comissary&amp;literal=1" in page
    assert asked("comissary", literal="1").total == 0
    assert asked("comissary").correction == catalogue.Correction("commissary", "comissary")


def test_where_few_have_a_word_its_neighbour_is_searched_beside_it_and_the_page_says_so(
    index: None, client: Client
) -> None:
    rare = factories.published(factories.telling(title="Mail", body="We recieve nothing here."))
    engine.put(Document(f"usual{number}", body="We receive letters.") for number in range(20))

    found, strictly = asked("recieve"), asked("recieve", literal="1")
    page = client.get("/stories/", {"q": "recieve"}).content.decode()

    assert found.correction == catalogue.Correction("receive", "recieve", beside=True)
    assert found.did_you_mean == "receive"
    assert (found.total, titles(found)) == (21, ["Mail"])  # the word itself leads
    assert (strictly.total, strictly.correction) == (1, None)
    assert "Few stories have “recieve”." in page
    assert "literal=1" in page
    assert (
        "<mark"
        in client.get(rare.get_absolute_url(), {"q": found.correction.words}).content.decode()
    )
    assert not Missed.objects.exists()


def test_where_the_stem_of_a_slip_is_another_word_the_page_asks_what_was_meant(
    index: None, client: Client
) -> None:
    for number in range(3):
        factories.published(factories.telling(title="Floor", body=f"{number} solid floors."))
    engine.put(Document(f"meant{number}", body="Soldiers came.") for number in range(20))

    found = asked("soliders", sort="oldest")
    page = client.get("/stories/", {"q": "soliders", "sort": "oldest"}).content.decode()

    assert (found.total, found.correction, found.did_you_mean) == (3, None, "soldiers")
    assert 'Did you mean: <a href="/stories/?q=soldiers&amp;sort=oldest">soldiers</a>' in page
    for well_written in ("solid", "solids", "floor"):  # nor is a form of its own word proposed
        assert asked(well_written).did_you_mean == "", well_written


def test_the_page_of_a_story_marks_the_words_and_can_be_jumped_to(
    shelf: None, client: Client
) -> None:
    story = asked("commissary").results[0].story

    page = client.get(story.get_absolute_url(), {"q": "commissary"}).content.decode()
    plain = client.get(story.get_absolute_url()).content.decode()

    assert '<mark id="found">commissary</mark>' in page
    assert "<mark" not in plain
    assert "To the words you searched for" not in page
    Story.objects.filter(pk=story.pk).update(content_notes=["violence"])
    Generation.advance()
    noted = client.get(story.get_absolute_url(), {"q": "commissary"}).content.decode()
    assert '<a href="#found">To the words you searched for</a>' in noted  # behind the notes
    assert (
        re.sub(r"</?mark[^>]*>", "", str(catalogue.marked(story, "commissary"))) == story.body_html
    )


def test_marks_never_break_the_page(index: None) -> None:
    for hostile in ("<script>", "&lt;b&gt;", 'x" onmouseover="y', "p", "br", "mark"):
        story = factories.published(
            factories.telling(body=f"A line with {hostile} in it.\n\nmark & <p> br")
        )

        marked = str(catalogue.marked(story, hostile))

        without = re.sub(r"</?mark[^>]*>", "", marked)
        assert re.findall("<[^>]*>", without) == re.findall("<[^>]*>", story.body_html), hostile
        assert unescape(without) == unescape(story.body_html), hostile


def test_what_was_not_found_is_counted_as_words_and_a_day_alone(shelf: None) -> None:
    for _time in range(3):
        asked("Zyzzyva Quokka")
    asked("once only")

    assert list(misses.often()) == [{"words": "zyzzyva quokka", "times": 3}]
    assert {field.name for field in Missed._meta.fields} == {"id", "words", "day", "count"}


def test_a_search_that_filters_narrow_to_nothing_is_no_missing_word(shelf: None) -> None:
    asked("mother", **{"from": "1700", "to": "1701"})

    assert not Missed.objects.exists()


def test_missed_words_are_forgotten_after_a_season() -> None:
    long_ago = timezone.localdate() - timedelta(days=91)
    Missed.objects.create(words="old", day=long_ago)
    Missed.objects.create(words="new")

    misses._forget({})

    assert list(Missed.objects.values_list("words", flat=True)) == ["new"]
