"""What comes in: whole or not at all, once, under seal, with a receipt that is stored nowhere."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import time
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from archive import intake, moderation, publication, receipts, sealing
from archive.actors import SYSTEM
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.models.submission import Consent, Contact, Enclosure, Receipt, State, Submission
from archive.refusals import Incomplete, WrongState
from media.models import Photo
from tests import factories, pictures
from tests.archive import ground
from tests.factories import allowed, enclosed, received, telling


# --- whole or not at all --------------------------------------------------------------------------
@pytest.mark.django_db
def test_everything_that_was_sent_is_there() -> None:
    got = received(
        telling(title="", summary="A short one", place_text="  near   Attica "),
        enclosed=[enclosed(caption="Four o’clock", credit="Denise")],
    )
    piece = Submission.objects.get()
    assert (piece.state, piece.version, piece.kind) == (State.WAITING, 1, "story")
    assert piece.current is not None
    assert piece.current.body == factories.BODY
    assert piece.current.title == "The bus leaves Queens at four in the…"
    assert piece.current.place_text == "near Attica"
    assert piece.consents.get().number == 1
    assert piece.enclosures.get().caption == "Four o’clock"
    assert [line.verb for line in LedgerEntry.objects.all()] == ["send"]
    assert (got.submission, got.repeated, list(got.refused)) == (piece, False, [])


@pytest.mark.django_db
def test_the_ledger_tells_no_hour_of_a_contributor(ruth: Person) -> None:
    piece = factories.in_public()
    publication.retag(piece, themes=[], by=ruth)
    hours = {line.verb: timezone.localtime(line.at).time() for line in LedgerEntry.objects.all()}
    assert hours["send"] == time(0)
    assert hours["retag"] != time(0)
    assert list(hours) == ["send", "accept", "publish", "retag"]


STEPS = ["_write", "enclosing.enclose", "_send"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.django_db
def test_what_breaks_on_the_way_leaves_nothing(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure in the middle is no half piece: the rows, and the photograph that came along."""

    def broken(*_given: Any, **_more: Any) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(f"archive.intake.{step}", broken)
    with pytest.raises(OSError, match="disk"):
        received(enclosed=[enclosed()])
    for model in (Submission, Consent, Contact, Receipt, Enclosure, LedgerEntry, Photo):
        assert not model.objects.exists(), f"{model.__name__} was left behind"


@pytest.mark.django_db
def test_a_photograph_that_cannot_be_taken_does_not_lose_the_text() -> None:
    got = received(enclosed=[enclosed(b"no picture at all"), enclosed()])
    [(position, sentence)] = got.refused
    assert position == 0
    assert sentence.endswith(".")
    assert got.submission.enclosures.get().position == 1


BAD = {
    "no text": (telling(body=" \n\t "), "body"),
    "only controls": (telling(body="\u202e\x00"), "body"),
    "endless text": (telling(body="a " * 100_001), "body"),
    "endless title": (telling(title="a" * 201), "title"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.django_db
def test_what_is_missing_or_too_long_is_said_by_field(case: str) -> None:
    said, name = BAD[case]
    with pytest.raises(Incomplete) as refusal:
        received(said)
    assert list(refusal.value.errors) == [name]
    assert str(refusal.value).endswith(".")
    assert not Submission.objects.exists()


@pytest.mark.django_db
def test_a_photograph_alone_is_enough() -> None:
    assert received(telling(body=""), enclosed=[enclosed()]).submission.state == State.WAITING


@pytest.mark.django_db
def test_suspicion_holds_and_never_discards() -> None:
    piece = factories.held("trap")
    assert (piece.state, piece.suspicion) == (State.HELD, "trap")
    line = LedgerEntry.objects.get()
    assert (line.verb, line.reason, line.actor_role) == ("hold", "trap", "contributor")


# --- once -----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_same_form_again_is_the_same_piece_and_the_same_receipt() -> None:
    first = received(token="one form", enclosed=[enclosed()])
    again = received(token="one form", enclosed=[enclosed()])
    assert (again.submission, again.code, again.repeated) == (first.submission, first.code, True)
    assert Submission.objects.count() == LedgerEntry.objects.count() == Photo.objects.count() == 1


@pytest.mark.django_db
def test_the_same_form_with_another_text_is_refused_and_says_that_the_first_is_safe() -> None:
    received(token="one form")
    with pytest.raises(WrongState, match="safe"):
        received(telling(body="Something else entirely."), token="one form")
    assert Submission.objects.get().current.body == factories.BODY


@pytest.mark.django_db
def test_two_forms_with_the_same_text_are_two_pieces() -> None:
    assert received().code != received().code
    assert Submission.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_form_from_six_hands_at_once_is_one_piece() -> None:
    ready, got, problems = threading.Barrier(6), [], []

    def send() -> None:
        try:
            ready.wait()
            got.append(received(token="one form", enclosed=[enclosed()]))
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
    assert Submission.objects.count() == Receipt.objects.count() == Consent.objects.count() == 1
    assert len({each.code for each in got}) == 1
    assert sorted(each.repeated for each in got) == [False] + [True] * 5
    assert Photo.objects.count() == Enclosure.objects.count() == 1, "copies of it lie about"


# --- the receipt ----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_receipt_is_nowhere_but_on_the_page() -> None:
    code = received().code
    stored = ground.every_value().lower()
    for written in (code, receipts.shown(code), code[receipts.SELECTOR :]):
        assert written.lower() not in stored
    # The four letters that choose the row are there, or the grep above proves nothing.
    assert Receipt.objects.get().selector == code[:4]
    assert repr(code[:4]) in stored


@pytest.mark.parametrize("field", ["body", "title", "summary", "place_text"])
@pytest.mark.django_db
def test_a_code_pasted_into_the_text_is_refused(field: str) -> None:
    code = receipts.shown(receipts.code_for("one form"))
    with pytest.raises(Incomplete, match="receipt code"):
        received(telling(**{field: f"My code is {code.lower()} for later"}), token="one form")
    assert not Submission.objects.exists()


FORGIVEN = {
    "as printed": lambda code: receipts.shown(code),
    "in small letters without dashes": lambda code: code,
    "with blanks": lambda code: " ".join(code),
    "with o for 0": lambda code: code.replace("0", "o"),
    "with O for 0 and I for 1": lambda code: code.upper().replace("0", "O").replace("1", "I"),
    "with l for 1": lambda code: code.replace("1", "l"),
    "with long dashes and a full stop": lambda code: f"{code[:10]}—{code[10:]}.",
    "copied with a line break": lambda code: f"\t{code[:8]}\n{code[8:]} ",
}


def _form_with_0_and_1() -> str:
    """The name of a form whose code holds both letters that people confuse."""
    return next(
        f"form {n}" for n in range(1000) if {"0", "1"} <= set(receipts.code_for(f"form {n}"))
    )


@pytest.mark.parametrize("how", FORGIVEN)
@pytest.mark.django_db
def test_the_holder_is_known_however_it_is_typed(how: str) -> None:
    received(), received()
    mine = received(token=_form_with_0_and_1())
    assert receipts.holder_of(FORGIVEN[how](mine.code)) == mine.submission


WRONG = {
    "nothing": lambda code: "",
    "one letter off": lambda code: code[:-1] + ("2" if code[-1] != "2" else "3"),
    "too short": lambda code: code[:-1],
    "too long": lambda code: code + "0",
    "another selector": lambda code: code[::-1],
    "no letters of ours": lambda code: "¿¡ñ漢字",
    "very long": lambda code: code * 10_000,
}


@pytest.mark.parametrize("how", WRONG)
@pytest.mark.django_db
def test_every_wrong_code_gets_the_same_sentence(how: str) -> None:
    mine = received()
    with pytest.raises(receipts.UnknownReceipt) as refusal:
        receipts.holder_of(WRONG[how](mine.code))
    assert str(refusal.value) == (
        "We find nothing under this code. Check it letter by letter and try again."
    )


@pytest.mark.django_db
def test_guessing_at_one_code_is_slowed_and_other_codes_still_open(settings: Settings) -> None:
    settings.RECEIPT_GUESSES_PER_CODE = 3
    mine, other = received(), received()
    for _ in range(3):
        with pytest.raises(receipts.UnknownReceipt):
            receipts.holder_of(WRONG["one letter off"](mine.code))
    with pytest.raises(receipts.TooManyGuesses, match="safe"):
        receipts.holder_of(mine.code)
    assert receipts.holder_of(other.code) == other.submission


@pytest.mark.django_db
def test_guessing_at_all_codes_is_slowed(settings: Settings) -> None:
    settings.RECEIPT_GUESSES_IN_ALL = 3
    mine = received()
    for selector in ("2222", "3333", "4444"):
        with pytest.raises(receipts.UnknownReceipt):
            receipts.holder_of(selector * 5)
    with pytest.raises(receipts.TooManyGuesses):
        receipts.holder_of(mine.code)


@pytest.mark.django_db
def test_right_codes_are_never_counted(settings: Settings) -> None:
    settings.RECEIPT_GUESSES_PER_CODE = settings.RECEIPT_GUESSES_IN_ALL = 1
    mine = received()
    for _ in range(3):
        assert receipts.holder_of(mine.code) == mine.submission


def test_a_code_has_eighty_secret_bits_and_no_letter_that_is_misread() -> None:
    codes = {receipts.code_for(f"form {n}") for n in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {20}
    assert not set("".join(codes)) & set("ilou")
    assert receipts.shown("k7qm2xn4000011112222") == "K7QM-2XN4-0000-1111-2222"


# --- under seal -----------------------------------------------------------------------------------
SECRETS = {"chosen": "Zuleikha", "first": "Quirina", "full": "Quirina Oxenbould"}
ADDRESS = {"email": "oxenbould@example.org", "post": "7 Wyvern Street"}


@pytest.mark.django_db
def test_names_and_addresses_are_sealed() -> None:
    piece = received(names=SECRETS, contact=ADDRESS).submission
    assert publication.shown_names(piece) == {**ADDRESS, **SECRETS}
    stored = ground.every_value()
    for secret in (*SECRETS.values(), *ADDRESS.values()):
        assert secret not in stored


@pytest.mark.django_db(transaction=True)
@ground.only_on_sqlite
def test_the_bytes_of_the_database_hold_no_name() -> None:
    received(telling(body="A marker: cassowary."), names=SECRETS, contact=ADDRESS)
    lying = ground.bytes_of_the_database()
    assert b"cassowary" in lying, "this looks into the wrong file"
    for secret in (*SECRETS.values(), *ADDRESS.values()):
        assert secret.encode() not in lying


@pytest.mark.django_db
def test_nothing_told_is_nothing_kept() -> None:
    received(names={"chosen": ""}, contact={})
    assert not Contact.objects.exists()


def test_a_new_key_seals_and_the_old_one_still_opens(settings: Settings) -> None:
    settings.CONTACT_KEYS = ["old"]
    before = sealing.seal({"email": "a@example.org", "phone": ""})
    settings.CONTACT_KEYS = ["new", "old"]
    after = sealing.seal({"email": "b@example.org"})
    assert sealing.unseal(before) == {"email": "a@example.org"}
    settings.CONTACT_KEYS = ["new"]
    assert sealing.unseal(after) == {"email": "b@example.org"}
    with pytest.raises(sealing.WrongKey, match="CONTACT_KEYS"):
        sealing.unseal(before)


@pytest.mark.parametrize("sealed", ["", "gibberish", "gAAAAA==", "ñ"])
def test_what_was_never_sealed_is_refused_in_the_same_words(sealed: str) -> None:
    with pytest.raises(sealing.WrongKey):
        sealing.unseal(sealed)


# --- collections ----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_record_is_new_then_known_then_changed() -> None:
    piece, new = factories.brought_in()
    assert (new, piece.state, piece.version) == (True, State.WAITING, 1)
    assert not Receipt.objects.exists()
    assert factories.brought_in() == (piece, False)
    changed, new = factories.brought_in(telling(body="As it was corrected later."))
    assert (changed, new, changed.version) == (piece, True, 2)
    assert [each.number for each in changed.consents.all()] == [1, 2]
    assert [line.verb for line in LedgerEntry.objects.all()] == ["send", "edit"]


CHANGES: dict[str, dict[str, Any]] = {
    "text": {"said": telling(body="Another text.")},
    "title": {"said": telling(title="Another title")},
    "year": {"said": telling(year_from=1936)},
    "name": {"names": {"chosen": "Somebody else"}},
    "licence": {"licence": "CC BY 4.0"},
    "notes": {"notes": {"volume": "II"}},
    "consent": {"permits": allowed(search_engines=False)},
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.django_db
def test_any_change_of_a_record_is_noticed(what: str) -> None:
    factories.brought_in()
    piece, new = factories.brought_in(**CHANGES[what])
    assert (new, piece.version) == (True, 2)


@pytest.mark.django_db
def test_the_same_key_of_another_source_is_another_record() -> None:
    factories.brought_in()
    factories.brought_in(source="docsouth")
    assert Submission.objects.count() == 2


@pytest.mark.parametrize("gone", ["withdraw", "erase"])
@pytest.mark.django_db
def test_what_was_taken_down_is_not_brought_back(gone: str) -> None:
    piece, _new = factories.brought_in()
    getattr(publication, gone)(piece, by=SYSTEM)
    for said in (telling(), telling(body="Another text.")):
        again, new = factories.brought_in(said)
        assert (again.pk, new) == (piece.pk, False)
    assert Submission.objects.get().state in (State.WITHDRAWN, State.ERASED)
    assert "Another text." not in ground.every_value()


@pytest.mark.django_db
def test_a_declined_record_is_not_quietly_changed(ines: Person) -> None:
    piece, _new = factories.brought_in()
    moderation.decline(piece, reason="elsewhere", version=1, by=ines)
    with pytest.raises(WrongState):
        factories.brought_in(telling(body="Another text."))
    assert Submission.objects.get().version == 1


@pytest.mark.django_db
def test_many_records_at_once_are_what_they_would_be_one_by_one() -> None:
    items = [factories.item(source_key=f"wpa-{n}", names={}) for n in range(5)]
    changed = factories.item(telling(body="Twice in one file."), source_key="wpa-0")
    taken = intake.bring_in_all([*items, replace(items[1]), changed], by=SYSTEM)
    assert [new for _piece, new in taken] == [True] * 5 + [False, True]
    assert Submission.objects.count() == 5
    assert Submission.objects.get(source_key="wpa-0").version == 2
    assert LedgerEntry.objects.filter(verb="send").count() == 5
    again = intake.bring_in_all(items[1:], by=SYSTEM)
    assert again == [(piece, False) for piece, _new in taken[1:5]]


@pytest.mark.django_db
def test_a_bad_photograph_keeps_the_record_out() -> None:
    with pytest.raises(intake.photos.PhotoRefused):
        factories.brought_in(enclosed=[enclosed(b"nothing")])
    assert not Submission.objects.exists()


# --- consent --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_consents_are_numbered_and_never_changed() -> None:
    piece, _new = factories.brought_in()
    factories.brought_in(permits=allowed(uses=()))
    first, second = piece.consents.all()
    assert (first.number, second.number) == (1, 2)
    assert (first.uses, second.uses) == (["quote", "teach"], [])
    assert piece.consent_in_force == second
    first.audience = Consent.Audience.TEAM
    with pytest.raises(TypeError, match="never changed"):
        first.save()
    assert Consent.objects.get(pk=first.pk).audience == Consent.Audience.PUBLIC


@pytest.mark.django_db
def test_revisions_reviews_and_ledger_lines_are_never_changed(ines: Person) -> None:
    piece = factories.accepted()
    for row in (piece.current, piece.reviews.get(), LedgerEntry.objects.first()):
        with pytest.raises(TypeError, match="never changed"):
            row.save()


# --- answers --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_an_answer_puts_the_piece_back_into_the_queue() -> None:
    piece = factories.asked()
    intake.answer(piece, "  In Attica,\x00 I think.  ", by=factories.contributor(piece))
    assert Submission.objects.get().state == State.WAITING
    last = piece.messages.last()
    assert (last.text.strip(), last.from_contributor) == ("In Attica, I think.", True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("say", "made"), [(intake.answer, factories.asked), (intake.write, factories.submission)]
)
def test_words_that_cross_with_an_erasure_leave_nothing(say: Any, made: Any) -> None:
    """Whoever sends them has a page before their eyes on which the piece is still there."""
    piece = made()
    by = factories.contributor(piece)
    publication.withdraw(Submission.objects.get(), by=by)
    publication.erase(Submission.objects.get(), by=by)
    with pytest.raises(WrongState):
        say(piece, "It was in Attica.", by=by)
    assert Submission.objects.get().state == State.ERASED
    assert not piece.messages.exists()


@pytest.mark.django_db
def test_an_empty_answer_is_no_answer() -> None:
    piece = factories.asked()
    with pytest.raises(Incomplete):
        intake.answer(piece, " \u202e\n", by=factories.contributor(piece))
    assert Submission.objects.get().state == State.ASKED
    assert piece.messages.count() == 1


@pytest.mark.django_db
def test_a_photograph_leaves_no_name_of_its_file_and_no_place_where_it_was_taken() -> None:
    got = received(enclosed=[enclosed(pictures.telling("JPEG"))])
    assert got.found
    assert got.found[0].sentence()
    kept = ground.every_value().encode() + ground.bytes_below(*ground.stores())
    assert pictures.MARKER.encode() not in kept
    assert b"Fruit Phone 7" not in kept
