"""Floods are held, people arrive: ten thousand posts of machines, five hundred of people."""

from __future__ import annotations

import random

import pytest
from django.test import RequestFactory

from archive.models.submission import State, Submission
from archive.suspicion import Signals, reason
from archive.web import share_doubts
from tests.archive import ground
from tests.archive.journeying import Visitor

LIMITS = {"crowded": 60, "flooded": 100}
PROSE = "The bus leaves Queens at four in the morning, and my daughter sleeps against my arm. "


def machine(kind: int, number: int, draw: random.Random) -> Signals:
    """One of four machines: fills everything, posts blind, sells links, or repeats itself."""
    links = " ".join(f"https://shop{draw.randrange(999)}.example/buy" for _ in range(6))
    return (
        Signals(f"{PROSE}{number}", trapped=True, age=draw.uniform(0, 90)),
        Signals(f"{PROSE}{number}", age=None),
        Signals(f"Cheap pills {number} {links}", age=draw.uniform(0, 90)),
        Signals(PROSE * 3, age=draw.uniform(3, 90), crowd=number, twin=number > 3),
    )[kind]


def person(number: int, draw: random.Random) -> Signals:
    """Autofill, no scripts, pasted and sent in three seconds, one address for sixty, a link or two."""
    words = f"{PROSE}{number} " + (
        "See https://innocence.example for him." if number % 7 == 0 else ""
    )
    return Signals(words, age=draw.uniform(3, 9_000), crowd=number % 60 + 1)


def test_of_ten_thousand_machines_nearly_none_reaches_the_queue() -> None:
    draw = random.Random(4711)
    through = sum(
        not reason(machine(number % 4, number, draw), **LIMITS) for number in range(10_000)
    )
    assert through <= 100


def test_of_five_hundred_people_every_one_arrives() -> None:
    draw = random.Random(4711)
    held = [number for number in range(500) if reason(person(number, draw), **LIMITS)]
    assert held == []


@pytest.mark.parametrize(
    "signals",
    [
        Signals(PROSE, age=1.0),
        Signals(PROSE, age=60, crowd=100),
        Signals(PROSE + "http://a.example http://b.example", age=60),
    ],
)
def test_one_weak_signal_holds_nobody(signals: Signals) -> None:
    assert reason(signals, **LIMITS) == ""


@pytest.mark.django_db
def test_sixty_people_behind_one_address_in_an_hour_all_get_through() -> None:
    for number in range(60):
        one = Visitor(REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="Marker/47.11")
        words = f"{PROSE} I am number {number}."
        # One of them page by page; the others as a browser that was given everything at once.
        sent = one.tell(words) if not number else one.press("send", body=words, adult="yes")
        assert sent.page.status_code == 201
    assert set(Submission.objects.values_list("state", flat=True)) == {State.WAITING}
    stored = ground.every_value()
    assert "203.0.113" not in stored
    assert "Marker/47.11" not in stored


@pytest.mark.django_db
def test_the_same_text_from_two_forms_waits_for_a_person() -> None:
    Visitor().tell(PROSE * 2)
    Visitor().tell(PROSE * 2)
    [held] = Submission.objects.filter(state=State.HELD)
    assert "twin" in held.suspicion
    assert Submission.objects.filter(state=State.WAITING).count() == 1


def test_an_address_is_cut_and_its_hash_is_another_one_tomorrow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    near = [RequestFactory().get("/", REMOTE_ADDR=f"203.0.113.{n}") for n in (1, 200)]
    far = RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:2::1")
    assert len({share_doubts.neighbourhood(each) for each in near}) == 1
    assert share_doubts.neighbourhood(far) == "2001:db8:1::/48"
    today = share_doubts._hashed("x")
    assert today == share_doubts._hashed("x")
    monkeypatch.setattr(share_doubts._salt, "_day", None)
    assert today != share_doubts._hashed("x")
