"""Decides what a file is, and whether it is small enough to open, before anything decodes it.

Owns the allow-list of formats and the reading of headers. `sniff` is called in the web process and
looks at the first bytes only; `open_within` is called in the darkroom and reads the header with
Pillow. Neither believes a file name or a declared type. Never decodes a pixel.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

HEAD_BYTES = 64  # enough for every signature below, and for the brands of an ISO media file

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_VIDEO_STARTS = (
    b"\x1aE\xdf\xa3",  # Matroska, WebM
    b"\x00\x00\x01\xba",  # MPEG
    b"\x00\x00\x01\xb3",
    b"FLV\x01",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # Windows Media
    b"OggS",
)
_STARTS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
)


class Refused(Exception):
    """A file that is not taken. `code` is one of the keys of `media.refusals.SENTENCES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Limits:
    """What a header may claim: `pixels` in all, `side` in pixels, `frames` of an animation."""

    pixels: int
    side: int
    frames: int


def sniff(head: bytes) -> str:
    """The format of a file by its first `HEAD_BYTES`: a Pillow format name of the allow-list.

    Raises Refused: "empty", "video", "not_a_photo".
    """
    if not head:
        raise Refused("empty")
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head[:4] == b"RIFF":
        return _riff(head)
    if head.startswith(_VIDEO_STARTS):
        raise Refused("video")
    for start, name in _STARTS:
        if head.startswith(start):
            return name
    raise Refused("not_a_photo")


def _iso_media(head: bytes) -> str:
    """HEIC, AVIF and MP4 share one container; the brands say which of them this is.

    The generic brand "mif1" may come first and the telling one later, so AVIF is asked first.
    """
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    if brands & _HEIF_BRANDS:
        return "HEIF"
    raise Refused("video")


def _riff(head: bytes) -> str:
    if head[8:12] == b"WEBP":
        return "WEBP"
    raise Refused("video" if head[8:12] == b"AVI " else "not_a_photo")


def open_within(source: IO[bytes], format_name: str, limits: Limits) -> Image.Image:
    """The image behind `source`, its header read and found within `limits`, its pixels untouched.

    Only the decoder of `format_name` is tried. Raises Refused: "unsupported" where this machine
    has no decoder for it, "too_many_pixels", "too_long", "animated", "damaged".
    """
    from PIL import Image

    register_decoder(format_name)
    Image.MAX_IMAGE_PIXELS = limits.pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    image = Image.open(source, formats=[format_name])
    width, height = image.size
    if max(width, height) > limits.side:
        raise Refused("too_long")
    if width * height > limits.pixels:
        raise Refused("too_many_pixels")
    if format_name == "JPEG":
        return image
    frames = getattr(image, "n_frames", 1)
    if frames > limits.frames:
        raise Refused("animated")
    if format_name == "PNG":
        image.verify()  # Pillow draws a PNG whose checksums are wrong; this is what looks at them
    elif frames > 1:
        _look_at_second(image, limits)
    source.seek(0)  # afresh: looking ahead has spent the image
    return Image.open(source, formats=[format_name])


def _look_at_second(image: Image.Image, limits: Limits) -> None:
    """We keep the first picture of a file; a second that is a bomb, or cut off, condemns both."""
    image.seek(1)
    if image.width * image.height > limits.pixels:
        raise Refused("too_many_pixels")
    image.load()


def register_decoder(format_name: str) -> None:
    """Load the one plugin that reads `format_name`; the rest of Pillow's seventy stay out."""
    from importlib import import_module

    if format_name != "HEIF":
        import_module(f"PIL.{_PLUGINS[format_name]}")
        return
    try:
        heif = import_module("pillow_heif")
    except ImportError:  # an extra: its wheel bundles a GPL library, and some leave it out
        raise Refused("unsupported") from None
    heif.register_heif_opener(thumbnails=False)


_PLUGINS = {
    "JPEG": "JpegImagePlugin",
    "PNG": "PngImagePlugin",
    "GIF": "GifImagePlugin",
    "TIFF": "TiffImagePlugin",
    "WEBP": "WebPImagePlugin",
    "AVIF": "AvifImagePlugin",
}
