"""Every one of the 151 images that others broke their teeth on, through the whole of our door.

What a row of INDEX.csv expects in words is told here by file: hostile and damaged ones are refused
with the sentence that fits, all others come out upright, at their size, and clean in every copy.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from media import photos
from media.models import Rendition
from media.refusals import SENTENCES
from media.storage import gallery, vault
from tests import pictures
from tests.media import traces

pytestmark = pytest.mark.django_db

IMAGES = Path(settings.BASE_DIR).parent / "shared" / "data" / "images"
# Rows whose words leave it open whether the file is taken, as long as it ends well.
EITHER = (
    "accept or",
    "accept (or",
    "no crash",
    "reject or",
    "reject cleanly or",
    "upright or",
    "no hang",
    "strip",
)


@cache
def rows() -> list[dict[str, str]]:
    if not IMAGES.is_dir():
        return []
    with (IMAGES / "INDEX.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def taken(row: dict[str, str]) -> tuple[photos.Photo | None, str]:
    """The photograph, or the code of its refusal; nothing else may happen."""
    try:
        with (IMAGES / row["file"]).open("rb") as handle:
            return photos.admit(handle).photo, ""
    except photos.PhotoRefused as refused:
        return None, refused.code


@pytest.mark.skipif(not rows(), reason="The shared images do not lie beside this working copy.")
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_each_image_ends_as_its_row_expects(row: dict[str, str]) -> None:
    photo, code = taken(row)
    expected = row["expect"]
    if photo is None:
        assert may_be_refused(row), f"refused as {code}: {expected}"
        assert code in SENTENCES
        assert list(vault().files()) == []
        return
    assert not must_be_refused(expected), f"taken in: {expected}"
    assert_shown_right(photo, row)


def must_be_refused(expected: str) -> bool:
    first = expected.split(",")[0].split("(")[0].strip()
    return first in {
        "reject",
        "reject without big memory",
        "reject as not an image",
        "never serve as image/svg+xml inline; reject",
    }


def may_be_refused(row: dict[str, str]) -> bool:
    return (
        must_be_refused(row["expect"])
        or row["expect"].startswith(EITHER)
        or "reject" in row["expect"]
    )


def assert_shown_right(photo: photos.Photo, row: dict[str, str]) -> None:
    """The master is clean and has the size of the upright picture; every copy is sized and light.

    That the copies are clean is seen where those of every test are (`tests.media.walking`).
    """
    stored = (int(row["width"]), int(row["height"]))
    upright = stored[::-1] if swaps_sides(row) else stored
    assert (photo.width, photo.height) == upright
    master = vault().read(photo.name)
    assert pictures.opened(master).size == upright
    assert traces.found(master) == []
    picture = photos.release(photo)
    photos.develop(photo.pk, picture.pk)
    made = list(Rendition.objects.filter(picture=picture))
    assert {rendition.format for rendition in made} == {"webp", "jpeg"}
    for rendition in made:
        content = gallery().read(rendition.name)
        assert pictures.opened(content).size == (rendition.width, rendition.height)
        assert rendition.width <= min(photo.width, 2048)
    assert all(each.bytes <= 25_000 for each in made if each.width == min(photo.width, 320))


def swaps_sides(row: dict[str, str]) -> bool:
    """The index gives the size as stored; a quarter turn exchanges the sides.

    TIFF and HEIF are turned by their decoders already when the index was made by opening them.
    """
    return row["orientation"] in {"5", "6", "7", "8"} and row["format"] not in {"TIFF", "HEIF"}


# The same scene, held in two ways.
ALIKE = [("landscape_1", "landscape_7"), ("portrait_4", "portrait_8")]


@pytest.mark.skipif(not rows(), reason="The shared images do not lie beside this working copy.")
@pytest.mark.parametrize("names", ALIKE)
def test_a_camera_held_otherwise_gives_the_same_picture(names: tuple[str, str]) -> None:
    one, other = (small_master(f"exif-orientation__{name}.jpg") for name in names)
    assert one.size == other.size
    assert pictures.apart(one.tobytes(), other.tobytes()) < 30


def small_master(file: str) -> pictures.Image.Image:
    photo = photos.admit((IMAGES / file).read_bytes()).photo
    return pictures.opened(vault().read(photo.name)).resize((8, 8))
