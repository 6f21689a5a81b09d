"""Covers regions of a picture so that what was there cannot be had back.

Owns the shape of a region, its checking, and the burning of it into pixels. Pure. Called by
`media.photos` (checking) and by the darkroom (burning).

Why the blur is a mosaic first: a plain Gaussian blur is a known, linear mixing of neighbours. It
keeps enough of a face or a line of writing to be undone by deconvolution, or matched against
blurred guesses. Here a region is first reduced to at most six averages along its longer side, and
everything else is thrown away; the blur over them only makes the cover gentle to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil, floor, isnan
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from PIL import Image

SHAPES = ("rect", "ellipse")
WAYS = ("black", "blur")
MOSAIC = 6  # averages along the longer side of a blurred region
# A JPEG of the source lets pixels of one 8 x 8 block know of one another: cover whole blocks.
BLOCK = 8


class Region(TypedDict):
    """One covered part: `x`, `y` of its upper left corner, `w`, `h`; fractions of the picture."""

    shape: str
    x: float
    y: float
    w: float
    h: float
    how: str


def checked(regions: Iterable[Mapping[str, Any]], most: int) -> list[Region]:
    """`regions` as rows that can be burned: clipped to the picture, five decimals, no other key.

    Raises ValueError naming what is wrong: an unknown shape or way, a number that is none, a
    region outside the picture or without area, more than `most` of them.
    """
    rows = [_checked(region) for region in regions]
    if len(rows) > most:
        raise ValueError(f"{len(rows)} regions, but at most {most} can be covered")
    return rows


def _checked(region: Mapping[str, Any]) -> Region:
    shape, how = region.get("shape", "rect"), region.get("how", "black")
    if shape not in SHAPES or how not in WAYS:
        raise ValueError(f"a region is one of {SHAPES} covered by one of {WAYS}")
    try:
        x, y, w, h = (float(region[key]) for key in "xywh")
    except (KeyError, TypeError, ValueError):
        raise ValueError("a region needs the numbers x, y, w and h") from None
    left, top = max(0.0, x), max(0.0, y)
    right, bottom = min(1.0, x + w), min(1.0, y + h)
    if any(map(isnan, (x, y, w, h))) or left >= right or top >= bottom:
        raise ValueError("a region lies outside the picture or has no area")
    return Region(
        shape=shape,
        x=round(left, 5),
        y=round(top, 5),
        w=round(right - left, 5),
        h=round(bottom - top, 5),
        how=how,
    )


def burn(picture: Image.Image, regions: Iterable[Region]) -> None:
    """Cover `regions` of `picture` in place. The covered pixels are gone from it."""
    for region in regions:
        box = _box(region, picture.size)
        cover = _black(picture, box) if region["how"] == "black" else _mosaic(picture, box)
        mask = _ellipse(cover.size) if region["shape"] == "ellipse" else None
        picture.paste(cover, box[:2], mask)


def _box(region: Region, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The region in pixels, grown outwards to whole blocks, within the picture."""
    width, height = size
    left = floor(region["x"] * width / BLOCK) * BLOCK
    top = floor(region["y"] * height / BLOCK) * BLOCK
    right = ceil((region["x"] + region["w"]) * width / BLOCK) * BLOCK
    bottom = ceil((region["y"] + region["h"]) * height / BLOCK) * BLOCK
    return left, top, min(right, width), min(bottom, height)


def _black(picture: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    from PIL import Image

    return Image.new(picture.mode, (box[2] - box[0], box[3] - box[1]), 0)


def _mosaic(picture: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    """The region as a handful of averages, drawn back to size and softened."""
    from PIL import Image, ImageFilter

    width, height = box[2] - box[0], box[3] - box[1]
    longer = max(width, height)
    grid = (max(1, MOSAIC * width // longer), max(1, MOSAIC * height // longer))
    averages = picture.resize(grid, Image.Resampling.BOX, box=box)
    tiles = averages.resize((width, height), Image.Resampling.NEAREST)
    return tiles.filter(ImageFilter.GaussianBlur(longer / MOSAIC / 3))


def _ellipse(size: tuple[int, int]) -> Image.Image:
    """A hard-edged mask: a soft edge would let a little of what is under it through."""
    from PIL import Image, ImageDraw

    mask = Image.new("1", size, 0)
    ImageDraw.Draw(mask).ellipse((0, 0, size[0] - 1, size[1] - 1), fill=1)
    return mask
