"""Stories that programs send: the same door as the form, once however often, and nothing public."""

from __future__ import annotations

import json
import random
import shutil
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from archive import consent, publication, receipts
from archive.models.person import Person
from archive.models.submission import Receipt, State, Submission
from archive.suspicion import Signals, reason
from tests.archive import ground
from tests.processes import Serving, manage
from tests.search import strange

ADDRESS = "/api/v1/submissions/"
KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"
LEAST = {
    "wording_version": consent.WORDING_VERSION,
    "text": "The bus leaves Queens at four in the morning, and my daughter sleeps on my arm.",
    "language": "en",
    "adult": "yes",
}
MORE = LEAST | {
    "title": "The four o’clock bus",
    "content_notes": ["death"],
    "place": "Attica",
    "year": 1994,
    "season": "spring",
    "name_shown": "chosen",
    "chosen_name": "Denise",
    "full_name": "Denise Oxenbould",
    "place_shown": "state",
    "audience": "public",
    "uses": ["quote", "teach"],
    "editing": "spelling",
    "search_engines": True,
    "contact_ok": True,
    "email": "denise@example.org",
}


def send(body: Any, key: str = "", client: Client | None = None, **more: Any) -> HttpResponse:
    """One POST of JSON; `body` as it is where it is bytes."""
    said = body if isinstance(body, bytes) else json.dumps(body).encode()
    if key:
        more["HTTP_IDEMPOTENCY_KEY"] = key
    client = client or Client()
    return client.post(ADDRESS, said, **{"content_type": "application/json", **more})


def piece_of(answer: HttpResponse) -> Submission:
    assert answer.status_code == 201, answer.content
    return receipts.holder_of(answer.json()["receipt"])


# --- taken in -------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_story_comes_in_with_everything_that_was_told_and_allowed() -> None:
    answer = send(MORE, KEY)
    piece = piece_of(answer)
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert answer.json()["url"].endswith("/share/receipt/")
    assert (piece.state, piece.kind, piece.suspicion) == (State.WAITING, "story", "")
    told, allowed = piece.current, piece.consent_in_force
    assert (told.title, told.body, told.year_from) == (MORE["title"], MORE["text"], 1994)
    assert (told.place.slug, told.season) == ("attica", "spring")
    assert (allowed.audience, allowed.name_shown, allowed.uses) == (
        "public",
        "chosen",
        ["quote", "teach"],
    )
    assert (allowed.search_engines, allowed.contact_ok, allowed.adult) == (True, True, True)
    assert "(x) Everyone — After one of us has read it" in allowed.wording
    assert allowed.wording_version == consent.WORDING_VERSION
    assert publication.shown_names(piece)["full"] == "Denise Oxenbould"
    for sealed in ("Oxenbould", "denise@example.org", KEY, "127.0.0"):
        assert sealed not in ground.every_value()


@pytest.mark.django_db
def test_what_was_not_chosen_is_at_its_safest() -> None:
    allowed = piece_of(send(LEAST)).consent_in_force
    assert (allowed.audience, allowed.name_shown, allowed.place_shown) == ("team", "none", "none")
    assert (allowed.editing, allowed.uses, allowed.search_engines) == ("show", [], False)


@pytest.mark.django_db
def test_nothing_of_it_is_public() -> None:
    assert (
        send(MORE | {"text": "Zxquagga stood in the yard.", "title": "Zxquagga"}).status_code == 201
    )
    for address in ("/", "/stories/", "/stories/?q=stood", "/api/v1/stories/", "/stories/feed.atom",
                    "/api/v1/suggest/?q=zxq", "/sitemap.xml", "/stories/?q=zxqagga"):  # fmt: skip
        assert "zxquagga" not in Client().get(address).content.decode().lower(), address


# --- once -----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_same_key_with_the_same_story_is_one_story_with_one_receipt() -> None:
    first = send(MORE, KEY)
    again = [send(MORE, KEY), send(MORE, f'"{KEY}"'), send(MORE, KEY, HTTP_ACCEPT_LANGUAGE="es")]
    assert {answer.json()["receipt"] for answer in again} == {first.json()["receipt"]}
    assert {answer.status_code for answer in again} == {201}
    assert Submission.objects.count() == Receipt.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other",
    [{"text": "Another."}, {"audience": "team"}, {"chosen_name": "D."}, {"email": "d@example.org"}],
)
def test_the_same_key_with_anything_else_is_refused(other: dict[str, str]) -> None:
    first = send(MORE, KEY)
    before = ground.rows_of(Submission, Receipt)
    answer = send(MORE | other, KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert "Use a new key for a new story." in answer.json()["detail"]
    assert first.json()["receipt"] not in answer.content.decode()
    assert ground.rows_of(Submission, Receipt) == before


@pytest.mark.django_db
def test_a_key_is_answered_for_two_days_and_then_only_refused() -> None:
    with time_machine.travel("2026-11-21 12:00-05:00", tick=False):
        first = send(MORE, KEY).json()["receipt"]
    with time_machine.travel("2026-11-22 23:00-05:00", tick=False):
        assert send(MORE, KEY).json()["receipt"] == first
    with time_machine.travel("2026-11-23 01:00-05:00", tick=False):
        late = send(MORE, KEY)
    assert late.status_code == 409
    assert first not in late.content.decode()
    assert Submission.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["short", "with spaces in the midst", "ñ" * 20, "x" * 201])
def test_a_key_that_could_be_guessed_or_is_none_is_refused(key: str) -> None:
    answer = send(LEAST, key)
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    assert "such as a UUID" in answer.json()["detail"]


def post(url: str, body: dict[str, Any], key: str) -> str:
    """Over real HTTP; the receipt."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    asked = urllib.request.Request(url + ADDRESS, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(asked, timeout=120) as answer:
        return str(json.load(answer)["receipt"])


def race(url: str, stories: int, hands: int) -> list[set[str]]:
    """Each story two to five times at once: the receipts that came back for each."""
    draw = random.Random(4711)
    sends = [at for at in range(stories) for _ in range(draw.randint(2, 5))]
    told: list[set[str]] = [set() for _ in range(stories)]

    def one(at: int) -> tuple[int, str]:
        return at, post(url, LEAST | {"text": f"I am number {at}."}, f"{KEY}-{at}")

    with ThreadPoolExecutor(hands) as pool:
        for at, receipt in pool.map(one, sends):
            told[at].add(receipt)
    return told


@pytest.mark.django_db(transaction=True)
def test_sent_several_times_at_once_it_is_one_story(live_server: LiveServer) -> None:
    told = race(live_server.url, 4, hands=6)
    assert [len(each) for each in told] == [1] * 4
    assert Submission.objects.filter(state=State.WAITING).count() == Receipt.objects.count() == 4


@pytest.mark.slow
def test_keys_hold_in_every_process_and_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert manage("migrate", "--verbosity=0", data_dir=tmp_path).returncode == 0
    with Serving(tmp_path, "--workers", "2") as serving:
        told = race(serving.url, 12, hands=12)
    with Serving(tmp_path) as serving:
        again = [
            post(serving.url, LEAST | {"text": f"I am number {at}."}, f"{KEY}-{at}")
            for at in range(12)
        ]
    assert [{each} for each in again] == told
    assert len(set(again)) == 12


# --- refused --------------------------------------------------------------------------------------
class Case(NamedTuple):
    """What is sent, and the sentence that comes back at its field."""

    change: dict[str, Any]
    field: str
    said: str


REFUSED = [
    Case({"adult": None}, "adult", "Please say whether you are 18 or older."),
    Case({"wording_version": None}, "wording_version", "Say which questions you showed"),
    Case({"wording_version": "2020-01-01"}, "wording_version", consent.WORDING_VERSION),
    Case({"language": None}, "language", "This field is required."),
    Case({"text": "  \n "}, "text", "There is no text yet."),
    Case({"text": "a" * 200_001}, "text", "longer than 200000 characters"),
    Case({"title": "a" * 201}, "title", "at most 200 characters"),
    Case({"text": 7}, "text", "Write text in quotation marks."),
    Case({"uses": "quote"}, "uses", "Write a list of texts."),
    Case({"uses": ["sell"]}, "uses", "sell is not one of the available choices."),
    Case({"contact_ok": "yes"}, "contact_ok", "Write true or false."),
    Case({"contact_ok": True}, "email", "Write an address, or take the tick away."),
    Case({"year": True}, "year", "Write a whole number."),
    Case({"year": 2999}, "year", "That year has not come yet."),
    Case({"audience": "world"}, "audience", "world is not one of the available choices."),
    Case({"audience": "later"}, "public_from", "Choose a day that has not come yet."),
    Case({"name_shown": "full"}, "full_name", "Write the name that shall be shown"),
    Case({"audiance": "public"}, "audiance", "There is no field of this name."),
    Case({"photos": ["aGVsbG8="]}, "photos", "Photographs are sent on the page."),
    Case({"second_note": "x"}, "second_note", "There is no field of this name."),
    Case({"half \ud800 a letter": 1}, "half \ufffd a letter", "There is no field of this name."),
]


@pytest.mark.django_db
@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case.field}-{case.said[:20]}")
def test_a_refusal_is_a_sentence_at_its_field_and_nothing_is_kept(case: Case) -> None:
    answer = send(
        {name: value for name, value in (LEAST | case.change).items() if value is not None}, KEY
    )
    said = answer.json()
    assert (answer.status_code, said["code"]) == (422, "invalid")
    assert case.said in " ".join(said["errors"][case.field])
    assert answer["Cache-Control"] == "no-store"
    assert not Submission.objects.exists()


@pytest.mark.django_db
def test_errors_are_in_the_language_asked_for() -> None:
    answer = send({}, HTTP_ACCEPT_LANGUAGE="es")
    assert "diga si tiene" in answer.json()["errors"]["adult"][0]
    unread = send(b"{", HTTP_ACCEPT_LANGUAGE="es")
    assert "JSON" in unread.json()["detail"]
    assert unread.json()["detail"] != send(b"{").json()["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        pytest.param(b"{", "application/json", 400, id="cut off"),
        pytest.param(b"", "application/json", 422, id="nothing"),
        pytest.param(b"[]", "application/json", 422, id="a list"),
        pytest.param(b'"text"', "application/json", 422, id="a text"),
        pytest.param(b"\xff\xfe", "application/json", 400, id="no UTF-8"),
        pytest.param(b"[" * 100_000, "application/json", 400, id="deep"),
        pytest.param(b'{"year": NaN}', "application/json", 400, id="NaN"),
        pytest.param(b'{"year": ' + b"9" * 5_000 + b"}", "application/json", 400, id="digits"),
        pytest.param(b'{"text": "' + b"a" * 2_000_000, "application/json", 413, id="too much"),
        pytest.param(b"text=x&adult=yes", "application/x-www-form-urlencoded", 415, id="a form"),
        pytest.param(b'{"text": "hello"}', "text/plain", 415, id="text"),
        pytest.param(b"--b\r\n\r\n--b--", "multipart/form-data; boundary=b", 415, id="files"),
    ],
)
def test_what_is_no_json_of_ours_is_refused_in_a_sentence(
    body: bytes, kind: str, status: int
) -> None:
    answer = send(body, KEY, content_type=kind)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["detail"].endswith(".")
    assert not Submission.objects.exists()


@pytest.mark.django_db
def test_a_desk_that_is_signed_in_lends_its_name_to_nobody(ines: Person) -> None:
    """There is no session here: with or without one, the answer and what is kept are the same."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(ines)
    piece = piece_of(send(LEAST, client=client))
    assert piece.claimed_by is None
    assert not client.get(ADDRESS).has_header("Access-Control-Allow-Origin")


# --- floods and faults ----------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_flood_from_one_neighbourhood_is_slowed_and_others_are_not(settings: Settings) -> None:
    settings.API_SENDS_PER_HOUR = 2
    near = [send(LEAST | {"text": f"{n} stories."}, REMOTE_ADDR=f"203.0.113.{n}") for n in range(3)]
    far = send(LEAST, REMOTE_ADDR="198.51.100.7")
    assert [answer.status_code for answer in (*near, far)] == [201, 201, 429, 201]
    assert near[2]["Retry-After"] == "3600"
    assert near[2].json()["code"] == "throttled"
    assert "203.0.113" not in ground.every_value()


@pytest.mark.django_db
def test_the_same_sieve_holds_what_sells_something() -> None:
    sold = LEAST | {"text": "Cheap pills https://a.example/buy https://b.example/buy"}
    assert piece_of(send(sold)).state == State.HELD
    assert piece_of(send(LEAST)).state == State.WAITING
    assert "twin" in piece_of(send(LEAST)).suspicion  # without a key it is another story
    assert reason(Signals("A few words.", program=True), crowded=60, flooded=100) == ""


@pytest.mark.django_db
def test_a_full_disk_takes_nothing_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    full = shutil._ntuple_diskusage(10, 10, 0)  # type: ignore[attr-defined]
    with monkeypatch.context() as patched:
        patched.setattr("archive.room.shutil.disk_usage", lambda _place: full)
        answer = send(LEAST, KEY)
    assert (answer.status_code, answer.json()["code"]) == (503, "no_room")
    assert answer["Retry-After"] == "60"
    assert piece_of(send(LEAST, KEY)).received_on == date.today()  # noqa: DTZ011 - the machine's own


@pytest.mark.django_db
@pytest.mark.parametrize("every", [80, pytest.param(1, marks=pytest.mark.slow)])
def test_hostile_lines_are_words_or_refused_and_never_an_error(
    settings: Settings, shared_data: Path, every: int
) -> None:
    settings.API_SENDS_PER_HOUR = 100_000
    for line in strange.payloads(shared_data)[::every]:
        sent = LEAST | {
            "text": line,
            "title": line,
            "place": line,
            "name_shown": "chosen",
            "chosen_name": line,
        }
        answer = send(sent)
        assert answer.status_code in (201, 422), line
        wrong = send(LEAST | {line: line, "language": line, "uses": [line], "email": line}, line)
        assert wrong.status_code in (400, 422), line
        assert wrong["Content-Type"] == "application/json"
