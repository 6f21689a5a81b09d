"""Things by themselves: envelopes, a quilt, a telephone, a suitcase.

Each function draws one scene on a sheet of 1600 x 1200 pixels. Called by `media.sketches.draw`.
"""

from __future__ import annotations

import math

from media.sketches.palette import INK, PAPER, Palette
from media.sketches.sheet import Colour, Point, Sheet, box, curve, mixed, oval, traced, turned

_LIGHT: Colour = (255, 226, 170)


def _tabletop(sheet: Sheet, palette: Palette, top: float) -> None:
    """A wooden table from `top` down, with its grain."""
    sheet.fill(box(-20, top, sheet.width + 40, sheet.height - top + 20), palette.wood, uneven=0.14)
    for number in range(7):
        y = top + 30 + number * (sheet.height - top) / 6.5
        grain = curve(
            [(x, y + sheet.rng.uniform(-6, 6)) for x in range(-40, sheet.width + 120, 160)]
        )
        sheet.stroke(grain, 3, mixed(palette.wood, palette.deep, 0.4))
    sheet.fill(box(-20, top, sheet.width + 40, 12), mixed(palette.wood, PAPER, 0.25), opacity=0.7)


def envelopes(sheet: Sheet, palette: Palette) -> None:
    """Years of letters, tied with a ribbon."""
    sheet.shade(box(-40, -40, 1680, 380), palette.deep, 0.3, 140)
    _tabletop(sheet, palette, 620)
    rng = sheet.rng
    count = 15
    for number in range(count):
        y = 980 - number * 34
        left, right = 430 + rng.uniform(-26, 26), 1170 + rng.uniform(-26, 26)
        tone = mixed(
            PAPER,
            rng.choice([palette.cloth, palette.sky, PAPER, (220, 196, 150)]),
            rng.uniform(0.05, 0.35),
        )
        sheet.shadow(box(left, y, right - left, 32), 14, 8, soft=8, depth=0.3)
        sheet.fill(
            [(left, y + 4), (right, y), (right + 2, y + 28), (left + 2, y + 32)], tone, uneven=0.04
        )
        sheet.stroke([(left, y + 30), (right, y + 27)], 2.4, mixed(tone, palette.deep, 0.5))
    _top_envelope(sheet, palette, 980 - count * 34)
    _ribbon(sheet, palette, 980 - count * 34)
    _loose_envelope(sheet, palette)
    sheet.glow(240, 120, 900, _LIGHT, 0.36)


def _top_envelope(sheet: Sheet, palette: Palette, y: float) -> None:
    """The last one to come, lying on top and seen from above."""
    face = [(520, y - 150), (1130, y - 154), (1200, y + 36), (424, y + 40)]
    sheet.fill(face, mixed(PAPER, (255, 255, 255), 0.3), uneven=0.03)
    sheet.fill([(1016, y - 138), (1096, y - 139), (1112, y - 76), (1026, y - 75)], palette.accent)
    sheet.fill(
        [(1030, y - 128), (1086, y - 129), (1096, y - 88), (1036, y - 87)],
        mixed(palette.accent, PAPER, 0.5),
    )
    for row in range(3):
        line = curve(
            [
                (640 + step * 26 - row * 8, y - 92 + row * 34 + sheet.rng.uniform(-5, 5))
                for step in range(12 - row * 2)
            ],
            steps=4,
        )
        sheet.stroke(line, 3.4, INK)


def _ribbon(sheet: Sheet, palette: Palette, y: float) -> None:
    red = palette.accent
    sheet.fill([(760, y - 152), (800, y - 152), (806, y + 40), (758, y + 40)], red)
    sheet.fill(
        [(758, y + 36), (806, y + 36), (806, 1012), (758, 1012)], mixed(red, palette.deep, 0.22)
    )
    knot = (784, y - 50)
    for side in (-1, 1):
        loop = curve(
            [
                knot,
                (knot[0] + side * 80, knot[1] - 74),
                (knot[0] + side * 146, knot[1] - 34),
                (knot[0] + side * 90, knot[1] + 14),
            ],
            closed=True,
        )
        sheet.shadow(loop, 6, 10, soft=8, depth=0.35)
        sheet.fill(loop, mixed(red, PAPER, 0.1 if side < 0 else 0.02))
        sheet.stroke(
            curve(
                [knot, (knot[0] + side * 60, knot[1] + 60), (knot[0] + side * 120, knot[1] + 92)]
            ),
            26,
            mixed(red, palette.deep, 0.12),
        )
    sheet.fill(oval(*knot, 24, 20), mixed(red, palette.deep, 0.25))


def _loose_envelope(sheet: Sheet, palette: Palette) -> None:
    """One lies beside the pile, opened."""
    corners = turned(traced("1180,1010 1500,1010 1500,1130 1180,1130"), (1340, 1070), -9)
    sheet.shadow(corners, 8, 12, soft=10, depth=0.4)
    sheet.fill(corners, mixed(PAPER, palette.cloth, 0.25), uneven=0.04)
    tip: Point = (1336, 1086)
    sheet.fill([corners[0], corners[1], tip], mixed(PAPER, palette.cloth, 0.4), uneven=0.04)
    sheet.stroke([corners[0], tip, corners[1]], 3, mixed(palette.cloth, palette.deep, 0.4))


def quilt(sheet: Sheet, palette: Palette) -> None:
    """A quilt of stars, pieced from shirts."""
    rng = sheet.rng
    sheet.fill(box(-20, -20, 1640, 1240), mixed(PAPER, palette.cloth, 0.2))
    cloths = [
        palette.accent,
        mixed(palette.sky, palette.deep, 0.25),
        mixed((206, 160, 84), palette.cloth, 0.2),
        mixed(palette.deep, palette.sky, 0.25),
        mixed(palette.accent, PAPER, 0.45),
        mixed((104, 120, 92), palette.cloth, 0.2),
    ]
    size = 300
    for row in range(5):
        for column in range(6):
            x, y = column * size - 60, row * size - 90
            _star(
                sheet,
                x,
                y,
                size,
                rng.choice(cloths),
                mixed(PAPER, palette.cloth, rng.uniform(0.1, 0.26)),
            )
    _stitches(sheet, size)
    for number in range(4):
        left = -200 + number * 560 + rng.uniform(-60, 60)
        fold = curve([(left, -40), (left + 140, 500), (left + 60, 1260)])
        sheet.shade(
            [*fold, (left + 210, 1260), (left + 290, 500), (left + 150, -40)], palette.deep, 0.3, 60
        )
        light = [(px - 110, py) for px, py in fold]
        sheet.shade([*light, *[(px - 80, py) for px, py in light[::-1]]], (255, 246, 226), 0.12, 50)


def _star(sheet: Sheet, x: float, y: float, size: float, colour: Colour, ground: Colour) -> None:
    """A block of an Ohio star: a square, and four pairs of triangles about it."""
    third = size / 3
    sheet.fill(box(x, y, size, size), ground, uneven=0.09)
    sheet.fill(box(x + third, y + third, third, third), colour, uneven=0.12)
    middle = (x + size / 2, y + size / 2)
    arm = [(x + third, y), (x + third * 1.5, y + third / 2), (x + third, y + third)]
    other = [(x + third * 2, y), (x + third * 1.5, y + third / 2), (x + third * 2, y + third)]
    second = mixed(colour, PAPER, 0.16)
    for quarter in range(4):
        sheet.fill(turned(arm, middle, 90 * quarter), colour, uneven=0.12)
        sheet.fill(turned(other, middle, 90 * quarter), second, uneven=0.12)


def _stitches(sheet: Sheet, size: float) -> None:
    """Rows of small stitches along every seam."""
    thread = mixed(PAPER, (255, 255, 255), 0.4)
    for row in range(6):
        y = row * size - 90
        for step in range(58):
            sheet.stroke([(step * 28, y + 9), (step * 28 + 13, y + 9)], 2.4, thread)
    for column in range(7):
        x = column * size - 60
        for step in range(44):
            sheet.stroke([(x + 9, step * 28), (x + 9, step * 28 + 13)], 2.4, thread)


def telephone(sheet: Sheet, palette: Palette) -> None:
    """The telephone in the hall, and the pad where the minutes are counted."""
    sheet.glow(1240, 220, 820, _LIGHT, 0.4)
    sheet.shade(box(-60, -60, 560, 1300), palette.deep, 0.28, 150)
    _tabletop(sheet, palette, 800)
    body = mixed(palette.deep, palette.accent, 0.14) if sheet.rng.random() < 0.5 else palette.accent
    x, y = 660, 620
    sheet.shadow(oval(x + 30, y + 330, 330, 40), 20, 0, soft=18, depth=0.55)
    shell = curve(
        [
            (x - 170, y - 60),
            (x + 170, y - 60),
            (x + 250, y + 160),
            (x + 300, y + 310),
            (x, y + 336),
            (x - 300, y + 310),
            (x - 250, y + 160),
        ],
        closed=True,
        steps=8,
    )
    sheet.fill(shell, body)
    sheet.shade(
        [(x + 60, y - 40), (x + 170, y - 40), (x + 290, y + 300), (x + 120, y + 310)],
        (14, 10, 12),
        0.4,
        26,
    )
    for side in (-1, 1):
        sheet.fill(box(x + side * 118 - 26, y - 122, 52, 76), mixed(body, (14, 10, 12), 0.2))
    _dial(sheet, x, y + 132)
    _handset(sheet, body, x, y - 150)
    _cord(sheet, x - 256, y + 236)
    _pad(sheet, palette)


def _dial(sheet: Sheet, x: float, y: float) -> None:
    sheet.fill(oval(x, y, 142, 134), mixed(PAPER, (200, 190, 170), 0.3))
    sheet.fill(oval(x, y, 122, 115), (58, 52, 50))
    for number in range(10):
        angle = math.radians(-60 - number * 29)
        sheet.fill(
            oval(x + math.cos(angle) * 86, y + math.sin(angle) * 80, 19, 18),
            mixed(PAPER, (200, 190, 170), 0.2),
        )
    sheet.fill(oval(x, y, 48, 45), mixed(PAPER, (226, 206, 160), 0.4))
    sheet.stroke([(x + 70, y + 96), (x + 104, y + 66)], 8, (206, 200, 190))


def _handset(sheet: Sheet, body: Colour, x: float, y: float) -> None:
    bar = curve(
        [(x - 226, y + 24), (x - 120, y - 34), (x, y - 50), (x + 120, y - 34), (x + 226, y + 24)]
    )
    sheet.shadow([*bar, (x + 226, y + 60), (x - 226, y + 60)], 8, 30, soft=16, depth=0.35)
    sheet.stroke(bar, 60, mixed(body, (255, 240, 220), 0.06))
    for side in (-1, 1):
        cup = curve(
            [
                (x + side * 190, y - 14),
                (x + side * 290, y + 20),
                (x + side * 306, y + 84),
                (x + side * 170, y + 88),
            ],
            closed=True,
        )
        sheet.fill(cup, mixed(body, (14, 10, 12), 0.15))
    sheet.stroke(
        curve([(x - 150, y - 36), (x, y - 64), (x + 150, y - 36)]),
        9,
        mixed(body, (255, 244, 226), 0.4),
    )


def _cord(sheet: Sheet, x: float, y: float) -> None:
    points = []
    for step in range(200):
        angle = step * 0.55
        px = x - step * 1.15 + math.cos(angle) * 17
        points.append((px, y + 70 + 24 * math.sin(step / 34) + math.sin(angle) * 24))
    sheet.stroke(points, 7, (30, 26, 28))


def _pad(sheet: Sheet, palette: Palette) -> None:
    leaf = turned(traced("1110,880 1420,880 1470,1090 1090,1090"), (1270, 990), -5)
    sheet.shadow(leaf, 8, 14, soft=10, depth=0.4)
    sheet.fill(leaf, mixed(PAPER, (255, 255, 255), 0.2), uneven=0.03)
    for group in range(3):
        for mark in range(4):
            left = 1160 + group * 94 + mark * 17
            sheet.stroke([(left, 944 + group * 6), (left - 3, 990 + group * 6)], 4, INK)
        left = 1150 + group * 94
        sheet.stroke([(left, 988 + group * 6), (left + 66, 946 + group * 6)], 4, palette.accent)
    sheet.stroke([(1330, 1056), (1490, 1000)], 13, (222, 170, 66))
    sheet.stroke([(1330, 1056), (1314, 1062)], 7, INK)


def suitcase(sheet: Sheet, palette: Palette) -> None:
    """Packed, by the bed, the evening before somebody comes home."""
    sheet.shade(box(1180, -60, 520, 1300), palette.deep, 0.3, 140)
    sheet.fill(box(-20, 900, 1640, 320), mixed(palette.wood, palette.deep, 0.1), uneven=0.12)
    sheet.fill(box(-20, 872, 1640, 30), mixed(palette.wall, PAPER, 0.3))
    _bed(sheet, palette)
    sheet.fill(traced("120,900 520,900 760,1210 240,1210"), _LIGHT, opacity=0.32, blur=18, wobble=0)
    _case(sheet, palette)
    sheet.glow(200, 160, 900, _LIGHT, 0.36)


def _bed(sheet: Sheet, palette: Palette) -> None:
    iron = mixed(INK, palette.deep, 0.3)
    for x in (90, 250, 410, 570):
        sheet.stroke([(x, 330), (x, 700)], 13, iron)
    sheet.stroke(curve(traced("50,420 90,330 330,286 570,330 612,420 616,760")), 19, iron)
    sheet.stroke([(50, 420), (46, 960)], 19, iron)
    pillow = curve(traced("70,560 200,512 420,524 500,590 440,668 110,664"), closed=True)
    sheet.fill(pillow, mixed(PAPER, (255, 255, 255), 0.3), uneven=0.03)
    blanket = curve(
        traced("40,690 300,640 820,650 1010,700 1020,960 30,980"),
        closed=True,
        steps=8,
    )
    sheet.shadow(blanket, 6, 18, soft=18, depth=0.4)
    sheet.fill(blanket, mixed(palette.sky, palette.cloth, 0.25))
    for y in (742, 806, 870):
        sheet.stroke(
            curve([(44, y + 8), (400, y - 20), (1004, y)]),
            19,
            mixed(palette.sky, palette.accent, 0.45),
        )


def _case(sheet: Sheet, palette: Palette) -> None:
    leather = mixed((150, 94, 56), palette.wood, 0.3)
    x, y, w, h = 700, 690, 640, 400
    sheet.shadow(box(x - 10, y + h - 20, w + 40, 40), 14, 10, soft=20, depth=0.55)
    sheet.stroke(
        curve([(x + 250, y + 4), (x + 262, y - 62), (x + 380, y - 62), (x + 392, y + 4)]),
        23,
        mixed(leather, palette.deep, 0.5),
    )
    shell = curve(
        [
            (x + 14, y),
            (x + w - 14, y),
            (x + w, y + 16),
            (x + w, y + h - 16),
            (x + w - 14, y + h),
            (x + 14, y + h),
            (x, y + h - 16),
            (x, y + 16),
        ],
        closed=True,
        steps=4,
    )
    sheet.fill(shell, leather, uneven=0.1)
    sheet.stroke([(x, y + 128), (x + w, y + 128)], 6, mixed(leather, palette.deep, 0.6))
    for dx in (110, w - 170):
        sheet.fill(box(x + dx, y, 60, h), mixed(leather, palette.deep, 0.42))
        sheet.fill(box(x + dx + 8, y + 108, 44, 44), (206, 176, 104))
    for dx, dy in ((0, 0), (w - 76, 0), (0, h - 76), (w - 76, h - 76)):
        sheet.fill(box(x + dx, y + dy, 76, 76), mixed(leather, palette.deep, 0.3), opacity=0.85)
    _label(sheet, palette, x + 330, y - 4)
    sheet.shade(box(x + 380, y + 10, 250, h - 20), palette.deep, 0.3, 50)


def _label(sheet: Sheet, palette: Palette, x: float, y: float) -> None:
    """A tag on a string, with a name we do not read."""
    sheet.stroke(curve([(x, y - 50), (x + 30, y + 30), (x + 14, y + 96)]), 4, INK)
    tag = turned(box(x - 34, y + 90, 96, 150), (x + 14, y + 96), 8)
    sheet.shadow(tag, 5, 8, soft=6, depth=0.35)
    sheet.fill(tag, mixed(PAPER, palette.cloth, 0.2))
    for row in range(3):
        line = turned(
            [(x - 16, y + 140 + row * 28), (x + 44 - row * 10, y + 140 + row * 28)],
            (x + 14, y + 96),
            8,
        )
        sheet.stroke(line, 3.4, INK)
