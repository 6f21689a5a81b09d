"""Each choice of a consent, and what of it a published story then shows. Nothing more than that."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from archive import changing, consent, intake, moderation, publication, terms
from archive.models.person import Person
from archive.models.story import Story
from archive.models.submission import Consent, State, Submission
from archive.refusals import NotAllowed
from tests import factories
from tests.factories import allowed, telling

pytestmark = pytest.mark.django_db

NAMES = {"chosen": "Denise from Queens", "first": "Denise", "full": "Denise Oxenbould"}
FULLY = {"year_from": 1994, "year_to": 1996, "season": "spring"}

# What is chosen, what was told, and the fields of the story as they must come out.
TABLE: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "no name": ({"name_shown": "none"}, {}, {"byline": ""}),
    "a chosen name": ({"name_shown": "chosen"}, {}, {"byline": "Denise from Queens"}),
    "the first name": ({"name_shown": "first"}, {}, {"byline": "Denise"}),
    "the full name": ({"name_shown": "full"}, {}, {"byline": "Denise Oxenbould"}),
    "no place": (
        {"place_shown": "none"},
        {"place": "attica", "place_text": "cell block D"},
        {"place": None, "place_text": "", "place_label": ""},
    ),
    "the state only": (
        {"place_shown": "state"},
        {"place": "attica", "place_text": "cell block D"},
        {"place": "new-york", "place_text": "", "place_label": "New York"},
    ),
    "the state of a state": (
        {"place_shown": "state"},
        {"place": "new-york"},
        {"place": "new-york"},
    ),
    "the prison": (
        {"place_shown": "city"},
        {"place": "attica", "place_text": "cell block D"},
        {"place": "attica", "place_text": "cell block D"},
    ),
    "no date": (
        {"date_shown": "none"},
        FULLY,
        {"year_from": None, "year_to": None, "season": "", "when_label": ""},
    ),
    "the year": ({"date_shown": "year"}, FULLY, {"year_from": 1994, "year_to": 1996, "season": ""}),
    "the season": (
        {"date_shown": "season"},
        {"year_from": 1994, "season": "spring"},
        {"year_from": 1994, "season": "spring", "when_label": "spring 1994"},
    ),
    "no uses": ({"uses": ()}, {}, {"permitted_uses": []}),
    "some uses": ({"uses": ("train", "quote")}, {}, {"permitted_uses": ["quote", "train"]}),
    "uses nobody knows": ({"uses": ("sell", "teach")}, {}, {"permitted_uses": ["teach"]}),
    "search engines": ({"search_engines": True}, {}, {"search_engines": True}),
    "no search engines": ({"search_engines": False}, {}, {"search_engines": False}),
}


@pytest.mark.parametrize("choice", TABLE)
def test_a_story_shows_what_was_chosen(choice: str) -> None:
    chosen, told, shown = TABLE[choice]
    if "place" in told:
        told = {**told, "place": factories.place(told["place"])}
    story = factories.published(telling(**told), allowed(**chosen), names=NAMES)
    seen = {name: getattr(story, name) for name in shown}
    if seen.get("place"):
        seen["place"] = seen["place"].slug
    assert seen == shown


@pytest.mark.parametrize("choice", [each for each in TABLE if each not in ("uses nobody knows",)])
def test_narrowing_works_at_once_without_a_new_reading(choice: str) -> None:
    """Published with everything, then narrowed: the story shows no more than the newest choice."""
    chosen, told, shown = TABLE[choice]
    if "place" in told:
        told = {**told, "place": factories.place(told["place"])}
    everything = {"name_shown": "full", "uses": tuple(terms.USES)}
    piece = factories.in_public(telling(**told), allowed(**everything), names=NAMES)
    factories.consents_anew(piece, **chosen)
    story = publication.reconsider(piece, by=factories.contributor(piece))
    story.refresh_from_db()
    seen = {name: getattr(story, name) for name in shown}
    if seen.get("place"):
        seen["place"] = seen["place"].slug
    assert seen == shown
    assert Story.objects.public().get() == story


def test_without_a_word_everything_is_as_narrow_as_it_can_be() -> None:
    safest = intake.Allowed(wording="")
    assert (safest.audience, safest.name_shown, safest.place_shown) == ("team", "none", "none")
    assert not any((safest.uses, safest.search_engines, safest.photos_published, safest.contact_ok))


@pytest.mark.parametrize("missing", ["chosen", "first", "full"])
def test_a_name_that_was_not_given_is_no_other_name(missing: str) -> None:
    names = {kind: name for kind, name in NAMES.items() if kind != missing}
    assert factories.published(permits=allowed(name_shown=missing), names=names).byline == ""


# --- who may read it ------------------------------------------------------------------------------
MAY = {
    "the team alone": ({"audience": "team"}, False),
    "everyone": ({"audience": "public"}, True),
    "no word on being of age": ({"adult": False}, False),
    "told for a child by an adult": ({"on_behalf": "child"}, True),
    "told of a brother by a child": ({"adult": False, "on_behalf": "family"}, False),
    "told by a child, and a guardian agrees": ({"adult": False, "guardian": True}, True),
}


@pytest.mark.parametrize("case", MAY)
def test_nothing_is_published_that_was_not_allowed(case: str, ruth: Person) -> None:
    chosen, may = MAY[case]
    piece = factories.accepted(permits=allowed(**chosen))
    if may:
        assert publication.publish(piece, version=1, themes=(), by=ruth)
        return
    with pytest.raises(NotAllowed, match="lets nobody but us read it"):
        publication.publish(piece, version=1, themes=(), by=ruth)
    with pytest.raises(NotAllowed):
        publication.publish_all([piece], by=ruth)
    assert not Story.objects.exists()
    assert Submission.objects.get().state == State.ACCEPTED


def test_the_newest_choice_rules_over_every_older_one(ruth: Person) -> None:
    piece = factories.accepted()
    factories.consents_anew(piece, audience=Consent.Audience.TEAM)
    with pytest.raises(NotAllowed):
        publication.publish(piece, version=1, themes=(), by=ruth)
    factories.consents_anew(piece, name_shown="none")
    assert publication.publish(piece, version=1, themes=(), by=ruth).byline == ""


def test_taking_back_the_public_takes_the_story_down() -> None:
    piece = factories.in_public()
    factories.consents_anew(piece, audience=Consent.Audience.TEAM)
    publication.reconsider(piece, by=factories.contributor(piece))
    assert not Story.objects.public().exists()
    assert Submission.objects.get().state == State.WITHDRAWN


def test_what_nobody_may_read_any_more_is_not_restored(ruth: Person) -> None:
    piece = factories.withdrawn()
    factories.consents_anew(piece, audience=Consent.Audience.TEAM)
    with pytest.raises(NotAllowed):
        publication.restore(piece, by=ruth)
    assert not Story.objects.public().exists()
    factories.consents_anew(piece, place_shown="none")
    publication.restore(piece, by=ruth)
    assert Story.objects.public().exists()


# --- from when, until when ------------------------------------------------------------------------
NOON = "2026-03-08 12:00:00-05:00"  # the day on which New York's clocks go forward


@pytest.mark.parametrize(
    ("moment", "visible"),
    [
        ("2026-03-09 23:59:59-04:00", False),
        ("2026-03-10 03:59:59+00:00", False),  # the tenth in Greenwich, the ninth in New York
        ("2026-03-10 00:00:00-04:00", True),
        ("2026-03-12 23:59:59-04:00", True),
        ("2026-03-13 00:00:00-04:00", False),
    ],
)
def test_it_is_public_from_its_first_day_to_the_end_of_its_last(moment: str, visible: bool) -> None:
    with time_machine.travel(NOON, tick=False):
        piece = factories.accepted()
        factories.consents_anew(
            piece, public_from=date(2026, 3, 10), public_until=date(2026, 3, 12)
        )
        editor = factories.at_the_desk(factories.Role.EDITOR)
        publication.publish(piece, version=1, themes=(), by=editor)
        assert not Story.objects.public().exists()
    with time_machine.travel(moment, tick=False):
        assert Story.objects.public().exists() is visible


def test_a_first_day_that_is_past_changes_nothing() -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    assert factories.published(permits=allowed(public_from=yesterday)) in Story.objects.public()


def test_the_choices_are_said_in_sentences() -> None:
    piece = factories.submission(permits=allowed(public_from=date(2031, 5, 1), uses=("quote",)))
    said = consent.sentences(piece.consent_in_force)
    assert all(sentence.endswith(".") for sentence in said)
    assert "Not before May 1, 2031." in said
    assert any("quote" in sentence for sentence in said)
    assert not any("%" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"audience": "team"}, "It may not be published."),
        ({"search_engines": False}, "Search engines must not list it."),
        ({"photos_published": False}, "Its photographs may not be published."),
        ({"adult": False}, "The contributor has not said that they are 18 or older."),
        ({"uses": ()}, "It may not be printed or exhibited."),
    ],
)
def test_what_a_consent_rules_out_is_said_first(chosen: dict[str, Any], said: str) -> None:
    piece = factories.submission(permits=allowed(**chosen))
    assert said in consent.forbids(piece.consent_in_force)


# --- fear for somebody ------------------------------------------------------------------------------
@pytest.mark.parametrize(("hurt", "two"), [("yes", True), ("unsure", False)])
def test_where_it_could_hurt_somebody_we_ask_first_and_two_of_us_read_it(
    hurt: str, two: bool, ruth: Person, odell: Person
) -> None:
    piece = factories.submission(permits=allowed(could_hurt=hurt))
    moderation.accept(piece, version=1, by=ruth)
    with pytest.raises(NotAllowed, match="has not seen this version"):
        publication.publish(piece, version=1, themes=(), by=odell)
    changing.agree(piece, version=1, by=factories.contributor(piece))
    if two:
        with pytest.raises(NotAllowed, match="second pair of eyes"):
            publication.publish(piece, version=1, themes=(), by=ruth)
    assert publication.publish(piece, version=1, themes=(), by=odell if two else ruth)
