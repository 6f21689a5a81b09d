"""A word of its own in every private field, looked for at every address that a stranger can open.

What the import rules of the wall cannot see, a field copied by mistake, is found here. The walk is
done before publication, while something is public, and after it was taken down; at the end the
walk itself is tried, with mistakes planted on purpose.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from archive import catalogue, consent, enclosures, intake, jobs, moderation, publication
from archive.models.person import Person, Role
from archive.models.review import LedgerEntry, Review
from archive.models.story import Story
from archive.models.submission import Revision, Submission
from media.models import Rendition
from tests import factories, pictures
from tests.factories import allowed, committed, enclosed, telling
from tests.journeys.surfaces import Answer, Walk

pytestmark = pytest.mark.django_db


class Words:
    """Makes a word for each place where one is planted, and remembers it by what it says of it."""

    def __init__(self) -> None:
        self.planted: dict[str, str] = {}

    def __call__(self, where: str) -> str:
        letters = "".join(letter for letter in where if letter.isalpha())
        # A letter for the number: a word that is part of another would be found twice.
        self.planted[where] = f"zx{letters}{chr(ord('a') + len(self.planted) % 26)}qv"
        return self.planted[where]

    def all(self) -> list[str]:
        return list(self.planted.values())


class Archive:
    """One piece that will be public, among many that never may be."""

    def __init__(self) -> None:
        self.private, self.public = Words(), Words()
        self.visits = factories.theme("visits")
        self.plea = factories.campaign()
        self.moderator = self._person(Role.MODERATOR)
        self.editor = self._person(Role.EDITOR)
        self.piece = self._sent()
        self._read_at_the_desk()
        self._others()

    def _person(self, role: Role) -> Person:
        private = self.private
        return Person.objects.create_user(
            username=private(f"username of {role}"),
            first_name=private(f"name of {role}"),
            email=f"{private(f'address of {role}')}@example.org",
            role=role,
        )

    def _sent(self) -> Submission:
        """What a contributor sends: some of it to be shown, the rest never."""
        public, private = self.public, self.private
        photograph = pictures.telling("JPEG")
        shown = {name: public(f"photo {name}") for name in ("alt", "caption", "credit")}
        hidden = {
            name: private(f"withheld {name}")
            for name in ("alt", "caption", "credit", "transcript", "sitter")
        }
        received = factories.received(
            telling(
                title=public("title"),
                body=f"It began with {public('body')}.\n\nIt ended so.",
                summary=public("summary"),
                place=factories.place("attica"),
                place_text=private("place in their words"),
                year_from=1994,
                season="spring",
            ),
            allowed(place_shown="state", wording=private("wording of the consent")),
            names={
                "chosen": public("chosen name"),
                "first": private("first name"),
                "full": private("full name"),
            },
            contact={"email": f"{private('contact')}@example.org"},
            enclosed=[
                enclosed(SimpleUploadedFile(f"{private('file name')}.jpg", photograph), **shown),
                enclosed(pictures.jpeg(80, 60), **hidden),
            ],
        )
        self.code = received.code
        self.private.planted["hidden in the photograph"] = pictures.MARKER
        self.private.planted["the receipt"] = received.code[4:]
        self.private.planted["the reference"] = received.submission.reference
        return received.submission

    def _read_at_the_desk(self) -> None:
        piece, by, private = self.piece, self.moderator, self.private
        hidden = piece.enclosures.last().pk
        enclosures.describe(piece, hidden, enclosures.Words(alt=private("withheld")), by=by)
        enclosures.leave_out(piece, hidden, by=by)
        moderation.ask(piece, private("question"), version=1, by=by)
        words = private("answer")
        intake.answer(Submission.objects.get(pk=piece.pk), words, by=factories.contributor(piece))
        moderation.refer(piece, private("note to the lawyer"), version=1, by=by)
        moderation.remark(piece, private("remark"), by=by)
        moderation.edit(piece, version=1, reason=private("reason of an edit"), title="-", by=by)
        moderation.edit(piece, version=2, reason="", title=self.public.planted["title"], by=by)
        moderation.accept(piece, version=3, note=private("note on acceptance"), by=by)

    def _others(self) -> None:
        """Pieces in every other state, and one whose day has not come."""
        makers: dict[str, Callable[[intake.Telling], Any]] = {
            "waiting": factories.submission,
            "held": lambda said: factories.held(self.private("suspicion")[:40], said=said),
            "asked": lambda said: factories.asked(said=said),
            "referred": lambda said: factories.referred(said=said),
            "declined": lambda said: factories.declined(said=said),
            "accepted": factories.accepted,
            "withdrawn": lambda said: factories.withdrawn(said=said),
            "erased": lambda said: factories.erased(said=said),
            "draft": factories.draft,
            "embargoed": lambda said: factories.in_public(
                said, allowed(public_from=datetime.date(2099, 1, 1))
            ),
            "imported": lambda said: factories.brought_in(
                said,
                source_key=self.private("key of a record"),
                notes={self.private("name of a note"): self.private("note of a record")},
            ),
        }
        for state, make in makers.items():
            make(
                telling(
                    title=self.private(f"title of {state}"),
                    body=self.private(f"body of {state}"),
                    summary=self.private(f"summary of {state}"),
                )
            )
        self._by_a_program()
        declined = Review.objects.get(decision="decline")
        assert declined.reason

    def _by_a_program(self) -> None:
        """A piece that came by the API, with a name and an address."""
        told = {
            name: self.private(f"{name} by a program")
            for name in ("title", "text", "place", "full_name")
        }
        asked = {"adult": "yes", "language": "en", "name_shown": "full", "contact_ok": True,
                 "audience": "public", "wording_version": consent.WORDING_VERSION,
                 "email": f"{self.private('address by a program')}@example.org"}  # fmt: skip
        answer = Client().post(
            "/api/v1/submissions/",
            told | asked,
            content_type="application/json",
            HTTP_IDEMPOTENCY_KEY=f"{self.private('key of a program')}-4711",
        )
        self.private.planted["receipt of a program"] = answer.json()["receipt"][5:]

    def publish(self) -> Story:
        with committed():
            story = publication.publish(
                self.piece, version=3, themes=[self.visits], campaigns=[self.plea], by=self.editor
            )
        jobs.run_due()
        return story

    def work_on_a_newer_version(self) -> None:
        with committed():
            moderation.edit(
                self.piece,
                version=3,
                reason="",
                by=self.moderator,
                **{
                    name: self.private(f"newer {name}")
                    for name in ("title", "body", "summary", "place_text")
                },
            )


@pytest.fixture
def archive() -> Archive:
    catalogue.ensure()
    with committed():
        archive = Archive()
    jobs.run_due()
    return archive


def walk(archive: Archive) -> Walk:
    # The receipt is twenty letters without meaning; nobody completes or misspells those.
    return Walk([*archive.private.all(), *archive.public.all()])


def test_before_publication_no_word_of_anybody_is_anywhere(archive: Archive) -> None:
    seen = walk(archive)
    assert not seen.leaks([*archive.private.all(), *archive.public.all()])
    assert_it_went_everywhere(seen)


def test_what_is_public_shows_what_was_allowed_and_nothing_else(archive: Archive) -> None:
    story = archive.publish()
    archive.work_on_a_newer_version()
    seen = walk(archive)
    assert not seen.leaks(archive.private.all())
    page, record = story.get_absolute_url(), f"/api/v1/stories/{story.public_id}/"
    for where, word in archive.public.planted.items():
        assert {page, record} <= set(seen.where(word)), f"{where} is not shown where it may be"
    title = archive.public.planted["title"]
    for address in ("/", "/es/", "/stories/", "/stories/feed.atom", "/themes/visits/",
                    "/es/themes/visits/", "/places/new-york/", "/campaigns/closer-to-home/",
                    "/api/v1/stories/", "/sitemap.xml"):  # fmt: skip
        assert seen.answers[address].holds(title), f"the walk sees nothing at {address}"
    suggested = [each for each in seen.where(title) if each.startswith("/api/v1/suggest/")]
    assert suggested
    assert any(address.startswith("/gallery/") for address in seen.answers)
    assert_it_went_everywhere(seen)


def test_after_withdrawal_it_is_as_if_it_had_never_been(archive: Archive) -> None:
    story = archive.publish()
    files = list(Rendition.objects.values_list("name", flat=True))
    assert files
    assert Client().get(f"/gallery/{files[0]}").status_code == 200
    with committed():
        publication.withdraw(archive.piece, by=factories.contributor(archive.piece))
    seen = walk(archive)
    assert not seen.leaks(
        [*archive.private.all(), *archive.public.all(), story.public_id[:9] + "!"]
    )
    for address in ("/stories/", "/themes/", "/sitemap.xml", "/stories/feed.atom", "/"):
        assert story.public_id not in seen.answers[address].said
    for name in files:
        assert Client().get(f"/gallery/{name}").status_code == 404


NEVER = "0000000000"


@pytest.mark.parametrize("end", ["withdraw", "erase"])
def test_what_is_gone_answers_like_what_never_was(end: str, archive: Archive) -> None:
    """To the byte, headers included, but for the address itself."""
    story = archive.publish()
    key, slug = story.public_id, story.slug
    name = Rendition.objects.values_list("name", flat=True)[0]
    with committed():
        getattr(publication, end)(archive.piece, by=factories.contributor(archive.piece))
    jobs.run_due()
    for pattern in (
        "/stories/{}/", f"/stories/{{}}/{slug}/", f"/es/stories/{{}}/{slug}/",
        "/stories/{}/report/", "/api/v1/stories/{}/",
    ):  # fmt: skip
        gone, never = (_told(pattern.format(each), each) for each in (key, NEVER))
        assert gone.status == never.status == 404, pattern
        assert gone.said == never.said, pattern
    other = f"{'0' * 32}.webp"
    assert _told(f"/gallery/{name}", name).said == _told(f"/gallery/{other}", other).said


def _told(address: str, name: str) -> Answer:
    response = Client().get(address)
    headers = sorted(f"{key}: {value}" for key, value in response.items())
    said = "\n".join(headers) + response.content.decode()
    return Answer(address, response.status_code, said.replace(name, "NAME"))


def assert_it_went_everywhere(seen: Walk) -> None:
    """A walk that stands still finds nothing, and proves nothing."""
    expected = {"/", "/es/", "/stories/", "/es/stories/", "/themes/", "/places/", "/campaigns/",
                "/share/", "/share/story/", "/share/receipt/", "/about/", "/help/search/",
                "/sitemap.xml", "/robots.txt", "/stories/feed.atom", "/healthz", "/desk/",
                "/api/v1/stories/", "/api/v1/themes/", "/api/v1/places/", "/api/v1/campaigns/",
                "/api/v1/suggest/", "/api/schema/", "/api/docs/", "/nothing-here/"}  # fmt: skip
    assert expected <= set(seen.answers)
    assert {answer.status for answer in seen.answers.values()} >= {200, 302, 404}
    assert not [answer.address for answer in seen.answers.values() if answer.status >= 500]


# --- the walk itself ------------------------------------------------------------------------------
def a_note_in_the_summary(story: Story, piece: Submission) -> None:
    story.summary = Review.objects.filter(decision="note").get(submission=piece).note


def the_full_name_as_byline(story: Story, piece: Submission) -> None:
    story.byline = publication.shown_names(piece)["full"]


def the_newest_words(story: Story, piece: Submission) -> None:
    story.place_text = Revision.objects.get(submission=piece, number=1).place_text


def the_reference_as_source(story: Story, piece: Submission) -> None:
    story.title = f"{story.title} {piece.reference}"


MISTAKES = {
    a_note_in_the_summary: "remark",
    the_full_name_as_byline: "full name",
    the_newest_words: "place in their words",
    the_reference_as_source: "the reference",
}


def test_fields_copied_by_mistake_are_found(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = publication._copy

    def mistaken(story: Story, piece: Submission, *rest: Any) -> None:
        copy(story, piece, *rest)
        for mistake in MISTAKES:
            mistake(story, piece)

    monkeypatch.setattr(publication, "_copy", mistaken)
    archive.publish()
    words = [archive.private.planted[where] for where in MISTAKES.values()]
    seen = Walk(words)
    for mistake, word in zip(MISTAKES, words, strict=True):
        assert seen.where(word), f"{mistake.__name__} went unseen"
    clean = set(archive.private.all()) - set(words)
    assert not seen.leaks(clean)


def test_a_rule_of_publication_that_is_lost_is_found(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where everything counts as public, the walk finds the embargoed and the withdrawn."""
    monkeypatch.setattr("archive.models.story.StoryQuerySet.public", lambda stories: stories.all())
    found = Walk().leaks(archive.private.all())
    assert any(archive.private.planted["title of embargoed"] in line for line in found)
    assert any(archive.private.planted["title of withdrawn"] in line for line in found)


def test_nothing_but_times_and_codes_is_in_the_ledger(archive: Archive) -> None:
    archive.publish()
    suspicion = archive.private.planted["suspicion"]
    said = repr(list(LedgerEntry.objects.values())).replace(suspicion, "")
    shared = {"the reference", "the receipt"}
    leaking = [
        where
        for where, word in archive.private.planted.items()
        if word in said and where not in shared
    ]
    assert not leaking
