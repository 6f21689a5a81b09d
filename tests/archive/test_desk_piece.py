"""The page of a piece: what it shows, what stays closed, what each act does, and its cost."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive import intake, jobs, moderation, planning, publication, reasons, safeguards
from archive.models.person import Person
from archive.models.review import Handling, LedgerEntry, Reason
from archive.models.story import Story
from archive.models.submission import Consent, Revision, State, Submission
from archive.refusals import Incomplete, NotAllowed
from archive.web.desk_acts import ACTS
from tests import factories

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def at(piece: Submission) -> str:
    return f"/desk/pieces/{piece.reference}/"


def page(client: Client, piece: Submission, query: str = "") -> str:
    return client.get(at(piece) + query).content.decode()


def do(client: Client, piece: Submission, verb: str, **typed: Any) -> Any:
    version = Submission.objects.get(pk=piece.pk).version
    return client.post(at(piece), {"verb": verb, "version": version, **typed}, follow=True)


# --- cost -----------------------------------------------------------------------------------------
def test_a_piece_with_twenty_versions_costs_few_queries(
    client: Client, ruth: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    piece = factories.submission(enclosed=[factories.enclosed(), factories.enclosed()])
    for number in range(1, 20):
        moderation.edit(piece, version=number, reason="spelling", title=f"Bus {number}", by=ruth)
    moderation.mark(piece, ["case"], by=ruth)
    moderation.accept(
        piece, version=20, themes=[factories.theme()], by=factories.at_the_desk(ruth.role)
    )
    factories.theme("money")
    factories.campaign()
    client.force_login(ruth)
    client.get("/desk/care/")  # once a minute a click also puts off the end of the session
    with django_assert_max_num_queries(MOST_QUERIES):
        assert "version 20" in page(client, piece)


# --- what is shown --------------------------------------------------------------------------------
def test_what_was_sent_stands_beside_what_will_appear(client: Client, ines: Person) -> None:
    piece = factories.submission()
    moderation.edit(piece, version=1, reason="names", body="A bus, a child, a wall.", by=ines)
    client.force_login(ines)
    context = client.get(at(piece)).context
    assert "My daughter sleeps" in context["as_sent"]["html"]
    assert "A bus, a child" in context["as_it_will_appear"]["html"]
    assert context["as_it_will_appear"]["byline"] == "Denise from Queens"


def test_every_act_says_what_it_does_before_it_does_it() -> None:
    for name, act in ACTS.items():
        assert act.means or act.head, name


@pytest.mark.parametrize("key", sorted({act.key for act in ACTS.values() if act.key}))
def test_no_two_acts_of_one_page_share_a_key(key: str) -> None:
    never_together = (
        {"claim", "extend"}, {"publish", "amend"}, {"accept", "approve"}, {"unplan", "restore"},
    )  # fmt: skip
    same = {name for name, act in ACTS.items() if act.key == key}
    assert len(same) == 1 or same in never_together


def test_photographs_are_blurred_until_she_asks(client: Client, ines: Person) -> None:
    piece = factories.submission(
        factories.telling(content_notes=("death",)), enclosed=[factories.enclosed()]
    )
    client.force_login(ines)
    before = client.get(at(piece))
    assert before.context["veiled"]
    [shown] = before.context["photos"]
    after = client.get(f"{at(piece)}?photos=shown")
    assert not after.context["veiled"]
    veiled, clear = client.get(shown["url"]), client.get(after.context["photos"][0]["url"])
    assert veiled["Content-Type"] == clear["Content-Type"] == "image/jpeg"
    assert veiled.content != clear.content
    assert "no-store" in clear["Cache-Control"]


def test_without_content_notes_nothing_is_veiled(client: Client, ines: Person) -> None:
    piece = factories.submission(enclosed=[factories.enclosed()])
    client.force_login(ines)
    context = client.get(at(piece)).context
    assert not context["veiled"]
    plain = client.get(context["photos"][0]["url"]).content
    assert plain == client.get(context["photos"][0]["url"] + "?seen=yes").content
    Person.objects.update(greyscale=True)
    assert plain != client.get(context["photos"][0]["url"]).content


def test_the_page_leads_to_where_descriptions_are_written(client: Client, ines: Person) -> None:
    piece = factories.submission(enclosed=[factories.enclosed(alt="")])
    client.force_login(ines)
    assert "still need a description" in page(client, piece)
    [photo] = client.get(at(piece)).context["photos"]
    client.post(photo["edit_url"], {"verb": "describe", "alt": "A bus at night."})
    assert "still need a description" not in page(client, piece)


def test_what_could_hurt_somebody_is_marked_where_it_stands(client: Client, ines: Person) -> None:
    said = "Mrs. Tully & I wrote to <b>Mrs. Tully</b> & to mrs@example.org."
    piece = factories.submission(factories.telling(body=said))
    client.force_login(ines)
    shown = page(client, piece)
    assert "Nothing has been changed" in shown
    appears = shown.split("As it will appear")[1].split("</section>")[0]
    assert appears.count("<mark>") == 3
    assert "&lt;b&gt;<mark>Mrs. Tully</mark>&lt;/b&gt; &amp; to" in appears
    assert "<mark>mrs@example.org</mark>" in appears
    moderation.redact(piece, ["Tully"], version=1, by=ines)
    assert "Nothing has been changed" not in page(client, piece)


def test_an_answer_and_a_second_pair_of_eyes_are_said_above(client: Client, ruth: Person) -> None:
    got = factories.received()
    piece = moderation.ask(got.submission, "Which year?", version=1, by=ruth)
    client.force_login(ruth)
    assert "Its contributor has written" not in page(client, piece)
    intake.answer(piece, "1994.", by=factories.contributor(piece))
    assert "Its contributor has written" in page(client, piece)
    moderation.mark(piece, ["case"], by=ruth)
    after = do(client, piece, "accept").content.decode()
    assert "another editor can publish it now" in after
    assert "You accepted it, so a colleague publishes it" in after
    assert "Its contributor has written" not in after


def test_keeping_what_is_not_changed_makes_no_version(client: Client, ruth: Person) -> None:
    piece = factories.submission()
    now = piece.current
    assert now is not None
    client.force_login(ruth)
    same = {"title": now.title, "summary": now.summary, "body": now.body, "reason": "-"}
    assert do(client, piece, "edit", **same).status_code == 409
    assert Submission.objects.get().version == 1


# --- contact details ------------------------------------------------------------------------------
SECRETS = ("denise@example.org",)


def test_contact_details_are_nowhere_until_a_reason_is_given(client: Client, ines: Person) -> None:
    piece = factories.submission()
    client.force_login(ines)
    for address in ("/desk/", at(piece), f"{at(piece)}compare/"):
        said = client.get(address).content.decode()
        assert not [word for word in SECRETS if word in said], address
    assert client.get(f"{at(piece)}contact/").status_code == 302
    for reason in ("", "because", "ASKED"):
        refused = client.post(f"{at(piece)}contact/", {"reason": reason})
        assert refused.status_code == 422
        assert "denise@example.org" not in refused.content.decode()
    assert not LedgerEntry.objects.filter(verb="contact opened").exists()


def test_opened_once_with_a_line_in_the_ledger_and_kept_by_nobody(
    client: Client, ines: Person
) -> None:
    piece = factories.submission()
    client.force_login(ines)
    answer = client.post(f"{at(piece)}contact/", {"reason": "safety"})
    assert "denise@example.org" in answer.content.decode()
    assert "asked not to be contacted" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    line = LedgerEntry.objects.get(verb="contact opened")
    assert (line.reason, line.actor, line.piece) == ("safety", ines, piece.reference)
    assert "denise@example.org" not in page(client, piece)
    assert "denise" not in repr(list(LedgerEntry.objects.values())).lower()


def test_guests_and_family_open_nothing(client: Client, wren: Person, ines: Person) -> None:
    piece = factories.submission()
    moderation.recuse(piece, by=ines)
    for person in (wren, ines):
        client.force_login(person)
        answer = client.post(f"{at(piece)}contact/", {"reason": "safety"})
        assert answer.status_code == 409
        assert "denise@example.org" not in answer.content.decode()
    assert not LedgerEntry.objects.filter(verb="contact opened").exists()


# --- names taken out ------------------------------------------------------------------------------
def test_a_name_is_taken_out_and_stays_out(client: Client, ines: Person) -> None:
    body = "Marta Díaz drove. MARTA  DÍAZ sang; Martas do. “Marta Díaz’s car,” he said."
    piece = factories.submission(
        factories.telling(body=body, title="With Marta Díaz", pull_quotes=("Marta Díaz drove.",)),
        enclosed=[factories.enclosed(caption="Marta Díaz at the wheel", alt="A car.")],
    )
    client.force_login(ines)
    do(client, piece, "redact", words="Marta Díaz\n\n")
    now = Submission.objects.get().current
    assert now.body == (
        "[name removed] drove. [name removed] sang; Martas do. “[name removed]’s car,” he said."
    )
    assert (now.title, now.pull_quotes) == ("With [name removed]", ["[name removed] drove."])
    assert piece.enclosures.get().caption == "[name removed] at the wheel"
    assert "Marta Díaz" in Revision.objects.get(number=1).body, "what was sent is the contributor's"
    do(client, piece, "edit", title="Marta Díaz again", body="marta díaz is back.", reason="x")
    later = Submission.objects.get().current
    assert (later.title, later.body) == ("[name removed] again", "[name removed] is back.")
    assert "Marta" not in repr(list(Handling.objects.values()))


def test_a_name_stays_out_of_what_its_source_sends_again(ines: Person) -> None:
    piece, _new = factories.brought_in(factories.telling(body="Marta drove."))
    moderation.redact(piece, ["Marta"], version=1, by=ines)
    factories.brought_in(factories.telling(body="Marta drove faster."))
    assert Submission.objects.get().current.body == "[name removed] drove faster."


@pytest.mark.parametrize(
    ("language", "instead"), [("es", "[name removed]"), ("en", "[name removed]")]
)
def test_the_mark_speaks_the_language_of_the_story(
    ines: Person, language: str, instead: str
) -> None:
    piece = factories.submission(factories.telling(body="Marta.", language=language))
    made = moderation.redact(piece, ["marta"], version=1, by=ines)
    assert made is not None
    assert made.body.startswith("[")
    assert "Marta" not in made.body


@pytest.mark.parametrize("words", ["", "  \n ", "\u202e"])
def test_taking_out_nothing_is_refused(ines: Person, words: str) -> None:
    with pytest.raises(Incomplete):
        moderation.redact(factories.submission(), words.splitlines(), version=1, by=ines)


@pytest.mark.parametrize("name", [".*", "(a+)+$", "[", "\\", "a|b", "$1", "\\g<0>"])
def test_names_are_words_and_no_patterns(ines: Person, name: str) -> None:
    piece = factories.submission(factories.telling(body=f"Before {name} after, and more words."))
    made = moderation.redact(piece, [name], version=1, by=ines)
    assert made is None or made.body == "Before [name removed] after, and more words."


# --- reasons --------------------------------------------------------------------------------------
def test_editors_word_the_reasons_in_both_languages(ruth: Person, ines: Person) -> None:
    with pytest.raises(NotAllowed):
        reasons.keep(Reason(code="safety", why_en="No.", next_en="Write."), by=ines)
    with pytest.raises(Incomplete):
        reasons.keep(Reason(code="safety", why_en="No.", next_en=" "), by=ruth)
    kept = Reason(
        code="safety", why_en="It may hurt.", next_en="Write.", why_es="Puede dañar.", next_es="Escriba."
    )  # fmt: skip
    reasons.keep(kept, by=ruth)
    assert reasons.words("safety") == "It may hurt. Write."
    kept.retired = True
    reasons.keep(kept, by=ruth)
    assert "safety" not in reasons.given()
    assert reasons.words("safety") == "It may hurt. Write.", "pieces that bear it keep their words"
    piece = factories.submission()
    with pytest.raises(Incomplete):
        moderation.decline(piece, reason="safety", version=1, by=ines)


# --- on a day -------------------------------------------------------------------------------------
NOW = datetime.datetime(2026, 11, 21, 17, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("day", "hour", "says"),
    [
        ("2026-11-20", "09:00", "passed"),
        ("2026-11-21", "11:59", "passed"),
        ("2027-03-14", "02:30", "clocks go forward"),
        ("2027-03-14", "02:00", "clocks go forward"),
        ("2126-01-01", "09:00", "ten years"),
    ],
)
def test_a_moment_that_cannot_be_is_a_sentence_and_plans_nothing(
    client: Client, ruth: Person, day: str, hour: str, says: str
) -> None:
    piece = factories.accepted()
    with time_machine.travel(NOW, tick=False):
        client.force_login(ruth)
        answer = do(client, piece, "publish", day=day, hour=hour)
    assert answer.status_code == 409
    assert says in answer.content.decode()
    assert not Handling.objects.exclude(plan_at=None).exists()
    assert Submission.objects.get().state == State.ACCEPTED


@pytest.mark.parametrize(
    ("day", "hour", "wanted"),
    [
        ("2027-03-14", "01:59", "2027-03-14T06:59:00+00:00"),
        ("2027-03-14", "03:00", "2027-03-14T07:00:00+00:00"),
        ("2027-11-07", "01:30", "2027-11-07T05:30:00+00:00"),  # the first of the two
        ("2026-11-22", "00:00", "2026-11-22T05:00:00+00:00"),
    ],
)
def test_a_moment_is_meant_on_our_clock(day: str, hour: str, wanted: str) -> None:
    with time_machine.travel(NOW, tick=False):
        at = planning.moment(datetime.date.fromisoformat(day), datetime.time.fromisoformat(hour))
    assert at.astimezone(datetime.UTC).isoformat() == wanted


def test_it_is_published_on_its_day_and_not_before(client: Client, ruth: Person) -> None:
    piece = factories.accepted()
    theme = factories.theme()
    with time_machine.travel(NOW, tick=False) as clock:
        client.force_login(ruth)
        answer = do(client, piece, "publish", day="2026-11-23", hour="10:00", themes=[theme.slug])
        assert "On Nov. 23, 2026, 10 a.m. it will be published." in answer.content.decode()
        jobs.run_due()
        clock.move_to(datetime.datetime(2026, 11, 23, 14, 59, 59, tzinfo=datetime.UTC))
        jobs.run_due()
        assert not Story.objects.exists()
        clock.shift(2)
        jobs.run_due()
        story = Story.objects.public().get()
        assert list(story.themes.all()) == [theme]
        jobs.run_due()
    assert LedgerEntry.objects.filter(verb="publish", actor=ruth).count() == 1
    assert not Handling.objects.exclude(plan_at=None).exists()


def test_the_contributors_day_comes_before_the_desks(client: Client, ruth: Person) -> None:
    wished = datetime.date(2027, 5, 3)
    with time_machine.travel(NOW, tick=False) as clock:
        piece = factories.accepted(permits=factories.allowed(public_from=wished))
        client.force_login(ruth)
        assert "wishes it to be public from May 3, 2027" in page(client, piece)
        do(client, piece, "publish")
        do(client, piece, "publish", day="2027-01-01", hour="09:00")
        assert not Story.objects.exists()
        clock.move_to(datetime.datetime(2027, 5, 3, 3, 59, tzinfo=datetime.UTC))
        jobs.run_due()
        assert not Story.objects.exists()
        clock.move_to(datetime.datetime(2027, 5, 3, 4, 0, tzinfo=datetime.UTC))
        jobs.run_due()
        assert Story.objects.public().count() == 1


SPOILED = {
    "withdrawn": lambda piece, ines: publication.withdraw(piece, by=factories.contributor(piece)),
    "edited": lambda piece, ines: moderation.edit(piece, version=1, reason="", title="X", by=ines),
    "taken back": lambda piece, ines: moderation.take_back(piece, by=ines),
    "role removed": lambda piece, ines: Person.objects.filter(role="editor").update(role="guest"),
    "left": lambda piece, ines: Person.objects.filter(role="editor").update(is_active=False),
    "erased": lambda piece, ines: publication.erase(piece, by=factories.contributor(piece)),
}


@pytest.mark.parametrize("spoil", SPOILED)
def test_a_plan_that_no_rule_allows_any_more_fails_in_sight(
    spoil: str, ines: Person, ruth: Person
) -> None:
    piece = factories.accepted()
    with time_machine.travel(NOW, tick=False) as clock:
        planning.publish(piece, version=1, by=ruth, themes=(), at=NOW + datetime.timedelta(hours=1))
        SPOILED[spoil](Submission.objects.get(), ines)
        clock.shift(datetime.timedelta(hours=2))
        jobs.run_due()
    assert not Story.objects.exists()
    assert spoil == "erased" or Handling.objects.get().plan_failed
    assert not jobs.given_up().exists()


def test_a_plan_can_be_taken_back(client: Client, ruth: Person) -> None:
    piece = factories.accepted()
    with time_machine.travel(NOW, tick=False) as clock:
        client.force_login(ruth)
        do(client, piece, "publish", day="2026-11-23", hour="10:00")
        assert 'value="unplan"' in page(client, piece)
        do(client, piece, "unplan")
        clock.shift(datetime.timedelta(days=4))
        jobs.run_due()
    assert not Story.objects.exists()


# --- amend ----------------------------------------------------------------------------------------
def test_the_old_stays_up_until_the_new_is_cleared_and_put_in_its_place(
    client: Client, ines: Person, ruth: Person
) -> None:
    piece = factories.in_public()
    client.force_login(ruth)
    assert 'value="amend"' not in page(client, piece)
    do(client, piece, "edit", title="Better", body="A better text.", reason="their wish")
    assert 'value="amend"' not in page(client, piece)
    client.force_login(ines)
    do(client, piece, "approve")
    assert Story.objects.public().get().title == "The four o'clock bus"
    assert 'value="amend"' not in page(client, piece), "a moderator publishes nothing"
    client.force_login(ruth)
    do(client, piece, "amend")
    assert Story.objects.public().get().body == "A better text."


# --- two pairs of eyes ----------------------------------------------------------------------------
FLAGGED: dict[str, dict[str, Any]] = {
    "child": {"permits": factories.allowed(on_behalf=Consent.Giver.CHILD)},
    "others": {"permits": factories.allowed(others_named="unasked")},
    "others agreed": {"permits": factories.allowed(others_named="agreed")},
    "original": {"permits": factories.allowed(keep_originals=True)},
    "case": {},
}


@pytest.mark.parametrize("why", FLAGGED)
def test_whoever_accepts_a_flagged_piece_may_not_publish_it(
    why: str, client: Client, ruth: Person, odell: Person
) -> None:
    piece = factories.submission(**FLAGGED[why])
    if why == "case":
        moderation.mark(piece, ["case"], by=odell)
    moderation.accept(piece, version=1, by=ruth)
    assert safeguards.reasons(Submission.objects.get()) == [why.split()[0]]
    client.force_login(ruth)
    said = page(client, piece)
    assert 'value="publish"' not in said
    assert "Two pairs of eyes" in said
    assert do(client, piece, "publish").status_code == 409
    later = planning.timezone.now() + datetime.timedelta(days=2)
    for more in ({}, {"at": later}):
        with pytest.raises(NotAllowed, match="second pair of eyes"):
            planning.publish(piece, version=1, by=ruth, themes=(), **more)
    with pytest.raises(NotAllowed):
        publication.publish_all([piece], by=ruth)
    assert not Story.objects.exists()
    publication.publish(piece, version=1, by=odell, themes=())
    assert Story.objects.public().count() == 1


def test_an_amendment_of_a_flagged_piece_needs_two_as_well(ruth: Person, odell: Person) -> None:
    piece = factories.in_public(permits=factories.allowed(others_named="unasked"))
    moderation.edit(piece, version=1, reason="", title="New", by=ruth)
    moderation.accept(piece, version=2, by=ruth)
    with pytest.raises(NotAllowed):
        publication.amend(piece, version=2, by=ruth)
    publication.amend(piece, version=2, by=odell)


def test_an_unflagged_piece_needs_one(ruth: Person) -> None:
    piece = moderation.accept(factories.submission(), version=1, by=ruth)
    publication.publish(piece, version=1, by=ruth, themes=())


def test_what_consent_says_cannot_be_unmarked(ruth: Person) -> None:
    piece = factories.submission(permits=factories.allowed(others_named="unasked"))
    moderation.mark(piece, [], by=ruth)
    moderation.accept(piece, version=1, by=ruth)
    with pytest.raises(NotAllowed):
        publication.publish(piece, version=1, by=ruth, themes=())


def test_family_says_so_once_and_decides_nothing_more(
    client: Client, ruth: Person, odell: Person
) -> None:
    piece = moderation.claim(factories.submission(), by=ruth)
    client.force_login(ruth)
    do(client, piece, "recuse")
    assert Submission.objects.get().claimed_by is None
    acts = client.get(at(piece)).context["acts"]
    offered = {act["name"] for act in [*acts["head"], *acts["margin"]]}
    assert offered == {"withdraw"}
    for verb in set(ACTS) - {"withdraw", "recuse", "yield"}:
        typed = {
            "question": "x", "note": "x", "title": "x", "body": "x", "reason": "safety", "words": "x"
        }  # fmt: skip
        assert do(client, piece, verb, **typed).status_code == 409, verb
    moderation.accept(piece, version=1, by=odell)
    with pytest.raises(NotAllowed, match="family"):
        publication.publish(piece, version=1, by=ruth, themes=())
    publication.publish(piece, version=1, by=odell, themes=())
    assert LedgerEntry.objects.filter(verb="recuse", actor=ruth).count() == 1


def test_reasons_are_kept_from_their_page_by_editors_alone(
    client: Client, ines: Person, ruth: Person
) -> None:
    typed = {"code": "later", "why_en": "Not now.", "next_en": "Come in May."}
    for person, status in ((ines, 409), (ruth, 302)):
        client.force_login(person)
        assert client.post("/desk/reasons/", typed).status_code == status
    assert reasons.words("later") == "Not now. Come in May."
    assert client.post("/desk/reasons/", {**typed, "next_en": ""}).status_code == 422
    assert client.post("/desk/reasons/", typed).status_code == 422, "another one of that name"
    again = client.post("/desk/reasons/?code=later", {**typed, "why_en": "Not yet."})
    assert again.status_code == 302
    assert reasons.words("later").startswith("Not yet.")
