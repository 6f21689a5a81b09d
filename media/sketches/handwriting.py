"""Writes lines of text by hand: a pen that wavers, a line that sinks, no letter twice the same.

Owns the writing and the scene `page`. A character we have no strokes for is left out.
"""

from __future__ import annotations

import textwrap
import unicodedata

from media.sketches.alphabet import ACCENTS, LETTERS, Strokes
from media.sketches.palette import INK, Palette
from media.sketches.sheet import Colour, Point, Sheet, box, curve, mixed, turned

_GAP = 3.0  # between letters, in units of the alphabet
_SPACE = 7.0
_SLANT = 0.16
_RULE: Colour = (150, 170, 184)
_LEAF: Colour = (247, 241, 226)
_WRAP = 44  # characters to a line of the page
_FEWEST, _MOST = 11, 20  # rules on a leaf
_LEFT, _TOP = 236.0, 292.0  # where the first line begins
_UNITS = 10.8  # of the alphabet, that a character takes on average


def write(sheet: Sheet, text: str, at: Point, size: float, colour: Colour, width: float) -> None:
    """Write one line of `text` from `at`, the start of its baseline; `size` is pixels a unit."""
    rng = sheet.rng
    x, y = at
    drift = rng.uniform(-0.012, 0.012)
    for letter in _shapes(text):
        if letter is None:
            x += _SPACE * size * rng.uniform(0.85, 1.2)
            continue
        lift = rng.uniform(-0.5, 0.5) * size
        for stroke in letter:
            points = [
                (
                    x + (px + py * _SLANT + rng.uniform(-0.35, 0.35)) * size,
                    y + lift + drift * (x - at[0]) - (py + rng.uniform(-0.35, 0.35)) * size,
                )
                for px, py in stroke
            ]
            sheet.pen(curve(points, steps=5), width * rng.uniform(0.85, 1.15), colour)
        x += (
            (max(px for stroke in letter for px, _ in stroke) + _GAP)
            * size
            * rng.uniform(0.94, 1.06)
        )


def _shapes(text: str) -> list[Strokes | None]:
    """The letters of `text` in order; None stands for a space."""
    shapes: list[Strokes | None] = []
    letter = ""
    for character in unicodedata.normalize("NFD", text):
        if character in ACCENTS and shapes and shapes[-1]:
            bare = (
                shapes[-1][:-1] if letter in "ij" else shapes[-1]
            )  # the accent takes the dot's place
            shapes[-1] = bare + ACCENTS[character]
        elif character.isspace():
            shapes.append(None)
        elif character in LETTERS:
            shapes.append(LETTERS[character])
            letter = character
    return shapes


def page(sheet: Sheet, palette: Palette, lines: list[str]) -> None:
    """A leaf of ruled paper on a table, written on."""
    rng = sheet.rng
    _table(sheet, palette)
    tilt = rng.uniform(-1.6, 1.6)
    middle = (sheet.width / 2, sheet.height / 2)
    leaf = turned(box(92, 76, sheet.width - 184, sheet.height - 152), middle, tilt)
    sheet.shadow(leaf, 10, 18, soft=22, depth=0.5)
    sheet.fill(leaf, _LEAF, uneven=0.025)
    _folds(sheet, middle, tilt)
    written = _wrapped(lines)
    step = (sheet.height - 420) / max(_FEWEST, len(written) + 2)
    _rules(sheet, middle, tilt, step)
    _lines(sheet, written, middle, tilt, step)
    sheet.glow(sheet.width * 0.2, -60, 1100, (255, 226, 170), 0.22)


def _lines(sheet: Sheet, written: list[str], middle: Point, tilt: float, step: float) -> None:
    """The writing, as large as the rules and the longest line let it be."""
    rng = sheet.rng
    ink = rng.choice([(38, 48, 84), INK, (52, 40, 40)])
    longest = max((len(line) for line in written), default=1)
    size = min(step / 31, (sheet.width - 430) / (longest * _UNITS))
    for number, line in enumerate(written):
        x, y = turned([(_LEFT, _TOP + step * number)], middle, tilt)[0]
        write(sheet, line, (x + rng.uniform(-6, 10), y - 6), size, ink, 1.1 + size)


def _wrapped(lines: list[str]) -> list[str]:
    """`lines` broken where they are too long for the leaf, as many as it holds."""
    broken = [part for line in lines for part in (textwrap.wrap(line, _WRAP) or [""])]
    return broken[:_MOST]


def _table(sheet: Sheet, palette: Palette) -> None:
    sheet.fill(box(-20, -20, sheet.width + 40, sheet.height + 40), palette.wood, uneven=0.16)
    for number in range(9):
        y = sheet.height * number / 8 + sheet.rng.uniform(-20, 20)
        grain = [(x, y + sheet.rng.uniform(-5, 5)) for x in range(-40, sheet.width + 80, 120)]
        sheet.stroke(curve(grain), 3, mixed(palette.wood, palette.deep, 0.5))


def _folds(sheet: Sheet, middle: Point, tilt: float) -> None:
    """The leaf has been in an envelope."""
    for share in (0.36, 0.65):
        y = sheet.height * share
        crease = turned(box(94, y, sheet.width - 188, 3), middle, tilt)
        sheet.fill(crease, (206, 194, 170), opacity=0.8, blur=1)
        below = turned(box(94, y, sheet.width - 188, 60), middle, tilt)
        sheet.shade(below, (120, 100, 70), 0.07, 22)


def _rules(sheet: Sheet, middle: Point, tilt: float, step: float) -> None:
    y = _TOP
    while y < sheet.height - 130:
        rule = turned([(96, y), (sheet.width - 96, y)], middle, tilt)
        sheet.stroke(rule, 1.6, mixed(_RULE, _LEAF, 0.35))
        y += step
    margin = turned([(204, 80), (204, sheet.height - 80)], middle, tilt)
    sheet.stroke(margin, 2, (206, 142, 132))
