"""What search promises (issue 4, "Done when"), asked of the real pages, of each engine in turn."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from archive import catalogue, jobs, publication
from archive.models.submission import Submission
from tests import factories, unpacking
from tests.factories import committed, telling

pytestmark = pytest.mark.django_db

GONE = ("quaggatitle", "quaggabody", "quaggaline", "quaggaplace")


@pytest.fixture
def shelf(either_engine: str) -> Submission:
    """Five stories; the piece behind the last, which will go."""
    catalogue.ensure()
    solitary = factories.theme(
        "solitary",
        label_en="Solitary confinement",
        label_es="Aislamiento",
        words_en=["the box", "SHU"],
    )
    with committed():
        factories.published(
            telling(title="Ninety days", body="They put him in the box for ninety days."),
            themes=[solitary],
        )
        factories.published(telling(title="Say only this", body="He had it in the box, he says."))
        factories.published(telling(title="The lot", body="After the family visits we sit there."))
        factories.published(telling(title="Mi año", body="Un año de espera.", language="es"))
        factories.published(telling(title="Ano", body="Escrito sin tilde: un ano.", language="es"))
        factories.published(telling(title="Not so", body="It was not to be, or so I thought."))
        return factories.in_public(
            telling(
                title="Quaggatitle",
                body="Quaggabody stood here.",
                place_text="Quaggaplace",
                content_notes=("medical",),
                year_from=1961,
            ),
            names={"chosen": "Quaggaline"},
            themes=[factories.theme("quaggatheme", label_en="Quaggatheme")],
        )


def page(asked: str) -> str:
    """What the page of results says, to be read by eyes."""
    answer = Client().get(f"/stories/?{asked}")
    assert answer.status_code == 200, asked
    return unescape(answer.content.decode())


def titles(said: str) -> list[str]:
    """The stories on it, in their order."""
    openings = said[said.index('class="hidden-text"') :]
    return [
        re.sub("<[^>]*>", "", each).strip()
        for each in re.findall(r"<h3[^>]*>(.*?)</h3>", openings, re.S)
    ]


def test_aislamiento_finds_stories_that_say_only_the_box(shelf: Submission) -> None:
    for asked in ("q=aislamiento", "q=shu"):
        assert set(titles(page(asked))) == {"Ninety days", "Say only this"}, asked


def test_a_misspelt_word_is_mended_and_the_page_says_so(shelf: Submission) -> None:
    said = page("q=famly+visits")
    assert "These are stories for <strong>family visits</strong>." in said
    assert titles(said) == ["The lot"]
    assert "literal=1" in said
    assert titles(page("q=famly+visits&literal=1")) == []


def test_a_phrase_of_stop_words_is_a_phrase(shelf: Submission) -> None:
    assert titles(page("q=%22it+was+not+to+be%22")) == ["Not so"]
    assert titles(page("q=%22to+be+or%22")) == ["Not so"]
    assert titles(page("q=%22be+to+or%22&literal=1")) == []


def test_accents_tell_the_rank_and_not_the_reach(shelf: Submission) -> None:
    assert titles(page("q=a%C3%B1o")) == ["Mi año", "Ano"]
    assert titles(page("q=ano")) == ["Ano", "Mi año"]


def test_what_cannot_be_is_answered_with_a_sentence(shelf: Submission) -> None:
    for asked, said in {
        "page=10000": "Lists end at page 50",
        "from=99999": "“99999” is not a year",
        "theme=nobody": "No story fits all of this",
        "q=bus&place=nowhere": "Search for “bus” in all stories",
    }.items():
        assert said in page(asked), asked
    narrowed = page("q=bus&place=nowhere&sort=title")
    assert narrowed.count('href="/stories/?q=bus&sort=title"') == 2  # beside the chips, and below
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', narrowed)
    assert kept == [("place", "nowhere"), ("sort", "title")]
    assert "Narrow the list" not in narrowed  # there is nothing to narrow it by
    for address in ("/themes/nobody/", "/places/nobody/", "/es/themes/nobody/"):
        answer = Client().get(address)
        assert answer.status_code == 404
        assert "<h1" in answer.content.decode()


def everything_said() -> str:
    """All that pages, feed and API say where the words would be read, completed or corrected."""
    client = Client()
    addresses = [
        "/stories/", "/stories/?q=quagga*", "/api/v1/stories/", "/api/v1/stories/?q=quagga*",
        "/stories/feed.atom", "/themes/", "/api/v1/themes/", "/api/v1/places/",
        *(f"/stories/?q={word[:6]}{word[7:]}" for word in GONE),  # a letter lost
        *(f"/api/v1/stories/?q={word[:6]}{word[7:]}" for word in GONE),
        *(f"/api/v1/suggest/?q={word[:length]}" for word in GONE for length in (1, 3, 7)),
    ]  # fmt: skip
    return "\n".join(client.get(each).content.decode() for each in addresses).lower()


def files(settings: Settings) -> str:
    folder = Path(re.sub(r"^\w+://", "", settings.SEARCH_URL))
    return b"\n".join(data for _name, data in unpacking.files(folder)).decode(errors="ignore")


def test_words_that_went_are_in_no_suggestion_correction_facet_and_no_file(
    shelf: Submission, settings: Settings
) -> None:
    before, held = everything_said(), files(settings).lower()
    for word in (*GONE, "quaggatheme", "1960"):
        assert word in before, f"{word} is not seen while it is public"
    assert "quagga" in held  # in pieces or whole, as the engine keeps its words

    with committed():
        publication.withdraw(shelf, by=factories.contributor(shelf))
    hidden = everything_said()
    with committed():
        publication.erase(shelf, by=factories.contributor(shelf))
        jobs.run_due()
    with committed():
        jobs.run_due()

    for said in (hidden, everything_said()):
        assert [word for word in (*GONE, "quaggatheme", '"1960"') if word in said] == []
    assert "quagga" not in files(settings).lower()
