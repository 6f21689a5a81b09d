"""Pieces in every state, made as life makes them: through the verbs of the stages.

Plain functions with sensible words already in them; whatever matters to a test is said in the
test. No row is ever created half: what a verb would refuse, a factory cannot make.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.test import TestCase

from archive import drafts, intake, moderation, publication
from archive.actors import SYSTEM, Contributor
from archive.models.person import Person, Role
from archive.models.story import Story
from archive.models.submission import Consent, Enclosure, State, Submission
from archive.models.vocabulary import Campaign, Place, Theme
from tests import pictures

BODY = (
    "The bus leaves Queens at four in the morning.\n\n"
    "My daughter sleeps against my arm until the wall comes up on the left."
)
_counter = itertools.count(1)


# --- what is told and allowed ---------------------------------------------------------------------
def telling(**said: Any) -> intake.Telling:
    """A short story about a visit, in English."""
    return intake.Telling(**{"body": BODY, "title": "The four o'clock bus", **said})


def allowed(**chosen: Any) -> intake.Allowed:
    """A generous consent: everybody may read it, under a chosen name, with place and season."""
    generous: dict[str, Any] = {
        "wording": "Who may read it? Everyone.",
        "wording_version": "test",
        "audience": Consent.Audience.PUBLIC,
        "name_shown": Consent.NameShown.CHOSEN,
        "place_shown": Consent.PlaceShown.CITY,
        "date_shown": Consent.DateShown.SEASON,
        "search_engines": True,
        "uses": ("quote", "teach"),
        "adult": True,
        "photos_published": True,
        "editing": Consent.Editing.SPELLING,
    }
    return intake.Allowed(**{**generous, **chosen})


def enclosed(content: bytes | None = None, **said: Any) -> intake.Enclosed:
    """A small photograph with its description."""
    return intake.Enclosed(
        **{
            "upload": content or pictures.jpeg(64, 48),
            "alt": "A bus at night.",
            "recognisable": Enclosure.Recognisable.NOBODY,
            **said,
        }
    )


def theme(slug: str = "visits", **said: Any) -> Theme:
    known = Theme.objects.filter(slug=slug).first()
    return known or Theme.objects.create(
        **{"slug": slug, "label_en": slug.replace("-", " ").capitalize(), **said}
    )


def campaign(slug: str = "closer-to-home", **said: Any) -> Campaign:
    return Campaign.objects.create(**{"slug": slug, "title_en": "Closer to home", **said})


def place(slug: str) -> Place:
    """A place of the gazetteer, which every database begins with."""
    return Place.objects.select_related("parent__parent__parent").get(slug=slug)


def at_the_desk(role: Role) -> Person:
    """Somebody of this role; made where the cast was not called."""
    known = Person.objects.filter(role=role).first()
    return known or Person.objects.create_user(username=f"some-{role}", role=role)


# --- pieces on their way --------------------------------------------------------------------------
def received(
    said: intake.Telling | None = None, permits: intake.Allowed | None = None, **more: Any
) -> intake.Received:
    """A piece that has just come in, with its receipt."""
    given = {
        "token": f"form {next(_counter)}",
        "names": {"chosen": "Denise from Queens"},
        "contact": {"email": "denise@example.org"},
        **more,
    }
    return intake.receive(said or telling(), permits or allowed(), **given)


def submission(
    said: intake.Telling | None = None, permits: intake.Allowed | None = None, **more: Any
) -> Submission:
    """A piece that waits to be read."""
    return received(said, permits, **more).submission


def held(reason: str = "links", **more: Any) -> Submission:
    """A piece that may be spam."""
    return submission(suspicion=reason, **more)


def asked(question: str = "Which prison was it?", **more: Any) -> Submission:
    """A piece whose contributor was asked something."""
    piece = submission(**more)
    return moderation.ask(piece, question, version=1, by=at_the_desk(Role.MODERATOR))


def referred(note: str = "A lawyer should read this.", **more: Any) -> Submission:
    piece = submission(**more)
    return moderation.refer(piece, note, version=1, by=at_the_desk(Role.MODERATOR))


def declined(reason: str = "others", **more: Any) -> Submission:
    piece = submission(**more)
    return moderation.decline(piece, reason=reason, version=1, by=at_the_desk(Role.MODERATOR))


def accepted(
    said: intake.Telling | None = None, permits: intake.Allowed | None = None, **more: Any
) -> Submission:
    """A piece that a moderator has cleared for publication."""
    piece = submission(said, permits, **more)
    return moderation.accept(piece, version=1, by=at_the_desk(Role.MODERATOR))


def in_public(
    said: intake.Telling | None = None,
    permits: intake.Allowed | None = None,
    *,
    themes: Sequence[Theme] = (),
    campaigns: Sequence[Campaign] = (),
    translation_of: Story | None = None,
    **more: Any,
) -> Submission:
    """A piece that was published, with its story at `.story`."""
    piece = accepted(said, permits, **more)
    publication.publish(
        piece,
        version=1,
        by=at_the_desk(Role.EDITOR),
        themes=themes,
        campaigns=campaigns,
        translation_of=translation_of,
    )
    return Submission.objects.select_related("story", "current").get(pk=piece.pk)


def published(*given: Any, **more: Any) -> Story:
    """A story that everybody may read."""
    story = in_public(*given, **more).story
    assert story is not None
    return story


def withdrawn(**more: Any) -> Submission:
    """A piece that the desk has hidden; what its contributor hides the desk cannot restore."""
    piece = in_public(**more)
    return publication.withdraw(piece, by=at_the_desk(Role.MODERATOR))


def erased(**more: Any) -> Submission:
    piece = in_public(**more)
    return publication.erase(piece, by=contributor(piece))


def draft(said: intake.Telling | None = None) -> Submission:
    """A story that is being written."""
    told = said or telling()
    answers = {name: [getattr(told, name)] for name in ("title", "body", "language")}
    piece, _code = drafts.begin(
        f"form {next(_counter)}", kind="story", answers=answers, step="story"
    )
    return piece


IN_STATE: dict[State, Callable[[], Submission]] = {
    State.DRAFT: draft,
    State.HELD: held,
    State.WAITING: submission,
    State.ASKED: asked,
    State.REFERRED: referred,
    State.ACCEPTED: accepted,
    State.DECLINED: declined,
    State.PUBLISHED: in_public,
    State.WITHDRAWN: withdrawn,
    State.ERASED: erased,
}


def contributor(piece: Submission) -> Contributor:
    """Whoever holds the receipt of this piece."""
    return Contributor(piece.reference)


def item(
    said: intake.Telling | None = None, permits: intake.Allowed | None = None, **more: Any
) -> intake.Item:
    """A record of a collection."""
    given = {"source": "wpa", "source_key": "wpa-1", "names": {"chosen": "Delia"}, **more}
    return intake.Item(said or telling(), permits or allowed(), **given)


def brought_in(*given: Any, **more: Any) -> tuple[Submission, bool]:
    """A record taken in, and whether anything was new."""
    enclosed = more.pop("enclosed", ())
    return intake.bring_in(item(*given, **more), by=SYSTEM, enclosed=enclosed)


def consents_anew(piece: Submission, **chosen: Any) -> Consent:
    """A newer choice of the contributor. It has no verb of its own before issue 6: the row is
    written as intake writes it."""
    until = chosen.pop("public_until", None)
    newer = intake._consent(piece, allowed(**chosen), before=piece.consents.count())
    newer.public_until = until
    newer.save()
    return newer


@contextmanager
def committed() -> Iterator[None]:
    """What is asked for on commit is done at the end of the block, as after a real commit."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        yield
