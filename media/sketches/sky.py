"""What stands behind scenes out of doors: ridges, stars, winter trees.

Called by the scenes in `media.sketches.roads` and `media.sketches.homes`.
"""

from __future__ import annotations

import math

from media.sketches.sheet import Colour, Point, Sheet, curve, oval

NIGHT: Colour = (38, 50, 70)
DUSK: Colour = (206, 142, 104)


def hills(sheet: Sheet, y: float, rise: float, colour: Colour, *, steps: int = 7) -> list[Point]:
    """A ridge across the sheet, filled down to its lower edge; returns its line."""
    points = [
        (sheet.width * number / steps, y + sheet.rng.uniform(-rise, rise))
        for number in range(-1, steps + 2)
    ]
    ridge = curve(points)
    sheet.fill(
        [*ridge, (sheet.width + 300, sheet.height + 20), (-300, sheet.height + 20)],
        colour,
        wobble=0,
    )
    return ridge


def stars(sheet: Sheet, count: int, below: float) -> None:
    for _ in range(count):
        x, y = sheet.rng.uniform(0, sheet.width), sheet.rng.uniform(0, below)
        size = sheet.rng.choice([1.6, 1.8, 2.2, 3.2])
        sheet.fill(oval(x, y, size, size), (244, 232, 208), wobble=0, opacity=0.8)


def bare_tree(sheet: Sheet, x: float, y: float, height: float, colour: Colour) -> None:
    """A winter tree: a trunk that parts, and parts again."""
    _branch(sheet, (x, y), -90 + sheet.rng.uniform(-4, 4), height * 0.36, height * 0.05, colour, 5)


def _branch(
    sheet: Sheet, start: Point, angle: float, length: float, width: float, colour: Colour, left: int
) -> None:
    turn = math.radians(angle)
    end = (start[0] + math.cos(turn) * length, start[1] + math.sin(turn) * length)
    sheet.stroke([start, end], max(1.4, width), colour)
    if not left:
        return
    for side in (-1, 1):
        bend = side * sheet.rng.uniform(14, 34)
        _branch(
            sheet,
            end,
            angle + bend,
            length * sheet.rng.uniform(0.62, 0.82),
            width * 0.64,
            colour,
            left - 1,
        )
