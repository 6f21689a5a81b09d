"""Scenes on the way: the night bus, the road north in snow, the train along the river.

Each function draws one scene on a sheet of 1600 x 1200 pixels. Called by `media.sketches.draw`.
"""

from __future__ import annotations

from itertools import pairwise

from media.sketches.palette import INK, LAMP, PAPER, Palette
from media.sketches.sheet import Colour, Sheet, box, curve, mixed, oval, traced
from media.sketches.sky import DUSK, NIGHT, bare_tree, hills, stars

_SNOW: Colour = (232, 232, 228)


def night_bus(sheet: Sheet, palette: Palette) -> None:
    """The bus that leaves the city at one in the morning, with everybody asleep in it."""
    sheet.fade(box(-10, -10, 1620, 800), (24, 32, 50), mixed(NIGHT, DUSK, 0.28))
    stars(sheet, 90, 430)
    sheet.glow(1290, 190, 230, (226, 222, 200), 0.35)
    sheet.fill(oval(1290, 190, 54, 54), (240, 230, 204))
    hills(sheet, 600, 46, mixed(NIGHT, (20, 26, 34), 0.3))
    hills(sheet, 690, 34, (26, 32, 42))
    for x in (60, 190, 1420, 1530):
        bare_tree(sheet, x, 800, sheet.rng.uniform(210, 320), (18, 22, 30))
    sheet.fill(box(-10, 800, 1620, 410), (34, 36, 44), uneven=0.1)
    sheet.fill(box(-10, 792, 1620, 16), (70, 72, 78), opacity=0.8)
    for x in range(-60, 1660, 260):
        sheet.fill(
            [(x, 1062), (x + 130, 1062), (x + 112, 1078), (x - 22, 1078)],
            (206, 186, 130),
            opacity=0.75,
        )
    _coach(sheet, palette)


def _coach(sheet: Sheet, palette: Palette) -> None:
    body = mixed(palette.accent, (30, 26, 34), 0.22)
    left, top, right, base = 250, 430, 1370, 880
    sheet.shadow(oval(810, 930, 600, 34), 0, 0, soft=18, depth=0.6)
    shape = traced(
        "250,476 264,442 296,430 1250,430 1292,442 1326,482 1362,730 1370,760 1370,866 1356,880"
        " 260,880 250,866"
    )
    sheet.fill(shape, body)
    sheet.fill(
        box(left + 2, base - 128, right - left - 8, 26), mixed(body, PAPER, 0.7), uneven=0.04
    )
    for number in range(6):
        _bus_window(sheet, left + 44 + number * 150, top + 56)
    sheet.fill(
        [
            (right - 108, top + 46),
            (right - 66, top + 46),
            (right - 22, top + 214),
            (right - 108, top + 214),
        ],
        (120, 136, 150),
    )
    for x in (left + 210, right - 270):
        sheet.fill(oval(x, base, 78, 78), (18, 18, 22))
        sheet.fill(oval(x, base, 34, 34), (120, 116, 110))
    sheet.glow(right + 130, base - 60, 420, (255, 226, 160), 0.5)
    sheet.fill(
        [(right - 4, base - 86), (1610, base - 150), (1610, base + 120), (right - 4, base - 46)],
        (255, 232, 170),
        opacity=0.3,
        blur=16,
        wobble=0,
    )
    sheet.fill(oval(right - 12, base - 66, 14, 24), (255, 246, 214))
    sheet.glow(780, top + 140, 640, LAMP, 0.26)


def _bus_window(sheet: Sheet, x: float, y: float) -> None:
    """A lit window, and sometimes the head of somebody leaning on the glass."""
    sheet.fade(box(x, y, 128, 158), (250, 214, 146), (224, 164, 96))
    if sheet.rng.random() < 0.75:
        tilt = sheet.rng.uniform(-14, 14)
        head = x + 64 + tilt
        dark = mixed((70, 46, 38), (40, 30, 34), sheet.rng.random())
        sheet.fill(
            [
                (x + 14, y + 158),
                *curve(
                    [
                        (x + 14, y + 158),
                        (x + 30, y + 116),
                        (head, y + 98),
                        (x + 100, y + 116),
                        (x + 116, y + 158),
                    ]
                ),
            ],
            dark,
        )
        sheet.fill(oval(head, y + 78, 27, 33, tilt), dark)


def snow_road(sheet: Sheet, palette: Palette) -> None:
    """The road into a small town in the north, where the long building is."""
    sheet.fade(
        box(-10, -10, 1620, 640),
        mixed(palette.sky, (90, 100, 116), 0.35),
        mixed(DUSK, PAPER, 0.62),
    )
    hills(sheet, 520, 30, mixed(palette.sky, (206, 208, 212), 0.45))
    _long_building(sheet, palette)
    sheet.fill(
        [*curve(traced("-20,600 500,584 1100,606 1620,588")), (1620, 1210), (-20, 1210)],
        _SNOW,
        uneven=0.05,
    )
    sheet.shade([(-20, 900), (700, 640), (-20, 640)], palette.sky, 0.3, 50)
    road = traced("792,596 822,596 1180,1210 330,1210")
    sheet.fill(road, mixed((120, 118, 122), palette.sky, 0.3), uneven=0.1)
    for left, right in (((801, 596), (560, 1210)), ((813, 596), (930, 1210))):
        sheet.fill(
            [left, (left[0] + 4, left[1]), (right[0] + 70, right[1]), right],
            _SNOW,
            opacity=0.5,
            wobble=0,
        )
    _poles(sheet, palette)
    for x, y, high in ((150, 900, 560), (330, 760, 330), (1360, 800, 380), (1520, 960, 600)):
        sheet.shadow(oval(x + 60, y + 6, high * 0.2, 14), 20, 0, soft=10, depth=0.25)
        bare_tree(sheet, x, y, high * sheet.rng.uniform(0.9, 1.1), mixed(INK, palette.wood, 0.25))
    for _ in range(260):
        flake = sheet.rng.uniform(0, 1600), sheet.rng.uniform(0, 1200)
        size = sheet.rng.uniform(1.6, 4.6)
        sheet.fill(oval(*flake, size, size), (250, 250, 248), wobble=0, opacity=0.85)


def _long_building(sheet: Sheet, palette: Palette) -> None:
    """Low and wide on the horizon, a few windows lit; a water tower; no more than that."""
    wall = mixed(palette.deep, palette.sky, 0.5)
    sheet.fill(box(930, 508, 470, 96), wall)
    sheet.fill(box(1090, 478, 150, 126), mixed(wall, palette.deep, 0.2))
    for number in range(14):
        lit = sheet.rng.random() < 0.45
        sheet.fill(
            box(946 + number * 32, 536, 13, 20),
            LAMP if lit else mixed(wall, palette.deep, 0.4),
            wobble=0,
        )
    sheet.stroke([(660, 604), (668, 486)], 5, wall)
    sheet.stroke([(712, 604), (704, 486)], 5, wall)
    sheet.fill(traced("650,440 722,440 716,492 656,492"), wall)
    sheet.fill([(646, 442), (686, 414), (726, 442)], mixed(wall, palette.deep, 0.2))


def _poles(sheet: Sheet, palette: Palette) -> None:
    wood = mixed(INK, palette.wood, 0.4)
    tops = []
    for share in (0.04, 0.14, 0.34, 0.74):
        x, base, high = 850 + 600 * share, 600 + 520 * share, 60 + 640 * share
        sheet.stroke([(x, base), (x, base - high)], 4 + 13 * share, wood)
        arm = 14 + 90 * share
        sheet.stroke(
            [(x - arm, base - high * 0.92), (x + arm, base - high * 0.92)], 3 + 8 * share, wood
        )
        tops.append((x, base - high * 0.93))
    for (ax, ay), (bx, by) in pairwise(tops):
        sheet.stroke(curve([(ax, ay), ((ax + bx) / 2, (ay + by) / 2 + 24), (bx, by)]), 2, wood)


def train(sheet: Sheet, palette: Palette) -> None:
    """The line along the river, from the window seat."""
    inside = mixed(palette.wall, palette.deep, 0.34)
    sheet.fill(box(-10, -10, 1620, 1220), inside)
    view = box(150, 150, 1010, 620)
    sheet.fade(view, mixed(palette.sky, PAPER, 0.25), mixed((250, 214, 160), PAPER, 0.2))
    _river(sheet, palette)
    _carriage(sheet, palette, inside)
    _train_seat(sheet, palette)
    sheet.fill(traced("420,900 700,900 726,1090 398,1090"), mixed((190, 150, 104), PAPER, 0.1))
    sheet.shade(traced("570,910 700,910 724,1080 580,1080"), palette.deep, 0.25, 14)
    sheet.fill(traced("420,900 458,880 668,882 700,900"), mixed((150, 110, 74), palette.deep, 0.25))
    sheet.fill(traced("150,1090 1000,1090 1080,1210 60,1210"), mixed(palette.wood, PAPER, 0.12))
    sheet.glow(560, 420, 760, (255, 232, 186), 0.25)


def _river(sheet: Sheet, palette: Palette) -> None:
    for y, colour in (
        (470, mixed(palette.sky, palette.deep, 0.2)),
        (520, mixed((96, 112, 92), palette.sky, 0.25)),
    ):
        ridge = curve(
            [
                (150, y - 20),
                (420, y - sheet.rng.uniform(60, 110)),
                (760, y - 20),
                (1160, y - sheet.rng.uniform(50, 100)),
            ]
        )
        sheet.fill([*ridge, (1160, 770), (150, 770)], colour, wobble=0)
    sheet.fade(
        box(150, 548, 1010, 222),
        mixed((250, 220, 170), palette.sky, 0.35),
        mixed(palette.sky, palette.deep, 0.2),
    )
    for _ in range(26):
        left, top = sheet.rng.uniform(170, 1060), sheet.rng.uniform(566, 750)
        glint = [(left, top), (left + sheet.rng.uniform(30, 90), top)]
        sheet.stroke(glint, 3, mixed(PAPER, palette.sky, 0.3))
    for x in (230, 640, 1010):
        sheet.fill(box(x, 640, 16, 130), mixed(palette.deep, palette.wood, 0.4))


def _carriage(sheet: Sheet, palette: Palette, inside: Colour) -> None:
    frame = mixed(palette.deep, palette.sky, 0.35)
    for x, y, w, h in (
        (110, 110, 1090, 40),
        (110, 770, 1090, 44),
        (110, 110, 40, 700),
        (1160, 110, 40, 700),
    ):
        sheet.fill(box(x, y, w, h), frame, uneven=0.04)
    sheet.fill(box(90, 812, 1130, 26), mixed(frame, PAPER, 0.3))
    sheet.fill(box(-10, -10, 1620, 70), mixed(inside, palette.deep, 0.3))
    sheet.shade(box(1230, -10, 400, 1220), palette.deep, 0.3, 60)


def _train_seat(sheet: Sheet, palette: Palette) -> None:
    cloth = mixed(palette.accent, palette.deep, 0.12)
    back = curve(
        traced("1120,470 1180,400 1500,400 1570,480 1620,1210 1080,1210"),
        closed=True,
        steps=8,
    )
    sheet.shadow(back, -20, 14, soft=26, depth=0.4)
    sheet.fill(back, cloth)
    sheet.fill(
        curve(
            traced("1160,410 1200,340 1480,340 1524,410 1500,520 1184,520"),
            closed=True,
        ),
        mixed(PAPER, cloth, 0.12),
    )
    for x in (1240, 1350, 1460):
        sheet.stroke(
            curve([(x, 540), (x + 6, 860), (x - 4, 1210)]), 5, mixed(cloth, palette.deep, 0.45)
        )
