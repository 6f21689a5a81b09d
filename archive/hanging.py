"""The photographs of a story on the gallery's wall: which hang, in which order, and down again.

Part of publication, which alone hangs and takes down, inside its transactions; `reconciling` has
developed again what lost its file. How photographs stand in plates is asked by all who show them.
What may hang is `likeness`'s rule; the pixels are `media.photos`'.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from archive import jobs, likeness, tombstones
from archive.models.story import Story, StoryPhoto
from archive.models.submission import Consent, Enclosure, Submission
from media import photos


class Plate(NamedTuple):
    """A portrait with the page that belongs to it, or either alone, under the number it keeps."""

    number: int  # from 1; counted over everything enclosed, so that leaving one out renames none
    main: Enclosure
    companion: Enclosure | None


def plates(enclosed: Iterable[Enclosure]) -> list[Plate]:
    """What was enclosed, in its order, a page beside the portrait that carries its plate number."""
    rows = list(enclosed)
    pages = {each.plate: each for each in reversed(rows) if _is(each, Enclosure.Part.PAGE)}
    companions = {each.plate: each for each in reversed(rows) if _is(each, Enclosure.Part.PORTRAIT)}
    beside = {companions[plate].pk: page for plate, page in pages.items() if plate in companions}
    taken = {page.pk for page in beside.values()}
    standing = [each for each in rows if each.pk not in taken]
    return [
        Plate(number, each, beside.get(each.pk)) for number, each in enumerate(standing, start=1)
    ]


def show(piece: Submission, story: Story, allowed: Consent) -> None:
    """Bring the gallery in step with what may be seen today: each photograph, or none."""
    enclosed = list(piece.enclosures.select_related("photo", "picture"))
    if not enclosed:
        return
    hide(piece, story)
    if not Story.objects.public().filter(pk=story.pk).exists():
        return  # its time has not come, or is over: no file of it is anywhere
    for plate in plates(enclosed):
        both = (plate.main, plate.companion)
        seen = [each for each in both if each and likeness.may_be_seen(each, allowed)]
        if seen:
            _hang(story, plate.number, seen[0], seen[1] if len(seen) > 1 else None)


def hide(piece: Submission, story: Story) -> None:
    """Take every photograph of the story out of the gallery."""
    for each in piece.enclosures.exclude(picture=None).select_related("picture"):
        _take_off(each)
    story.photos.all().delete()


def hide_plate(piece: Submission, plate: StoryPhoto) -> None:
    """Take one plate down for good: its picture, its companion, its words. They stay left out."""
    hung = {plate.picture_id, plate.companion_id} - {None}
    pair = piece.enclosures.filter(picture__in=hung).exclude(plate=None).values_list("plate")
    rows = piece.enclosures.filter(picture__in=hung) | piece.enclosures.filter(plate__in=pair)
    taken = list(rows.select_related("picture", "photo"))
    for each in taken:
        _take_off(each)
        each.withheld = True
        each.save(update_fields=["withheld"])
    plate.delete()
    tombstones.hide(*(tombstones.photograph(each.photo.name) for each in taken))


def have_developed(enclosure: Enclosure) -> None:
    """Let the worker make the sizes of the picture that hangs for this photograph."""
    payload = {"photo": enclosure.photo_id, "picture": enclosure.picture_id}
    jobs.enqueue("publication.develop", key=str(enclosure.picture_id), payload=payload)


def _is(enclosure: Enclosure, part: str) -> bool:
    return enclosure.part == part and enclosure.plate is not None


def _hang(story: Story, number: int, main: Enclosure, companion: Enclosure | None) -> None:
    StoryPhoto.objects.create(
        story=story,
        picture=_release(main),
        companion=_release(companion) if companion else None,
        position=number,
        alt="" if main.decorative else main.alt,
        companion_alt=companion.alt if companion and not companion.decorative else "",
        caption=main.caption,
        credit=main.credit,
        transcript=companion.transcript if companion else main.transcript,
        sitter=main.sitter,
    )


def _release(enclosure: Enclosure) -> photos.Picture:
    """A place in the gallery for this photograph; the worker makes its sizes."""
    picture = photos.release(enclosure.photo)
    enclosure.picture = picture
    enclosure.save(update_fields=["picture"])
    have_developed(enclosure)
    return picture


def _take_off(enclosure: Enclosure) -> None:
    picture = enclosure.picture
    if picture is None:
        return
    enclosure.picture = None  # else saving the row later would look for what is gone
    photos.revoke(picture)
    picture.delete()  # and with it the StoryPhoto that showed it
