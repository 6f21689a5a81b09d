"""A sheet of paper and the few things a hand does on it: flat colour, soft light, an ink line.

Owns how every sketch looks: cut-paper shapes with a wavering edge, colour that is a little uneven
as gouache is, grain over all. Positions are pixels from the upper left. Everything random comes
from the generator handed in, so the same seed draws the same picture.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Colour = tuple[int, int, int]
Point = tuple[float, float]
Shape = Sequence[Point]

_FINER = 2  # masks are drawn this much larger and reduced, for soft edges
_QUALITY = 88
_RIM = 76  # what Pillow's radial gradient still has where it meets the edge of its square


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with `share` (0 to 1) of `other` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def box(x: float, y: float, w: float, h: float) -> list[Point]:
    return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]


def traced(drawn: str) -> list[Point]:
    """The points of "x,y x,y …": an outline that reads best on one line."""
    return [(float(x), float(y)) for x, y in (point.split(",") for point in drawn.split())]


def oval(x: float, y: float, rx: float, ry: float, tilt: float = 0) -> list[Point]:
    """An ellipse about (`x`, `y`), turned by `tilt` degrees."""
    turn = math.radians(tilt)
    points = []
    for step in range(72):
        angle = math.tau * step / 72
        dx, dy = rx * math.cos(angle), ry * math.sin(angle)
        points.append(
            (
                x + dx * math.cos(turn) - dy * math.sin(turn),
                y + dx * math.sin(turn) + dy * math.cos(turn),
            )
        )
    return points


def curve(points: Shape, *, closed: bool = False, steps: int = 12) -> list[Point]:
    """A smooth line through `points` (Catmull-Rom)."""
    before_first, after_last = (points[-1:], points[:2]) if closed else (points[:1], points[-1:])
    around = [*before_first, *points, *after_last]
    smooth: list[Point] = []
    for before, start, end, after in zip(around, around[1:], around[2:], around[3:], strict=False):
        for step in range(steps):
            smooth.append(_between(before, start, end, after, step / steps))
    return smooth if closed else [*smooth, points[-1]]


def _between(before: Point, start: Point, end: Point, after: Point, at: float) -> Point:
    x, y = (
        0.5
        * (
            2 * b
            + (c - a) * at
            + (2 * a - 5 * b + 4 * c - d) * at**2
            + (3 * b - a - 3 * c + d) * at**3
        )
        for a, b, c, d in zip(before, start, end, after, strict=True)
    )
    return x, y


def turned(points: Shape, about: Point, degrees: float) -> list[Point]:
    """`points` turned clockwise about a point."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    ax, ay = about
    return [
        (ax + (x - ax) * cos - (y - ay) * sin, ay + (x - ax) * sin + (y - ay) * cos)
        for x, y in points
    ]


class Sheet:
    """One picture being drawn."""

    def __init__(self, width: int, height: int, rng: Random, ground: Colour) -> None:
        self.width, self.height, self.rng = width, height, rng
        self.image = Image.new("RGB", (width, height), ground)
        self._mottle = self._clouds()
        self.fill(box(-20, -20, width + 40, height + 40), ground, wobble=0)

    def _noise(self, width: int, height: int) -> Image.Image:
        return Image.frombytes("L", (width, height), self.rng.randbytes(width * height))

    def _clouds(self) -> Image.Image:
        """Uneven pigment: large pools, small flecks, and the drag of a brush."""
        size = (self.width, self.height)
        pools = self._noise(14, 10).resize(size, Image.Resampling.BICUBIC)
        flecks = self._noise(160, 120).resize(size, Image.Resampling.BICUBIC)
        drag = self._noise(10, 300).resize(size, Image.Resampling.BICUBIC)
        mixed_noise = Image.blend(Image.blend(pools, flecks, 0.3), drag, 0.3)
        return ImageOps.autocontrast(mixed_noise, cutoff=1)

    def fill(
        self,
        shape: Shape,
        colour: Colour,
        *,
        wobble: float = 1.6,
        uneven: float = 0.07,
        opacity: float = 1.0,
        blur: float = 0.0,
    ) -> None:
        """Lay a shape of `colour`; `wobble` and `blur` in pixels, `uneven` and `opacity` 0 to 1."""
        shape = self._cut(shape, wobble) if wobble else shape
        area = self._area(shape, blur * 3 + 2)
        if area is None:
            return
        mask = self._mask(shape, area)
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur))
        if opacity < 1:
            mask = mask.point([round(value * opacity) for value in range(256)])
        self.image.paste(self._pigment(colour, uneven, area), area[:2], mask)

    def _pigment(
        self, colour: Colour, uneven: float, area: tuple[int, int, int, int]
    ) -> Image.Image:
        dark, light = mixed(colour, (20, 12, 8), uneven), mixed(colour, (255, 248, 232), uneven)
        return ImageOps.colorize(self._mottle.crop(area), dark, light)

    def _cut(self, shape: Shape, wobble: float) -> list[Point]:
        """The outline as scissors leave it: long edges waver, short ones stay."""
        points: list[Point] = []
        for (x0, y0), (x1, y1) in zip(shape, [*shape[1:], shape[0]], strict=True):
            points.append((x0, y0))
            parts = int(math.hypot(x1 - x0, y1 - y0) // 70)
            for part in range(1, parts):
                at = part / parts
                points.append(
                    (
                        x0 + (x1 - x0) * at + self.rng.uniform(-wobble, wobble),
                        y0 + (y1 - y0) * at + self.rng.uniform(-wobble, wobble),
                    )
                )
        return points

    def _area(self, shape: Shape, margin: float) -> tuple[int, int, int, int] | None:
        """The part of the sheet a shape touches, or None."""
        left = max(0, math.floor(min(x for x, _ in shape) - margin))
        top = max(0, math.floor(min(y for _, y in shape) - margin))
        right = min(self.width, math.ceil(max(x for x, _ in shape) + margin))
        bottom = min(self.height, math.ceil(max(y for _, y in shape) + margin))
        return (left, top, right, bottom) if left < right and top < bottom else None

    @staticmethod
    def _mask(shape: Shape, area: tuple[int, int, int, int]) -> Image.Image:
        left, top, right, bottom = area
        mask = Image.new("L", ((right - left) * _FINER, (bottom - top) * _FINER), 0)
        moved = [((x - left) * _FINER, (y - top) * _FINER) for x, y in shape]
        ImageDraw.Draw(mask).polygon(moved, fill=255)
        return mask.reduce(_FINER)

    def shadow(
        self, shape: Shape, dx: float, dy: float, *, soft: float = 14, depth: float = 0.35
    ) -> None:
        """What `shape` throws on what is under it. Lay it before the shape."""
        moved = [(x + dx, y + dy) for x, y in shape]
        self.fill(moved, (28, 20, 18), wobble=0, uneven=0, opacity=depth, blur=soft)

    def stroke(self, points: Shape, width: float, colour: Colour, *, taper: bool = False) -> None:
        """A brush line along `points`, a little uneven; with `taper` it runs out at the end."""
        outline = self._outline(points, width, taper=taper)
        self.fill(outline, colour, wobble=0, uneven=0.04)
        if not taper:
            for x, y in (points[0], points[-1]):
                self.fill(oval(x, y, width / 2, width / 2), colour, wobble=0, uneven=0.04)

    def pen(self, points: Shape, width: float, colour: Colour) -> None:
        """A pen line of even width along `points`, which may cross itself, as letters do."""
        area = self._area(points, width + 2)
        if area is None:
            return
        left, top, right, bottom = area
        mask = Image.new("L", ((right - left) * _FINER, (bottom - top) * _FINER), 0)
        moved = [((x - left) * _FINER, (y - top) * _FINER) for x, y in points]
        draw = ImageDraw.Draw(mask)
        draw.line(moved, fill=255, width=round(width * _FINER), joint="curve")
        half = width * _FINER / 2
        for x, y in (moved[0], moved[-1]):
            draw.ellipse((x - half, y - half, x + half, y + half), fill=255)
        self.image.paste(self._pigment(colour, 0.1, area), area[:2], mask.reduce(_FINER))

    def _outline(self, points: Shape, width: float, *, taper: bool) -> list[Point]:
        left, right = [], []
        last = len(points) - 1
        for at, (x, y) in enumerate(points):
            (bx, by), (ax, ay) = points[max(0, at - 1)], points[min(last, at + 1)]
            length = math.hypot(ax - bx, ay - by) or 1
            half = width / 2 * self.rng.uniform(0.93, 1.07)
            if taper:
                half *= 1 - 0.9 * at / last
            nx, ny = -(ay - by) / length * half, (ax - bx) / length * half
            left.append((x + nx, y + ny))
            right.append((x - nx, y - ny))
        return left + right[::-1]

    def fade(self, shape: Shape, top: Colour, bottom: Colour) -> None:
        """A shape whose colour goes from `top` to `bottom`."""
        area = self._area(shape, 2)
        if area is None:
            return
        size = (area[2] - area[0], area[3] - area[1])
        ramp = Image.linear_gradient("L").resize(size)
        uneven = Image.blend(ramp, self._mottle.crop(area), 0.07)
        layer = ImageOps.colorize(uneven, top, bottom)
        self.image.paste(layer, area[:2], self._mask(shape, area))

    def glow(
        self, x: float, y: float, radius: float, colour: Colour, strength: float = 0.6
    ) -> None:
        """Light from a point, added to what is there."""
        size = round(radius * 2)
        light = ImageOps.invert(Image.radial_gradient("L")).resize((size, size))
        falling = [max(0.0, value - _RIM) / (255 - _RIM) for value in range(256)]
        light = light.point([round(255 * strength * share**1.6) for share in falling])
        layer = Image.new("RGB", self.image.size, (0, 0, 0))
        solid = Image.new("RGB", (size, size), colour)
        layer.paste(solid, (round(x - radius), round(y - radius)), light)
        self.image = ImageChops.screen(self.image, layer)

    def shade(self, shape: Shape, colour: Colour, depth: float, blur: float = 40) -> None:
        """Darken softly towards `colour`: a corner the light does not reach."""
        self.fill(shape, colour, wobble=0, uneven=0, opacity=depth, blur=blur)

    def finished(self, *, flip: bool = False) -> bytes:
        """The picture as JPEG, with the tooth of the paper in it; `flip` mirrors it."""
        if flip:
            self.image = ImageOps.mirror(self.image)
        grain = self._noise(self.width, self.height).filter(ImageFilter.GaussianBlur(0.7))
        grain = grain.point([round(128 + (value - 128) * 0.22) for value in range(256)])
        tooth = Image.merge("RGB", (grain, grain, grain))
        out = io.BytesIO()
        ImageChops.overlay(self.image, tooth).save(out, "JPEG", quality=_QUALITY)
        return out.getvalue()
