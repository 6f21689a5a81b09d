"""Two people, one piece: who has it, until when, and what was read when it was decided on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from pytest_django import Settings

from archive import moderation
from archive.models.person import Person
from archive.models.review import Message, Review
from archive.models.submission import State, Submission
from archive.refusals import NotAllowed, Refusal, VersionChanged
from tests import factories


def at(piece: Submission) -> str:
    return f"/desk/pieces/{piece.reference}/"


def opened(client: Client, piece: Submission) -> str:
    return client.get(at(piece)).content.decode()


# --- who has it -----------------------------------------------------------------------------------
def test_a_claim_is_shown_to_others_with_its_hour(
    client: Client, ines: Person, ruth: Person
) -> None:
    piece = factories.submission()
    with time_machine.travel("2026-11-21 15:00:00+00:00", tick=False):
        moderation.claim(piece, by=ines)
        client.force_login(ruth)
        page = opened(client, piece)
        assert "with Inés until 11 a.m." in page
        assert 'value="accept"' in page, "what she may do is shown; the claim refuses it in words"
        assert 'value="extend"' not in page
        assert "Inés is reading this piece until 11 a.m." in page, "before she reads it in vain"
        client.force_login(ines)
        page = opened(client, piece)
        assert 'value="extend"' in page
        assert 'value="yield"' in page
        assert 'value="claim"' not in page


def test_extending_is_one_click_and_ends_an_hour_later(
    client: Client, ines: Person, settings: Settings
) -> None:
    piece = moderation.claim(factories.submission(), by=ines)
    with time_machine.travel(piece.claimed_until - timedelta(minutes=1), tick=False):
        client.force_login(ines)
        answer = client.post(at(piece), {"verb": "extend", "version": 1}, follow=True)
    assert f"yours for {settings.CLAIM_MINUTES} minutes" in answer.content.decode()
    now = Submission.objects.get()
    assert (now.claimed_until - piece.claimed_until).total_seconds() == 60 * (
        settings.CLAIM_MINUTES - 1
    )


def test_a_claim_that_has_ended_is_not_shown_and_hinders_nobody(
    client: Client, ines: Person, ruth: Person
) -> None:
    piece = moderation.claim(factories.submission(), by=ines)
    with time_machine.travel(piece.claimed_until + timedelta(seconds=1), tick=False):
        client.force_login(ruth)
        assert "with Inés" not in opened(client, piece)
        answer = client.post(at(piece), {"verb": "claim", "version": 1})
    assert answer.status_code == 302
    assert Submission.objects.get().claimed_by == ruth


@pytest.mark.parametrize("meanwhile", ["nobody", "read by a colleague", "decided on"])
def test_a_decision_after_the_claim_has_ended_counts_while_nobody_else_has_it(
    client: Client, ines: Person, ruth: Person, meanwhile: str
) -> None:
    """She went to lunch with the page open, and presses the button that it still shows."""
    piece = moderation.claim(factories.submission(), by=ines)
    with time_machine.travel(piece.claimed_until + timedelta(minutes=1), tick=False):
        if meanwhile == "read by a colleague":
            moderation.claim(piece, by=ruth)
        if meanwhile == "decided on":
            moderation.decline(piece, reason="safety", version=1, by=ruth)
        client.force_login(ines)
        answer = client.post(at(piece), {"verb": "ask", "version": 1, "question": "Typed words"})
    told = Message.objects.filter(submission=piece, text="Typed words").exists()
    now = Submission.objects.get()
    if meanwhile == "nobody":
        assert (answer.status_code, told, now.state) == (302, True, State.ASKED)
        return
    assert (answer.status_code, told) == (409, False)
    if meanwhile == "decided on":
        assert now.state == State.DECLINED
    else:
        assert "ruth" in answer.content.decode().lower()
        assert (now.state, now.claimed_by) == (State.WAITING, ruth)


@pytest.mark.parametrize("name", ["accept", "ask", "decline", "edit", "note", "claim"])
def test_what_a_colleague_reads_is_refused_with_her_name_and_nothing_typed_is_lost(
    client: Client, ines: Person, ruth: Person, name: str
) -> None:
    piece = moderation.claim(factories.submission(), by=ines)
    client.force_login(ruth)
    typed = {
        "question": "Typed words",
        "note": "Typed words",
        "title": "Typed words",
        "body": "b",
        "reason": "safety",
    }
    answer = client.post(at(piece), {"verb": name, "version": 1, **typed})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Inés is reading this piece until" in page.split('class="compare"')[0], "seen at once"
    assert ("Typed words" in page) is (name in ("ask", "decline", "edit", "note"))
    assert not Review.objects.exists()


# --- which version --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("accept", {}),
        ("ask", {"question": "Which prison?"}),
        ("decline", {"reason": "safety"}),
        ("refer", {"note": "For the lawyer."}),
        ("edit", {"title": "Mine", "body": "My words.", "reason": "spelling"}),
    ],
)
def test_a_decision_on_an_older_version_is_refused_with_what_changed(
    client: Client, ines: Person, ruth: Person, name: str, more: dict[str, str]
) -> None:
    piece = factories.submission()
    moderation.edit(
        piece, version=1, reason="names", body=factories.BODY.replace("daughter", "child"), by=ruth
    )
    client.force_login(ines)
    answer = client.post(at(piece), {"verb": name, "version": 1, **more})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "What has changed since you opened it" in page
    changed = page.partition('id="changed"')[2].partition("</section>")[0]
    assert ">daughter" in changed.replace("</span>", ">")
    assert all(word in page for word in more.values())
    assert (Submission.objects.get().version, Submission.objects.get().state) == (2, State.WAITING)
    # Sent again from this page, the decision carries the version that the comparison showed.
    form = page.partition(f'value="{name}"')[0].rpartition("<form")[2]
    assert 'name="version" value="2"' in form
    assert client.post(at(piece), {"verb": name, "version": 2, **more}).status_code == 302


def test_publishing_what_was_not_accepted_shows_no_comparison_with_itself(
    client: Client, ruth: Person
) -> None:
    piece = factories.accepted()
    moderation.edit(piece, version=1, reason="names", title="Unread", by=ruth)
    client.force_login(ruth)
    answer = client.post(at(piece), {"verb": "publish", "version": 2})
    assert answer.status_code == 409
    assert "What has changed" not in answer.content.decode()


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "1.5"])
def test_a_version_that_makes_no_sense_is_a_sentence(
    client: Client, ines: Person, version: str
) -> None:
    piece = factories.submission()
    client.force_login(ines)
    answer = client.post(at(piece), {"verb": "accept", "version": version})
    assert answer.status_code in (409, 422)
    assert Submission.objects.get().state == State.WAITING


# --- at the same moment ---------------------------------------------------------------------------
def together(*deeds: Callable[[], object]) -> list[Refusal | None]:
    """Each deed in a thread of its own, begun at the same moment; how each was refused."""
    start = threading.Barrier(len(deeds))
    refused: list[Refusal | None] = [None] * len(deeds)

    def one(number: int) -> None:
        try:
            start.wait()
            deeds[number]()
        except Refusal as refusal:
            refused[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(deeds))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return refused


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_at_once_one_has_it(ines: Person, ruth: Person) -> None:
    for _ in range(5):
        piece = factories.submission()
        refused = together(
            lambda piece=piece: moderation.claim(piece, by=ines),
            lambda piece=piece: moderation.claim(piece, by=ruth),
        )
        assert [type(each) for each in refused].count(NotAllowed) == 1
        holder = ruth if refused[0] else ines
        assert Submission.objects.get(pk=piece.pk).claimed_by == holder


@pytest.mark.django_db(transaction=True)
def test_of_an_edit_and_a_decision_at_once_no_decision_is_on_unread_words(
    ines: Person, ruth: Person
) -> None:
    for _ in range(5):
        piece = factories.submission()
        refused = together(
            lambda piece=piece: moderation.edit(piece, version=1, reason="", title="New", by=ruth),
            lambda piece=piece: moderation.accept(piece, version=1, by=ines),
        )
        now = Submission.objects.get(pk=piece.pk)
        if refused[1]:
            assert isinstance(refused[1], VersionChanged)
            assert now.accepted_version is None
        else:
            assert now.accepted_version == 1
        assert now.version == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_the_second_is_told(ines: Person, ruth: Person) -> None:
    for _ in range(5):
        piece = factories.submission()
        refused = together(
            lambda piece=piece: moderation.ask(piece, "When?", version=1, by=ines),
            lambda piece=piece: moderation.decline(piece, reason="safety", version=1, by=ruth),
        )
        reviews = Review.objects.filter(submission=piece)
        if refused == [None, None]:  # asked first, then declined: both are allowed in that order
            assert reviews.count() == 2
        else:
            assert reviews.count() == 1
            assert Message.objects.filter(submission=piece).count() == (refused[0] is None)


# --- comparing ------------------------------------------------------------------------------------
def test_any_two_versions_are_compared_word_by_word(client: Client, ines: Person) -> None:
    piece = factories.submission()
    moderation.edit(piece, version=1, reason="a", title="The bus at four", by=ines)
    moderation.edit(piece, version=2, reason="b", body="Another text.", by=ines)
    client.force_login(ines)
    newest = client.get(f"{at(piece)}compare/").content.decode()
    assert "From version 2 to version 3" in newest
    assert "Another" in newest
    whole = client.get(f"{at(piece)}compare/?from=1&to=3").content.decode()
    assert "o'clock" in whole.replace("&#x27;", "'")
    back = client.get(f"{at(piece)}compare/?from=3&to=1").content.decode()
    assert "From version 3 to version 1" in back
    assert "No word differs" in client.get(f"{at(piece)}compare/?from=2&to=2").content.decode()
    assert client.get(f"{at(piece)}compare/?from=1&to=9").status_code == 404


def test_what_was_typed_by_strangers_is_never_markup_in_a_comparison(
    client: Client, ines: Person
) -> None:
    piece = factories.submission(factories.telling(body="<script>alert(1)</script> one"))
    moderation.edit(piece, version=1, reason="", body="<img src=x onerror=alert(1)> two", by=ines)
    client.force_login(ines)
    page = client.get(f"{at(piece)}compare/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
