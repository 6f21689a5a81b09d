"""Twenty ways of almost losing what was typed; after each of them every word is on the page or kept."""

from __future__ import annotations

import shutil
import threading
from collections import namedtuple
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.test import Client
from pytest_django import Settings

from archive import drafts, intake, publication
from archive.actors import SYSTEM
from archive.models.review import LedgerEntry
from archive.models.submission import Receipt, State, Submission
from archive.web import share_keys
from tests.archive.journeying import CODE, Visitor

pytestmark = pytest.mark.django_db
WORDS = "Kept word for word: <b>ñandú</b> & “quotes”\r\n\r\nsecond paragraph " + "lorem " * 50
SHOWN = "second paragraph lorem"


def writing(client: Client | None = None) -> tuple[Visitor, dict[str, Any]]:
    """Somebody in the middle of the story, with a draft, and the post they are about to make."""
    visitor = Visitor().press().press(body="First words.").press("back")
    if client is not None:
        client.cookies = visitor.client.cookies
        visitor.client = client
    return visitor, {**visitor.fields(), "body": WORDS, "go": "next"}


def old_key(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.DRAFT_KEY_SECONDS = -1


def other_secret(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.SECRET_KEY = "another secret, and no fall-back to the one before"


def rotated_secret(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret, with the one before to fall back to"


def other_seal(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.CONTACT_KEYS = ["another key"]


def full_disk(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10, 10, 0))


def locked_database(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    def locked(*_given: Any, **_more: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(drafts, "keep", locked)


def broken_disk(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    def broken(*_given: Any, **_more: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(drafts, "keep", broken)


def erased_meanwhile(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    publication.erase(Submission.objects.get(), by=SYSTEM)


def gone_meanwhile(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    piece = Submission.objects.get()
    publication.erase(piece, by=SYSTEM)
    piece.delete()


def sent_meanwhile(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    piece = Submission.objects.get()
    intake.send(piece, intake.Telling(body="First words."), intake.Allowed(wording="-"))


# What happens between the page and the post -> what the page says then.
ACCIDENTS: dict[str, tuple[Callable[..., None], int]] = {
    "the key of the page is too old": (old_key, 422),
    "the secret was changed": (other_secret, 422),
    "the secret was rotated": (rotated_secret, 200),
    "the seal was changed": (other_seal, 422),
    "the disk is full": (full_disk, 503),
    "the database is locked": (locked_database, 503),
    "the disk fills while it is saved": (broken_disk, 503),
    "it was erased meanwhile": (erased_meanwhile, 409),
    "its row is gone": (gone_meanwhile, 422),
    "it was sent from another device": (sent_meanwhile, 409),
}


@pytest.mark.parametrize("accident", ACCIDENTS)
def test_whatever_happens_in_between_the_words_are_there(
    accident: str, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    visitor, form = writing()
    happens, status = ACCIDENTS[accident]
    happens(monkeypatch, settings)
    page = visitor.client.post("/share/story/", form)
    assert page.status_code == status
    if status == 200:
        assert SHOWN in drafts.answers_of(Submission.objects.get())["body"][0]
    else:
        assert SHOWN in page.content.decode()
        assert "&lt;b&gt;ñandú&lt;/b&gt;" in page.content.decode()


POSTS: dict[str, dict[str, Any]] = {
    "a field is wrong": {"language": "klingon"},
    "the title is endless": {"title": "a" * 300},
    "no step is named": {"step": ""},
    "the step is invented": {"step": "nowhere"},
    "the button is invented": {"go": "somewhere"},
    "the key is nonsense": {"key": "nonsense"},
    "the token is nonsense and there is no key": {"key": "", "token": "x"},
}


@pytest.mark.parametrize("what", POSTS)
def test_a_strange_post_keeps_the_words(what: str) -> None:
    visitor, form = writing()
    page = visitor.client.post("/share/story/", {**form, **POSTS[what]})
    kept = any(SHOWN in str(drafts.answers_of(piece)) for piece in Submission.objects.all())
    assert page.status_code < 500
    assert kept or SHOWN in page.content.decode()


def test_a_page_whose_cookie_is_gone_gives_everything_back_and_goes_on() -> None:
    visitor, form = writing(Client(enforce_csrf_checks=True))
    visitor.client.cookies.clear()
    page = visitor.client.post("/share/story/", form)
    assert page.status_code == 403
    assert SHOWN in page.content.decode()
    visitor.page = page
    again = visitor.fields("")
    assert (again["go"], again["step"]) == (["next"], ["story"])
    after = visitor.client.post("/share/story/", again)
    assert after.status_code == 200
    assert SHOWN in drafts.answers_of(Submission.objects.get())["body"][0]


def test_the_code_opens_a_page_whose_key_ran_out(settings: Settings) -> None:
    visitor = Visitor().press().press(body="First words.")
    code = visitor.code
    visitor.press("back")
    form = {**visitor.fields(), "body": WORDS, "go": "next"}
    before, settings.DRAFT_KEY_SECONDS = settings.DRAFT_KEY_SECONDS, -1
    visitor.page = visitor.client.post("/share/story/", form)
    settings.DRAFT_KEY_SECONDS = before
    again = visitor.fields("")
    wrong = visitor.client.post("/share/story/", {**again, "code": "0000-0000-0000-0000-0000"})
    assert SHOWN in wrong.content.decode()
    right = visitor.client.post("/share/story/", {**again, "code": code})
    assert right.status_code == 200
    assert SHOWN in drafts.answers_of(Submission.objects.get())["body"][0]
    new = visitor.client.post("/share/story/", {**again, "code": "", "anew": "1"})
    assert new.status_code == 200
    assert Submission.objects.count() == 1, "the token of the page still names the same draft"


def test_the_code_in_the_text_is_refused_with_the_text_on_the_page() -> None:
    visitor = Visitor().press().press(body="First words.")
    code = visitor.code
    visitor.press("back").press(body=f"My code is {code}. {WORDS}")
    assert visitor.page.status_code == 422
    assert SHOWN in visitor.text
    assert "receipt code" in visitor.text


def test_pressed_twice_it_is_one_piece_with_one_receipt() -> None:
    visitor = Visitor()
    visitor.press().press(body="Words.").press().press(adult="yes").press()
    form = {**visitor.fields(), "go": "send"}
    pages = [visitor.client.post("/share/story/", form) for _ in range(3)]
    assert [page.status_code for page in pages] == [201, 200, 200]
    assert len({CODE.search(page.content.decode())[0] for page in pages}) == 1
    assert Submission.objects.get().state == State.WAITING


@pytest.mark.django_db(transaction=True)
def test_the_first_save_from_six_hands_at_once_is_one_draft() -> None:
    visitor = Visitor().press()
    form = {**visitor.fields(), "body": "Words.", "go": "next"}
    ready, codes, problems = threading.Barrier(6), [], []

    def send() -> None:
        try:
            ready.wait()
            client = Client()
            client.cookies = visitor.client.cookies
            codes.append(CODE.search(client.post("/share/story/", form).content.decode())[0])
        except BaseException as problem:  # a thread's failure must reach the test
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert len(set(codes)) == 1
    assert Submission.objects.count() == Receipt.objects.count() == LedgerEntry.objects.count() == 1


def test_the_key_tells_neither_code_nor_age_to_who_reads_the_page() -> None:
    visitor = Visitor().press().press(body="Words.")
    code = visitor.code.replace("-", "").lower()
    key = visitor.fields()["key"][0]
    assert code not in key.lower()
    assert share_keys.open_key({"key": key}, seconds=60).code == code
