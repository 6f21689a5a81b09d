"""What the index is told, when, and what happens where it cannot hear: the database always rules."""

from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connections
from django.http import QueryDict
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from archive import catalogue, jobs, moderation, publication, questions
from archive.models.person import Person
from archive.models.story import Story
from archive.models.submission import Submission
from archive.models.work import Job
from search import index
from search.document import Document
from tests import factories
from tests.factories import allowed, committed, in_public, telling

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> None:
    """An index, as a new archive has one."""
    catalogue.ensure()


def asked(query: str = "", **more: str) -> catalogue.Found:
    params = QueryDict(mutable=True)
    params.update({"q": query, "literal": "1", **more})
    return catalogue.find(questions.read(params))


def titles(found: catalogue.Found) -> list[str]:
    return sorted(result.story.title for result in found.results)


def public(title: str, body: str = "Words.", **more: object) -> Submission:
    with committed():
        return in_public(telling(title=title, body=body), **more)


# --- at once --------------------------------------------------------------------------------------
def test_what_is_published_is_found_and_what_is_withdrawn_is_not(shelf: None, ruth: Person) -> None:
    with committed():
        piece = factories.accepted(telling(body="A quagga stood in the yard."))
    assert asked("quagga").total == 0
    with committed():
        publication.publish(piece, version=1, themes=(), by=ruth)
    assert titles(asked("quagga")) == ["The four o'clock bus"]
    assert Story.objects.get().index_debt == 0
    with committed():
        publication.withdraw(piece, by=factories.contributor(piece))
    assert (asked("quagga").total, asked().total) == (0, 0)
    assert not catalogue.suggest("quag")
    with committed():
        publication.restore(piece, by=factories.contributor(piece))
    assert asked("quagga").total == 1


def test_an_amendment_replaces_the_words_that_are_found(
    shelf: None, ines: Person, ruth: Person
) -> None:
    piece = public("Old", "A quagga stood in the yard.")
    moderation.edit(piece, version=1, reason="names", body="A tapir stood there.", by=ines)
    moderation.accept(piece, version=2, by=ines)
    assert (asked("quagga").total, asked("tapir").total) == (1, 0)
    with committed():
        publication.amend(piece, version=2, by=ruth)
    assert (asked("quagga").total, asked("tapir").total) == (0, 1)


NOT_TO_BE_FOUND: list[tuple[str, dict[str, str]]] = [
    ("Oxenbould", {}),  # the full name, which was not to be shown
    ("oxenbould@example.org", {}),
    ("Denise", {}),  # the first name, likewise
    ("attica", {}),  # the prison, where only the state may be told
    ("", {"place": "attica"}),
    ("", {"place": "wyoming-county"}),
    ("1994", {}),
    ("year:1994", {}),
    ("", {"from": "1994", "to": "1994"}),
    ("", {"decade": "1990"}),
]


def test_nothing_is_found_by_what_was_not_to_be_shown(shelf: None) -> None:
    choices = allowed(name_shown="chosen", place_shown="state", date_shown="none")
    said = telling(place=factories.place("attica"), year_from=1994, place_text="Cell block D")
    names = {"chosen": "A mother", "first": "Denise", "full": "Denise Oxenbould"}
    with committed():
        in_public(said, choices, names=names, contact={"email": "oxenbould@example.org"})
    found = [each for each in NOT_TO_BE_FOUND if asked(each[0], **each[1]).total]
    assert not found
    assert asked("mother", place="new-york").total == 1


def test_captions_and_transcripts_are_found_and_alt_text_too(shelf: None) -> None:
    words = {"alt": "A quagga", "caption": "A tapir", "transcript": "A dugong"}
    public("Photographs", enclosed=[factories.enclosed(**words)])
    assert [asked(word).total for word in ("quagga", "tapir", "dugong")] == [1, 1, 1]


def test_a_story_is_found_by_its_themes_other_words_in_both_languages(shelf: None) -> None:
    theme = factories.theme("visits", label_es="Visitas", words_en=["seeing each other"])
    public("A visit", themes=[theme])
    for query in ("visitas", '"seeing each other"', 'theme:"seeing each other"'):
        assert asked(query).total == 1, query


# --- debts ----------------------------------------------------------------------------------------
@pytest.fixture
def broken(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """An index that cannot be: its folder is a file."""
    (tmp_path / "no-folder").write_text("in the way")
    whole = settings.SEARCH_URL
    settings.SEARCH_URL = f"tantivy://{tmp_path}/no-folder/index"
    yield
    settings.SEARCH_URL = whole


def test_a_failing_index_stops_no_publication_and_no_withdrawal(
    broken: None, settings: Settings, tmp_path: Path
) -> None:
    kept, gone = public("Kept", "A quagga."), public("Gone", "A tapir.")
    assert set(Story.objects.values_list("index_debt", flat=True)) == {2}
    with committed():
        publication.withdraw(gone, by=factories.contributor(gone))
    assert list(Story.objects.public()) == [kept.story]
    settings.SEARCH_URL = f"tantivy://{tmp_path}/index"
    catalogue.ensure()
    assert catalogue.settle() >= 0
    assert not Story.objects.filter(index_debt__gt=0).exists()
    assert (asked("quagga").total, asked("tapir").total) == (1, 0)
    assert not catalogue.compare()


def test_while_the_index_is_broken_the_database_answers_and_says_so(broken: None) -> None:
    theme = factories.theme()
    public("Kept", "A quagga in the yard.", themes=[theme])
    gone = public("Gone", "A quagga behind the wall.")
    with committed():
        publication.withdraw(gone, by=factories.contributor(gone))
    found = asked("quagga yard")
    assert titles(found) == ["Kept"]
    assert "being mended" in found.notes[-1]
    assert not found.facets
    assert titles(asked("quagga", theme="visits")) == ["Kept"]
    assert asked("tapir").total == 0
    assert catalogue.similar(Story.objects.public().get(), ()) == []
    assert [each["kind"] for each in catalogue.suggest("kep")] == ["title"]
    assert Job.objects.filter(kind="catalogue.rebuild").exists(), "nobody mends it"


def test_the_worker_pays_what_is_owed(shelf: None) -> None:
    in_public(telling(body="A quagga."))  # as if the process had died before the index was told
    assert asked("quagga").total == 0
    jobs.plan_recurring()
    jobs.run_due()
    assert asked("quagga").total == 1


def test_a_lost_index_is_made_anew_by_the_worker(
    shelf: None, settings: Settings, tmp_path: Path
) -> None:
    public("Kept", "A quagga.")
    shutil.rmtree(tmp_path / "index")
    jobs.plan_recurring()
    jobs.run_due()
    assert asked("quagga").total == 1


def test_a_change_while_the_index_is_told_stays_owed(
    shelf: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_public(telling(body="A quagga."))
    put = index.put

    def interrupted(documents: Iterator[Document]) -> None:
        put(documents)
        with monkeypatch.context() as meanwhile:  # between telling and paying, somebody publishes
            meanwhile.setattr(index, "put", put)
            Story.objects.update(body="A tapir.")
            catalogue.owe(Story.objects.get())
        monkeypatch.setattr(index, "put", put)

    monkeypatch.setattr(index, "put", interrupted)
    catalogue.settle()
    assert (asked("quagga").total, asked("tapir").total) == (0, 1)
    assert Story.objects.get().index_debt == 0


@pytest.mark.django_db(transaction=True)
def test_many_hands_at_once_and_no_change_is_missed() -> None:
    """Eight threads publish, four of them withdraw again: index and database agree at the end."""
    catalogue.ensure()
    pieces = [factories.accepted(telling(title=f"Story {n}")) for n in range(8)]
    editor = factories.at_the_desk(factories.Role.EDITOR)
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            publication.publish(pieces[number], version=1, themes=(), by=editor)
            if number % 2:
                publication.withdraw(pieces[number], by=editor)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    catalogue.settle()
    assert not catalogue.compare()
    assert titles(asked()) == ["Story 0", "Story 2", "Story 4", "Story 6"]


# --- by the calendar ------------------------------------------------------------------------------
def test_what_begins_and_ends_by_its_date_is_found_exactly_then(shelf: None, ruth: Person) -> None:
    """Nobody touches the rows on these days: the worker must notice by itself."""
    with time_machine.travel("2026-03-08 12:00-05:00", tick=False):
        jobs.plan_recurring()
        piece = factories.accepted(telling(body="A quagga."))
        factories.consents_anew(
            piece, public_from=date(2026, 3, 10), public_until=date(2026, 3, 12)
        )
        with committed():
            publication.publish(piece, version=1, themes=(), by=ruth)
        assert asked("quagga").total == 0
    seen = {}
    for day in (9, 10, 12, 13):
        with time_machine.travel(f"2026-03-{day:02} 12:00-04:00", tick=False):
            with committed():
                jobs.run_due()
            seen[day] = (asked("quagga").total, bool(catalogue.compare()))
    assert seen == {9: (0, False), 10: (1, False), 12: (1, False), 13: (0, False)}


# --- what the index says and the database does not ------------------------------------------------
PHANTOM = Document(
    key="phant0mkey",
    group="phant0mkey",
    title="Phantom title",
    body="A phantom quagga walks through the wall with the bus of four.",
    byline="Phantom byline",
    summary="Phantom summary",
    published=date(2026, 1, 1).toordinal(),
)


def test_a_phantom_in_the_index_is_shown_to_nobody(shelf: None) -> None:
    piece = public("The bus", "The bus of four walks to the wall.")
    index.put([PHANTOM])
    for found in (asked("phantom"), asked("quagga"), asked("bus"), asked(), asked("by:phantom")):
        assert all(result.story == piece.story for result in found.results)
        assert not any("hantom" in str(result.snippet) for result in found.results)
    assert catalogue.similar(piece.story, ()) == []
    shown = [each for each in catalogue.suggest("phantom") if each["kind"] != "word"]
    assert not shown


def test_drift_is_found_and_mended(shelf: None) -> None:
    pieces = [public(f"Story {n}", f"Number {n} of many.") for n in range(6)]
    stories = [piece.story for piece in pieces]
    assert not catalogue.compare()
    index.drop([story.public_id for story in stories[:2]])
    index.put([Document(key=f"phantom-{n}", title=f"Phantom {n}") for n in range(3)])
    for story in stories[2:5]:
        Story.objects.filter(pk=story.pk).update(body="Changed behind our back.")
    drift = catalogue.compare()
    assert drift.missing == sorted(story.public_id for story in stories[:2])
    assert drift.surplus == [f"phantom-{n}" for n in range(3)]
    assert drift.stale == sorted(story.public_id for story in stories[2:5])
    with pytest.raises(CommandError, match="2 missing, 3 too many, 3 out of date"):
        call_command("reindex", "--check")
    said = io.StringIO()
    call_command("reindex", stdout=said)
    call_command("reindex", "--check", stdout=said)
    assert said.getvalue().splitlines() == ["indexed 6", "index and database agree"]
    assert asked("behind").total == 3


def test_checking_a_lost_index_says_what_to_do(shelf: None, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "index")
    with pytest.raises(CommandError, match="Run `reindex` to build it anew"):
        call_command("reindex", "--check")


def test_a_rebuild_tells_how_far_it_is_and_pays_the_debts(shelf: None) -> None:
    for number in range(3):
        in_public(telling(title=f"Story {number}"))
    seen: list[tuple[int, int]] = []
    assert catalogue.rebuild(lambda done, total: seen.append((done, total))) == 3
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert not Story.objects.filter(index_debt__gt=0).exists()


# --- translations ---------------------------------------------------------------------------------
def test_a_story_and_its_translation_are_one_result_in_the_readers_language(shelf: None) -> None:
    english = public("The bus", "The bus leaves at four, said Marisol.")
    with committed():
        spanish = in_public(
            telling(title="La guagua", body="Sale a las cuatro, dijo Marisol.", language="es"),
            translation_of=english.story,
        )
    found = asked("Marisol")
    assert (found.total, titles(found)) == (1, ["The bus"])
    with translation.override("es"):
        assert titles(asked("Marisol")) == ["La guagua"]
    assert titles(asked("Marisol", language="es")) == ["La guagua"]
    assert {each.value: each.count for each in found.facets["language"]} == {"en": 1, "es": 1}
    (told,) = asked("cuatro").results  # shown in English, with the Spanish words that were found
    assert (told.story.title, told.said_in and told.said_in.title) == ("The bus", "La guagua")
    assert "Sale a las <mark>cuatro</mark>" in told.snippet
    page = Client().get("/stories/", {"q": "cuatro"}).content.decode()
    assert f'href="{spanish.story.get_absolute_url()}?q=cuatro#found"' in page
    assert "In the text in Spanish:" in page
    assert catalogue.similar(english.story, english.story.siblings()) == []
    with committed():
        publication.withdraw(spanish, by=factories.contributor(spanish))
    assert (asked("guagua").total, titles(asked("Marisol"))) == (0, ["The bus"])
    with committed():
        publication.restore(spanish, by=factories.contributor(spanish))
        publication.erase(english, by=factories.contributor(english))
    jobs.run_due()
    assert titles(asked("Marisol")) == ["La guagua"]
    assert not catalogue.compare()


# --- counts, suggestions, similar -----------------------------------------------------------------
def test_counts_are_of_public_stories_alone(shelf: None) -> None:
    visits, money = factories.theme("visits"), factories.theme("money")
    public("One", themes=[visits, money])
    public("Two", themes=[visits])
    hidden = public("Three", themes=[visits, money])
    with committed():
        publication.withdraw(hidden, by=factories.contributor(hidden))
        factories.accepted()
    found = asked()
    assert [(each.value, each.count) for each in found.facets["theme"]] == [
        ("visits", 2),
        ("money", 1),
    ]
    assert [(each.value, each.count) for each in found.facets["kind"]] == [("story", 2)]
    # A chosen filter leaves the counts of its own facet as they are, and narrows the others.
    narrowed = asked(theme="money")
    assert (narrowed.total, len(narrowed.facets["theme"])) == (1, 2)


def test_suggestions_come_from_what_is_public(shelf: None) -> None:
    theme = factories.theme("mothers", words_en=["mama"])
    said = telling(title="Motherhood", body="A motorcade.", place=factories.place("mount-vernon"))
    with committed():
        piece = in_public(said, themes=[theme])
    kinds = {each["kind"]: each["text"] for each in catalogue.suggest("mo")}
    assert kinds["theme"] == "Mothers"
    assert kinds["title"] == "Motherhood"
    assert kinds["place"] == "Mount Vernon"
    assert catalogue.suggest("mama")[0]["text"] == "Mothers"
    assert catalogue.suggest("mamá")[0]["text"] == "Mothers"
    # What stands before the word that is completed is kept.
    (word,) = (each for each in catalogue.suggest("The big motorc") if each["kind"] == "word")
    assert (word["text"], word["url"]) == ("The big motorcade", "/stories/?q=The%20big%20motorcade")
    assert catalogue.suggest("   ") == []
    with committed():
        publication.withdraw(piece, by=factories.contributor(piece))
    assert catalogue.suggest("mo") == []
    assert catalogue.suggest("mama") == []


def test_similar_stories_speak_of_the_same(shelf: None) -> None:
    visits = factories.theme("visits")
    body = "The commissary took every dollar of my grandmother."
    first = public("First", body, themes=[visits])
    second = public("Second", body.replace("dollar", "cent"), themes=[visits])
    public("Third", "Rain fell on Elmira.")
    assert catalogue.similar(first.story, ())[0] == second.story
    with committed():
        publication.withdraw(second, by=factories.contributor(second))
    assert second.story not in catalogue.similar(first.story, ())


# --- pages of results -----------------------------------------------------------------------------
def test_pages_cover_everything_once(shelf: None, settings: Settings) -> None:
    settings.RESULTS_PER_PAGE = 4
    with committed():
        for number in range(10):
            in_public(telling(title=f"Story {number}"))
    pages = [asked(page=str(number)) for number in (1, 2, 3, 4)]
    assert [len(page.results) for page in pages] == [4, 4, 2, 0]
    assert len({result.story for page in pages for result in page.results}) == 10
    assert {page.last_page for page in pages} == {3}


def test_every_order_orders(shelf: None, ruth: Person) -> None:
    for title, day in (
        ("Bus", date(2020, 1, 1)),
        ("Ámbar", date(2022, 1, 1)),
        ("Cell", date(2021, 1, 1)),
    ):
        piece = factories.accepted(telling(title=title, body="Words."))
        with committed():
            publication.publish(piece, version=1, themes=(), published_on=day, by=ruth)
    shown = {
        order: [result.story.title for result in asked(sort=order).results]
        for order in questions.SORTS
    }
    assert shown == {
        "newest": ["Ámbar", "Cell", "Bus"],
        "oldest": ["Bus", "Cell", "Ámbar"],
        "title": ["Ámbar", "Bus", "Cell"],
        "relevance": ["Ámbar", "Cell", "Bus"],  # nothing was asked: the newest
    }


def test_a_snippet_is_safe_whatever_was_told(shelf: None) -> None:
    public("Hostile", "A quagga <img src=x onerror=alert(1)> said “& so on”.")
    snippet = str(asked("quagga").results[0].snippet)
    assert "<mark>quagga</mark>" in snippet
    assert "<img" not in snippet
    assert "&lt;img" in snippet
