"""Enclosed photographs before and after publication: words, order, covers, left out, taken down."""

from __future__ import annotations

import io
import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from archive import catalogue, enclosures, jobs, moderation, publication, questions
from archive.enclosures import Place, Words
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.models.story import Generation, Story
from archive.models.submission import Consent, Enclosure, Submission
from archive.refusals import Incomplete, NotAllowed, WrongState
from media import photos
from media.models import Picture
from tests import factories, pictures
from tests.archive import ground
from tests.factories import allowed, enclosed

pytestmark = pytest.mark.django_db
Who = Enclosure.Recognisable
FACE = {"shape": "ellipse", "x": 0.1, "y": 0.1, "w": 0.4, "h": 0.5, "how": "black"}
PORTRAIT, PAGE = Enclosure.Part.PORTRAIT, Enclosure.Part.PAGE


def project(sitters: int = 2, **more: Any) -> Submission:
    """An accepted photo project of so many portraits, each with its page."""
    brought = []
    for plate in range(1, sitters + 1):
        who = {"plate": plate, "sitter": f"Sitter {plate}"}
        brought.append(enclosed(part=PORTRAIT, recognisable=Who.AGREED, **who))
        brought.append(enclosed(part=PAGE, transcript=f"Words of hand {plate}", **who))
    return factories.accepted(kind="photo_project", enclosed=brought, **more)


def publish(piece: Submission, by: Person) -> Story:
    with factories.committed():
        story = publication.publish(piece, version=1, themes=(), by=by)
    jobs.run_due()
    return story


# --- who can be recognised ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "covered", "shown"),
    [
        (Who.NOBODY, False, True),
        (Who.MYSELF, False, True),
        (Who.AGREED, False, True),
        (Who.UNASKED, False, False),
        (Who.CHILD, False, False),
        (Who.STAFF, False, False),
        (Who.UNASKED, True, True),
        (Who.CHILD, True, True),
        (Who.STAFF, True, True),
        ("", False, False),
        ("", True, False),
    ],
)
def test_whoever_has_not_agreed_is_covered_or_stays_out(
    who: str, covered: bool, shown: bool, ines: Person, ruth: Person
) -> None:
    piece = factories.accepted(enclosed=[enclosed(), enclosed(recognisable=who)])
    row = piece.enclosures.last()
    if covered:
        enclosures.cover(piece, row.pk, [FACE], by=ines)
    if not shown:
        with pytest.raises(Incomplete, match="hotograph 2"):
            publication.publish(piece, version=1, themes=(), by=ruth)
        assert not Story.objects.exists()
        assert not Picture.objects.exists()
        enclosures.leave_out(piece, row.pk, by=ines)
    story = publication.publish(piece, version=1, themes=(), by=ruth)
    assert story.photos.count() == 1 + shown


def test_what_lacks_several_things_is_named_with_each(ruth: Person) -> None:
    piece = factories.accepted(
        enclosed=[
            enclosed(alt=""),
            enclosed(alt="", recognisable=""),
            enclosed(recognisable="staff"),
        ]
    )
    with pytest.raises(Incomplete) as refusal:
        publication.publish(piece, version=1, themes=(), by=ruth)
    assert [sentence.split(" ", 3)[:3] for sentence in refusal.value.errors["photos"]] == [
        ["Describe", "photograph", "1,"],
        ["Say", "who", "can"],
        ["Photograph", "3", "shows"],
    ]


def test_a_decorative_photograph_needs_no_description(ines: Person, ruth: Person) -> None:
    piece = factories.accepted(enclosed=[enclosed(alt="")])
    row = piece.enclosures.get()
    enclosures.describe(piece, row.pk, Words(decorative=True, recognisable="nobody"), by=ines)
    assert publication.publish(piece, version=1, themes=(), by=ruth).photos.get().alt == ""


def test_narrowing_is_never_held_up_by_a_photograph(ines: Person, ruth: Person) -> None:
    """An answer that changes after publication takes its photograph out at the next writing."""
    piece = factories.accepted(enclosed=[enclosed(), enclosed()])
    publish(piece, ruth)
    row = piece.enclosures.last()
    enclosures.describe(piece, row.pk, Words(alt="A child.", recognisable="child"), by=ines)
    factories.consents_anew(piece, place_shown=Consent.PlaceShown.NONE)
    publication.reconsider(piece, by=factories.contributor(piece))
    assert Story.objects.get().photos.count() == 1


def test_a_collection_with_its_licence_has_settled_who_is_shown(odell: Person) -> None:
    licensed = allowed(method=Consent.Method.IMPORT)
    piece, _new = factories.brought_in(permits=licensed, enclosed=[enclosed(recognisable="")])
    moderation.accept(piece, version=1, by=odell)
    assert publication.publish(piece, version=1, themes=(), by=odell).photos.count() == 1


# --- words ----------------------------------------------------------------------------------------
def test_words_are_made_plain_and_kept(ines: Person) -> None:
    piece = factories.submission(enclosed=[enclosed()])
    row = piece.enclosures.get()
    words = Words(
        alt="A <b>wall</b>", caption="The wall\x00", credit="Me\nand you", transcript="Dear\r\nson",
        sitter="Denise", recognisable=Who.MYSELF,
    )  # fmt: skip
    enclosures.describe(piece, row.pk, words, by=ines)
    row.refresh_from_db()
    assert "\x00" not in row.caption
    assert "\n" not in row.credit
    assert row.transcript == "Dear\nson"
    assert (row.sitter, row.recognisable) == ("Denise", "myself")
    line = LedgerEntry.objects.last()
    assert (line.verb, line.reason, line.actor) == ("describe", "photo 1", ines)


def test_an_answer_that_is_none_is_refused(ines: Person) -> None:
    piece = factories.submission(enclosed=[enclosed()])
    with pytest.raises(Incomplete, match="one of the answers"):
        enclosures.describe(
            piece, piece.enclosures.get().pk, Words(recognisable="somebody"), by=ines
        )


# --- order and pairs ------------------------------------------------------------------------------
def test_order_and_pairs_are_corrected_together(ines: Person, ruth: Person) -> None:
    piece = factories.accepted(enclosed=[enclosed(alt=name) for name in "abc"])
    a, b, c = piece.enclosures.all()
    places = {a.pk: Place(9, PAGE, 1), b.pk: Place(3), c.pk: Place(1, PORTRAIT, 1)}
    enclosures.arrange(piece, places, by=ines)
    assert [row.alt for row in piece.enclosures.all()] == ["c", "b", "a"]
    first, second = publication.publish(piece, version=1, themes=(), by=ruth).photos.all()
    assert (first.alt, first.companion_alt, first.position) == ("c", "a", 1)
    assert (second.alt, second.companion, second.position) == ("b", None, 2)


def test_two_portraits_do_not_share_a_plate(ines: Person) -> None:
    piece = factories.submission(enclosed=[enclosed(), enclosed()])
    places = {row.pk: Place(0, PORTRAIT, 4) for row in piece.enclosures.all()}
    with pytest.raises(Incomplete, match="Plate 4"):
        enclosures.arrange(piece, places, by=ines)


def test_an_order_made_before_another_photograph_came_is_refused(ines: Person) -> None:
    piece = factories.submission(enclosed=[enclosed(), enclosed()])
    with pytest.raises(Incomplete, match="have changed"):
        enclosures.arrange(piece, {piece.enclosures.first().pk: Place(1)}, by=ines)


# --- covers ---------------------------------------------------------------------------------------
def as_array(content: bytes, box: tuple[float, float, float, float]) -> list[tuple[int, ...]]:
    """The pixels of a part of a picture, at a size at which two pictures can be compared."""
    image = Image.open(io.BytesIO(content)).convert("RGB")
    w, h = image.size
    part = image.crop((int(box[0] * w), int(box[1] * h), int(box[2] * w), int(box[3] * h)))
    return list(part.resize((16, 16)).get_flattened_data())


@pytest.mark.parametrize("how", ["black", "blur"])
@pytest.mark.parametrize("shape", ["rect", "ellipse"])
def test_nothing_in_the_gallery_holds_what_was_covered(
    how: str, shape: str, ines: Person, ruth: Person
) -> None:
    """A striped face: in whatever hangs, and in the placeholder, its stripes are gone."""
    drawn = pictures.scene(960, 720)
    stripes = Image.new("RGB", (300, 300), (255, 255, 255))
    for at in range(0, 300, 60):
        stripes.paste((200, 0, 0), (at, 0, at + 30, 300))
    drawn.paste(stripes, (300, 200))
    content = pictures.encoded(drawn, "JPEG", quality=95)
    piece = factories.accepted(enclosed=[enclosed(content, recognisable=Who.UNASKED)])
    row = piece.enclosures.get()
    region = {"shape": shape, "x": 0.25, "y": 0.2, "w": 0.45, "h": 0.6, "how": how}
    enclosures.cover(piece, row.pk, [region], by=ines)
    publish(piece, ruth)
    hung = [path for path in ground.files_below(ground.stores()[1]) if path.suffix != ".lock"]
    assert len(hung) >= 4
    under = (340 / 960, 240 / 720, 570 / 960, 480 / 720)
    assert contrast(as_array(content, under)) > 60
    for path in hung:
        assert contrast(as_array(path.read_bytes(), under)) < 12, path.suffix
        beside = (0.75, 0.1, 0.95, 0.9)
        assert distance(path.read_bytes(), content, beside) < 12, "and nothing else was covered"


def contrast(pixels: list[tuple[int, ...]]) -> float:
    """How much neighbours in a row differ in green: stripes do, a cover does not."""
    rows = [pixels[start : start + 16] for start in range(0, 256, 16)]
    steps = [abs(a[1] - b[1]) for row in rows for a, b in itertools.pairwise(row)]
    return sum(steps) / len(steps)


def distance(one: bytes, other: bytes, box: tuple[float, float, float, float]) -> float:
    pairs = zip(as_array(one, box), as_array(other, box), strict=True)
    return max(pictures.apart(a, b) for a, b in pairs)


def test_what_hangs_is_not_changed_under_its_readers_eyes(ines: Person, ruth: Person) -> None:
    piece = factories.accepted(enclosed=[enclosed()])
    publish(piece, ruth)
    row = piece.enclosures.get()
    for act in (
        lambda: enclosures.cover(piece, row.pk, [FACE], by=ines),
        lambda: enclosures.leave_out(piece, row.pk, by=ines),
        lambda: enclosures.arrange(piece, {row.pk: Place(1)}, by=ines),
    ):
        with pytest.raises(WrongState, match="Take it down first"):
            act()
    publication.take_down(piece, plate=1, by=ruth)
    enclosures.cover(piece, row.pk, [FACE], by=ines)
    enclosures.take_in(piece, row.pk, by=ines)
    publication.reconsider(piece, by=ruth)
    assert Story.objects.get().photos.count() == 1


def test_a_cover_without_size_is_refused_in_words(ines: Person) -> None:
    piece = factories.submission(enclosed=[enclosed()])
    with pytest.raises(Incomplete, match="Draw it again"):
        enclosures.cover(piece, piece.enclosures.get().pk, [{**FACE, "w": 0}], by=ines)


def test_nobody_works_on_what_a_colleague_reads(ines: Person, ruth: Person) -> None:
    piece = factories.submission(enclosed=[enclosed()])
    moderation.claim(piece, by=ruth)
    with pytest.raises(NotAllowed, match="is reading this piece"):
        enclosures.cover(piece, piece.enclosures.get().pk, [FACE], by=ines)


def test_the_photograph_of_another_piece_is_out_of_reach(ines: Person) -> None:
    mine, other = (factories.submission(enclosed=[enclosed()]) for _ in range(2))
    with pytest.raises(Incomplete, match="no longer part"):
        enclosures.leave_out(mine, other.enclosures.get().pk, by=ines)


# --- one sitter -----------------------------------------------------------------------------------
def test_a_sitter_is_left_out_with_portrait_and_page(ines: Person, ruth: Person) -> None:
    piece = project(3)
    enclosures.leave_out(piece, piece.enclosures.get(plate=2, part=PAGE).pk, by=ines)
    story = publish(piece, ruth)
    assert [photo.sitter for photo in story.photos.all()] == ["Sitter 1", "Sitter 3"]
    assert [photo.position for photo in story.photos.all()] == [1, 3], "addresses stay with people"


@pytest.mark.parametrize("who", ["contributor", "editor", "moderator"])
def test_one_sitter_is_withdrawn_alone_and_at_once(who: str, ines: Person, ruth: Person) -> None:
    catalogue.ensure()
    piece = project(2)
    story = publish(piece, ruth)
    assert catalogue.find(questions.Question(q="hand 2")).total == 1
    files, before = set(ground.files_below(ground.stores()[1])), Generation.now()
    kept = {each.name for each in story.photos.get(position=1).picture.renditions.all()}
    by = {"contributor": factories.contributor(piece), "editor": ruth, "moderator": ines}[who]
    with factories.committed():
        publication.take_down(piece, plate=2, by=by)
    left = set(ground.files_below(ground.stores()[1]))
    assert left < files
    assert kept <= {path.name for path in left}
    assert Picture.objects.count() == 2
    assert list(Story.objects.get().photos.values_list("sitter", flat=True)) == ["Sitter 1"]
    assert Generation.now() != before
    assert catalogue.find(questions.Question(q='"hand 2"', literal=True)).total == 0
    assert catalogue.find(questions.Question(q='"hand 1"')).total == 1
    assert LedgerEntry.objects.last().verb == "take down"
    publication.reconsider(piece, by=ruth)
    assert Story.objects.get().photos.count() == 1, "and does not come back by itself"


def test_only_the_contributor_of_the_piece_takes_its_plates_down(ruth: Person) -> None:
    piece, other = project(1), project(1)
    publish(piece, ruth)
    with pytest.raises(NotAllowed):
        publication.take_down(piece, plate=1, by=factories.contributor(other))
    with pytest.raises(WrongState, match="not public"):
        publication.take_down(piece, plate=9, by=ruth)


# --- many, and broken off -------------------------------------------------------------------------
def test_sixty_photographs_come_in_and_hang_in_their_order(ruth: Person) -> None:
    small = pictures.jpeg(48, 32)
    piece = factories.accepted(enclosed=[enclosed(small, alt=f"View {n}.") for n in range(60)])
    story = publish(piece, ruth)
    assert [photo.alt for photo in story.photos.all()] == [f"View {n}." for n in range(60)]
    for _ in range(10):
        jobs.run_due()
    assert all(photo.picture.ready for photo in story.photos.all())


def test_a_worker_killed_before_and_after_leaves_one_set_of_files(ruth: Person) -> None:
    """Developing again, as after a kill, makes nothing twice and breaks nothing."""
    piece = factories.accepted(enclosed=[enclosed()])
    publish(piece, ruth)
    row = piece.enclosures.get()
    files = ground.files_below(ground.stores()[1])
    publication.develop({"photo": row.photo_id, "picture": row.picture_id})
    assert ground.files_below(ground.stores()[1]) == files
    with factories.committed():
        publication.take_down(piece, plate=1, by=ruth)
    photos.develop(row.photo_id, row.picture_id)  # the job of a picture that is gone
    assert not ground.files_below(ground.stores()[1])


# --- its time -------------------------------------------------------------------------------------
def test_photographs_hang_while_their_story_may_be_read_and_not_a_day_longer(
    ruth: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = timezone.localdate()
    piece = factories.accepted(
        permits=allowed(public_from=today + timedelta(days=3)), enclosed=[enclosed()]
    )
    story = publish(piece, ruth)
    gallery, seen = ground.stores()[1], []
    for days, until in ((0, None), (2, None), (3, None), (4, today + timedelta(days=3))):
        Story.objects.update(visible_until=until)
        monkeypatch.setattr(timezone, "localdate", lambda at=days: today + timedelta(days=at))
        with factories.committed():
            publication.keep_to_the_calendar({})
        for row in piece.enclosures.exclude(picture=None):
            photos.develop(row.photo_id, row.picture_id)
        seen.append(bool(ground.files_below(gallery)))
    assert seen == [False, False, True, False]
    assert not story.photos.exists()


def test_nobody_touches_a_photograph_of_her_own_family(ines: Person) -> None:
    piece = factories.submission(enclosed=[enclosed()])
    moderation.recuse(piece, by=ines)
    row = piece.enclosures.get()
    with pytest.raises(NotAllowed, match="family"):
        enclosures.leave_out(piece, row.pk, by=ines)
