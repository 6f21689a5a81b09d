"""Floods are held, people arrive: ten thousand posts of machines, five hundred of people."""

from __future__ import annotations

import random
import time

import pytest
from django.test import Client

from archive import doubts
from archive.models.submission import State, Submission
from archive.suspicion import Signals, reason
from archive.web import share_keys
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
def test_the_same_text_from_two_forms_waits_for_a_person() -> None:
    Visitor().tell(PROSE * 2)
    Visitor().tell(PROSE * 2)
    [held] = Submission.objects.filter(state=State.HELD)
    assert "twin" in held.suspicion
    assert Submission.objects.filter(state=State.WAITING).count() == 1


def test_an_address_is_cut_and_its_hash_is_another_one_tomorrow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert len({doubts.neighbourhood(f"203.0.113.{number}") for number in (1, 200)}) == 1
    assert doubts.neighbourhood("2001:db8:1:2::1") == "2001:db8:1::/48"
    today = doubts._hashed("x")
    assert today == doubts._hashed("x")
    monkeypatch.setattr(doubts._salt, "_day", None)
    assert today != doubts._hashed("x")


# --- the whole way, through the pages -------------------------------------------------------------
class Flood:
    """Scripts and people who come to the real pages, each from where they are."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.draw, self.patch = random.Random(4711), monkeypatch

    def aged(self, seconds: float) -> str:
        """The token of a page that was opened so long ago."""
        with self.patch.context() as then:
            now = time.time()
            then.setattr(time, "time", lambda: now - seconds)
            return share_keys.new_token()

    def script(self, number: int) -> None:
        """One post of one of five scripts, from one address among many."""
        draw, kind = self.draw, number % 5
        links = " ".join(f"https://shop{draw.randrange(9_999)}.example/buy" for _ in range(6))
        told = f"{PROSE}{number} {draw.random()}"
        posts: list[dict[str, str]] = [
            # fills every field there is, at leisure
            {"body": told, "second_note": "Yes", "token": self.aged(draw.uniform(5, 90))},
            # never opened the page
            {"body": told},
            # made its token up
            {"body": told, "token": f"{number}:abc:def"},
            # sells something, with patience
            {"body": f"Cheap pills {number} {links}", "token": self.aged(draw.uniform(5, 90))},
            # the same text again and again, with patience
            {"body": PROSE * 3, "token": self.aged(draw.uniform(5, 90))},
        ]
        address = f"198.{18 + draw.randrange(2)}.{draw.randrange(256)}.{draw.randrange(256)}"
        self.post(posts[kind], REMOTE_ADDR=address)

    def person(self, number: int) -> str:
        """Filled in by the browser, pasted, sent in three to nine seconds, no scripts, one address
        for up to sixty; a link for some. Gives back the words."""
        draw = self.draw
        words = f"{PROSE}Person {number}." + (" See https://a.example." if number % 7 == 0 else "")
        typed = {"body": words, "token": self.aged(draw.uniform(3, 9)), "title": "My story",
                 "name_shown": "chosen", "chosen_name": "Denise", "contact_ok": "on",
                 "email": f"denise{number}@example.org"}  # fmt: skip
        self.post(typed, REMOTE_ADDR=f"203.0.{number // 60}.9")
        return words

    def post(self, typed: dict[str, str], **about: str) -> None:
        page = Client(**about).post("/share/story/", {**typed, "adult": "yes", "go": "send"})
        assert page.status_code == 201, page.content.decode()[:2000]


def let_loose(flood: Flood, scripts: int, people: int) -> tuple[int, int]:
    """Mixed as in life: (scripts that reached the main queue, people who did)."""
    turns = ["script"] * scripts + ["person"] * people
    flood.draw.shuffle(turns)
    told, count = set(), {"script": 0, "person": 0}
    for turn in turns:
        if turn == "script":
            flood.script(count[turn])
        else:
            told.add(flood.person(count[turn]))
        count[turn] += 1
    waiting = Submission.objects.filter(state=State.WAITING).values_list("current__body", flat=True)
    arrived = set(waiting) & told
    assert Submission.objects.count() == scripts + people, "suspects are held, never dropped"
    return len(waiting) - len(arrived), len(arrived)


@pytest.mark.django_db
def test_sixty_people_behind_one_address_in_an_hour_all_get_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    near = {"REMOTE_ADDR": "203.0.113.9", "HTTP_USER_AGENT": "Marker/47.11"}
    assert Visitor(**near).tell(f"{PROSE} I am the first.").page.status_code == 201
    flood = Flood(monkeypatch)
    for number in range(59):  # as somebody sends whose browser was given everything at once
        flood.post({"body": f"{PROSE} I am number {number}.", "token": flood.aged(9)}, **near)
    assert Submission.objects.filter(state=State.WAITING).count() == 60
    stored = ground.every_value()
    assert "203.0.113" not in stored
    assert "Marker/47.11" not in stored


@pytest.mark.django_db
def test_scripts_are_held_and_people_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    assert let_loose(Flood(monkeypatch), 50, 10) == (
        1,
        10,
    )  # the first of its twins is nobody's twin


@pytest.mark.slow
@pytest.mark.django_db
def test_ten_thousand_scripts_and_five_hundred_people(monkeypatch: pytest.MonkeyPatch) -> None:
    through, arrived = let_loose(Flood(monkeypatch), 10_000, 500)
    assert arrived == 500
    assert through <= 100
