"""`kill -9` of the whole house while stories come in and are published: nothing promised is lost.

Real processes over HTTP. A contributor who saw a receipt was promised something; one whose line
broke sends the same form again. At the end every story is there, whole, and once: in the database,
in the vault and gallery, and in what readers find.
"""

from __future__ import annotations

import base64
import hmac
import json
import random
import re
import shutil
import signal
import socket
import sqlite3
import struct
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPException
from http.cookiejar import CookieJar
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from tests.processes import Serving, manage, wait_for

CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}\b")
PASSWORD = "a heron stands in the river"
SECRET = "JBSWY3DPEHPK3PXP"
BEGIN = f"""
from allauth.mfa.totp.internal.auth import TOTP
from archive.models.person import Person, Role
from archive.models.vocabulary import Theme
ruth = Person.objects.create_user(username="ruth", password={PASSWORD!r}, role=Role.EDITOR)
TOTP.activate(ruth, {SECRET!r})
Theme.objects.create(slug="letters", label_en="Letters", label_es="Cartas")
"""
END = """
from archive import jobs
from media import photos
print(dict(drift=bool(photos.reconcile().photos_without_file
                      or photos.reconcile().pictures_without_file),
           given_up=jobs.given_up().count()))
"""


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one editor, one theme, and the style sheets gathered."""
    folder = tmp_path_factory.mktemp("furnished")
    for command in (["migrate", "--verbosity=0"], ["shell", "--verbosity=0", "--command", BEGIN]):
        done = manage(*command, data_dir=folder)
        assert done.returncode == 0, done.stderr
    with Serving(folder) as serving:
        serving.end(signal.SIGTERM)
    return folder


@contextmanager
def kept_port() -> Iterator[int]:
    """A port to come back to: bound all the while and never listened at, since one that is merely
    free between two lives of the house may be given to another process."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


class Visitor:
    """Somebody with a browser that keeps cookies and tries again when the line breaks."""

    def __init__(self, port: int, patience: float) -> None:
        self.root = f"http://127.0.0.1:{port}"
        self.deadline = time.monotonic() + patience
        handlers = [urllib.request.HTTPCookieProcessor(CookieJar())]
        self.opener = urllib.request.build_opener(*handlers)

    def get(self, path: str) -> str:
        return self._ask(urllib.request.Request(self.root + path))

    def post(self, path: str, body: bytes, kind: str) -> str:
        return self._ask(urllib.request.Request(self.root + path, body, {"Content-Type": kind}))

    def _ask(self, request: urllib.request.Request) -> str:
        """The page, whatever its status, once somebody answers."""
        while time.monotonic() < self.deadline:
            try:
                with self.opener.open(request, timeout=60) as answer:
                    return str(answer.read().decode())
            except urllib.error.HTTPError as refusal:
                page = refusal.read().decode()
                if refusal.code < 500:
                    return page
            except (OSError, HTTPException):
                pass  # nobody at home, or gone in the middle of a sentence: it was killed
            time.sleep(0.1)
        raise AssertionError(f"no answer from {request.full_url}")


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name} in:\n{page[:2000]}"
    return found[1]


def picture(seed: int) -> BytesIO:
    """A photograph of nothing, different each time."""
    made = BytesIO()
    Image.effect_noise((640, 480), 10 + seed).convert("RGB").save(made, "JPEG")
    made.name = "photo.jpg"
    made.seek(0)
    return made


def text_of(number: int) -> str:
    """A long text with a word in it that no other has."""
    lines = [
        f"Line {line} of what I remember, and nothing of it is in any other." for line in range(200)
    ]
    return f"marker{number:03d}heron\n\n" + "\n\n".join(lines)


def share(visitor: Visitor, number: int) -> str:
    """Send one story, again and again with the same form until there is a receipt."""
    page = visitor.get("/share/story/")
    fields: dict[str, object] = {
        "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"),
        "token": hidden(page, "token"),
        "title": f"Story {number:03d}",
        "body": text_of(number),
        "language": "en",
        "name_shown": "none",
        "place_shown": "none",
        "date_shown": "season",
        "audience": "public",
        "editing": "show",
        "on_behalf": "self",
        "adult": "yes",
    }
    if number % 3 == 0:
        fields |= {"photos": picture(number), "new_shown": "yes"}
    body = encode_multipart(BOUNDARY, fields)
    answer = visitor.post("/share/story/", body, MULTIPART_CONTENT)
    found = CODE.search(answer)
    assert found, answer[:3000]
    return found[0]


def sign_in(visitor: Visitor) -> None:
    """With password and second factor, again where the house was killed between the two."""
    desk = visitor.get("/desk/")
    while "/desk/account/login/" in desk or "mfa/" in desk:
        login = visitor.get("/desk/account/login/")
        if 'name="login"' in login:
            login = _send(
                visitor, "/desk/account/login/", login, {"login": "ruth", "password": PASSWORD}
            )
        if 'name="code"' in login:
            _send(visitor, "/desk/account/mfa/authenticate/", login, {"code": code_of_the_moment()})
        desk = visitor.get("/desk/")


def code_of_the_moment() -> str:
    """What her telephone shows: RFC 6238 with its usual six digits and thirty seconds."""
    step = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(SECRET), step, "sha1")
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF) % 10**6:06d}"


def publish_everything(visitor: Visitor, wanted: int, stop: threading.Event) -> None:
    """What an editor does all day: accept what waits, describe its photograph, publish it."""
    sign_in(visitor)
    done: set[str] = set()
    while len(done) < wanted and not stop.is_set():
        for shelf in ("waiting", "accepted"):
            queue = visitor.get(f"/desk/?state={shelf}")
            for reference in re.findall(r'href="/desk/pieces/([0-9a-z]+)/"', queue):
                path = f"/desk/pieces/{reference}/"
                page = visitor.get(path)
                for photo in set(re.findall(rf'href="({path}photos/\d+/)"', page)):
                    said = {"verb": "describe", "alt": "Grey noise.", "recognisable": "nobody"}
                    _send(visitor, photo, page, said)
                verb = "accept" if shelf == "waiting" else "publish"
                _send(visitor, path, page, {"verb": verb, "version": "1", "themes": "letters"})
                if verb == "publish":
                    done.add(reference)
        time.sleep(0.1)


def _send(visitor: Visitor, path: str, page: str, fields: dict[str, str]) -> str:
    token = {"csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken")}
    body = urlencode({**token, **fields}).encode()
    return visitor.post(path, body, "application/x-www-form-urlencoded")


@pytest.mark.parametrize(
    ("kills", "stories"),
    [
        pytest.param(3, 9, id="three kills"),
        pytest.param(
            20, 30, id="twenty kills", marks=[pytest.mark.slow, pytest.mark.timeout(1800)]
        ),
    ],
)
def test_every_receipt_is_kept_whole_and_once(
    kills: int, stories: int, furnished: Path, tmp_path: Path
) -> None:
    data_dir = Path(shutil.copytree(furnished, tmp_path / "data"))
    with kept_port() as port:
        _kill_again_and_again(kills, stories, data_dir, port)
    told = manage("shell", "--verbosity=0", "--command", END, data_dir=data_dir)
    assert told.stdout.strip() == "{'drift': False, 'given_up': 0}", told.stderr


def _kill_again_and_again(kills: int, stories: int, data_dir: Path, port: int) -> None:
    patience = 60 + 20 * kills
    receipts: dict[int, str] = {}
    problems: list[BaseException] = []
    stop = threading.Event()

    def send(numbers: range) -> None:
        try:
            for number in numbers:
                receipts[number] = share(Visitor(port, patience), number)
                # Spread over the whole time, so that every kill finds work under way.
                time.sleep(kills * 1.5 / stories)
        except BaseException as problem:
            problems.append(problem)

    def work_at_the_desk() -> None:
        try:
            publish_everything(Visitor(port, patience), stories, stop)
        except BaseException as problem:
            problems.append(problem)

    people = [
        threading.Thread(target=send, args=(range(0, stories, 2),)),
        threading.Thread(target=send, args=(range(1, stories, 2),)),
        threading.Thread(target=work_at_the_desk),
    ]
    for person in people:
        person.start()
    moments = random.Random()
    for _kill in range(kills):
        with Serving(data_dir, "--port", str(port)) as serving:
            time.sleep(moments.uniform(0.05, 2.5))
            serving.end(signal.SIGKILL)
    with Serving(data_dir, "--port", str(port)) as serving:
        for person in people[:2]:
            person.join(patience)
        wait_for(lambda: problems or not people[2].is_alive(), "everything to be published")
        stop.set()
        assert not problems, problems
        _let_a_minute_pass(data_dir)
        wait_for(lambda: _open_jobs(data_dir) == 0, "the worker to catch up")
        serving.end(signal.SIGKILL)
    assert sorted(receipts) == list(range(stories))
    assert len(set(receipts.values())) == stories
    with Serving(data_dir, "--port", str(port)):
        _assert_whole(data_dir, stories)
        for number, receipt in receipts.items():
            _assert_found(Visitor(port, 60), number, receipt)


def _let_a_minute_pass(data_dir: Path) -> None:
    """What a killed worker had in hand lies under its lease for as long as we would wait, and what
    the index was not told for a minute."""
    past = "strftime('%Y-%m-%d %H:%M:%f', {}, '-61 seconds')".format
    with closing(sqlite3.connect(data_dir / "archive.sqlite3", timeout=60)) as database, database:
        database.execute(
            f"UPDATE archive_job SET run_at = {past('run_at')}, leased_until = {past('leased_until')}"  # noqa: S608
        )


def _open_jobs(data_dir: Path) -> int:
    """Jobs owed, apart from what comes round by itself: due this very second, or tried in vain."""
    owed = (
        "SELECT count(*) FROM archive_job"
        " WHERE run_at <= datetime('now', '+2 seconds') OR attempts > 0"
    )
    return int(_ask(data_dir, owed)[0][0])


def _ask(data_dir: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data_dir / "archive.sqlite3", timeout=60)) as database:
        return database.execute(question).fetchall()


def _assert_whole(data_dir: Path, stories: int) -> None:
    """Every submission once, with its text, its consent, its photograph and its story."""
    assert _ask(data_dir, "PRAGMA integrity_check") == [("ok",)]
    assert _ask(data_dir, "PRAGMA foreign_key_check") == []
    rows = _ask(
        data_dir,
        "SELECT v.body, s.state, t.body,"
        " (SELECT count(*) FROM archive_consent c WHERE c.submission_id = s.id),"
        " (SELECT count(*) FROM archive_enclosure e WHERE e.submission_id = s.id),"
        " (SELECT count(*) FROM archive_storyphoto p JOIN media_picture m ON m.id = p.picture_id"
        "  WHERE p.story_id = t.id AND m.ready)"
        " FROM archive_submission s JOIN archive_revision v ON v.id = s.current_id"
        " JOIN archive_story t ON t.id = s.story_id ORDER BY v.body",
    )
    expected = []
    for number in range(stories):
        text, photos = text_of(number), int(number % 3 == 0)
        expected.append((text, "published", text, 1, photos, photos))
    assert rows == expected
    assert _ask(data_dir, "SELECT count(*) FROM archive_submission") == [(stories,)]
    assert _ask(data_dir, "SELECT count(*) FROM archive_story") == [(stories,)]


def _assert_found(reader: Visitor, number: int, receipt: str) -> None:
    """A reader finds it once by its word; whoever holds the receipt is let in."""
    answer = json.loads(reader.get(f"/api/v1/stories/?q=marker{number:03d}heron"))
    assert [each["title"] for each in answer["results"]] == [f"Story {number:03d}"]
    page = reader.get("/share/receipt/")
    assert 'name="key"' in _send(reader, "/share/receipt/", page, {"code": receipt})
