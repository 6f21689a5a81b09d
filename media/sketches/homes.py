"""Scenes before the door: a stoop in the city, a garden, a porch with its light on.

Each function draws one scene on a sheet of 1600 x 1200 pixels. Called by `media.sketches.draw`.
"""

from __future__ import annotations

import math

from media.sketches.palette import INK, LAMP, PAPER, Palette
from media.sketches.sheet import Colour, Sheet, box, curve, mixed, oval, traced
from media.sketches.sky import DUSK, NIGHT, hills, stars


def stoop(sheet: Sheet, palette: Palette) -> None:
    """Five steps up to a door in the city, on a warm evening."""
    brick = mixed((146, 82, 62), palette.wall, 0.18)
    sheet.fill(box(-10, -10, 1620, 1220), brick)
    _bricks(sheet, mixed(brick, palette.deep, 0.28))
    _street_window(sheet, palette, 130, 210)
    _street_window(sheet, palette, 1190, 210)
    stone = mixed(palette.wall, (210, 196, 172), 0.5)
    sheet.fill(box(560, 60, 480, 700), stone)
    sheet.fill(box(530, 40, 540, 56), mixed(stone, PAPER, 0.3))
    sheet.fill(box(628, 150, 344, 610), mixed(palette.accent, palette.deep, 0.12))
    for x in (660, 816):
        for y, high in ((190, 230), (460, 250)):
            sheet.fill(box(x, y, 124, high), mixed(palette.accent, palette.deep, 0.34))
    sheet.fade(box(660, 190, 280, 150), LAMP, (226, 158, 96))
    sheet.fill(oval(946, 500, 12, 12), (222, 180, 96))
    for number in range(5):
        grow = number * 66
        sheet.fill(
            box(520 - grow, 760 + number * 78, 560 + grow * 2, 24), mixed(stone, PAPER, 0.35)
        )
        sheet.fill(
            box(520 - grow, 784 + number * 78, 560 + grow * 2, 56),
            mixed(stone, palette.deep, 0.2 + number * 0.02),
        )
    sheet.fill(box(-10, 1150, 1620, 60), mixed(stone, palette.deep, 0.5))
    _railing(sheet)
    _plant_in_can(sheet, palette, 402, 1010)
    _shoes(sheet, palette, 880, 914)
    sheet.glow(800, 260, 560, LAMP, 0.34)
    sheet.shade(traced("1100,-20 1640,-20 1640,1240 1300,1240"), palette.deep, 0.4, 110)


def _bricks(sheet: Sheet, colour: Colour) -> None:
    for row in range(33):
        y = row * 38
        sheet.stroke([(-10, y), (1610, y)], 2.6, colour)
        for column in range(15):
            x = column * 116 + (58 if row % 2 else 0) + sheet.rng.uniform(-4, 4)
            sheet.stroke([(x, y), (x, y + 38)], 2.2, colour)


def _street_window(sheet: Sheet, palette: Palette, x: float, y: float) -> None:
    sheet.fill(box(x - 24, y - 40, 328, 40), mixed(palette.wall, PAPER, 0.3))
    sheet.fade(
        box(x, y, 280, 400), mixed(palette.sky, palette.deep, 0.4), mixed(palette.deep, LAMP, 0.35)
    )
    sheet.fill(box(x + 12, y + 10, 110, 380), mixed(PAPER, palette.cloth, 0.4), opacity=0.75)
    sheet.fill(box(x - 4, y + 194, 288, 14), PAPER)
    sheet.fill(box(x + 134, y, 12, 400), PAPER)
    sheet.fill(box(x - 30, y + 400, 340, 28), mixed(palette.wall, PAPER, 0.3))


def _railing(sheet: Sheet) -> None:
    for side in (-1, 1):
        top, foot = (800 + side * 300, 640), (800 + side * 560, 1010)
        for share in (0, 0.2, 0.4, 0.6, 0.8, 1):
            x, y = top[0] + (foot[0] - top[0]) * share, top[1] + (foot[1] - top[1]) * share
            sheet.stroke([(x, y), (x, y + 150)], 9, INK)
        sheet.stroke(
            [(top[0] - side * 10, top[1] - 14), (foot[0] + side * 20, foot[1] + 26)], 15, INK
        )


def _plant_in_can(sheet: Sheet, palette: Palette, x: float, y: float) -> None:
    sheet.shadow(oval(x + 20, y + 84, 70, 14), 8, 0, soft=8)
    sheet.fill([(x - 46, y), (x + 46, y), (x + 40, y + 84), (x - 40, y + 84)], (196, 168, 92))
    sheet.fill(box(x - 44, y + 22, 88, 34), palette.accent)
    for _ in range(16):
        tip = (x + sheet.rng.uniform(-96, 96), y - sheet.rng.uniform(60, 190))
        sheet.stroke(
            curve([(x, y), ((x + tip[0]) / 2, y - 60), tip]),
            15,
            mixed((74, 104, 78), palette.deep, sheet.rng.uniform(0, 0.35)),
            taper=True,
        )


def _shoes(sheet: Sheet, palette: Palette, x: float, y: float) -> None:
    """A small pair and a large pair, left on the step."""
    for dx, size, colour in (
        (0, 1.0, INK),
        (76, 1.0, INK),
        (176, 0.62, palette.sky),
        (228, 0.62, palette.sky),
    ):
        left = x + dx
        shape = curve(
            [
                (left, y - 46 * size),
                (left + 34 * size, y - 48 * size),
                (left + 62 * size, y - 14 * size),
                (left + 62 * size, y),
                (left - 4, y),
            ],
            closed=True,
            steps=6,
        )
        sheet.shadow(shape, 6, 5, soft=6)
        sheet.fill(shape, colour)


def garden(sheet: Sheet, palette: Palette) -> None:
    """Rows behind the house: beans, tomatoes, sunflowers along the fence."""
    sheet.fade(
        box(-10, -10, 1620, 600),
        mixed(palette.sky, PAPER, 0.2),
        mixed((250, 226, 176), palette.sky, 0.1),
    )
    sheet.glow(1180, 260, 620, (255, 230, 170), 0.4)
    hills(sheet, 430, 24, mixed((120, 140, 112), palette.sky, 0.4))
    _fence(sheet, palette)
    sheet.fill(box(-10, 600, 1620, 620), mixed((122, 138, 84), palette.wood, 0.18), uneven=0.12)
    for number, x in enumerate((120, 330, 1150, 1340, 1510)):
        _sunflower(sheet, palette, x, 640, sheet.rng.uniform(300, 400) + 30 * (number % 2))
    for row in range(4):
        _row(sheet, palette, 690 + row * 130, 0.62 + row * 0.24)
    _watering_can(sheet, palette, 1270, 1040)


def _fence(sheet: Sheet, palette: Palette) -> None:
    board = mixed(PAPER, palette.wood, 0.25)
    for number in range(24):
        x, lean = number * 70 - 20, sheet.rng.uniform(-4, 4)
        sheet.fill(
            [(x, 640), (x + lean, 400), (x + 26 + lean, 376), (x + 52 + lean, 400), (x + 52, 640)],
            mixed(board, palette.deep, sheet.rng.uniform(0.02, 0.14)),
        )
    for y in (450, 566):
        sheet.fill(box(-10, y, 1620, 20), mixed(board, palette.deep, 0.22))


def _sunflower(sheet: Sheet, palette: Palette, x: float, y: float, high: float) -> None:
    green = mixed((84, 112, 66), palette.deep, 0.2)
    sway = sheet.rng.uniform(-26, 26)
    head = (x + sway, y - high)
    sheet.stroke(curve([(x, y), (x + sway * 0.2, y - high / 2), head]), 13, green)
    for share, side in ((0.3, -1), (0.45, 1), (0.62, -1)):
        at = (x + sway * share, y - high * share)
        sheet.fill(
            curve(
                [
                    at,
                    (at[0] + side * 54, at[1] - 40),
                    (at[0] + side * 116, at[1] - 6),
                    (at[0] + side * 54, at[1] + 18),
                ],
                closed=True,
            ),
            mixed(green, (150, 170, 90), 0.2),
        )
    for petal in range(18):
        angle = math.tau * petal / 18
        tip = (head[0] + math.cos(angle) * 62, head[1] + math.sin(angle) * 62)
        sheet.fill(
            oval(*tip, 34, 15, math.degrees(angle)),
            mixed((226, 166, 50), (240, 200, 96), sheet.rng.random()),
        )
    sheet.fill(oval(*head, 48, 46), (88, 56, 38), uneven=0.25)


def _row(sheet: Sheet, palette: Palette, y: float, size: float) -> None:
    earth = mixed((96, 66, 48), palette.deep, 0.15)
    sheet.fill(
        curve(
            [
                (-60, y + 40 * size),
                (400, y + 12 * size),
                (1200, y + 12 * size),
                (1680, y + 40 * size),
                (1680, y + 90 * size),
                (-60, y + 90 * size),
            ],
            closed=True,
        ),
        earth,
        uneven=0.16,
    )
    for number in range(13):
        x = number * 132 + sheet.rng.uniform(-18, 18)
        for _ in range(9):
            lx, ly = x + sheet.rng.uniform(-48, 48) * size, y + sheet.rng.uniform(-62, 34) * size
            green = mixed(
                (78, 116, 72),
                sheet.rng.choice([palette.deep, (160, 178, 96)]),
                sheet.rng.uniform(0.05, 0.3),
            )
            sheet.fill(
                oval(lx, ly, 34 * size, 19 * size, sheet.rng.uniform(-50, 50)), green, wobble=0
            )
        if sheet.rng.random() < 0.6:
            sheet.fill(oval(x + 12, y - 4, 15 * size, 15 * size), (186, 58, 44), wobble=0)


def _watering_can(sheet: Sheet, palette: Palette, x: float, y: float) -> None:
    tin = mixed(palette.sky, (200, 204, 200), 0.3)
    sheet.shadow(oval(x + 20, y + 96, 150, 20), 0, 0, soft=12, depth=0.5)
    sheet.stroke([(x - 80, y + 40), (x - 200, y - 70)], 24, mixed(tin, palette.deep, 0.2))
    sheet.fill(oval(x - 206, y - 78, 42, 20, 44), mixed(tin, palette.deep, 0.35))
    sheet.stroke(
        curve([(x - 60, y - 50), (x + 10, y - 150), (x + 110, y - 90), (x + 106, y + 30)]),
        15,
        mixed(tin, palette.deep, 0.3),
    )
    sheet.fill([(x - 92, y - 50), (x + 92, y - 50), (x + 104, y + 96), (x - 104, y + 96)], tin)
    sheet.shade(box(x + 16, y - 40, 70, 130), palette.deep, 0.35, 16)
    sheet.fill(oval(x, y - 50, 92, 24), mixed(tin, palette.deep, 0.45))


def porch_light(sheet: Sheet, palette: Palette) -> None:
    """A light left on, as it has been every night."""
    sheet.fade(box(-10, -10, 1620, 900), (40, 50, 74), mixed(NIGHT, DUSK, 0.45))
    stars(sheet, 60, 380)
    hills(sheet, 760, 26, (34, 42, 48))
    siding = mixed(palette.wall, NIGHT, 0.5)
    sheet.fill(box(330, 250, 960, 760), siding)
    for row in range(19):
        sheet.stroke(
            [(330, 290 + row * 40), (1290, 290 + row * 40)], 2.4, mixed(siding, NIGHT, 0.45)
        )
    sheet.fill([(250, 270), (810, 40), (1370, 270)], mixed(palette.accent, NIGHT, 0.6))
    sheet.fill(box(240, 256, 1140, 34), mixed(PAPER, NIGHT, 0.5))
    _porch(sheet, palette, siding)
    sheet.fill(box(-10, 1060, 1620, 160), mixed((58, 72, 56), NIGHT, 0.5), uneven=0.12)
    sheet.glow(700, 470, 640, LAMP, 0.62)
    sheet.glow(700, 470, 150, (255, 236, 190), 0.8)
    sheet.fill(traced("664,430 736,430 724,506 676,506"), (255, 240, 206), uneven=0.02)
    sheet.fill([(656, 432), (700, 402), (744, 432)], INK)
    for _ in range(7):
        x, y = sheet.rng.uniform(590, 820), sheet.rng.uniform(400, 580)
        sheet.fill(oval(x, y, 5, 3), (255, 244, 214), wobble=0)


def _porch(sheet: Sheet, palette: Palette, siding: Colour) -> None:
    sheet.fill(box(520, 420, 0.1, 0.1), siding)
    door = mixed(palette.accent, NIGHT, 0.15)
    sheet.fill(box(776, 430, 250, 560), mixed(PAPER, siding, 0.35))
    sheet.fill(box(798, 452, 206, 538), door)
    sheet.fade(box(828, 486, 146, 190), (250, 206, 130), (206, 136, 84))
    sheet.fill(oval(976, 742, 10, 10), (230, 190, 110))
    sheet.fade(box(420, 450, 200, 250), mixed(NIGHT, palette.sky, 0.3), mixed(NIGHT, LAMP, 0.3))
    sheet.fill(box(512, 450, 12, 250), mixed(PAPER, siding, 0.4))
    sheet.fill(box(410, 568, 220, 12), mixed(PAPER, siding, 0.4))
    deck = mixed(palette.wood, NIGHT, 0.3)
    sheet.fill(box(270, 980, 1090, 40), mixed(deck, PAPER, 0.2))
    sheet.fill(box(270, 1020, 1090, 70), mixed(deck, NIGHT, 0.4))
    for number in range(3):
        sheet.fill(
            box(740 - number * 24, 1024 + number * 44, 330 + number * 48, 46),
            mixed(deck, PAPER, 0.16 - number * 0.05),
        )
    for x in (300, 1298):
        sheet.fill(box(x, 290, 34, 700), mixed(PAPER, NIGHT, 0.35))
    _porch_chair(sheet, palette)


def _porch_chair(sheet: Sheet, palette: Palette) -> None:
    wood = mixed(palette.wood, (30, 26, 30), 0.2)
    for x in (1100, 1220):
        sheet.stroke([(x, 720), (x + 8, 984)], 13, wood)
    for y in (744, 790):
        sheet.stroke([(1098, y), (1226, y)], 16, wood)
    sheet.fill(traced("1080,868 1240,868 1256,894 1064,894"), mixed(wood, PAPER, 0.15))
    for x in (1070, 1250):
        sheet.stroke([(x, 890), (x, 986)], 12, wood)
    sheet.stroke(curve([(1040, 992), (1160, 1004), (1280, 988)]), 12, wood)
