"""The colours of all sketches: paper, ink, and a few earths about one accent.

Owns the palettes. A seed takes one of them, so that a wall of sketches belongs together without
being of one colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from media.sketches.sheet import Colour

PAPER: Colour = (243, 235, 220)
INK: Colour = (43, 36, 33)
LAMP: Colour = (255, 205, 128)
SKINS: tuple[Colour, ...] = (
    (92, 58, 44),
    (122, 78, 56),
    (151, 100, 70),
    (178, 124, 90),
    (203, 152, 118),
)
HAIRS: tuple[Colour, ...] = ((34, 28, 28), (52, 38, 32), (84, 60, 46), (150, 146, 140))


@dataclass(frozen=True)
class Palette:
    """One family of colours: `wall` behind, `wood` below, `cloth` about, one `accent`."""

    wall: Colour
    wood: Colour
    cloth: Colour
    accent: Colour
    deep: Colour  # the darkest shadow
    sky: Colour


PALETTES = (
    Palette(
        (214, 190, 150),
        (128, 84, 58),
        (186, 158, 122),
        (150, 56, 50),
        (60, 44, 40),
        (120, 146, 156),
    ),
    Palette(
        (168, 176, 162),
        (112, 80, 60),
        (206, 190, 160),
        (158, 62, 52),
        (48, 52, 50),
        (108, 132, 146),
    ),
    Palette(
        (196, 168, 136), (94, 64, 50), (104, 128, 124), (38, 92, 92), (46, 38, 40), (134, 150, 158)
    ),
    Palette(
        (222, 204, 172), (146, 102, 68), (152, 104, 88), (44, 98, 96), (66, 50, 44), (144, 160, 164)
    ),
)


def chosen(rng: Random) -> Palette:
    """One palette by the seed."""
    return rng.choice(PALETTES)
