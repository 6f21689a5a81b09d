"""What is covered cannot be had back: not from any rendition, placeholder or preview."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from media import photos, redaction
from media.storage import gallery
from tests import pictures

COVERED = {"x": 0.3, "y": 0.25, "w": 0.35, "h": 0.4}


def with_face(seed: int, size: tuple[int, int] = (960, 720)) -> Image.Image:
    """The same picture, but for what lies well within the covered part."""
    image = pictures.scene(*size)
    draw = ImageDraw.Draw(image)
    left, top = int(size[0] * 0.36), int(size[1] * 0.32)
    for number in range(40):
        tone = (seed * 97 + number * 53) % 256, (seed * 31 + number * 17) % 256, (number * 91) % 256
        x, y = left + (number * 37 * seed) % (size[0] // 6), top + (number * 29) % (size[1] // 5)
        draw.ellipse((x, y, x + 24, y + 18), fill=tone)
    return image


def everything_shown(image: Image.Image, regions: list[dict]) -> list[bytes]:
    """Every byte that leaves the house: renditions, placeholder, preview."""
    photo = photos.admit(pictures.encoded(image, "PNG")).photo
    photos.redact(photo, regions)
    picture = photos.release(photo)
    photos.develop(photo.pk, picture.pk)
    picture.refresh_from_db()
    made = picture.renditions.order_by("format", "width")
    return [gallery().read(each.name) for each in made] + [
        picture.placeholder.encode(),
        photos.preview(photo, 400),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("shape", redaction.SHAPES)
def test_under_black_any_two_faces_give_the_same_bytes(shape: str) -> None:
    """The strongest thing that can be said: nothing public depends on what was there."""
    region = {**COVERED, "shape": shape, "how": "black"}
    one, other = (everything_shown(with_face(seed), [region]) for seed in (1, 2))
    assert one == other
    assert len(one) == 8
    bare = everything_shown(with_face(1), [])
    assert all(a != b for a, b in zip(one, bare, strict=True))


@pytest.mark.django_db
def test_a_small_picture_decoded_in_full_and_a_large_one_are_covered_alike() -> None:
    region = {**COVERED, "shape": "rect", "how": "black"}
    shown = everything_shown(with_face(1, (2400, 1800)), [region])
    for content in shown[:-2]:
        image = pictures.opened(content).convert("RGB")
        w, h = image.size
        part = image.crop((int(w * 0.33), int(h * 0.28), int(w * 0.62), int(h * 0.62)))
        assert max(high for _, high in part.getextrema()) <= 10


@pytest.mark.parametrize("shape", redaction.SHAPES)
def test_a_blurred_part_holds_a_handful_of_averages_and_no_more(shape: str) -> None:
    """Two parts with the same averages and wholly different details come out alike."""
    flat, fine = (Image.new("L", (640, 480), 128) for _ in range(2))
    stripes = Image.new("L", (2, 2), 64)
    stripes.putpixel((0, 0), 192)
    stripes.putpixel((1, 1), 192)
    for x in range(0, 640, 2):
        for y in range(0, 480, 2):
            fine.paste(stripes, (x, y))
    region = redaction.checked(
        [{"shape": shape, "x": 0.1, "y": 0.1, "w": 0.6, "h": 0.6, "how": "blur"}], 9
    )
    for image in (flat, fine):
        redaction.burn(image, region)
    inside = (150, 120, 360, 250)
    assert pictures.apart(flat.crop(inside).tobytes(), fine.crop(inside).tobytes()) <= 1


def test_a_blurred_part_cannot_tell_two_lines_of_writing_apart() -> None:
    """The case where plain blur fails: small print, guessed word by word."""
    covers = []
    for text in ("Elmira 1994", "Attica 2003"):
        image = Image.new("RGB", (600, 400), "white")
        ImageDraw.Draw(image).text((220, 190), text, fill="black")
        redaction.burn(
            image, redaction.checked([{"x": 0.2, "y": 0.3, "w": 0.6, "h": 0.4, "how": "blur"}], 9)
        )
        covers.append(image.crop((120, 120, 480, 280)).tobytes())
    assert pictures.apart(*covers) <= 6


def test_a_cover_grows_to_whole_blocks_and_never_shrinks() -> None:
    image = Image.new("RGB", (203, 101), "white")
    redaction.burn(image, redaction.checked([{"x": 0.1, "y": 0.1, "w": 0.2, "h": 0.2}], 9))
    for x in range(20, 61):
        for y in range(10, 31):
            assert image.getpixel((x, y)) == (0, 0, 0)
    assert image.getpixel((15, 9)) == (255, 255, 255)


@pytest.mark.parametrize(
    "region",
    [
        {},
        {"x": 0, "y": 0, "w": 0, "h": 1},
        {"x": 0, "y": 0, "w": -1, "h": 1},
        {"x": 2, "y": 0, "w": 1, "h": 1},
        {"x": float("nan"), "y": 0, "w": 1, "h": 1},
        {"x": 0, "y": 0, "w": "wide", "h": 1},
        {"x": 0, "y": 0, "w": 1, "h": 1, "shape": "star"},
        {"x": 0, "y": 0, "w": 1, "h": 1, "how": "gently"},
    ],
)
def test_a_region_that_makes_no_sense_is_not_taken(region: dict) -> None:
    with pytest.raises(ValueError, match="region"):
        redaction.checked([region], 9)


def test_no_more_regions_than_there_may_be() -> None:
    with pytest.raises(ValueError, match="at most 2"):
        redaction.checked([COVERED] * 3, 2)


def test_a_region_is_cut_to_the_picture_and_keeps_nothing_else() -> None:
    region = {"x": -0.5, "y": "0.5", "w": 9, "h": float("inf"), "note": "my cousin"}
    assert redaction.checked([region], 9) == [
        {"shape": "rect", "x": 0.0, "y": 0.5, "w": 1.0, "h": 0.5, "how": "black"}
    ]


@pytest.mark.django_db
def test_regions_replace_the_former_and_survive_a_restart() -> None:
    photo = photos.admit(pictures.jpeg()).photo
    photos.redact(photo, [COVERED, COVERED])
    photos.redact(photo, [{**COVERED, "shape": "ellipse", "how": "blur"}])
    stored = photos.Photo.objects.get().redactions
    assert [(each["shape"], each["how"]) for each in stored] == [("ellipse", "blur")]
    with pytest.raises(ValueError, match="region"):
        photos.redact(photo, [{"x": 5}])
    assert photos.Photo.objects.get().redactions == stored
