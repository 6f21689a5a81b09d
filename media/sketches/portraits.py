"""People who do not exist, without a face.

They stand in for photographs. Planes of light and colour, no features: nobody could be mistaken for
one of them. Draws on a sheet of 1280 x 1600 pixels. Called by `media.sketches.draw`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from media.sketches.palette import HAIRS, PAPER, SKINS, Palette
from media.sketches.sheet import Colour, Point, Sheet, box, curve, mixed, oval, traced, turned

_LIGHT: Colour = (255, 222, 166)
_NECK = 340  # pixels from the middle of the head down to where it bends


@dataclass(frozen=True)
class _Sitter:
    """Who sits, as far as the brush knows: colours, and where the head is."""

    skin: Colour
    hair: Colour
    cloth: Colour
    x: float
    y: float  # middle of the head
    tilt: float  # degrees

    def at(self, dx: float, dy: float) -> Point:
        """A point by its distance from the middle of the head; what is above the neck is tilted."""
        bend = self.tilt * min(1.0, max(0.0, (_NECK - dy) / 160))
        return turned([(self.x + dx, self.y + dy)], (self.x, self.y + _NECK), bend)[0]

    def path(self, drawn: str) -> list[Point]:
        """The points of a drawing such as "-20,10 20,10", each by `at`."""
        return [self.at(dx, dy) for dx, dy in traced(drawn)]


def portrait(sheet: Sheet, palette: Palette) -> None:
    """Head and shoulders against a wall, lit from one side. 1280 x 1600."""
    rng = sheet.rng
    cloths = [
        palette.accent,
        palette.sky,
        palette.cloth,
        mixed(palette.deep, palette.sky, 0.4),
        (196, 152, 80),
    ]
    sitter = _Sitter(
        skin=rng.choice(SKINS),
        hair=rng.choice(HAIRS),
        cloth=rng.choice(cloths),
        x=640 + rng.uniform(-50, 50),
        y=650 + rng.uniform(-30, 40),
        tilt=rng.uniform(-7, 7),
    )
    _wall(sheet, palette)
    hair = rng.choice(_HEADS)
    hair(sheet, palette, sitter, behind=True)
    _shoulders(sheet, palette, sitter)
    _neck_and_head(sheet, palette, sitter)
    hair(sheet, palette, sitter, behind=False)
    rng.choice(_COLLARS)(sheet, palette, sitter)
    sheet.glow(60, 300, 1150, _LIGHT, 0.34)
    sheet.shade(traced("1010,-60 1400,-60 1400,1700 1080,1700"), palette.deep, 0.4, 130)


def _wall(sheet: Sheet, palette: Palette) -> None:
    """A plain wall, with the light of a window on it or a half-tone of another colour."""
    style = sheet.rng.randrange(3)
    if style == 0:
        for x in (150, 420):
            for y in (150, 480):
                pane = [(x, y), (x + 230, y + 50), (x + 230, y + 340), (x, y + 290)]
                sheet.fill(pane, mixed(palette.wall, _LIGHT, 0.75), blur=9, wobble=0, opacity=0.8)
    elif style == 1:
        sheet.fill(box(-20, 980, 1320, 640), mixed(palette.wall, palette.sky, 0.55))
        sheet.fill(box(-20, 972, 1320, 16), mixed(palette.wall, PAPER, 0.4))
    else:
        sheet.fill(box(760, -20, 560, 1640), mixed(palette.cloth, palette.accent, 0.3))
        for fold in range(4):
            sheet.shade(box(800 + fold * 130, -20, 44, 1640), palette.deep, 0.3, 18)


def _shoulders(sheet: Sheet, palette: Palette, who: _Sitter) -> None:
    fall = sheet.rng.uniform(-18, 18)
    body = curve(
        [
            who.at(-112, 330),
            who.at(-300, 420 + fall),
            who.at(-400, 580 + fall),
            who.at(-450, 1080),
            who.at(450, 1080),
            who.at(402, 590 - fall),
            who.at(300, 430 - fall),
            who.at(112, 330),
        ],
        closed=True,
    )
    sheet.shadow(body, 46, 20, soft=40, depth=0.35)
    sheet.fill(body, who.cloth, uneven=0.1)
    shaded = curve(
        who.path("60,360 290,440 400,600 450,1080 130,1080"),
        closed=True,
    )
    sheet.shade(shaded, palette.deep, 0.34, 46)
    for dx, lean in ((-250, 20), (-60, -10), (190, -34)):
        fold = curve([who.at(dx, 560), who.at(dx + lean, 760), who.at(dx - lean, 1000)])
        sheet.stroke(fold, 7, mixed(who.cloth, palette.deep, 0.3), taper=True)


def _neck_and_head(sheet: Sheet, palette: Palette, who: _Sitter) -> None:
    dark = mixed(who.skin, palette.deep, 0.42)
    neck = curve(who.path("-92,120 -100,330 -130,380 0,452 130,380 100,330 92,120"))
    sheet.fill(neck, mixed(who.skin, palette.deep, 0.2))
    sheet.fill(
        curve(
            who.path("-84,200 0,286 92,190 104,330 20,330"),
            closed=True,
        ),
        dark,
        opacity=0.75,
        blur=10,
    )
    head = curve(
        who.path(
            "0,-226 130,-190 186,-70 178,60 132,176 40,246 -36,246 -128,176 -174,60"
            " -184,-70 -130,-190"
        ),
        closed=True,
    )
    sheet.fill(who_ear(who, -1), mixed(who.skin, palette.deep, 0.06))
    sheet.fill(who_ear(who, 1), dark)
    sheet.fill(head, who.skin, uneven=0.06)
    turn = sheet.rng.uniform(10, 60)
    side = curve(
        [
            who.at(turn, -208),
            who.at(130, -190),
            who.at(186, -70),
            who.at(178, 60),
            who.at(132, 176),
            who.at(40, 246),
            who.at(turn - 20, 190),
            who.at(turn + 22, 80),
            who.at(turn - 6, 10),
            who.at(turn + 14, -60),
        ],
        closed=True,
    )
    sheet.fill(side, dark, opacity=0.62, blur=5)
    brow = curve(
        [
            who.at(-150, -66),
            who.at(-70, -84),
            who.at(turn, -60),
            who.at(turn - 10, -8),
            who.at(-70, -20),
            who.at(-146, -14),
        ],
        closed=True,
    )
    sheet.shade(brow, dark, 0.3, 16)
    sheet.shade(oval(*who.at(-84, 70), 66, 62), mixed(who.skin, _LIGHT, 0.6), 0.4, 24)


def who_ear(who: _Sitter, side: int) -> list[Point]:
    return oval(*who.at(182 * side, 0), 30, 52, 8 * side)


def _short(sheet: Sheet, palette: Palette, who: _Sitter, *, behind: bool) -> None:
    """Close-cropped, with a hairline."""
    if not behind:
        cap = curve(
            who.path(
                "-188,-40 -196,-150 -110,-248 0,-268 116,-246 198,-150 190,-40 158,-120"
                " 60,-158 -70,-158 -160,-118"
            ),
            closed=True,
        )
        sheet.fill(cap, who.hair, uneven=0.14)


def _full(sheet: Sheet, palette: Palette, who: _Sitter, *, behind: bool) -> None:
    """A round, full head of hair."""
    if behind:
        points = [
            (px + sheet.rng.uniform(-16, 16), py + sheet.rng.uniform(-16, 16))
            for px, py in oval(*who.at(0, -90), 308, 292)[::4]
        ]
        cloud = curve(points, closed=True, steps=4)
        sheet.shadow(cloud, 26, 22, soft=30, depth=0.3)
        sheet.fill(cloud, who.hair, uneven=0.2)
        return
    fringe = curve(
        who.path("-196,-60 -170,-220 0,-278 170,-220 198,-60 130,-140 0,-172 -130,-140"),
        closed=True,
    )
    sheet.fill(fringe, who.hair, uneven=0.2)


def _long(sheet: Sheet, palette: Palette, who: _Sitter, *, behind: bool) -> None:
    """Long hair, parted, falling behind the shoulders."""
    if behind:
        fall = curve(
            who.path(
                "0,-290 190,-230 252,-20 270,330 220,520 -220,520 -270,330 -252,-20 -190,-230"
            ),
            closed=True,
        )
        sheet.shadow(fall, 26, 16, soft=30, depth=0.3)
        sheet.fill(fall, who.hair, uneven=0.14)
        return
    for side in (-1, 1):
        lock = curve(
            [
                who.at(-10, -276),
                who.at(120 * side, -256),
                who.at(214 * side, -120),
                who.at(224 * side, 120),
                who.at(206 * side, 360),
                who.at(174 * side, 180),
                who.at(170 * side, -60),
                who.at(96 * side, -170),
            ],
            closed=True,
        )
        sheet.fill(lock, mixed(who.hair, palette.deep, 0.25 if side > 0 else 0.0), uneven=0.14)


def _bun(sheet: Sheet, palette: Palette, who: _Sitter, *, behind: bool) -> None:
    """Drawn back, a knot on top."""
    if behind:
        sheet.fill(oval(*who.at(20, -300), 104, 88), who.hair, uneven=0.16)
        sheet.stroke(
            curve([who.at(-60, -246), who.at(20, -226), who.at(100, -246)]), 15, palette.accent
        )
    else:
        _short(sheet, palette, who, behind=False)


def _scarf(sheet: Sheet, palette: Palette, who: _Sitter, *, behind: bool) -> None:
    """A headscarf, tied at the back."""
    cloth = mixed(palette.accent, palette.cloth, 0.25)
    if behind:
        sheet.fill(
            curve(who.path("120,-90 290,10 270,190 180,120"), closed=True),
            mixed(cloth, palette.deep, 0.3),
        )
        return
    wrap = curve(
        who.path(
            "-200,-40 -206,-170 -110,-282 10,-306 140,-272 212,-160 204,-30 120,-96"
            " -20,-128 -140,-96"
        ),
        closed=True,
    )
    sheet.fill(wrap, cloth, uneven=0.1)
    for bend in (0, 54, 104):
        line = curve(
            [
                who.at(-186 + bend * 0.4, -70 - bend),
                who.at(0, -146 - bend),
                who.at(196 - bend * 0.5, -66 - bend),
            ]
        )
        sheet.stroke(line, 6, mixed(cloth, palette.deep, 0.35))


def _cap(sheet: Sheet, palette: Palette, who: _Sitter, *, behind: bool) -> None:
    """A knitted cap with its edge turned up."""
    if behind:
        return
    wool = mixed(palette.deep, palette.sky, 0.45)
    crown = curve(
        who.path("-198,-90 -186,-230 -60,-322 70,-322 190,-230 202,-90"),
        closed=True,
    )
    sheet.fill(crown, wool, uneven=0.12)
    edge = curve(
        who.path("-208,-78 0,-130 210,-78 206,-156 0,-212 -204,-156"),
        closed=True,
    )
    sheet.fill(edge, mixed(wool, PAPER, 0.16), uneven=0.12)
    for step in range(-9, 10):
        x = step * 21
        sheet.stroke(
            [who.at(x, -112 + abs(step) * 3.2), who.at(x * 0.97, -196 + abs(step) * 3.2)],
            3,
            mixed(wool, palette.deep, 0.4),
        )


def _grey_beard(sheet: Sheet, palette: Palette, who: _Sitter, *, behind: bool) -> None:
    """A bald man's grey beard."""
    if behind:
        return
    grey = mixed(HAIRS[3], who.skin, 0.2)
    beard = curve(
        who.path(
            "-182,-60 -164,40 -118,110 -60,118 0,104 60,118 122,106 168,36 186,-60"
            " 178,110 128,214 48,272 -44,272 -126,214 -174,110"
        ),
        closed=True,
        steps=6,
    )
    sheet.fill(beard, grey, uneven=0.22, opacity=0.62, blur=7)
    sheet.shade(
        curve(who.path("40,120 176,50 150,190 50,286"), closed=True),
        palette.deep,
        0.4,
        16,
    )
    sheet.shade(oval(*who.at(-70, -150), 76, 40, -24), _LIGHT, 0.3, 22)


def _round_neck(sheet: Sheet, palette: Palette, who: _Sitter) -> None:
    neck = curve(who.path("-136,372 -70,440 0,462 70,440 136,372"))
    sheet.stroke(neck, 29, mixed(who.cloth, PAPER, 0.3))


def _shirt(sheet: Sheet, palette: Palette, who: _Sitter) -> None:
    white = mixed(PAPER, who.cloth, 0.18)
    for side in (-1, 1):
        leaf = [
            who.at(132 * side, 338),
            who.at(4, 492),
            who.at(70 * side, 590),
            who.at(196 * side, 440),
        ]
        sheet.fill(leaf, mixed(white, palette.deep, 0.16 if side > 0 else 0))
    sheet.stroke([who.at(4, 500), who.at(8, 1000)], 5, mixed(who.cloth, palette.deep, 0.45))
    for dy in (610, 740, 870):
        sheet.fill(oval(*who.at(28, dy), 11, 11), white)


def _cardigan(sheet: Sheet, palette: Palette, who: _Sitter) -> None:
    under = mixed(PAPER, palette.cloth, 0.25)
    sheet.fill(
        [
            who.at(-118, 366),
            *curve([who.at(-118, 366), who.at(0, 460), who.at(118, 366)]),
            who.at(40, 800),
            who.at(-30, 800),
        ],
        under,
    )
    for side in (-1, 1):
        edge = curve([who.at(124 * side, 350), who.at(96 * side, 560), who.at(8 * side, 820)])
        sheet.stroke(edge, 33, mixed(who.cloth, palette.deep, 0.28 if side > 0 else 0.14))


_Hair = Callable[..., None]
_HEADS: tuple[_Hair, ...] = (_short, _full, _long, _bun, _scarf, _cap, _grey_beard)
_COLLARS: tuple[Callable[[Sheet, Palette, _Sitter], None], ...] = (_round_neck, _shirt, _cardigan)
