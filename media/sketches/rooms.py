"""Scenes in rooms: a kitchen, a visiting room, a classroom.

Each function draws one scene on a sheet of 1600 x 1200 pixels. Called by `media.sketches.draw`.
"""

from __future__ import annotations

from media.sketches.palette import INK, LAMP, PAPER, Palette
from media.sketches.sheet import Colour, Sheet, box, curve, mixed, oval, traced, turned
from media.sketches.walls import WARM_LIGHT, wainscot, window


def kitchen_table(sheet: Sheet, palette: Palette) -> None:
    """A lamp over a table with letters on it; somebody has got up from the chair."""
    window(sheet, palette, 150, 130, 330, 400)
    wainscot(sheet, palette, 690)
    _chair_behind(sheet, palette, 880, 470)
    top = mixed(palette.cloth, PAPER, 0.25)
    table = traced("150,745 1450,745 1760,1260 -160,1260")
    sheet.shadow(table, 0, -26, soft=30, depth=0.4)
    sheet.fill(table, top, uneven=0.05)
    _checks(sheet, mixed(top, palette.accent, 0.34))
    for x, y, turn in ((430, 900, -14), (650, 985, 7), (1010, 880, 4)):
        _letter(sheet, palette, x, y, turn + sheet.rng.uniform(-5, 5))
    _cup(sheet, palette, 1240, 905)
    _pendant(sheet, palette, 800)


def _chair_behind(sheet: Sheet, palette: Palette, x: float, y: float) -> None:
    """The back of a chair on the other side, seen above the table's edge."""
    wood = mixed(palette.wood, palette.deep, 0.25)
    for dx in (0, 210):
        sheet.fill(
            [(x + dx, y + 12), (x + dx + 24, y), (x + dx + 26, y + 330), (x + dx - 2, y + 330)],
            wood,
        )
    for dy in (26, 118):
        rail = curve([(x + 6, y + dy), (x + 118, y + dy - 16), (x + 228, y + dy)])
        sheet.stroke(rail, 40 if dy == 26 else 26, wood)


def _checks(sheet: Sheet, colour: Colour) -> None:
    """The squares of an oilcloth, drawn in the perspective of the table."""
    for step in range(-9, 10):
        sheet.fill(
            [
                (800 + step * 72, 745),
                (800 + step * 72 + 20, 745),
                (800 + step * 106 + 30, 1260),
                (800 + step * 106, 1260),
            ],
            colour,
            opacity=0.38,
            wobble=0,
        )
    for y, high in ((768, 9), (806, 11), (850, 13), (902, 16), (964, 19), (1038, 23), (1126, 28)):
        sheet.fill(box(-200, y, 2000, high), colour, opacity=0.3, wobble=0)


def _letter(sheet: Sheet, palette: Palette, x: float, y: float, turn: float) -> None:
    """An opened letter lying flat: a leaf, its fold, the lines on it."""

    def laid(dx: float, dy: float) -> tuple[float, float]:
        (tx, ty) = turned([(dx, dy)], (0, 0), turn)[0]
        return x + tx + ty * 0.25, y + ty * 0.62

    leaf = [laid(-150, -105), laid(150, -105), laid(150, 105), laid(-150, 105)]
    sheet.shadow(leaf, 8, 12, soft=9, depth=0.32)
    sheet.fill(leaf, mixed(PAPER, (255, 255, 255), 0.35), uneven=0.03)
    for row in range(6):
        end = 118 if row < 5 else 10
        line = curve(
            [
                laid(dx, -72 + row * 27 + sheet.rng.uniform(-3, 3))
                for dx in range(-118, end + 1, 16)
            ],
            steps=4,
        )
        sheet.stroke(line, 2.6, mixed(INK, palette.sky, 0.3))


def _cup(sheet: Sheet, palette: Palette, x: float, y: float) -> None:
    body = [(x - 62, y - 62), (x + 62, y - 62), (x + 46, y + 50), (x - 46, y + 50)]
    sheet.shadow(oval(x + 34, y + 48, 92, 26), 12, 6, soft=12, depth=0.4)
    sheet.stroke(
        curve([(x + 54, y - 38), (x + 104, y - 30), (x + 92, y + 22), (x + 48, y + 24)]),
        15,
        palette.accent,
    )
    sheet.fill(
        [*body[:2], *curve([(x + 46, y + 50), (x, y + 64), (x - 46, y + 50)])], palette.accent
    )
    sheet.shade(
        [(x + 12, y - 50), (x + 56, y - 50), (x + 42, y + 46), (x + 8, y + 54)],
        palette.deep,
        0.3,
        10,
    )
    sheet.fill(oval(x, y - 62, 62, 19), mixed(palette.accent, PAPER, 0.4))
    sheet.fill(oval(x, y - 59, 53, 14), (66, 42, 30))


def _pendant(sheet: Sheet, palette: Palette, x: float) -> None:
    sheet.stroke([(x, -10), (x, 190)], 6, palette.deep)
    sheet.glow(x, 330, 760, LAMP, 0.5)
    sheet.glow(x, 310, 210, LAMP, 0.55)
    shade = [(x - 52, 186), (x + 52, 186), (x + 156, 306), (x - 156, 306)]
    sheet.fill(shade, mixed(palette.accent, palette.deep, 0.1))
    sheet.fill(oval(x, 306, 156, 24), (255, 238, 200), uneven=0.02)


def visiting_room(sheet: Sheet, palette: Palette) -> None:
    """Two chairs turned to one another over a low table, in the light of a high window."""
    sheet.shade(box(-10, -10, 1620, 300), palette.deep, 0.3, 120)
    floor_top = 700
    sheet.fill(box(-10, floor_top, 1620, 520), mixed(palette.wood, palette.wall, 0.45), uneven=0.09)
    sheet.fill(box(-10, floor_top - 34, 1620, 34), mixed(palette.wall, palette.deep, 0.5))
    for x in (330, 690, 1050):
        _high_window(sheet, palette, x, 90)
    for x in (300, 700, 1100):
        light = [(x, 790), (x + 260, 790), (x + 400, 1190), (x + 60, 1190)]
        sheet.fill(light, WARM_LIGHT, opacity=0.34, blur=7, wobble=0)
    _vending(sheet, palette, 1370, 300)
    _seat(sheet, palette.accent, palette, 470, 640, 1)
    _seat(sheet, mixed(palette.sky, palette.deep, 0.3), palette, 1130, 640, -1)
    _low_table(sheet, palette)


def _high_window(sheet: Sheet, palette: Palette, x: float, y: float) -> None:
    """A window set so high that there is only sky in it."""
    frame = mixed(PAPER, palette.wood, 0.12)
    sheet.shadow(box(x - 18, y - 18, 266, 236), 8, 10, depth=0.25)
    sheet.fill(box(x - 18, y - 18, 266, 236), frame, uneven=0.03)
    sheet.fade(
        box(x, y, 230, 200), mixed(palette.sky, PAPER, 0.3), mixed(palette.sky, WARM_LIGHT, 0.85)
    )
    sheet.fill(box(x + 110, y, 10, 200), frame, uneven=0.03)


def _seat(sheet: Sheet, colour: Colour, palette: Palette, x: float, y: float, facing: int) -> None:
    """A moulded chair seen from the side; `facing` 1 looks to the right, -1 to the left."""

    def at(dx: float, dy: float) -> tuple[float, float]:
        return x + dx * facing, y + dy

    sheet.shadow(oval(x + 20 * facing, y + 412, 190, 30), 0, 0, soft=16, depth=0.45)
    for foot, top in ((-110, -70), (130, 90)):
        sheet.stroke([at(top, 190), at(foot, 400)], 13, palette.deep)
    shell = curve(
        [
            at(-150, -120),
            at(-118, -118),
            at(-84, 60),
            at(-40, 160),
            at(130, 172),
            at(150, 196),
            at(130, 214),
            at(-70, 208),
            at(-128, 110),
        ],
        closed=True,
    )
    sheet.fill(shell, colour)
    sheet.fill(
        curve(
            [at(-146, -112), at(-122, 60), at(-84, 180), at(-70, 208), at(-128, 110)], closed=True
        ),
        mixed(colour, palette.deep, 0.35),
    )


def _low_table(sheet: Sheet, palette: Palette) -> None:
    wood = mixed(palette.wood, PAPER, 0.12)
    sheet.shadow(oval(800, 1052, 210, 30), 0, 0, soft=16, depth=0.45)
    for x in (690, 910):
        sheet.stroke([(x, 890), (x + (x - 800) * 0.12, 1050)], 15, palette.deep)
    sheet.fill(traced("640,860 960,860 1000,900 600,900"), mixed(wood, PAPER, 0.2))
    sheet.fill(box(600, 900, 400, 24), mixed(wood, palette.deep, 0.3))
    for x, colour in ((748, PAPER), (856, palette.accent)):
        sheet.fill([(x - 22, 812), (x + 22, 812), (x + 17, 878), (x - 17, 878)], colour)
        sheet.fill(oval(x, 812, 22, 7), mixed(colour, palette.deep, 0.4))


def _vending(sheet: Sheet, palette: Palette, x: float, y: float) -> None:
    """The machine whose prices everybody knows."""
    sheet.shadow(box(x, y, 260, 500), -16, 10, soft=22, depth=0.4)
    sheet.fill(box(x, y, 260, 500), mixed(palette.deep, palette.accent, 0.25))
    sheet.fade(box(x + 24, y + 34, 150, 330), (250, 240, 210), (226, 206, 160))
    for row in range(5):
        for column in range(4):
            hue = sheet.rng.choice([palette.accent, palette.sky, palette.cloth, palette.wood])
            sheet.fill(box(x + 36 + column * 34, y + 58 + row * 62, 22, 40), hue, wobble=0)
        sheet.fill(box(x + 24, y + 100 + row * 62, 150, 6), palette.deep, wobble=0)
    sheet.fill(box(x + 24, y + 400, 150, 54), (30, 26, 26))
    sheet.fill(box(x + 196, y + 120, 40, 90), mixed(PAPER, palette.deep, 0.3))
    sheet.glow(x + 100, y + 190, 230, (255, 236, 190), 0.3)


def school_desk(sheet: Sheet, palette: Palette) -> None:
    """A desk with an open exercise book, where a grown man learnt to write a letter."""
    board: Colour = (52, 74, 66)
    sheet.fill(box(150, 90, 1060, 430), mixed(palette.wood, PAPER, 0.1))
    sheet.fill(box(176, 116, 1008, 378), board, uneven=0.12)
    for row in range(4):
        words = curve(
            [
                (250 + step * 36, 200 + row * 74 + sheet.rng.uniform(-11, 11))
                for step in range(9 + (row * 5) % 7)
            ],
            steps=5,
        )
        sheet.stroke(words, 5, mixed(PAPER, board, 0.25))
    window(sheet, palette, 1320, 100, 400, 440)
    sheet.fill(
        [(900, 1210), (1620, 560), (1620, 1210)], WARM_LIGHT, opacity=0.26, blur=30, wobble=0
    )
    wood = mixed(palette.wood, (226, 176, 110), 0.3)
    top = traced("330,690 1270,690 1500,1130 100,1130")
    sheet.shadow(top, 0, 44, soft=30, depth=0.5)
    sheet.fill(top, wood, uneven=0.12)
    sheet.fill(traced("100,1130 1500,1130 1480,1196 120,1196"), mixed(wood, palette.deep, 0.4))
    sheet.stroke([(420, 728), (1180, 728)], 13, mixed(wood, palette.deep, 0.35))
    _exercise_book(sheet, palette)
    sheet.stroke([(1130, 1010), (1290, 900)], 15, (222, 170, 66))
    sheet.stroke([(1130, 1010), (1112, 1022)], 9, palette.deep)
    for number, colour in enumerate(
        (palette.accent, palette.sky, mixed(palette.cloth, PAPER, 0.3))
    ):
        sheet.shadow(box(1030, 812 - number * 26, 220, 30), 8, 10, soft=8, depth=0.25)
        sheet.fill(box(1030 + number * 7, 790 - number * 30, 216, 34), colour)


def _exercise_book(sheet: Sheet, palette: Palette) -> None:
    white = mixed(PAPER, (255, 255, 255), 0.4)
    left = curve([(430, 800), (560, 776), (700, 806)])
    right = curve([(700, 806), (830, 776), (950, 800)])
    sheet.shadow([*left, *right, (1010, 1060), (380, 1060)], 8, 16, soft=14, depth=0.4)
    sheet.fill([*left, (700, 1074), (540, 1046), (372, 1056)], white, uneven=0.03)
    sheet.fill(
        [*right, (1016, 1056), (850, 1046), (700, 1074)],
        mixed(white, palette.deep, 0.06),
        uneven=0.03,
    )
    sheet.shade(box(672, 800, 56, 270), palette.deep, 0.28, 16)
    for row in range(7):
        y = 842 + row * 30
        words = curve(
            [
                (430 - row * 5 + step * 22, y + sheet.rng.uniform(-5, 5))
                for step in range(10 if row < 6 else 5)
            ],
            steps=4,
        )
        sheet.stroke(words, 3, (52, 62, 96))
