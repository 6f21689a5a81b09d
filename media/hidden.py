"""Finds what a photograph carries beside its pixels, so that we can say what we removed.

Pure: reads an opened image's metadata and returns facts as plain values. Called by
`media.darkroom`. Coordinates are turned into the name of a town nearby and forgotten here: they
leave this module in no form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypedDict

from PIL import Image

from media.nearby import nearest_town

_MAKE, _MODEL, _GPS_IFD, _EXIF_IFD, _THUMBNAIL_IFD = 0x010F, 0x0110, 0x8825, 0x8769, 1
_TIMES = frozenset({0x0132, 0x9003, 0x9004})
# Description, artist, copyright, user comment, owner, serial numbers, Windows' title to subject.
_WORDS = frozenset({0x010E, 0x013B, 0x8298, 0x9286, 0xA430, 0xA431, 0xA435, *range(0x9C9B, 0x9CA0)})
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
_TEXTS_OF_PILLOW = frozenset({"comment", "photoshop", "xmp", "XML:com.adobe.xmp", "Comment"})
_THUMBNAIL_DATA = 0x0201
_DEVICE_CHARACTERS = 60


class Facts(TypedDict):
    """What was found. `place`: "" or a town nearby; `device`: "" or its name as text."""

    has_place: bool
    place: str
    has_time: bool
    device: str
    has_words: bool
    has_thumbnail: bool


def facts(image: Image.Image) -> Facts:
    """The facts about an opened image; a part that cannot be read counts as absent."""
    tags = _everything(image)
    gps = _section(image, _GPS_IFD)
    return Facts(
        has_place=bool(gps.get(_LATITUDE) and gps.get(_LONGITUDE)),
        place=_place(gps),
        has_time=bool(_TIMES & tags.keys()),
        device=_device(tags),
        has_words=_has_words(image, tags),
        has_thumbnail=_has_thumbnail(image),
    )


def _everything(image: Image.Image) -> dict[int, Any]:
    try:
        base = dict(image.getexif())
    except Exception:  # strangers' bytes: whatever breaks in here is "nothing found"
        base = {}
    return base | _section(image, _EXIF_IFD)


def _section(image: Image.Image, number: int) -> dict[int, Any]:
    try:
        return dict(image.getexif().get_ifd(number))
    except Exception:  # as above
        return {}


def _device(tags: dict[int, Any]) -> str:
    """Maker and model as one short line, without control characters or marks of any markup."""
    maker, model = (_text(tags.get(tag)) for tag in (_MAKE, _MODEL))
    name = model if model.lower().startswith(maker.lower()) else f"{maker} {model}"
    return name.strip()[:_DEVICE_CHARACTERS].rstrip()


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return " ".join(re.sub(r"[^\w .,+()/-]", " ", value).split())


def _has_words(image: Image.Image, tags: dict[int, Any]) -> bool:
    info: Iterable[str] = [key for key in image.info if isinstance(key, str)]
    written = getattr(image, "text", None)
    return bool(_WORDS & tags.keys() or _TEXTS_OF_PILLOW & set(info) or written)


def _has_thumbnail(image: Image.Image) -> bool:
    """A smaller or second picture inside the file: it may show what was cropped away."""
    more = image.format == "MPO" or bool(image.info.get("thumbnails"))
    return more or _THUMBNAIL_DATA in _section(image, _THUMBNAIL_IFD)


def _place(gps: dict[int, Any]) -> str:
    latitude = _degrees(gps.get(_LATITUDE), gps.get(_LATITUDE_REF) == "S")
    longitude = _degrees(gps.get(_LONGITUDE), gps.get(_LONGITUDE_REF) == "W")
    if latitude is None or longitude is None:
        return ""
    return nearest_town(latitude, longitude)


def _degrees(value: Any, negative: bool) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    return -found if negative else found
