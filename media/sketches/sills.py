"""Scenes at the edge of a home: a plant on a window sill, the hooks in a hall.

Each function draws one scene on a sheet of 1600 x 1200 pixels. Called by `media.sketches.draw`.
"""

from __future__ import annotations

from media.sketches.palette import PAPER, Palette
from media.sketches.sheet import Colour, Sheet, box, curve, mixed, oval, traced
from media.sketches.walls import WARM_LIGHT, wainscot, window

_LEAF: Colour = (74, 104, 78)


def window_geranium(sheet: Sheet, palette: Palette) -> None:
    """A window, the street far below it, and a plant that somebody waters."""
    sheet.shade(box(-40, -40, 420, 1300), palette.deep, 0.32, 130)
    window(sheet, palette, 430, 90, 820, 820)
    sheet.glow(840, 560, 760, (255, 232, 186), 0.35)
    curtain = mixed(palette.cloth, PAPER, 0.5)
    for side, x in ((1, 300), (-1, 1380)):
        _curtain(sheet, curtain, palette, x, side)
    sill = mixed(PAPER, palette.wood, 0.2)
    sheet.fill(traced("250,960 1430,960 1560,1050 120,1050"), sill, uneven=0.03)
    sheet.fill(box(120, 1050, 1440, 44), mixed(sill, palette.deep, 0.3))
    sheet.shade(box(120, 1094, 1440, 120), palette.deep, 0.35, 26)
    _pot(sheet, palette, 760, 800)
    _geranium(sheet, palette, 760, 770)


def _curtain(sheet: Sheet, colour: Colour, palette: Palette, x: float, side: int) -> None:
    for fold in range(5):
        left = x + side * fold * 42
        drop = curve([(left, 40), (left + side * 10, 460), (left - side * 26, 960)])
        sheet.stroke(drop, 50, mixed(colour, palette.deep, 0.05 + 0.09 * (fold % 2)))
    sheet.stroke([(190, 44), (1500, 44)], 16, mixed(palette.wood, palette.deep, 0.3))


def _pot(sheet: Sheet, palette: Palette, x: float, y: float) -> None:
    clay: Colour = (176, 98, 66)
    sheet.shadow(oval(x + 80, y + 214, 200, 26), 20, 0, soft=14, depth=0.45)
    sheet.fill([(x - 108, y + 30), (x + 108, y + 30), (x + 76, y + 216), (x - 76, y + 216)], clay)
    sheet.shade(
        [(x + 14, y + 34), (x + 100, y + 34), (x + 70, y + 210), (x + 8, y + 210)],
        (70, 30, 24),
        0.4,
        18,
    )
    sheet.fill(box(x - 124, y - 20, 248, 58), mixed(clay, (255, 230, 200), 0.12))
    sheet.shade(box(x - 124, y + 38, 248, 10), (60, 26, 20), 0.5, 6)


def _geranium(sheet: Sheet, palette: Palette, x: float, y: float) -> None:
    """Stems first, then leaves from the back to the front, then the heads of flower."""
    rng = sheet.rng
    heads = [(x - 168, y - 330), (x + 20, y - 430), (x + 190, y - 300), (x - 40, y - 250)]
    for hx, hy in heads:
        stem = curve(
            [
                (x + rng.uniform(-24, 24), y),
                ((x + hx) / 2 + rng.uniform(-30, 30), (y + hy) / 2),
                (hx, hy),
            ]
        )
        sheet.stroke(stem, 9, mixed(_LEAF, palette.deep, 0.2))
    for _ in range(26):
        angle, reach = rng.uniform(-1, 1), rng.uniform(0.2, 1)
        lx, ly = x + angle * 230 * reach, y - 20 - rng.uniform(0, 200) * (1.15 - abs(angle) * 0.6)
        _leaf(sheet, palette, lx, ly, rng.uniform(44, 70))
    for hx, hy in heads:
        _flower(sheet, hx, hy)


def _leaf(sheet: Sheet, palette: Palette, x: float, y: float, size: float) -> None:
    """A scalloped leaf with the darker ring that geraniums have."""
    rng = sheet.rng
    green = mixed(_LEAF, rng.choice([palette.deep, (150, 170, 96), _LEAF]), rng.uniform(0.05, 0.3))
    lobes = [
        (x + dx * (1.0 if number % 2 else 0.86), y + dy * (0.78 if number % 2 else 0.66))
        for number, (dx, dy) in enumerate(
            [(px - x, py - y) for px, py in oval(x, y, size, size)][::5]
        )
    ]
    sheet.shadow(lobes, 4, 8, soft=6, depth=0.3)
    sheet.fill(curve(lobes, closed=True, steps=4), green)
    sheet.fill(
        oval(x, y + 2, size * 0.52, size * 0.38),
        mixed(green, palette.deep, 0.3),
        opacity=0.5,
        blur=4,
    )
    sheet.fill(
        oval(x, y + 2, size * 0.34, size * 0.24),
        mixed(green, (180, 190, 120), 0.2),
        opacity=0.8,
        blur=3,
    )


def _flower(sheet: Sheet, x: float, y: float) -> None:
    rng = sheet.rng
    for ring, (count, spread) in enumerate(((16, 66), (13, 46), (8, 22))):
        for _ in range(count):
            px, py = x + rng.uniform(-spread, spread), y + rng.uniform(-spread, spread) * 0.8
            red = mixed((150, 40, 44), (224, 96, 84), ring * 0.28 + rng.uniform(0, 0.22))
            sheet.fill(
                oval(px, py, rng.uniform(13, 21), rng.uniform(10, 16), rng.uniform(0, 180)),
                red,
                wobble=0,
            )


def coat_hook(sheet: Sheet, palette: Palette) -> None:
    """A hall. One coat has hung here for a long time; a small one hangs beside it."""
    wainscot(sheet, palette, 800)
    sheet.fill(box(-10, 1096, 1620, 120), mixed(palette.wood, palette.deep, 0.25))
    sheet.fill(
        traced("1120,-10 1620,-10 1620,1210 1440,1210"),
        WARM_LIGHT,
        opacity=0.3,
        blur=26,
        wobble=0,
    )
    board = mixed(palette.wood, PAPER, 0.08)
    sheet.shadow(box(220, 196, 1160, 74), 4, 14, soft=12)
    sheet.fill(box(220, 196, 1160, 74), board)
    for x in (360, 640, 940, 1220):
        sheet.stroke(curve([(x, 226), (x, 262), (x + 16, 284), (x + 32, 262)]), 12, palette.deep)
    _coat(sheet, mixed(palette.deep, palette.sky, 0.35), palette, 648, 270, 1.0)
    _coat(sheet, palette.accent, palette, 1232, 272, 0.56)
    _scarf(sheet, palette, 372, 256)
    _boots(sheet, palette, 930, 1090)


def _coat(sheet: Sheet, colour: Colour, palette: Palette, x: float, y: float, size: float) -> None:
    """A coat by its loop: shoulders fallen, sleeves hanging, a front edge, three buttons."""

    def at(dx: float, dy: float) -> tuple[float, float]:
        return x + dx * size, y + dy * size

    body = [
        at(-30, 0),
        at(34, 0),
        at(104, 46),
        at(150, 110),
        at(166, 400),
        at(196, 720),
        at(20, 736),
        at(-190, 720),
        at(-162, 400),
        at(-146, 110),
        at(-100, 46),
    ]
    sheet.shadow([*body, at(-230, 300)], 26 * size, 22 * size, soft=24, depth=0.42)
    for side in (-1, 1):
        sleeve = [
            at(92 * side, 44),
            at(168 * side, 120),
            at(214 * side, 330),
            at(232 * side, 560),
            at(164 * side, 574),
            at(140 * side, 330),
            at(110 * side, 180),
        ]
        sheet.fill(sleeve, mixed(colour, palette.deep, 0.34 if side > 0 else 0.16))
        cuff = [at(230 * side, 534), at(233 * side, 562), at(163 * side, 577), at(160 * side, 548)]
        sheet.fill(cuff, mixed(colour, palette.deep, 0.5))
    sheet.fill(body, colour)
    sheet.shade(
        [at(50, 120), at(146, 150), at(180, 700), at(90, 716)], palette.deep, 0.38, 26 * size
    )
    for side in (-1, 1):
        sheet.fill(
            [at(34 * side, -4), at(92 * side, 46), at(62 * side, 150), at(3, 96)],
            mixed(colour, PAPER, 0.13 if side < 0 else 0.06),
        )
        pocket = [at(60 * side, 470), at(134 * side, 462), at(134 * side, 486), at(60 * side, 494)]
        sheet.fill(pocket, mixed(colour, palette.deep, 0.42))
    sheet.stroke([at(3, 100), at(0, 400), at(8, 728)], 4, mixed(colour, palette.deep, 0.65))
    for dy in (190, 300, 410):
        sheet.fill(oval(*at(26, dy), 11 * size, 11 * size), mixed(colour, PAPER, 0.5))


def _scarf(sheet: Sheet, palette: Palette, x: float, y: float) -> None:
    wool = mixed(palette.cloth, (226, 176, 92), 0.5)
    for dx, length in ((-26, 470), (24, 390)):
        fall = curve([(x + 6, y + 8), (x + dx, y + 120), (x + dx * 1.4, y + length)])
        sheet.shadow([*fall, (x + dx + 60, y + length)], 16, 10, soft=14, depth=0.2)
        sheet.stroke(fall, 58, mixed(wool, palette.deep, 0.12 if dx < 0 else 0))
        for stripe in range(3):
            sheet.fill(
                box(x + dx * 1.35 - 30, y + length - 70 + stripe * 24, 60, 9),
                palette.accent,
                wobble=0,
            )


def _boots(sheet: Sheet, palette: Palette, x: float, y: float) -> None:
    leather = mixed(palette.deep, palette.wood, 0.3)
    for dx in (0, 128):
        left = x + dx
        shape = curve(
            [
                (left, y - 150),
                (left + 62, y - 150),
                (left + 62, y - 50),
                (left + 120, y - 26),
                (left + 122, y),
                (left, y),
            ],
            closed=True,
            steps=6,
        )
        sheet.shadow(shape, 10, 6, soft=10)
        sheet.fill(shape, leather)
        sheet.fill(box(left - 2, y - 10, 126, 14), palette.deep)
