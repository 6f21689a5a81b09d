"""After sending: edits that wait for a yes, choices that narrow at once and widen slowly, erasing."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from archive import changing, erasing, jobs, misses, moderation, publication
from archive.models.missed import Missed
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.models.story import Story
from archive.models.submission import Consent, State, Submission, Wish
from archive.refusals import NotAllowed, WrongState
from tests import factories
from tests.archive import ground
from tests.archive.journeying import Visitor
from tests.conftest import Cast
from tests.factories import allowed, contributor, received, telling

pytestmark = pytest.mark.django_db
SHOW = allowed(editing=Consent.Editing.SHOW)


def opened(code: str) -> Visitor:
    return Visitor("/share/receipt/").come_back(code)


# --- what the desk has changed ----------------------------------------------------------------------
def edited(ines: Person, **changes: Any) -> tuple[Submission, str]:
    """A piece that the desk has changed and accepted, and its receipt."""
    got = received(telling(body="The bus was very early.\n\nWe sleept."), SHOW)
    changes = changes or {"body": "The bus was early.\n\nWe slept <all> night."}
    moderation.edit(got.submission, version=1, by=ines, reason="spelling", **changes)
    return moderation.accept(got.submission, version=2, by=ines), got.code


def test_an_edit_is_not_published_before_its_contributor_has_said_yes(cast: Cast) -> None:
    piece, code = edited(cast.ines)
    with pytest.raises(NotAllowed, match="has not seen this version"):
        publication.publish(piece, version=2, by=cast.ruth, themes=[])
    page = opened(code)
    assert "<del>" in page.text
    assert "</span>very " in page.text
    assert "&lt;all&gt; night" in page.text
    assert "<all>" not in page.text
    page.do("agree", version=2)
    assert "can be published as you saw it" in page.text
    publication.publish(piece, version=2, by=cast.ruth, themes=[])
    assert Story.objects.public().get().body.startswith("The bus was early.")


def test_her_own_words_come_back_and_must_be_read_again(cast: Cast) -> None:
    piece, code = edited(cast.ines)
    opened(code).do("object", version=2)
    piece.refresh_from_db()
    assert piece.current.body == "The bus was very early.\n\nWe sleept."
    assert (piece.current.made_by, piece.version) == (None, 3)
    with pytest.raises(WrongState):
        publication.publish(piece, version=2, by=cast.ruth, themes=[])
    moderation.accept(piece, version=3, by=cast.ines)
    publication.publish(piece, version=3, by=cast.ruth, themes=[])


def test_an_answer_to_an_older_version_is_refused(cast: Cast) -> None:
    piece, code = edited(cast.ines)
    page = opened(code)
    moderation.edit(piece, version=2, by=cast.ines, reason="again", body="Another.")
    page.do("agree", version=2)
    assert page.page.status_code == 409
    piece.refresh_from_db()
    assert piece.agreed_version is None


@pytest.mark.parametrize(
    ("choices", "waits"),
    [
        ({"editing": "spelling"}, False),
        ({"editing": "show"}, True),
        ({"editing": "none"}, True),
        ({"editing": "spelling", "audience": "review"}, True),
        ({"editing": "show", "method": "import"}, False),
    ],
)
def test_who_is_asked_before_a_change_is_public(
    cast: Cast, choices: dict[str, Any], waits: bool
) -> None:
    piece = received(telling(), allowed(**choices)).submission
    moderation.edit(piece, version=1, by=cast.ines, reason="spelling", title="Other")
    moderation.accept(piece, version=2, by=cast.ines)
    assert (changing.to_agree(piece.__class__.objects.get(pk=piece.pk)) is not None) is waits


def test_the_final_text_is_shown_to_who_asked_although_nothing_changed(cast: Cast) -> None:
    got = received(telling(), allowed(audience=Consent.Audience.REVIEW))
    moderation.accept(got.submission, version=1, by=cast.ines)
    with pytest.raises(NotAllowed):
        publication.publish(got.submission, version=1, by=cast.ruth, themes=[])
    page = opened(got.code)
    assert "It is public only after you say yes" in page.text
    page.do("agree", version=1)
    publication.publish(got.submission, version=1, by=cast.ruth, themes=[])


# --- choices ----------------------------------------------------------------------------------------
NARROW_TO_WIDE = {
    "name_shown": ["none", "chosen", "first", "full"],
    "place_shown": ["none", "state", "city"],
    "date_shown": ["none", "year", "season"],
    "audience": ["team", "review", "public"],
    "keep_for": ["year", "five", "until"],
    "search_engines": [False, True],
    "uses": [[], ["quote"], ["quote", "teach"]],
    "public_from": [datetime.date(2031, 1, 1), datetime.date(2030, 1, 1), None],
}


@pytest.mark.parametrize("name", NARROW_TO_WIDE)
def test_narrower_is_in_force_and_wider_waits(name: str) -> None:
    steps = NARROW_TO_WIDE[name]
    for at, before in enumerate(steps):
        for to, after in enumerate(steps):
            now, wider = changing.split({name: before}, {name: after})
            assert now[name] == steps[min(at, to)], f"{before} → {after}"
            assert wider == ({name: after} if to > at else {}), f"{before} → {after}"


def choose(code: str, **choices: Any) -> Visitor:
    """Open the page of choices, change some, keep them."""
    page = opened(code).do("change")
    fields = {**page.fields(), **choices, "verb": "changed"}
    for name, value in choices.items():
        if value is None:
            fields.pop(name)
    page.page = page.client.post("/share/receipt/", fields)
    return page


def public_piece(**choices: Any) -> tuple[Submission, str]:
    got = received(
        telling(place=factories.place("attica"), year_from=1994, season="spring"),
        allowed(**{"name_shown": "full", **choices}),
        names={"full": "Quirina Oxenbould", "chosen": "Denise"},
    )
    moderation.accept(got.submission, version=1, by=factories.at_the_desk("moderator"))
    publication.publish(got.submission, version=1, by=factories.at_the_desk("editor"), themes=[])
    return got.submission, got.code


def test_a_name_becomes_a_pseudonym_and_is_on_no_surface_any_more(client: Client) -> None:
    with factories.committed():
        _piece, code = public_piece()
    story = Story.objects.public().get()
    assert "Oxenbould" in client.get(story.get_absolute_url()).content.decode()
    with factories.committed():
        page = choose(code, name_shown="chosen", chosen_name="Wren of Queens")
    assert page.page.status_code == 200, page.text[:2000]
    for address in (
        story.get_absolute_url(), "/stories/?q=Oxenbould", "/stories/", "/stories/feed.atom",
        f"/api/v1/stories/{story.public_id}/", "/api/v1/stories/?q=Oxenbould",
        "/api/v1/suggest/?q=Oxen",
    ):  # fmt: skip
        said = client.get(address).content.decode().replace("q=Oxenbould", "")
        assert "Quirina" not in said, address
    assert "Wren of Queens" in client.get(story.get_absolute_url()).content.decode()


def test_what_is_wider_waits_for_somebody_at_the_desk(cast: Cast) -> None:
    piece, code = public_piece(uses=(), search_engines=False)
    choose(code, uses=["quote"], search_engines="on", place_shown="state")
    story = Story.objects.public().get()
    assert (story.permitted_uses, story.search_engines) == ([], False)
    assert story.place.slug != "attica", "what was narrower in the same post is in force"
    wish = Wish.objects.get()
    assert set(wish.choices) == {"uses", "search_engines"}
    assert "(x) Journalists may quote it" in wish.wording
    assert "You wished for more than this" in opened(code).text
    changing.widen(piece, by=cast.ines)
    story.refresh_from_db()
    assert (story.permitted_uses, story.search_engines) == (["quote"], True)
    assert not Wish.objects.exists()
    assert [line.verb for line in LedgerEntry.objects.all()][-2:] == ["widen", "reconsider"]


@pytest.mark.parametrize(("verb", "listed"), [("widen", True), ("leave narrow", False)])
def test_the_desk_reads_the_wish_and_decides(
    client: Client, cast: Cast, verb: str, listed: bool
) -> None:
    piece, code = public_piece(search_engines=False)
    choose(code, search_engines="on")
    client.force_login(cast.ines)
    address = f"/desk/pieces/{piece.reference}/"
    page = client.get(address).content.decode()
    assert "The contributor wishes for more now: Search engines may list it." in page
    assert client.post(address, {"verb": verb, "version": 1}).status_code == 302
    assert Story.objects.get().search_engines is listed
    assert "wishes for more" not in client.get(address).content.decode()


def test_only_for_the_team_hides_it_and_it_cannot_be_shown_again_so(cast: Cast) -> None:
    _piece, code = public_piece()
    choose(code, audience="team")
    assert not Story.objects.public().exists()
    page = opened(code).do("restore")
    assert page.page.status_code == 409
    assert not Story.objects.public().exists()


def test_consents_are_only_added(cast: Cast) -> None:
    piece, code = public_piece()
    first = piece.consents.get()
    choose(code, search_engines=None)
    assert [each.number for each in piece.consents.all()] == [1, 2]
    first.refresh_from_db()
    assert first.search_engines is True
    newest = piece.consents.last()
    assert "Search engines such as Google may list it" in newest.wording
    assert (newest.search_engines, newest.name_shown) == (False, "full")


def test_photographs_narrow_each_for_itself(cast: Cast) -> None:
    got = received(enclosed=[factories.enclosed(), factories.enclosed()])
    moderation.accept(got.submission, version=1, by=cast.ines)
    publication.publish(got.submission, version=1, by=cast.ruth, themes=[])
    first, _second = got.submission.enclosures.all()
    choose(got.code, **{f"shown_{first.pk}": "no"})
    story = Story.objects.public().get()
    assert story.photos.count() == 1
    choose(got.code, **{f"shown_{first.pk}": "yes"})
    assert story.photos.count() == 1
    changing.widen(got.submission, by=cast.ines)
    assert story.photos.count() == 2


# --- hiding and erasing -----------------------------------------------------------------------------
def test_erasing_hides_now_and_erases_after_three_days() -> None:
    piece, code = public_piece()
    page = opened(code).do("erase")
    piece.refresh_from_db()
    assert not Story.objects.public().exists()
    assert piece.state == State.WITHDRAWN
    days = (piece.erase_on - timezone.localdate()).days
    assert days == 4, "whole days after seventy-two hours"
    assert "is erased for good" in page.text
    erasing.erase_due({})
    assert Submission.objects.get().state == State.WITHDRAWN
    Submission.objects.update(erase_on=timezone.localdate())
    erasing.erase_due({})
    assert Submission.objects.get().state == State.ERASED


@pytest.mark.parametrize("verb", ["keep", "restore"])
def test_the_receipt_stops_an_erasure(verb: str) -> None:
    piece, code = public_piece()
    opened(code).do("erase")
    opened(code).do(verb)
    piece.refresh_from_db()
    assert piece.erase_on is None
    assert piece.state == (State.WITHDRAWN if verb == "keep" else State.PUBLISHED)


@pytest.mark.django_db(transaction=True)
@ground.only_on_sqlite
def test_erased_at_once_nothing_of_it_is_left_anywhere(client: Client, settings: Any) -> None:
    _piece, code = public_piece()
    address = Story.objects.get().get_absolute_url()
    public_id = Story.objects.get().public_id
    for searched in ("the Oxenbould story", "zyzzyva"):
        misses.count(searched)
    page = opened(code)
    page.do("write", words="My marker is cassowary.").do("erase now")
    assert "nothing can bring it back" in page.text
    assert Story.objects.public().exists(), "one press says what goes, and does nothing"
    page.do("erase now", sure="yes")
    assert "It is gone" in page.text
    jobs.run_due()
    lying = ground.bytes_of_the_database() + ground.bytes_below(*ground.stores())
    for word in ("cassowary", "four o'clock", "leaves Queens", "Oxenbould"):
        assert word.encode().lower() not in lying.lower(), word
    assert list(Missed.objects.values_list("words", flat=True)) == ["zyzzyva"]
    never = "0" * 10
    gone, nothing = client.get(address), client.get(address.replace(public_id, never))
    assert gone.status_code == 404
    assert gone.content.decode().replace(public_id, never) == nothing.content.decode()
    closed = opened(code)
    other = opened("0000-0000-0000-0000-0000")
    assert "We find nothing under this code" in closed.text
    assert closed.page.status_code == other.page.status_code == 422
    assert [line.verb for line in LedgerEntry.objects.all()][-1] == "erase"


def test_what_was_never_public_is_not_told_of_an_old_address() -> None:
    _piece, code = public_piece()
    assert "Its old address" in opened(code).do("withdraw").text
    waits = received()
    page = opened(waits.code).do("withdraw")
    assert "It was never public" in page.text
    assert "address" not in page.text.partition("<main")[2].partition("</main>")[0]
    assert "Search engines" not in opened(waits.code).do("erase now", sure="yes").text


def test_what_is_said_of_days_follows_the_settings(settings: Any) -> None:
    settings.BACKUP_KEPT_DAYS, settings.WITHDRAWN_KEPT_DAYS, settings.ERASE_AFTER_DAYS = 17, 1, 9
    _piece, code = public_piece()
    page = opened(code)
    assert "After 9 days we erase" in page.text
    assert "bring it back for 1 day." in page.text
    assert "backups for 17 days at most" in page.do("erase now").text
    assert "backups for 17 days at most" in page.do("erase now", sure="yes").text


def test_a_draft_is_erased_only_by_the_second_press() -> None:
    visitor = Visitor().press().press(body="The bus leaves at four.").press("stop")
    page = visitor.do("erase")
    assert "nothing can bring it back" in page.text
    assert Submission.objects.get().state == State.DRAFT
    page.do("erase now", sure="yes")
    assert Submission.objects.get().state == State.ERASED


def test_a_draft_left_alone_for_a_year_is_erased() -> None:
    old, young = factories.draft(), factories.draft()
    long_ago = timezone.localdate() - datetime.timedelta(days=366)
    old.draft.kept_on = long_ago
    old.draft.save()
    erasing.erase_due({})
    states = dict(Submission.objects.values_list("pk", "state"))
    assert states == {old.pk: State.ERASED, young.pk: State.DRAFT}


def test_nobody_else_asks_for_it() -> None:
    hers, his = factories.in_public(), factories.in_public()
    for act in (erasing.ask, erasing.at_once):
        with pytest.raises(NotAllowed):
            act(hers, by=contributor(his))
    assert Story.objects.public().count() == 2
