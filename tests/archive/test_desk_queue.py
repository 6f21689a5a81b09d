"""The queue: order, filters with right counts, search in the database alone, few queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from archive import moderation
from archive.models.person import Person
from archive.models.submission import State, Submission
from tests import factories

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def titles(client: Client, query: str = "") -> list[str]:
    return [row["title"] for row in client.get(f"/desk/?{query}").context["pieces"]]


def counts(client: Client, name: str, query: str = "") -> dict[str, int]:
    facets = client.get(f"/desk/?{query}").context["sieve"].facets
    found = [facet for facet in facets if facet["name"] == name]
    return {option["label"]: option["count"] for facet in found for option in facet["options"]}


@pytest.fixture
def several(ines: Person) -> None:
    """A bus in English, a letter in Spanish with a photograph, something hard that a colleague has."""
    factories.submission(factories.telling(title="The bus"))
    factories.submission(
        factories.telling(title="La carta", body="Una carta cada domingo.", language="es"),
        enclosed=[factories.enclosed()],
    )
    piece = factories.submission(
        factories.telling(title="The call", content_notes=("death", "solitary"))
    )
    moderation.claim(piece, by=ines)
    for days, piece in enumerate(Submission.objects.order_by("-pk")):
        Submission.objects.filter(pk=piece.pk).update(
            received_on=timezone.localdate() - timedelta(days=days)
        )


def test_the_oldest_stands_first_with_what_one_must_know(
    client: Client, several: None, ruth: Person
) -> None:
    client.force_login(ruth)
    page = client.get("/desk/")
    assert [row["title"] for row in page.context["pieces"]] == ["The bus", "La carta", "The call"]
    bus, letter, call = page.context["pieces"]
    assert (bus["waiting_days"], letter["photos"], letter["language"]) == (2, 1, "es")
    assert (call["claimed_by"], call["notes"]) == ("Inés", ["Death", "Solitary confinement"])


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("language=es", ["La carta"]),
        ("photos=yes", ["La carta"]),
        ("photos=no", ["The bus", "The call"]),
        ("note=death", ["The call"]),
        ("note=none", ["The bus", "La carta"]),
        ("who=nobody", ["The bus", "La carta"]),
        ("who=others", ["The call"]),
        ("who=mine", []),
        ("kind=story&note=solitary", ["The call"]),
        ("q=carta+domingo", ["La carta"]),
        ("q=nothing", []),
        ("language=xx", []),
        ("state=nonsense", ["The bus", "La carta", "The call"]),
    ],
)
def test_filters_and_search(
    client: Client, several: None, ruth: Person, query: str, wanted: list[str]
) -> None:
    client.force_login(ruth)
    assert titles(client, query) == wanted
    assert client.get(f"/desk/?{query}").context["total"] == len(wanted)


def test_every_number_beside_a_filter_is_what_the_filter_finds(
    client: Client, several: None, ruth: Person
) -> None:
    client.force_login(ruth)
    for start in ("", "photos=no", "q=the", "note=death"):
        for facet in client.get(f"/desk/?{start}").context["sieve"].facets:
            for option in facet["options"]:
                if not option["selected"]:
                    behind = client.get(option["url"]).context
                    assert behind["total"] == len(behind["pieces"]) == option["count"], option


def test_a_piece_is_found_by_its_reference(client: Client, several: None, ruth: Person) -> None:
    client.force_login(ruth)
    piece = Submission.objects.get(current__title="The call")
    assert titles(client, f"q={piece.reference.upper()}") == ["The call"]


def test_suspected_spam_stands_apart(client: Client, ruth: Person) -> None:
    factories.held()
    client.force_login(ruth)
    assert titles(client) == []
    assert len(titles(client, "state=held")) == 1


def test_next_for_me_takes_the_oldest_that_nobody_has(
    client: Client, several: None, ruth: Person
) -> None:
    client.force_login(ruth)
    taken = []
    for _ in range(3):
        answer = client.post("/desk/next/", follow=True)
        taken.append(answer.redirect_chain[-1][0])
    references = dict(Submission.objects.values_list("current__title", "reference"))
    assert [references["The bus"] in taken[0], references["La carta"] in taken[1]] == [True, True]
    assert taken[2] == "/desk/"
    assert Submission.objects.filter(claimed_by=ruth).count() == 2


def test_what_she_handed_on_is_not_put_before_her_again(
    client: Client, several: None, ruth: Person, ines: Person
) -> None:
    def asked_for_one() -> str:
        return client.post("/desk/next/")["Location"]

    def handed_on(address: str) -> str:
        return client.post(address, {"verb": "yield", "version": 1})["Location"]

    client.force_login(ruth)
    first = asked_for_one()
    assert handed_on(first) == "/desk/", "she is not left before what was hard"
    second = asked_for_one()
    assert second not in (first, "/desk/")
    handed_on(second)
    assert "you have handed on" in client.post("/desk/next/", follow=True).content.decode()
    piece = Submission.objects.get(reference=first.split("/")[3])
    moderation.assign(piece, to=ruth, by=ines)
    assert asked_for_one() == first, "a colleague asked her"
    handed_on(first)
    client.force_login(ines)
    assert asked_for_one() == first, "and it waits for others again"


def test_a_guest_is_offered_nothing_to_press(client: Client, several: None, wren: Person) -> None:
    client.force_login(wren)
    page = client.get("/desk/").content.decode()
    assert "/desk/next/" not in page
    assert 'id="many"' not in page
    answer = client.post("/desk/next/", follow=True).content.decode()
    assert "Your role does not allow this" in answer


def test_pages_keep_the_filters(client: Client, ruth: Person) -> None:
    many(120)
    client.force_login(ruth)
    context = client.get("/desk/?kind=story&page=2").context
    assert (len(context["pieces"]), context["page"]["last"]) == (50, 3)
    assert "kind=story" in context["page"]["next_url"]
    assert client.get("/desk/?page=99").context["page"]["number"] == 3
    assert client.get("/desk/?page=x").context["page"]["number"] == 1


def test_a_full_queue_costs_as_few_queries_as_an_empty_one(
    client: Client, ruth: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many(300)
    factories.submission(enclosed=[factories.enclosed()])
    client.force_login(ruth)
    client.get("/desk/care/")  # the first click of a minute notes when it was, in a savepoint here
    for query in ("", "q=bus&language=en&note=none&photos=no", "page=6"):
        with django_assert_max_num_queries(MOST_QUERIES):
            client.get(f"/desk/?{query}")


def many(number: int) -> list[Submission]:
    """Rows that wait, brought in as a collection is."""
    from archive import intake
    from archive.actors import SYSTEM

    items = [factories.item(source_key=f"wpa-{each}") for each in range(number)]
    return [piece for piece, _new in intake.bring_in_all(items, by=SYSTEM)]


def test_what_waits_is_in_no_index(client: Client, several: None, ruth: Person) -> None:
    client.force_login(ruth)
    assert titles(client, "q=domingo") == ["La carta"]
    assert "La carta" not in client.get("/stories/?q=domingo").content.decode()
    assert Submission.objects.filter(state=State.WAITING).count() == 3
