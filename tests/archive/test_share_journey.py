"""The journey without scripts: every step kept, forward and back, stopped and resumed, sent once."""

from __future__ import annotations

import pytest

from archive import drafts
from archive.models.submission import Draft, State, Submission
from tests.archive import ground
from tests.archive.journeying import Visitor

pytestmark = pytest.mark.django_db
BODY = "The bus leaves Queens at four in the morning.\n\nMy daughter sleeps against my arm."


def test_from_the_first_page_to_the_receipt() -> None:
    visitor = Visitor()
    assert "Before you write" in visitor.text
    visitor.press()
    assert not Submission.objects.exists(), "nothing is kept before there is a word"
    visitor.press(body=BODY)
    code = visitor.code
    piece = Submission.objects.get()
    assert (piece.state, piece.draft.step) == (State.DRAFT, "photos")
    visitor.press()
    visitor.press(adult="yes", name_shown="chosen", chosen_name="Denise")
    visitor.press(audience="public", uses=["quote"])
    assert "Look it over" in visitor.text
    assert "The bus leaves Queens" in visitor.text
    visitor.press("send")
    assert visitor.page.status_code == 201
    assert visitor.code == code
    piece.refresh_from_db()
    assert piece.state == State.WAITING
    assert piece.current.body == BODY
    assert not Draft.objects.exists()
    consent = piece.consents.get()
    assert (consent.audience, consent.uses, consent.name_shown) == ("public", ["quote"], "chosen")
    assert "(x) A name I choose" in consent.wording
    assert "( ) My full name" in consent.wording


def begun(**typed: str) -> Visitor:
    """Somebody whose first words are kept, on the page after the story."""
    return Visitor().press().press(body=BODY, **typed)


@pytest.mark.parametrize("language", ["", "/es"])
def test_stopped_and_resumed_on_another_device_at_the_step_where_it_stood(language: str) -> None:
    code = begun(title="The bus").press().press("stop", chosen_name="Denise").code
    other = Visitor(f"{language}/share/receipt/")
    other.come_back(code.lower().replace("-", " "), f"{language}/share/receipt/")
    assert other.fields()["step"] == ["who"]
    assert other.fields()["chosen_name"] == ["Denise"]
    back = other.press("back").press("back").fields()
    assert (back["title"], back["body"]) == (["The bus"], [BODY])


def test_back_and_forward_keep_everything_also_what_is_wrong() -> None:
    visitor = begun().press()
    visitor.press("back", year="3000", place="Attica", name_shown="full")
    visitor.press()
    told = visitor.fields()
    assert (told["year"], told["place"], told["name_shown"]) == (["3000"], ["Attica"], ["full"])
    visitor.press(adult="yes")
    assert visitor.page.status_code == 422
    assert "That year has not come yet" in visitor.text
    assert "Write the name that shall be shown" in visitor.text


def test_the_other_language_takes_along_what_was_typed() -> None:
    visitor = begun()
    visitor.press("back")
    here = visitor.fields()
    visitor.page = visitor.client.post(
        "/es/share/story/", {**here, "body": "Otra cosa", "go": "stay"}
    )
    assert '<html lang="es">' in visitor.text
    assert visitor.fields()["body"] == ["Otra cosa"]


def test_answers_to_questions_become_the_text_and_stay_in_it() -> None:
    visitor = Visitor().press("step:questions")
    visitor.press(q_begin="In Queens.", q_know="That he sang.")
    assert visitor.fields()["step"] == ["story"]
    assert visitor.fields()["body"] == ["In Queens.\n\nThat he sang."]
    visitor.press("step:questions").press("stop", q_who="My father.")
    piece = Submission.objects.get()
    assert drafts.answers_of(piece)["body"] == ["In Queens.\n\nThat he sang.\n\nMy father."]


def test_the_code_is_shown_when_it_begins_and_when_it_ends_and_not_between() -> None:
    visitor = begun()
    code = visitor.code
    assert code not in visitor.press().text
    assert code not in visitor.press(adult="yes").text
    assert code not in visitor.press().text
    assert visitor.press("send").code == code


def test_a_script_saves_while_somebody_writes() -> None:
    visitor = Visitor().press()
    form = {**visitor.fields(), "body": "The bus", "go": "save"}
    first = visitor.client.post("/share/story/", form).json()
    second = visitor.client.post("/share/story/", {**form, "body": "The bus leaves"}).json()
    assert first["receipt"] == second["receipt"]
    again = {**form, "key": second["key"], "body": "The bus leaves Queens"}
    assert visitor.client.post("/share/story/", again).json()["said"] == "Saved"
    assert drafts.answers_of(Submission.objects.get())["body"] == ["The bus leaves Queens"]
    nothing = Visitor().press()
    assert nothing.client.post("/share/story/", {**nothing.fields(), "go": "save"}).json() == {
        "said": ""
    }
    assert Submission.objects.count() == 1


def test_it_cannot_be_sent_without_words_or_age_and_says_where_to_go() -> None:
    visitor = begun().press("step:look").press("send")
    assert visitor.page.status_code == 422
    assert "Please say whether you are 18 or older." in visitor.text
    assert 'value="step:who"' in visitor.text
    assert Submission.objects.get().state == State.DRAFT
    empty = Visitor().press().press(title="Only a title").press().press(adult="yes").press()
    assert empty.press("send").page.status_code == 422
    assert "There is no text yet" in empty.text


def test_the_draft_is_sealed() -> None:
    begun(title="Cassowary").press().press("stop", full_name="Quirina Oxenbould")
    stored = ground.every_value()
    assert "Cassowary" not in stored
    assert "Oxenbould" not in stored
    assert "leaves Queens" not in stored
