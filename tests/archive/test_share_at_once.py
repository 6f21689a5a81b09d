"""Sends repeated at once: however often a form arrives, it is one piece with one receipt.

Over real HTTP, each from a browser of its own: the line broke, the button was pressed again, a proxy
sent it twice.
"""

from __future__ import annotations

import random
import re
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pytest_django.live_server_helper import LiveServer

from archive.models.submission import Receipt, State, Submission
from tests.archive.journeying import CODE
from tests.processes import Serving, manage

HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|token)" value="([^"]*)"')


def prepare(url: str, number: int) -> Callable[[], str]:
    """Somebody's form with everything in it, ready to be sent; sending gives the receipt's code."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with opener.open(f"{url}/share/story/", timeout=60) as page:
        fields = dict(HIDDEN.findall(page.read().decode()))
    fields |= {"body": f"The bus leaves Queens at four, and I am number {number}.", "adult": "yes"}
    body = urlencode({**fields, "go": "send"}).encode()

    def send() -> str:
        try:
            with opener.open(f"{url}/share/story/", body, timeout=120) as page:
                said = page.read().decode()
        except urllib.error.HTTPError as refusal:  # a sentence, and the code to come back with
            said = refusal.read().decode()
        found = CODE.search(said)
        return found[0] if found else said

    return send


def send_all(url: str, count: int, *, hands: int) -> list[set[str]]:
    """Each of `count` forms one to five times at once: the codes that were shown for each."""
    draw = random.Random(4711)
    with ThreadPoolExecutor(hands) as pool:
        forms = list(pool.map(lambda number: prepare(url, number), range(count)))
        sends = [(at, form) for at, form in enumerate(forms) for _ in range(draw.randint(1, 5))]
        shown: list[set[str]] = [set() for _ in forms]
        for at, code in pool.map(lambda each: (each[0], each[1]()), sends):
            shown[at].add(code)
    return shown


def assert_one_receipt_each(shown: list[set[str]]) -> None:
    assert [codes for codes in shown if len(codes) != 1] == []
    assert all(CODE.fullmatch(code) for [code] in shown)
    assert len(set().union(*shown)) == len(shown)


@pytest.mark.django_db(transaction=True)
def test_forms_repeated_at_once_are_one_piece_each(live_server: LiveServer) -> None:
    shown = send_all(live_server.url, 6, hands=6)
    assert_one_receipt_each(shown)
    assert Submission.objects.count() == Receipt.objects.count() == len(shown)
    assert not Submission.objects.filter(state=State.DRAFT).exists()


@pytest.mark.slow
def test_a_thousand_forms_repeated_at_once_are_a_thousand_pieces(tmp_path: Path) -> None:
    assert manage("migrate", "--verbosity=0", data_dir=tmp_path).returncode == 0
    with Serving(tmp_path) as serving:
        shown = send_all(serving.url, 1_000, hands=16)
    assert_one_receipt_each(shown)
    with closing(sqlite3.connect(tmp_path / "archive.sqlite3")) as database:
        for table in ("submission", "receipt", "revision", "consent"):
            [count] = database.execute(f"SELECT count(*) FROM archive_{table}").fetchone()  # noqa: S608
            assert count == 1_000, table
        drafts = database.execute("SELECT count(*) FROM archive_draft").fetchone()
        assert drafts == (0,)
