"""Finds what a photograph carries beside its pixels, so that we can say what we removed.

Pure: reads an opened image's metadata and returns facts as plain values. Called by
`media.darkroom`. Coordinates are turned into the name of a town nearby and forgotten here: they
leave this module in no form.
"""

from __future__ import annotations

import re
from typing import Any, TypedDict

from PIL import Image

from media.nearby import nearest_town

_MAKE, _MODEL, _GPS_IFD, _EXIF_IFD, _THUMBNAIL_IFD = 0x010F, 0x0110, 0x8825, 0x8769, -1
_TIMES = frozenset({0x0132, 0x9003, 0x9004})
# Description, artist, copyright, user comment, owner, serial numbers, Windows' title to subject.
_WORDS = frozenset({0x010E, 0x013B, 0x8298, 0x9286, 0xA430, 0xA431, 0xA435, *range(0x9C9B, 0x9CA0)})
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
_WORDS_OF_XMP = re.compile(rb"<(dc:(creator|title|description|rights|subject)|photoshop:|Iptc4xmp)")
_PLACE_OF_XMP = b"GPSLatitude"
_IPTC = 0x0404  # its number among Photoshop's resources
_CODINGS = re.compile(r"^(ASCII|UNICODE|JIS)(?=\0)")  # how an Exif comment begins
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
        has_place=bool(gps.get(_LATITUDE)) or _PLACE_OF_XMP in _xmp(image),
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
    """Names, descriptions, comments; fields that a camera left blank do not count."""
    written = [tags[tag] for tag in _WORDS & tags.keys()]
    written += [image.info.get("comment"), *getattr(image, "text", {}).values()]
    resources = image.info.get("photoshop")
    iptc = isinstance(resources, dict) and bool(resources.get(_IPTC))
    return iptc or any(map(_says_something, written)) or bool(_WORDS_OF_XMP.search(_xmp(image)))


def _says_something(value: object) -> bool:
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return isinstance(text, str) and bool(_CODINGS.sub("", text).strip(" \0\t\r\n"))


def _xmp(image: Image.Image) -> bytes:
    found = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return found if isinstance(found, bytes) else str(found).encode()


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
