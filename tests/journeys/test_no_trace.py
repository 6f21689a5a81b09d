"""What lies on the disk of a house that is really served: nothing of who came, and after erasing nothing
of what was told.

One journey over HTTP to a `serve` of its own, with the desk beside it; then every file of the data
folder and of the logs is read, as bytes and unpacked.
"""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterable
from http.cookiejar import CookieJar
from io import BytesIO
from pathlib import Path

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests import pictures, unpacking
from tests.archive.journeying import CODE, fields_of
from tests.processes import Serving, manage, wait_for

ADDRESS, BROWSER = "203.0.113.77", "MarkerBrowser/47.11"
PLANTED = (
    "title", "body", "pseudonym", "fullname", "mailbox", "place", "alt", "caption", "credit",
    "answer", "letter", "edited",
)  # fmt: skip
WORDS = {name: f"zx{name}{number:02d}qv" for number, name in enumerate(PLANTED, start=10)}
# What lies under seal can be found by nobody, before and after.
SEALED = {"fullname", "mailbox"}
OTHER = "A story of somebody else, with zxotherqv in it."

DESK = """
from archive import moderation, publication
from archive.models.person import Person
from archive.models.submission import Submission
by, _made = Person.objects.get_or_create(username="ines", role="moderator")
ruth, _made = Person.objects.get_or_create(username="ruth", role="editor")
"""
ASK = f"""{DESK}
hers = Submission.objects.get(state="waiting", enclosures__isnull=False)
moderation.ask(hers, "Which year?", version=1, by=by)
his = Submission.objects.get(state="waiting")
moderation.accept(his, version=1, by=by)
publication.publish(his, version=1, by=ruth, themes=[])
"""
PUBLISH = f"""{DESK}
hers = Submission.objects.get(state="waiting")
moderation.edit(hers, version=1, reason="spelling", summary="{WORDS["edited"]}", by=by)
moderation.accept(hers, version=2, by=by)
publication.publish(hers, version=2, by=ruth, themes=[])
"""


class Browser:
    """Somebody with an address and a browser that must not be remembered."""

    def __init__(self, root: str) -> None:
        self.root = root
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        self.opener.addheaders = [("User-Agent", BROWSER), ("X-Forwarded-For", ADDRESS)]

    def get(self, path: str) -> str:
        with self.opener.open(self.root + path, timeout=120) as answer:
            return str(answer.read().decode())

    def post(self, path: str, page: str, form: str = "telling", **typed: object) -> str:
        """A form on this page with these fields, sent as browsers send it."""
        fields = {name: values for name, values in fields_of(page, form).items() if any(values)}
        body = encode_multipart(BOUNDARY, {**fields, **typed})
        asked = urllib.request.Request(self.root + path, body, {"Content-Type": MULTIPART_CONTENT})
        try:
            with self.opener.open(asked, timeout=120) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as refusal:
            raise AssertionError(refusal.read().decode()[:3000]) from refusal

    def do(self, code: str, verb: str, **typed: object) -> str:
        """Come back with the receipt and press one button."""
        page = self.post("/share/receipt/", self.get("/share/receipt/"), code=code)
        return self.post("/share/receipt/", page, "again", verb=verb, **typed)


def tell(browser: Browser) -> str:
    """Her story with a photograph; the code of the receipt."""
    path, photograph = "/share/story/", pictures.telling("JPEG")
    page = browser.post(path, browser.get(path), go="next")
    page = browser.post(
        path, page, body=f"It began with {WORDS['body']}.", title=WORDS["title"], go="next"
    )
    code = CODE.search(page)
    assert code, page[:2000]
    upload = BytesIO(photograph)
    upload.name = "bus.jpg"
    page = browser.post(path, page, photos=upload, new_shown="yes", go="stay")
    number = re.search(r'name="alt_(\d+)"', page)
    assert number, page[:3000]
    said = {f"{name}_{number[1]}": WORDS[name] for name in ("alt", "caption", "credit")}
    said |= {f"shown_{number[1]}": "yes", f"recognisable_{number[1]}": "nobody"}
    page = browser.post(path, page, go="next", **said)
    page = browser.post(
        path, page, go="next", adult="yes", name_shown="chosen", chosen_name=WORDS["pseudonym"],
        full_name=WORDS["fullname"], place=WORDS["place"], place_shown="city",
    )  # fmt: skip
    page = browser.post(
        path, page, go="next", audience="public", editing="spelling", contact_ok="on",
        email=f"{WORDS['mailbox']}@example.org",
    )  # fmt: skip
    assert code[0] in browser.post(path, page, go="send")
    return code[0]


def where(folder: Path, words: Iterable[str]) -> dict[str, list[str]]:
    """Word -> files in which it stands, in capitals or not; only words that were found."""
    wanted = {word: word.encode().lower() for word in words}
    found: dict[str, list[str]] = {}
    for name, data in unpacking.files(folder):
        small = data.lower()
        for word, needle in wanted.items():
            if needle in small:
                found.setdefault(word, []).append(name)
    return found


def at_the_desk(folder: Path, script: str, **chosen: str) -> None:
    done = manage("shell", "--verbosity=0", "--command", script, data_dir=folder, **chosen)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["tantivy", "whoosh"])
def test_nobody_is_remembered_and_what_is_erased_is_nowhere(tmp_path: Path, engine: str) -> None:
    chosen = {"SEARCH_URL": f"{engine}://{tmp_path}/index", "TRUSTED_PROXIES": "127.0.0.1"}
    assert manage("migrate", "--verbosity=0", data_dir=tmp_path).returncode == 0
    with Serving(tmp_path, **chosen) as serving:
        hers, his = Browser(serving.url), Browser(serving.url)
        code = tell(hers)
        page = his.get("/share/story/")
        his.post("/share/story/", page, body=OTHER, audience="public", adult="yes", go="send")
        at_the_desk(tmp_path, ASK, **chosen)
        hers.do(code, "answer", words=f"{WORDS['answer']}, I think.")
        at_the_desk(tmp_path, PUBLISH, **chosen)
        hers.do(code, "write", words=WORDS["letter"])
        wait_for(lambda: WORDS["title"] in hers.get(f"/stories/?q={WORDS['body']}"), "the story")
        wait_for(lambda: list((tmp_path / "gallery").rglob("*.webp")), "the photograph")

        # While it is public: her words lie here, and nothing of her.
        letters = code.replace("-", "")
        strangers = [ADDRESS, "203.0.113", BROWSER, code, letters, pictures.MARKER]
        assert where(tmp_path, strangers) == {}
        seen = where(tmp_path, WORDS.values())
        assert set(seen) == {word for name, word in WORDS.items() if name not in SEALED}
        assert any("unpacked" in name for names in seen.values() for name in names), (
            "the store is packed"
        )

        hers.do(code, "withdraw")
        hers.do(code, "restore")
        assert "serve.log" in {path.name for path in tmp_path.iterdir()}
        hers.do(code, "erase now", sure="yes")
        wait_for(lambda: not where(tmp_path, WORDS.values()), f"the end of {WORDS}")
        assert where(tmp_path, strangers) == {}
        assert list(where(tmp_path, ["zxotherqv"])) == ["zxotherqv"], "the other one is still there"
        # By the list: a search that finds nothing is kept for the editors, as it was typed.
        assert "somebody else" in hers.get("/stories/")
        assert WORDS["title"] not in hers.get("/stories/")
    assert where(tmp_path, [*WORDS.values(), *strangers]) == {}, (
        "after the end of the house as well"
    )
