"""The contributor's pages: nothing typed is lost, nothing posted reaches further than its field."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from archive.models.submission import Consent, State, Submission
from tests import factories, pictures
from tests.archive.journeying import CODE, Visitor

TOLD = {
    "title": "The four o'clock bus",
    "body": "The bus leaves Queens at four in the morning.",
    "language": "en",
    "name_shown": "none",
    "place_shown": "none",
    "date_shown": "season",
    "audience": "public",
    "editing": "show",
    "on_behalf": "self",
    "adult": "yes",
}
# Everything a page can do to text on its way back: markup, quotation marks, entities, line ends.
AWKWARD = "</textarea><script>alert(1)</script>\n\"'&amp;&lt;\n\n  two  spaces, ñ, 🚌, \u2028 "


class Fields(HTMLParser):
    """The fields of the forms of a page, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.fields: dict[str, list[str]] = {}
        self._area = ""
        self._choice = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input" and name:
            if given.get("type") in ("radio", "checkbox") and "checked" not in given:
                return
            self.fields.setdefault(name, []).append(given.get("value") or "")
        elif tag == "textarea":
            self._area = name
            self.fields.setdefault(name, []).append("")
        elif tag == "select":
            self._choice = name
        elif tag == "option" and "selected" in given:
            self.fields.setdefault(self._choice, []).append(given.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # A browser takes away the one line end with which a text area begins.
            kept = self.fields[self._area]
            kept[-1] = kept[-1].replace("\r\n", "\n").removeprefix("\n")
            self._area = ""


def fields_of(response: Any) -> dict[str, list[str]]:
    return Fields(response.content.decode()).fields


def send(client: Client, **changed: Any) -> Any:
    """Everything in one post, as a program may send it that knows the fields."""
    opened = fields_of(client.get("/share/story/"))
    token = opened["token"][0]
    return client.post("/share/story/", {**TOLD, "token": token, **changed})


def code_in(response: Any) -> str:
    found = re.search(r'id="receipt-code"[^>]*>([^<]+)<', response.content.decode())
    assert found, "there is no receipt on the page"
    return found[1]


# --- one form ---------------------------------------------------------------------------------------


def test_a_story_is_taken_in_and_its_receipt_opens_it(client: Client, db: None) -> None:
    response = send(client)
    assert response.status_code == 201
    code = code_in(response)
    assert re.fullmatch(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}", code)
    status = client.post("/share/receipt/", {"code": code.lower().replace("-", " ")})
    assert status.status_code == 200
    assert "it waits for its first reader" in status.content.decode()
    assert code not in status.content.decode(), "the code is shown once"
    assert not response.cookies or "desk" not in response.cookies


def test_nothing_is_ticked_but_the_safest(client: Client, db: None) -> None:
    visitor = Visitor().press().press(body="Words.").press()
    fields = visitor.fields()
    assert fields["name_shown"] == [Consent.NameShown.NONE]
    assert fields["place_shown"] == [Consent.PlaceShown.NONE]
    assert not {"adult", "guardian"} & set(fields)
    fields = visitor.press(adult="yes").fields()
    assert fields["audience"] == [Consent.Audience.TEAM]
    assert fields["editing"] == [Consent.Editing.SHOW]
    assert not {"uses", "search_engines", "contact_ok"} & set(fields)


def test_the_same_form_twice_is_one_story_and_one_receipt(client: Client, db: None) -> None:
    token = fields_of(client.get("/share/story/"))["token"][0]
    first = client.post("/share/story/", {**TOLD, "token": token})
    again = client.post("/share/story/", {**TOLD, "token": token})
    assert (first.status_code, again.status_code) == (201, 200)
    assert code_in(first) == code_in(again)
    assert Submission.objects.count() == 1


def test_the_same_form_with_other_words_is_refused_and_keeps_them(client: Client, db: None) -> None:
    token = fields_of(client.get("/share/story/"))["token"][0]
    client.post("/share/story/", {**TOLD, "token": token})
    other = client.post("/share/story/", {**TOLD, "token": token, "body": "Other words."})
    assert other.status_code == 409
    assert fields_of(other)["body"] == ["Other words."]
    assert Submission.objects.get().current.body == TOLD["body"]


@pytest.mark.parametrize("token", ["", "made up", "x" * 5000, "a:b:c", "\x00"])
def test_a_form_without_a_key_of_ours_is_taken_all_the_same(
    client: Client, db: None, token: str
) -> None:
    assert send(client, token=token).status_code == 201


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"adult": ""}, "Please say whether you are 18 or older."),
        ({"name_shown": "chosen"}, "Write the name that shall be shown"),
        ({"contact_ok": "on"}, "Write an address, or take the tick away."),
        ({"contact_ok": "on", "email": "denise"}, "name@example.org"),
        ({"year": "next"}, "Enter a whole number"),
        ({"year": "2099"}, "That year has not come yet"),
        ({"audience": "later"}, "Choose a day that has not come yet."),
        ({"audience": "later", "public_from": "2001-01-01"}, "Choose a day that has not come yet."),
        ({"audience": "later", "public_from": "soon"}, "Write the day like this"),
        ({"language": "xx"}, "Select a valid choice"),
        ({"title": "t" * 201}, "at most 200 characters"),
        ({"uses": ["sell"]}, "Select a valid choice"),
    ],
)
def test_an_error_is_a_sentence_and_every_word_stays(
    client: Client, db: None, changed: dict[str, Any], said: str
) -> None:
    response = send(client, **{"body": AWKWARD, **changed})
    page = response.content.decode()
    assert response.status_code == 422
    assert said in unescape(page)
    assert "<script>alert" not in page
    assert Submission.objects.get().state == State.DRAFT
    kept = fields_of(response)
    back = client.post("/share/story/", {**kept, "go": "step:story"})
    assert fields_of(back)["body"] == [AWKWARD]


def test_an_empty_story_is_asked_for(client: Client, db: None) -> None:
    response = send(client, body="  \n ")
    assert response.status_code == 422
    assert "There is no text yet" in response.content.decode()


def test_a_story_that_is_too_long_comes_back_whole(client: Client, db: None) -> None:
    long = "a word " * 30_000
    response = send(client, body=long)
    assert response.status_code == 422
    assert "Send it in two parts" in response.content.decode()
    back = client.post("/share/story/", {**fields_of(response), "go": "step:story"})
    assert fields_of(back)["body"] == [long]


def test_one_bad_photograph_does_not_lose_the_story(client: Client, db: None) -> None:
    good = SimpleUploadedFile("a.jpg", pictures.jpeg(80, 60), "image/jpeg")
    bad = SimpleUploadedFile("../../b.jpg", b"<script>alert(1)</script>", "image/jpeg")
    response = send(client, photos=[good, bad])
    assert response.status_code == 201
    assert code_in(response)
    assert Submission.objects.get().enclosures.count() == 1
    assert "b.jpg" not in response.content.decode()


def test_too_many_photographs_are_said_to_be(client: Client, db: None, settings: Any) -> None:
    settings.PHOTOS_PER_SUBMISSION = 2
    files = [SimpleUploadedFile(f"{n}.jpg", b"x", "image/jpeg") for n in range(3)]
    response = send(client, photos=files, step="photos", go="next")
    assert response.status_code == 422
    assert "at most 2 at a time" in response.content.decode()


# --- what was never asked ---------------------------------------------------------------------------


def test_fields_that_nobody_asked_for_change_nothing(client: Client, db: None) -> None:
    response = send(
        client,
        status="published",
        state="published",
        story="1",
        consent="public",
        owner="1",
        reference="0000000000",
        accepted_version="1",
        published_version="1",
        is_staff="1",
        suspicion="",
        kind="photo_project",
        claimed_by="1",
        received_on="1999-01-01",
        method="paper",
        search_engines="",
        public_from="1999-01-01",
    )
    assert response.status_code == 201
    piece = Submission.objects.get()
    assert piece.state == State.WAITING
    assert piece.kind == "story"
    assert (piece.story, piece.accepted_version, piece.published_version) == (None, None, None)
    assert piece.reference != "0000000000"
    assert piece.received_on.year > 2000
    consent = piece.consents.get()
    assert (consent.method, consent.search_engines, consent.public_from) == ("web", False, None)


def test_a_form_that_a_program_filled_is_held_and_not_dropped(client: Client, db: None) -> None:
    response = send(client, second_note="https://casino.example")
    assert response.status_code == 201
    assert code_in(response), "whoever it was gets a receipt like everybody"
    assert Submission.objects.get().state == State.HELD


@pytest.mark.parametrize("verb", ["publish", "accept", "erase\x00", "__class__", ""])
def test_a_receipt_opens_only_the_contributors_verbs(client: Client, db: None, verb: str) -> None:
    received = factories.received()
    key = fields_of(client.post("/share/receipt/", {"code": received.code}))["key"][0]
    response = client.post("/share/receipt/", {"key": key, "verb": verb})
    assert response.status_code == 200
    assert Submission.objects.get().state == State.WAITING


def test_a_key_that_is_not_ours_opens_nothing(client: Client, db: None) -> None:
    factories.received()
    for key in ("", "x", "0000000000:abc:def", "\x00"):
        response = client.post("/share/receipt/", {"key": key, "verb": "withdraw"})
        assert response.status_code == 422
        assert "enter your code once more" in response.content.decode()
    assert Submission.objects.get().state == State.WAITING


def test_a_wrong_code_is_one_sentence_and_many_are_too_many(
    client: Client, db: None, settings: Any
) -> None:
    settings.RECEIPT_GUESSES_PER_CODE = 3
    answers = [client.post("/share/receipt/", {"code": "AAAA-BBBB"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert "We find nothing under this code" in answers[0].content.decode()


# --- a key that ran out -----------------------------------------------------------------------------


def test_an_expired_page_gives_back_every_word_and_then_works(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    opened = fields_of(strict.get("/share/story/"))
    told = {
        **TOLD,
        "body": AWKWARD * 1_000,
        "uses": ["quote", "teach"],
        "content_notes": ["death"],
        "name_shown": "chosen",
        "chosen_name": 'D. "Queens" <b>',
        "token": opened["token"][0],
    }
    strict.cookies.clear()  # the browser was closed overnight
    expired = strict.post("/share/story/", {**told, "csrfmiddlewaretoken": "old" * 20})
    assert len(told["body"]) > 60_000
    assert expired.status_code == 403
    assert "no-store" in expired["Cache-Control"]
    assert "<script>alert" not in expired.content.decode()
    assert CODE.search(expired.content.decode()) is None
    again = fields_of(expired)
    for name, value in told.items():
        assert again[name] == (value if isinstance(value, list) else [value]), name
    received = strict.post("/share/story/", again)
    assert received.status_code == 201
    piece = Submission.objects.get()
    assert piece.current.body.count("two  spaces") == 1_000
    assert list(piece.consents.get().uses) == ["quote", "teach"]


def test_an_expired_sign_in_gives_no_password_back(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    sent = {"login": "ruth", "password": "planted-4711"}
    response = strict.post("/desk/account/login/?next=/desk/themes/", sent)
    assert (response.status_code, response["Location"]) == (
        302,
        "/desk/account/login/?next=/desk/themes/",
    )
    assert "planted-4711" not in response.content.decode()


def test_leaving_asks_the_browser_to_forget(client: Client, db: None) -> None:
    response = client.get("/share/leave/")
    assert "no-store" in response["Cache-Control"]
    assert '"cache"' in response["Clear-Site-Data"]
    assert "Testimonio" not in response.content.decode()
