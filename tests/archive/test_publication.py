"""Into the public and out of it again: publish, amend, withdraw, restore, erase."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from archive import (
    catalogue,
    enclosures,
    erasing,
    intake,
    jobs,
    moderation,
    publication,
    questions,
)
from archive.actors import SYSTEM
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.models.story import Generation, Story
from archive.models.submission import Enclosure, State, Submission
from archive.refusals import Incomplete, NotAllowed, VersionChanged, WrongState
from media.models import Photo, Picture
from tests import factories, pictures
from tests.archive import ground
from tests.factories import allowed, enclosed, telling

pytestmark = pytest.mark.django_db


# --- publish --------------------------------------------------------------------------------------
def test_a_story_holds_the_accepted_words_and_today(ruth: Person) -> None:
    visits, plea = factories.theme(), factories.campaign()
    piece = factories.accepted(
        telling(summary="A long ride.", pull_quotes=["sleeps against my arm", "never said"])
    )
    story = publication.publish(piece, version=1, themes=[visits], campaigns=[plea], by=ruth)
    story.refresh_from_db()
    assert (story.title, story.slug) == ("The four o'clock bus", "the-four-oclock-bus")
    assert story.body == factories.BODY
    assert story.body_html.count("<p>") == 2
    assert story.pull_quotes == ["sleeps against my arm"], "a quote that nobody said"
    assert story.published_on == story.visible_from == timezone.localdate()
    assert list(story.themes.all()) == [visits]
    assert list(story.campaigns.all()) == [plea]
    assert list(piece.themes.all()) == [visits]
    assert Submission.objects.get().published_version == 1


def test_no_field_of_a_story_leads_back_to_who_sent_it() -> None:
    fields = {each.name for each in Story._meta.get_fields()}
    assert not fields & {"submission", "piece", "contact", "consent", "receipt", "reference"}
    piece = factories.in_public()
    written = repr(Story.objects.values().get())
    assert piece.reference not in written


def test_what_was_public_elsewhere_keeps_its_date(ruth: Person) -> None:
    piece = factories.accepted()
    story = publication.publish(piece, version=1, themes=(), published_on=date(2019, 4, 1), by=ruth)
    assert story.published_on == story.visible_from == date(2019, 4, 1)


def test_every_change_of_what_is_public_renews_the_pages(ruth: Person) -> None:
    seen = [Generation.now()]
    piece = factories.in_public()
    seen.append(Generation.now())
    for change in (
        lambda: publication.retag(piece, themes=[], by=ruth),
        lambda: publication.amend(piece, version=1, by=ruth),
        lambda: publication.reconsider(piece, by=ruth),
        lambda: publication.withdraw(piece, by=ruth),
        lambda: publication.restore(piece, by=ruth),
        lambda: publication.erase(piece, by=ruth),
    ):
        change()
        seen.append(Generation.now())
    assert len(set(seen)) == len(seen)


def test_an_amendment_replaces_and_until_then_the_old_text_stays(
    ines: Person, ruth: Person
) -> None:
    piece = factories.in_public()
    moderation.edit(piece, version=1, reason="names", title="The bus at five", by=ines)
    with pytest.raises(VersionChanged):
        publication.amend(piece, version=2, by=ruth)
    moderation.accept(piece, version=2, by=ines)
    assert Story.objects.public().get().title == "The four o'clock bus"
    address = Story.objects.get().public_id
    story = publication.amend(piece, version=2, by=ruth)
    assert (story.title, story.slug) == ("The bus at five", "the-bus-at-five")
    assert (story.public_id, story.amended_on) == (address, timezone.localdate())
    with pytest.raises(VersionChanged):
        publication.amend(piece, version=1, by=ruth)


def test_reconsidering_shows_the_published_version_and_no_newer_one(ines: Person) -> None:
    piece = factories.in_public()
    moderation.edit(piece, version=1, reason="", body="Not yet cleared.", by=ines)
    factories.consents_anew(piece, name_shown="none")
    story = publication.reconsider(piece, by=factories.contributor(piece))
    assert (story.body, story.byline) == (factories.BODY, "")


def test_many_are_published_as_each_would_be(ruth: Person) -> None:
    visits, plea = factories.theme(), factories.campaign()
    place = factories.place("attica")

    def one() -> Submission:
        piece = factories.accepted(
            telling(place=place, year_from=1994, season="spring", summary="A ride."),
            allowed(place_shown="state"),
        )
        piece.themes.add(visits)
        piece.campaigns.add(plea)
        return piece

    alone, together = one(), one()
    publication.publish(alone, version=1, themes=[visits], campaigns=[plea], by=ruth)
    publication.publish_all([together], by=ruth)
    first, second = Story.objects.order_by("pk")
    differing = {"id", "public_id", "index_debt"}
    rows = [Story.objects.filter(pk=each.pk).values().get() for each in (first, second)]
    assert {k: v for k, v in rows[0].items() if k not in differing} == {
        k: v for k, v in rows[1].items() if k not in differing
    }
    for story in (first, second):
        assert list(story.themes.all()) == [visits]
        assert list(story.campaigns.all()) == [plea]
        assert story.index_debt > 0
    pieces = Submission.objects.order_by("pk").values(
        "state", "published_version", "claimed_by", "accepted_version"
    )
    assert pieces[0] == pieces[1]
    assert [line.verb for line in LedgerEntry.objects.all()].count("publish") == 2


def test_many_are_published_all_or_none(ruth: Person) -> None:
    pieces = [factories.accepted(), factories.submission()]
    with pytest.raises(WrongState):
        publication.publish_all(pieces, by=ruth)
    with pytest.raises(WrongState, match="one by one"):
        publication.publish_all([factories.accepted(enclosed=[enclosed()])], by=ruth)
    assert not Story.objects.exists()


# --- photographs ----------------------------------------------------------------------------------
def developed() -> None:
    """The worker has done what is owed."""
    jobs.run_due()


def test_no_public_file_before_publication_nor_after_withdrawal(ruth: Person) -> None:
    with factories.committed():
        piece = factories.accepted(enclosed=[enclosed()])
        developed()
    vault, gallery = ground.stores()
    assert not ground.bytes_below(gallery)
    with factories.committed():
        publication.publish(piece, version=1, themes=(), by=ruth)
    developed()
    assert Story.objects.get().lead_photo is not None
    assert any(path.suffix == ".webp" for path in gallery.rglob("*"))
    with factories.committed():
        publication.withdraw(piece, by=ruth)
    assert not ground.files_below(gallery)
    assert ground.files_below(vault), "hidden is not lost"
    with factories.committed():
        publication.restore(piece, by=ruth)
    developed()
    assert Story.objects.get().lead_photo is not None


@pytest.mark.parametrize("verb", ["publish", "amend"])
def test_a_photograph_without_description_keeps_everything_back(
    verb: str, ines: Person, ruth: Person
) -> None:
    piece = factories.accepted(enclosed=[enclosed(), enclosed(alt=" ")])
    with pytest.raises(Incomplete, match="photograph 2") as refusal:
        publication.publish(piece, version=1, themes=(), by=ruth)
    assert list(refusal.value.errors) == ["photos"]
    assert not Story.objects.exists()
    assert not Picture.objects.exists()
    row = piece.enclosures.last()
    if verb == "amend":  # left out at first, then brought in without a description
        enclosures.leave_out(piece, row.pk, by=ines)
        publication.publish(piece, version=1, themes=(), by=ruth)
        assert Story.objects.get().photos.count() == 1
        enclosures.take_in(piece, row.pk, by=ines)
        with pytest.raises(Incomplete):
            publication.amend(piece, version=1, by=ruth)
    words = enclosures.Words(alt="The wall.", recognisable="nobody")
    enclosures.describe(piece, row.pk, words, by=ines)
    getattr(publication, verb)(
        piece, version=1, by=ruth, **({"themes": ()} if verb == "publish" else {})
    )
    assert [photo.alt for photo in Story.objects.get().photos.all()] == [
        "A bus at night.",
        "The wall.",
    ]


def test_photographs_that_may_not_be_published_are_not() -> None:
    piece = factories.in_public(
        permits=allowed(photos_published=False), enclosed=[enclosed(), enclosed(alt="")]
    )
    assert not piece.story.photos.exists()
    assert not Picture.objects.exists()


def test_narrowing_takes_photographs_down_at_once() -> None:
    with factories.committed():
        piece = factories.in_public(enclosed=[enclosed()])
    developed()
    factories.consents_anew(piece, photos_published=False)
    with factories.committed():
        publication.reconsider(piece, by=factories.contributor(piece))
    assert not Story.objects.get().photos.exists()
    assert not ground.files_below(ground.stores()[1])


def test_portrait_and_page_are_one_plate() -> None:
    plates = [
        enclosed(part=Enclosure.Part.PORTRAIT, plate=1, alt="A woman.", sitter="Denise"),
        enclosed(part=Enclosure.Part.PAGE, plate=1, alt="A page.", transcript="Dear son"),
        enclosed(part=Enclosure.Part.PAGE, plate=2, alt="A page alone.", transcript="Dear all"),
    ]
    story = factories.published(kind="photo_project", enclosed=plates)
    first, second = story.photos.order_by("position")
    assert first.companion is not None
    assert (first.companion_alt, first.transcript, first.sitter) == (
        "A page.",
        "Dear son",
        "Denise",
    )
    assert (second.companion, second.transcript) == (None, "Dear all")


# --- withdraw and restore -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "state", [each for each in factories.IN_STATE if each not in ("withdrawn", "erased")]
)
def test_a_piece_comes_back_to_where_it_stood(state: str) -> None:
    piece = factories.IN_STATE[State(state)]()
    mine = factories.contributor(piece)
    hidden = publication.withdraw(piece, by=mine)
    assert (hidden.state, hidden.withdrawn_on) == (State.WITHDRAWN, timezone.localdate())
    assert not Story.objects.public().exists()
    back = publication.restore(hidden, by=mine)
    assert (back.state, back.state_before, back.withdrawn_on) == (state, "", None)
    assert Story.objects.public().exists() == (state == State.PUBLISHED)


@pytest.mark.parametrize("asked", ["hide", "erase"])
def test_what_its_contributor_took_down_the_desk_does_not_put_up_again(
    client: Client, ruth: Person, asked: str
) -> None:
    piece = factories.in_public()
    if asked == "erase":  # of what the desk had hidden
        publication.withdraw(piece, by=ruth)
        erasing.ask(piece, by=factories.contributor(piece))
    else:
        publication.withdraw(piece, by=factories.contributor(piece))
    with pytest.raises(NotAllowed, match="Its contributor took it down"):
        publication.restore(piece, by=ruth)
    client.force_login(ruth)
    page = client.get(f"/desk/pieces/{piece.reference}/").content.decode()
    assert 'value="restore"' not in page
    assert ("asked us to erase it" in page) is (asked == "erase")
    assert not Story.objects.public().exists()
    publication.restore(piece, by=factories.contributor(piece))
    assert Story.objects.public().exists()


def test_withdrawing_twice_is_withdrawing_once() -> None:
    piece = factories.withdrawn()
    with pytest.raises(WrongState):
        publication.withdraw(piece, by=factories.contributor(piece))
    assert Submission.objects.get().state_before == State.PUBLISHED


def test_only_what_is_published_is_amended(ruth: Person) -> None:
    with pytest.raises(WrongState):
        publication.reconsider(factories.accepted(), by=ruth)
    with pytest.raises(NotAllowed):
        publication.amend(
            factories.in_public(), version=1, by=factories.at_the_desk(factories.Role.MODERATOR)
        )


# --- erase ----------------------------------------------------------------------------------------
MARKS = {
    name: f"quagga{name.replace('_', '')}"
    for name in (
        "title", "summary", "body", "place_text", "pull_quote", "chosen", "email", "alt", "caption",
        "credit", "transcript", "sitter", "question", "answer", "remark", "refer", "reason",
    )
}  # fmt: skip
# Sealed: they are there, and no grep can see them.
SEALED = {"chosen", "email"}


def marked() -> Submission:
    """A published piece with a word of its own in every field that a person can fill."""
    said = telling(
        body=f"{factories.BODY} {MARKS['body']} {MARKS['pull_quote']}",
        pull_quotes=[MARKS["pull_quote"]],
        **{name: MARKS[name] for name in ("title", "summary", "place_text")},
    )
    words = {name: MARKS[name] for name in ("alt", "caption", "credit", "transcript", "sitter")}
    piece = factories.submission(
        said,
        allowed(keep_originals=True),
        names={"chosen": MARKS["chosen"]},
        contact={"email": MARKS["email"]},
        enclosed=[enclosed(pictures.telling("JPEG"), **words)],
    )
    ines, ruth = (
        factories.at_the_desk(role) for role in (factories.Role.MODERATOR, factories.Role.EDITOR)
    )
    moderation.ask(piece, MARKS["question"], version=1, by=ines)
    intake.answer(Submission.objects.get(), MARKS["answer"], by=factories.contributor(piece))
    moderation.refer(piece, MARKS["refer"], version=1, by=ines)
    moderation.remark(piece, MARKS["remark"], by=ines)
    moderation.edit(piece, version=1, reason=MARKS["reason"], season="spring", by=ines)
    moderation.accept(piece, version=2, by=ines)
    publication.publish(piece, version=2, themes=[factories.theme()], by=ruth)
    jobs.run_due()
    return Submission.objects.select_related("story").get(pk=piece.pk)


@pytest.mark.django_db(transaction=True)
def test_erasing_leaves_no_word_and_no_pixel_anywhere() -> None:
    catalogue.ensure()
    piece = marked()
    assert piece.story is not None
    key, found = piece.story.public_id, questions.Question(q=MARKS["body"])
    assert catalogue.find(found).total == 1
    for name in set(MARKS) - SEALED:
        assert MARKS[name] in ground.every_value(), f"{name} was never planted"
    publication.erase(piece, by=factories.contributor(piece))
    jobs.run_due()
    left = ground.every_value()
    for name, word in MARKS.items():
        assert word not in left, f"{name} is still in the database"
    assert key not in left
    assert not Photo.objects.exists()
    assert not Picture.objects.exists()
    for store in ground.stores():
        assert not ground.files_below(store)
    assert catalogue.find(found).total == 0
    row = Submission.objects.get()
    assert (row.state, row.current, row.story) == (State.ERASED, None, None)
    last = LedgerEntry.objects.last()
    assert (last.verb, last.piece) == ("erase", row.reference)


@ground.only_on_sqlite
@pytest.mark.django_db(transaction=True)
def test_erasing_leaves_no_byte_in_the_file_nor_in_the_index() -> None:
    catalogue.ensure()
    piece = marked()
    index_folder = Path(settings.SEARCH_URL.partition("://")[2])
    lying = ground.bytes_of_the_database()
    for name in set(MARKS) - SEALED:
        assert MARKS[name].encode() in lying, f"{name} was never planted"
    before = {path.name for path in ground.files_below(index_folder)}
    publication.erase(piece, by=factories.contributor(piece))
    jobs.run_due()
    lying = ground.bytes_of_the_database()
    for name, word in MARKS.items():
        assert word.encode() not in lying, f"{name} lies in the file of the database"
    # Words are packed in the index, where no grep sees them: every file that held some must be gone.
    after = {path.name for path in ground.files_below(index_folder)}
    assert len(before - NAMED_ALIKE) > 3
    assert not (before & after) - NAMED_ALIKE


# Written anew with every index, under the same name.
NAMED_ALIKE = {"current", "seal.json", "meta.json", ".managed.json"}


def test_erasing_one_leaves_the_others_alone(ruth: Person) -> None:
    mine, other = factories.in_public(), factories.in_public(enclosed=[enclosed()])
    publication.erase(mine, by=ruth)
    assert Story.objects.public().get() == other.story
    assert Photo.objects.count() == 1
    assert Submission.objects.get(pk=other.pk).consents.count() == 1


@pytest.mark.parametrize("state", [each for each in factories.IN_STATE if each != "erased"])
def test_a_piece_can_be_erased_wherever_it_stands(state: str) -> None:
    piece = factories.IN_STATE[State(state)]()
    publication.erase(piece, by=factories.contributor(piece))
    now = Submission.objects.get()
    assert now.state == State.ERASED
    for related in (now.revisions, now.consents, now.messages, now.reviews, now.enclosures):
        assert not related.exists()
    assert not hasattr(now, "receipt")
    assert not hasattr(now, "contact")


def test_what_an_import_brought_is_erased_with_its_notes() -> None:
    piece, _new = factories.brought_in(notes={"interviewer": "quaggainterviewer"}, licence="CC0")
    publication.erase(piece, by=SYSTEM)
    assert "quaggainterviewer" not in ground.every_value()
    row: Any = Submission.objects.get()
    assert (row.source, row.source_key, row.licence, row.notes) == ("wpa", "wpa-1", "", {})
