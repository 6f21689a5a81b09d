"""Draws pictures for the invented sample archive: no photograph of anybody, no file to license.

Owns the list of scenes. `draw` is called through `media.photos.sketch`; each scene is a function
that takes a sheet and a palette and leaves a picture on the sheet.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from media.sketches import hands, handwriting, homes, portraits, roads, rooms, sills, things
from media.sketches.palette import Palette, chosen
from media.sketches.sheet import Sheet

_LANDSCAPE = (1600, 1200)
_UPRIGHT = (1280, 1600)
_Scene = Callable[[Sheet, Palette], None]

_SCENES: dict[str, _Scene] = {
    "kitchen_table": rooms.kitchen_table,
    "visiting_room": rooms.visiting_room,
    "window_geranium": sills.window_geranium,
    "coat_hook": sills.coat_hook,
    "school_desk": rooms.school_desk,
    "night_bus": roads.night_bus,
    "snow_road": roads.snow_road,
    "stoop": homes.stoop,
    "garden": homes.garden,
    "train": roads.train,
    "porch_light": homes.porch_light,
    "envelopes": things.envelopes,
    "quilt": things.quilt,
    "telephone": things.telephone,
    "suitcase": things.suitcase,
    "hands": hands.hands,
}
SCENES = (*_SCENES, "portrait", "page")
# Scenes that read the same in a mirror; writing and dials do not.
_MIRRORED = frozenset({*_SCENES, "portrait"}) - {"telephone", "envelopes", "quilt", "school_desk"}


def draw(scene: str, seed: int, *, lines: list[str]) -> bytes:
    """The scene as JPEG bytes, 1600 x 1200 (portrait and page 1280 x 1600).

    The same arguments give the same pixels. `lines` are written on the scene "page". Raises
    ValueError for a scene that is not one of SCENES.
    """
    if scene not in SCENES:
        raise ValueError(f"we can draw {', '.join(SCENES)}, but not {scene!r}")
    rng = Random(f"{scene} {seed}")  # noqa: S311 - a drawing, not a secret
    palette = chosen(rng)
    size = _LANDSCAPE if scene in _SCENES else _UPRIGHT
    sheet = Sheet(*size, rng, palette.wall)
    if scene == "page":
        handwriting.page(sheet, palette, lines)
    else:
        _SCENES.get(scene, portraits.portrait)(sheet, palette)
    return sheet.finished(flip=scene in _MIRRORED and rng.random() < 0.4)
