"""Every choice of a consent against every surface: what is not allowed stands nowhere.

One archive holds a story for each choice, with names, a prison, a year and a photograph that no other
story has; so every surface is read once, and a word that should not be there tells whose it is.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.utils import timezone

from archive import catalogue, changing, jobs, publication, terms
from archive.forms_sharing import UseForm, WhoForm
from archive.models.story import Generation, Story
from archive.models.submission import Submission
from archive.models.vocabulary import Place
from media.models import Rendition
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

# What each choice lets readers see, beside the words themselves; the rest stands nowhere.
CHOICES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "no name": ({"name_shown": "none"}, set()),
    "a chosen name": ({"name_shown": "chosen"}, {"chosen"}),
    "the first name": ({"name_shown": "first"}, {"first"}),
    "the full name": ({"name_shown": "full"}, {"first", "last"}),
    "a child's full name": (
        {"name_shown": "full", "on_behalf": "child", "place_shown": "city"},
        set(),
    ),
    "under 18 with a guardian": (
        {"name_shown": "first", "adult": False, "guardian": True, "place_shown": "city"},
        set(),
    ),
    "of a brother, under 18, with a guardian": (
        {"name_shown": "full", "adult": False, "guardian": True, "on_behalf": "family"},
        set(),
    ),
    "no place": ({"place_shown": "none"}, set()),
    "the state only": ({"place_shown": "state"}, set()),
    "the place": ({"place_shown": "city"}, {"prison", "county"}),
    "no date": ({"date_shown": "none"}, set()),
    "the year only": ({"date_shown": "year"}, {"year"}),
    "the season": ({"date_shown": "season"}, {"year", "season"}),
    "no photograph": ({"photos_published": False}, set()),
    "photographs": ({"photos_published": True}, {"alt"}),
    "search engines": ({"search_engines": True}, set()),
    **{use: ({"uses": [use]}, set()) for use in terms.USES},
}
SAFEST = {
    "name_shown": "none",
    "place_shown": "none",
    "date_shown": "none",
    "search_engines": False,
    "uses": [],
}


PICTURED = {
    choice
    for choice, (choices, _shown) in CHOICES.items()
    if choices.keys() & {"photos_published", "on_behalf", "guardian"}
}


class Told(NamedTuple):
    """One story with the words that are its own."""

    story: Story
    words: dict[str, str]
    shown: set[str]


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:03d}")


@pytest.fixture
def archive(cast: Cast) -> dict[str, Told]:
    """A story for each choice, published."""
    catalogue.ensure()
    prisons = list(
        Place.objects.filter(kind=Place.Kind.FACILITY, parent__kind=Place.Kind.COUNTY)
        .select_related("parent")
        .order_by("parent_id", "pk")
    )
    apart = {prison.parent_id: prison for prison in prisons}  # one in each county
    visits, made = factories.theme("visits"), {}
    with factories.committed():
        for number, (choice, prison) in enumerate(zip(CHOICES, apart.values(), strict=False)):
            mark = _letters(number)
            year = 1901 + number + number // 9  # never one that names a decade in a facet
            words = {
                "chosen": f"Zephyrine{mark}q",
                "first": f"Quirina{mark}q",
                "last": f"Oxenbould{mark}q",
                "prison": prison.name,
                "county": prison.parent.name if prison.parent else "",
                "year": str(year),
                "season": f"pring {year}",
                "alt": f"Quillwort{mark}q",
            }
            choices, shown = CHOICES[choice]
            piece = factories.in_public(
                factories.telling(
                    title=f"Cassowary{mark}q",
                    place=prison,
                    year_from=year,
                    season="spring",
                ),
                factories.allowed(**{**SAFEST, **choices}),
                themes=[visits],
                names={
                    "chosen": words["chosen"],
                    "first": words["first"],
                    "full": f"{words['first']} {words['last']}",
                },
                # A photograph costs a second; it comes where a choice decides about it.
                enclosed=[factories.enclosed(alt=words["alt"])] if choice in PICTURED else [],
            )
            made[choice] = Told(piece.story, words, shown)
    jobs.run_due()
    assert list(made) == list(CHOICES), "there are not enough prisons for all choices"
    return made


SHARED = (
    "/", "/es/", "/stories/", "/es/stories/", "/stories/?sort=title", "/stories/?page=2",
    "/stories/feed.atom", "/es/stories/feed.atom", "/themes/", "/themes/visits/", "/places/",
    "/es/places/", "/api/v1/stories/", "/api/v1/stories/?page=2", "/api/v1/places/",
    "/api/v1/themes/", "/sitemap.xml", "/robots.txt",
)  # fmt: skip


def own_addresses(told: Told) -> Iterator[str]:
    """Where one story can be read, and what brings out a name that should not be known."""
    home, title = told.story.get_absolute_url(), told.story.title.lower()
    yield home
    yield f"/es{home}"
    yield f"/api/v1/stories/{told.story.public_id}/"
    yield f"/stories/?q={title}"
    yield f"/stories/feed.atom?q={title}"
    yield f"/api/v1/stories/?q={title}"
    yield f"{home}plates/1/"
    yield f"/stories/{told.story.public_id}/card.png"
    for name in ("chosen", "first", "last"):
        yield f"/api/v1/suggest/?q={told.words[name][:-3]}"


def said_at(client: Client, address: str) -> str:
    """What comes back for an address, headers and all, without what was asked."""
    answer = client.get(address)
    headers = {name: value for name, value in answer.items() if name != "Content-Length"}
    said = f"{headers} {answer.getvalue().decode(errors='replace')}"
    asked = address.partition("?q=")[2]
    return re.sub(rf"{re.escape(asked)}(?!\w)", "", said) if asked else said


def test_every_choice_on_every_surface(client: Client, archive: dict[str, Told]) -> None:
    assert_what_is_left_out_stands_nowhere(client, archive)
    assert_machines_are_told(client, archive)
    assert_an_old_name_goes(client, archive["the full name"])


def assert_what_is_left_out_stands_nowhere(client: Client, archive: dict[str, Told]) -> None:
    seen = {address: said_at(client, address) for address in SHARED}
    # What others may do with it changes no word of it: those are read on the shared surfaces alone.
    archive = {choice: told for choice, told in archive.items() if choice not in terms.USES}
    for told in archive.values():
        seen |= {address: said_at(client, address) for address in own_addresses(told)}
    for name in Rendition.objects.values_list("name", flat=True):
        seen[f"/gallery/{name}"] = said_at(client, f"/gallery/{name}")

    wrong = []
    for choice, told in archive.items():
        home = told.story.get_absolute_url()
        record = f"/api/v1/stories/{told.story.public_id}/"
        for what, word in told.words.items():
            stands = [
                where
                for where, text in seen.items()
                if re.search(rf"\b{word}\b" if what == "year" else word, text)
            ]
            if what not in told.shown and stands:
                wrong.append(f"{choice}: {what} {word!r} at {stands}")
            if what in told.shown - {"county"} and not {home, record} & set(stands):
                wrong.append(f"{choice}: {what} {word!r} is not shown where it may be")
        found = f"/stories/?q={told.story.title.lower()}"
        for where in (home, record, found, found.replace("/?", "/feed.atom?")):
            if told.story.title not in seen[where]:
                wrong.append(f"{choice}: {where} does not show the story and proves nothing")
    assert not wrong, "\n".join(wrong)
    assert any(address.startswith("/gallery/") for address in seen)


def assert_machines_are_told(client: Client, archive: dict[str, Told]) -> None:
    """Whether they may list it, and what may be done with it."""
    listed = client.get("/sitemap.xml").content.decode()
    for choice, (choices, _shown) in CHOICES.items():
        story, may = archive[choice].story, bool(choices.get("search_engines"))
        page = client.get(story.get_absolute_url())
        record = client.get(f"/api/v1/stories/{story.public_id}/")
        for answer in (page, record):
            assert ("noindex" in answer.headers.get("X-Robots-Tag", "")) is not may, choice
        assert (story.public_id in listed) is may, choice
        assert ("application/ld+json" in page.content.decode()) is may, choice
        assert ("og:description" in page.content.decode()) is may, choice
        card = client.get(f"/stories/{story.public_id}/card.png")
        assert "noindex" in card.headers["X-Robots-Tag"], "a card is never listed by itself"
        assert record.json()["permitted_uses"] == choices.get("uses", []), choice
        assert story.permitted_uses == choices.get("uses", []), choice


def assert_an_old_name_goes(client: Client, told: Told) -> None:
    """A pseudonym, chosen after publication, takes the place of the full name everywhere."""
    piece = Submission.objects.get(story=told.story)
    first, last = told.words["first"], told.words["last"]
    before = said_at(client, told.story.get_absolute_url())
    assert last in before
    with factories.committed():
        changing.change(
            piece,
            {"name_shown": "chosen"},
            wording="-",
            names={"chosen": "Ludovica the second"},
            by=factories.contributor(piece),
        )
    jobs.run_due()
    addresses = [*SHARED, *own_addresses(told)]
    seen = {address: said_at(client, address) for address in addresses}
    assert [where for where, text in seen.items() if first in text or last in text] == []
    assert "Ludovica the second" in seen[told.story.get_absolute_url()]
    assert told.story.title in client.get("/stories/?q=ludovica").content.decode()
    for name in (first, last):
        assert told.story.title not in client.get(f"/stories/?q={name}").content.decode()
        assert told.story.title not in client.get(f"/stories/?q=by:{name}").content.decode()


def test_after_a_pseudonym_the_card_is_drawn_anew(client: Client) -> None:
    piece = factories.in_public(permits=factories.allowed(name_shown="chosen"))
    address = f"/stories/{piece.story.public_id}/card.png" if piece.story else ""
    before = client.get(address).content
    publication.reconsider(piece, by=factories.contributor(piece))
    assert client.get(address).content == before
    factories.consents_anew(piece, name_shown="none")
    publication.reconsider(piece, by=factories.contributor(piece))
    assert client.get(address).content != before


# --- its time -------------------------------------------------------------------------------------
@pytest.mark.parametrize("choice", ["from a day to come", "year", "five"])
def test_outside_its_time_it_stands_nowhere(client: Client, choice: str) -> None:
    catalogue.ensure()
    to_come = choice == "from a day to come"
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    choices: dict[str, Any] = {"public_from": tomorrow} if to_come else {"keep_for": choice}
    with factories.committed():
        story = factories.published(
            factories.telling(title="The cassowary"), factories.allowed(**choices)
        )
    jobs.run_due()
    if not to_come:
        assert "The cassowary" in said_at(client, "/stories/"), "it proves nothing"
        years = {"year": 1, "five": 5}[choice]
        assert abs((story.visible_until - story.published_on).days - 365.25 * years) < 1
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        Story.objects.update(visible_until=yesterday)
        with factories.committed():
            jobs.enqueue("catalogue.calendar")
            publication.keep_to_the_calendar({})
            Generation.advance()  # as midnight does: the number holds the day
        jobs.run_due()
    for address in (*SHARED, *own_addresses(Told(story, dict.fromkeys(NAMES, "denise"), set()))):
        assert "The cassowary" not in said_at(client, address), address


NAMES = ("chosen", "first", "last")


# --- who may read it at all -----------------------------------------------------------------------
NOT_YET = {
    "only the team": {"audience": "team"},
    "before the final text was seen": {"audience": "review"},
    "under 18 and no guardian": {"adult": False},
    "it could hurt them": {"could_hurt": "yes"},
    "nobody is sure whether it could hurt them": {"could_hurt": "unsure"},
}


@pytest.mark.parametrize("choice", NOT_YET)
def test_what_is_not_allowed_yet_is_not_published(choice: str) -> None:
    with pytest.raises(factories.publication.NotAllowed):
        factories.published(permits=factories.allowed(**NOT_YET[choice]))


# --- nothing is offered that is not kept ----------------------------------------------------------
# Answers that the desk reads and two people weigh (archive.safeguards, tests/archive/test_consent.py),
# or that nobody else reads more for.
FOR_THE_DESK = {"they_know", "others_named", "editing", "contact_ok", "could_hurt", "on_behalf"}
PROVEN_ELSEWHERE = {
    ("audience", "later"): "from a day to come",
    ("audience", "public"): "every choice above",
    ("keep_for", "until"): "every choice above",
}


def test_every_answer_on_the_pages_has_been_tried() -> None:
    tried = {
        (name, value)
        for choices in (*NOT_YET.values(), *(each for each, _shown in CHOICES.values()))
        for name, value in choices.items()
        if isinstance(value, str)
    }
    tried |= {("keep_for", "year"), ("keep_for", "five"), *PROVEN_ELSEWHERE}
    tried |= {("uses", use) for use in CHOICES} | {("adult", "yes"), ("adult", "no")}
    offered = {
        (name, str(code))
        for form in (WhoForm(), UseForm())
        for name in form.consents
        if name not in FOR_THE_DESK and hasattr(form.fields[name], "choices")
        for code, _label in form.fields[name].choices
    }
    assert offered - tried == set()
