"""Two hands on a letter.

Draws on a sheet of 1600 x 1200 pixels. Called by `media.sketches.draw`.
"""

from __future__ import annotations

from itertools import pairwise

from media.sketches.palette import INK, LAMP, PAPER, SKINS, Palette
from media.sketches.sheet import Colour, Point, Sheet, box, curve, mixed, oval, traced

_LIGHT: Colour = (255, 222, 166)


def hands(sheet: Sheet, palette: Palette) -> None:
    """Two hands on a letter, read so often that they need not hold it any more."""
    rng = sheet.rng
    skin = rng.choice(SKINS)
    sheet.fill(box(-20, -20, 1640, 1240), palette.wood, uneven=0.14)
    leaf = traced("470,120 1150,96 1186,800 430,820")
    sheet.shadow(leaf, 12, 18, soft=20, depth=0.45)
    sheet.fill(leaf, mixed(PAPER, (255, 255, 255), 0.3), uneven=0.03)
    for row in range(11):
        y = 190 + row * 52
        line = curve(
            [
                (552 - row + step * 27, y + rng.uniform(-7, 7))
                for step in range(20 if row % 4 < 3 else 11)
            ],
            steps=4,
        )
        sheet.stroke(line, 3.4, mixed(INK, palette.sky, 0.2))
    for side in (-1, 1):
        _hand(sheet, palette, skin, 800, side)
    sheet.glow(380, 60, 980, LAMP, 0.36)


def _hand(sheet: Sheet, palette: Palette, skin: Colour, middle: float, side: int) -> None:
    """One hand lying flat, seen from above, its fingers a little apart."""

    def at(dx: float, dy: float) -> Point:
        return middle + side * dx, dy

    tone = mixed(skin, palette.deep, 0.12 if side > 0 else 0.0)
    line = mixed(skin, palette.deep, 0.5)
    fingers = (
        (at(172, 720), at(152, 620), at(142, 520), 55),
        (at(226, 700), at(216, 570), at(212, 456), 58),
        (at(284, 704), at(282, 580), at(284, 470), 57),
        (at(340, 730), at(346, 640), at(350, 560), 50),
    )
    back = curve(
        [
            at(146, 740),
            at(240, 690),
            at(360, 724),
            at(378, 840),
            at(352, 980),
            at(210, 990),
            at(152, 870),
        ],
        closed=True,
    )
    thumb = curve([at(200, 920), at(128, 840), at(92, 740)])
    sheet.shadow(back, 14, 20, soft=18, depth=0.45)
    for root, joint, tip, width in fingers:
        sheet.shadow(oval(*joint, width * 0.6, 96), 14, 16, soft=14, depth=0.3)
        sheet.stroke(curve([root, joint, tip]), width, tone)
    sheet.stroke(thumb, 56, tone)
    sheet.fill(back, tone)
    for root, joint, tip, width in fingers:
        sheet.fill(
            oval(tip[0], tip[1] - 6, width * 0.27, width * 0.33), mixed(tone, (255, 226, 206), 0.35)
        )
        sheet.stroke(
            [(joint[0] - width * 0.26, joint[1]), (joint[0] + width * 0.26, joint[1] - 3)], 3, line
        )
        sheet.shade(oval(root[0], root[1] + 4, width * 0.42, 20), mixed(tone, _LIGHT, 0.5), 0.3, 9)
    for one, other in pairwise(fingers):
        gap = ((one[0][0] + other[0][0]) / 2, (one[0][1] + other[0][1]) / 2)
        sheet.stroke([gap, (gap[0], gap[1] - 44)], 4, line)
    sleeve = [at(186, 940), at(396, 930), at(520, 1230), at(230, 1230)]
    colour = palette.accent if side < 0 else mixed(palette.accent, palette.deep, 0.16)
    sheet.shadow(sleeve, 10, -8, soft=14, depth=0.35)
    sheet.fill(sleeve, colour, uneven=0.1)
    sheet.stroke([at(184, 946), at(398, 936)], 29, mixed(colour, PAPER, 0.16))
