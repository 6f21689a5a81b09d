"""What stands behind scenes indoors: windows, and the lower half of a wall.

Called by the scenes in `media.sketches.rooms` and `media.sketches.sills`.
"""

from __future__ import annotations

from media.sketches.palette import PAPER, Palette
from media.sketches.sheet import Colour, Sheet, box, curve, mixed

WARM_LIGHT: Colour = (255, 226, 170)


def window(sheet: Sheet, palette: Palette, x: float, y: float, w: float, h: float) -> None:
    """A sash window with far roofs in it, four panes."""
    frame = mixed(PAPER, palette.wood, 0.12)
    sheet.shadow(box(x - 22, y - 22, w + 44, h + 60), 10, 12, depth=0.22)
    sheet.fill(box(x - 22, y - 22, w + 44, h + 44), frame, uneven=0.03)
    sheet.fade(
        box(x, y, w, h), mixed(palette.sky, PAPER, 0.15), mixed(palette.sky, WARM_LIGHT, 0.75)
    )
    _roofs(sheet, palette, x, y, w, h)
    bar = max(10, w * 0.03)
    sheet.fill(box(x + w / 2 - bar / 2, y, bar, h), frame, uneven=0.03)
    sheet.fill(box(x, y + h / 2 - bar / 2, w, bar), frame, uneven=0.03)
    sheet.fill(box(x - 44, y + h + 20, w + 88, 30), mixed(frame, palette.deep, 0.08), uneven=0.03)
    sheet.shade(box(x - 44, y + h + 50, w + 88, 10), palette.deep, 0.3, 8)


def _roofs(sheet: Sheet, palette: Palette, x: float, y: float, w: float, h: float) -> None:
    """Three houses on a hill, a long way off, kept within the panes."""
    far = mixed(palette.sky, palette.deep, 0.42)
    hill = curve([(x, y + h * 0.72), (x + w * 0.4, y + h * 0.62), (x + w, y + h * 0.75)])
    sheet.fill([*hill, (x + w, y + h), (x, y + h)], mixed(far, palette.sky, 0.35), wobble=0)
    for share, size in ((0.14, 0.17), (0.5, 0.21), (0.74, 0.15)):
        left, top, wide = x + w * share, y + h * (0.86 - size), w * size
        house = [
            (left, y + h),
            (left, top + 20),
            (left + wide / 2, top - h * 0.06),
            (left + wide, top + 20),
            (left + wide, y + h),
        ]
        sheet.fill(house, mixed(far, palette.accent, 0.12), wobble=0)


def wainscot(sheet: Sheet, palette: Palette, top: float) -> None:
    low = mixed(palette.wall, palette.deep, 0.28)
    sheet.fill(box(-10, top, sheet.width + 20, sheet.height), low)
    sheet.fill(box(-10, top - 14, sheet.width + 20, 20), mixed(low, PAPER, 0.28), uneven=0.03)
