"""Looks for anything but pixels in a file of ours, with two readers that share no code.

`by_pillow` asks the library what it finds; `by_bytes` walks the file's own structure and searches
it for the names that metadata goes by. Both return what they found, as words; nothing is good.
"""

from __future__ import annotations

import re
import struct

from tests import pictures

_STRUCTURE = {
    "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression",
    "adobe", "adobe_transform", "loop", "background", "timestamp", "duration",
}  # fmt: skip
_NAMES = (
    b"Exif\x00", b"eXIf", b"http://ns.adobe.com", b"<x:xmpmeta", b"<?xpacket", b"ICC_PROFILE", b"iCCP",
    b"Photoshop 3.0", b"8BIM", b"tEXt", b"zTXt", b"iTXt", b"JFXX", b"GPSLat", pictures.MARKER.encode(),
)  # fmt: skip
_PNG_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
_WEBP_CHUNKS = {b"VP8 ", b"VP8L"}
# Quantisation and Huffman tables, frames, scans, and the plain JFIF header; no comment, no other APP.
_NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7]", re.DOTALL)  # the end of a scan
_JPEG_MARKERS = {0xC0, 0xC1, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD, 0xE0}


def found(content: bytes) -> list[str]:
    return by_pillow(content) + by_bytes(content)


def by_pillow(content: bytes) -> list[str]:
    image = pictures.opened(content)
    traces = [f"info {key}" for key in image.info if key not in _STRUCTURE]
    exif = image.getexif()
    traces += [f"exif {tag}" for tag in exif]
    traces += [
        f"exif section {each}" for each in (-1, 0x8769, 0x8825, 0xA005) if exif.get_ifd(each)
    ]
    traces += [f"segment {name}" for name, _ in getattr(image, "applist", []) if name != "APP0"]
    if getattr(image, "n_frames", 1) != 1:
        traces.append("a second picture")
    return traces


def by_bytes(content: bytes) -> list[str]:
    traces = [f"bytes {name!r}" for name in _NAMES if name in content]
    if content.startswith(b"\xff\xd8"):
        return traces + _in_jpeg(content)
    if content.startswith(b"RIFF"):
        return traces + _in_webp(content)
    if content.startswith(b"\x89PNG"):
        return traces + _in_png(content)
    return [*traces, "a format we do not make"]


def _in_jpeg(content: bytes) -> list[str]:
    traces, at = [], 2
    while content[at + 1] != 0xD9:
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if content[at] != 0xFF or marker not in _JPEG_MARKERS:
            traces.append(f"segment {marker:02x}")
        if marker == 0xE0 and length != 16:
            traces.append("a thumbnail in the header")
        at += 2 + length
        if marker == 0xDA:
            at = _NEXT.search(content, at).start()
    if at + 2 != len(content):
        traces.append("bytes after the end")
    return traces


def _in_webp(content: bytes) -> list[str]:
    traces, at = [], 12
    while at < len(content):
        name, length = content[at : at + 4], struct.unpack("<I", content[at + 4 : at + 8])[0]
        if name not in _WEBP_CHUNKS:
            traces.append(f"chunk {name!r}")
        at += 8 + length + length % 2
    return traces + (["bytes after the end"] if at != len(content) else [])


def _in_png(content: bytes) -> list[str]:
    traces, at = [], 8
    while at < len(content):
        length, name = struct.unpack(">I", content[at : at + 4])[0], content[at + 4 : at + 8]
        if name not in _PNG_CHUNKS:
            traces.append(f"chunk {name!r}")
        at += 12 + length
    return traces + (["bytes after the end"] if at != len(content) else [])
