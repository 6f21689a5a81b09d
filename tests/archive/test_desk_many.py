"""Many at once: shown before it is done, done to all or none, undone from the ledger."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from pytest_django import Settings

from archive import batches, moderation, register
from archive.models.person import Person
from archive.models.review import Handling, LedgerEntry
from archive.models.story import Story
from archive.models.submission import State, Submission
from archive.models.vocabulary import Theme
from archive.refusals import WrongState
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting() -> list[Submission]:
    factories.theme("visits")
    return [factories.submission(factories.telling(title=f"Piece {number}")) for number in range(3)]


def post(who: Person, **said: object) -> Client:
    client = Client()
    client.force_login(who)
    client.answer = client.post("/desk/many/", said)  # type: ignore[attr-defined]
    return client


def themes_of(piece: Submission) -> list[str]:
    return sorted(piece.themes.values_list("slug", flat=True))


def test_it_is_shown_then_done_then_undone(waiting: list[Submission], cast: Cast) -> None:
    some = [piece.reference for piece in waiting[:2]]
    client = post(cast.ines, piece=some, deed="tag", theme="visits")
    page = client.answer  # type: ignore[attr-defined]
    assert [row["title"] for row in page.context["changed"]] == ["Piece 0", "Piece 1"]
    assert not Submission.themes.through.objects.exists(), "nothing is done before it was seen"
    assert not LedgerEntry.objects.filter(verb__startswith="many").exists()
    done = client.post(
        "/desk/many/", {"piece": some, "deed": "tag", "theme": "visits", "sure": "yes"}
    )
    assert done["Location"] == "/desk/ledger/"
    assert [themes_of(piece) for piece in waiting] == [["visits"], ["visits"], []]
    batch = register.told(LedgerEntry.objects.filter(verb="many tag"))[0].batch
    assert f'value="{batch}"' in client.get("/desk/ledger/").content.decode()
    client.post("/desk/many/undo/", {"batch": batch})
    assert not Submission.themes.through.objects.exists()


def test_a_whole_filter_is_taken_and_nothing_beside_it(
    waiting: list[Submission], cast: Cast
) -> None:
    factories.submission(factories.telling(title="La carta", language="es"))
    whole = {"whole": "yes", "state": "waiting", "language": "es", "deed": "tag", "theme": "visits"}
    page = post(cast.ruth, **whole).answer  # type: ignore[attr-defined]
    assert [row["title"] for row in page.context["changed"]] == ["La carta"]


def test_what_stands_against_one_is_said_and_all_or_none_is_done(
    waiting: list[Submission], cast: Cast
) -> None:
    moderation.claim(waiting[0], by=cast.ruth)
    both = [piece.reference for piece in waiting[:2]]
    client = post(cast.ines, piece=both, deed="tag", theme="visits")
    page = client.answer  # type: ignore[attr-defined]
    assert "Ruth is reading this piece" in page.content.decode()
    client.post("/desk/many/", {"piece": both, "deed": "tag", "theme": "visits", "sure": "yes"})
    assert not Submission.themes.through.objects.exists()


def test_a_public_piece_keeps_its_story_in_step(cast: Cast) -> None:
    theme, piece = factories.theme("visits"), factories.in_public()
    _batch, outcome = batches.do([piece], batches.Deed("tag", theme), by=cast.ruth)
    assert outcome.changed == [piece]
    assert [each.slug for each in Story.objects.get().themes.all()] == ["visits"]
    _batch, outcome = batches._each([(piece, batches.Deed("untag", theme))], cast.ines)
    assert outcome.refused, "a moderator changes nothing that is public"


def test_pieces_are_given_to_somebody_and_she_gets_them_first(
    waiting: list[Submission], cast: Cast
) -> None:
    last = waiting[-1]
    batch, _outcome = batches.do([last], batches.Deed("assign", person=cast.ines), by=cast.ruth)
    client = Client()
    client.force_login(cast.ines)
    rows = client.get("/desk/?given=me").context["pieces"]
    assert [(row["title"], row["assigned_to"]) for row in rows] == [("Piece 2", "Inés")]
    assert client.post("/desk/next/")["Location"].endswith(f"{last.reference}/")
    moderation.give_back(last, by=cast.ines)
    client.force_login(cast.odell)
    assert not client.post("/desk/next/")["Location"].endswith(f"{last.reference}/")
    batches.undo(batch, by=cast.ruth)
    assert Handling.objects.get(submission=last).assigned_to is None


def test_a_piece_that_is_referred_goes_to_a_colleague(client: Client, cast: Cast) -> None:
    piece = factories.submission()
    client.force_login(cast.ines)
    said = {"verb": "refer", "version": 1, "note": "You know the law.", "to": cast.ruth.pk}
    client.post(f"/desk/pieces/{piece.reference}/", said)
    assert Handling.objects.get().assigned_to == cast.ruth
    guest = {**said, "to": cast.wren.pk}
    assert client.post(f"/desk/pieces/{piece.reference}/", guest).status_code == 422


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"deed": "tag", "theme": "visits"}, "Choose the pieces first"),
        ({"deed": "tag", "theme": "nobodys", "piece": "k"}, "Choose the pieces first"),
        ({"deed": "tag", "theme": "nobodys", "piece": "one"}, "not one of our themes"),
        ({"deed": "tag", "piece": "one"}, "Choose the theme"),
        ({"deed": "erase", "piece": "one"}, "erase"),
        ({"deed": "tag", "theme": "visits", "piece": "many"}, "more than 2"),
    ],
)
def test_bad_input_is_a_sentence(
    said: dict[str, str], sentence: str, waiting: list[Submission], cast: Cast, settings: Settings
) -> None:
    settings.MANY_AT_ONCE = 2
    every = [piece.reference for piece in waiting]
    named = {"one": every[:1], "many": every}.get(said.get("piece", ""), said.get("piece", []))
    client = post(cast.ruth, **{**said, "piece": named, "sure": "yes"})
    assert sentence in client.get("/desk/").content.decode()
    assert not Submission.themes.through.objects.exists()


def test_guests_and_moderators_do_what_they_may(waiting: list[Submission], cast: Cast) -> None:
    one = {"piece": waiting[0].reference, "sure": "yes"}
    post(cast.wren, **one, deed="tag", theme="visits")
    assert themes_of(waiting[0]) == []
    for who, wanted in ((cast.ines, 302), (cast.ruth, 200)):
        answer = post(who, **one, deed="export").answer  # type: ignore[attr-defined]
        assert answer.status_code == wanted, who
    table = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["title"] for row in table] == ["Piece 0"]
    assert "Denise" not in answer.content.decode()


def test_undoing_passes_over_what_has_gone(waiting: list[Submission], cast: Cast) -> None:
    deed = batches.Deed("tag", Theme.objects.get(slug="visits"))
    batch, _outcome = batches.do(waiting, deed, by=cast.ruth)
    Submission.objects.filter(pk=waiting[0].pk).update(state=State.WITHDRAWN)
    _batch, outcome = batches.undo(batch, by=cast.ruth)
    assert [piece.pk for piece, _why in outcome.refused] == [waiting[0].pk]
    assert len(outcome.changed) == 2
    with pytest.raises(WrongState):
        batches.undo("nothing", by=cast.ruth)
