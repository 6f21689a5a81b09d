"""Makes the clean master: the picture as it looks, and nothing else that was in the file.

Owns orientation, the copy of the pixels into a new image, and the master's encoding. Pure: an
opened image in, bytes written to a file. Called by `media.darkroom`.

Why JPEG 92 at 4:4:4: measured against the source it is beyond what an eye finds at any size we
show, one decoder serves everything made later, and a 48 megapixel picture encodes in a second
within 400 MB. A picture of few tones (a drawn page, a scan in black and white) becomes a PNG
instead: there JPEG would ring around every letter and be the larger file.
"""

from __future__ import annotations

from typing import IO

from PIL import Image

from media import colour

FEW_COLOURS = 32
JPEG_QUALITY = 92
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def clean(holder: list[Image.Image]) -> Image.Image:
    """The picture in `holder` upright, in sRGB, in a new image with no tag of the old one.

    `holder` is a list of one, emptied here, so that the decoded original can be let go as soon as
    its pixels are copied: two 48 megapixel pictures at once would not fit the memory promised.
    Raises whatever Pillow raises on damaged pixels (OSError, SyntaxError, ValueError and kin).
    """
    image = holder.pop()
    image.load()
    turn = _TURNS.get(_orientation(image))  # after load(): the TIFF and HEIF plugins turn it there
    image = colour.to_srgb(image)
    bands = list(image.split())
    mode = image.mode
    image.close()
    del image
    for at in range(len(bands)):
        if turn is not None:
            bands[at] = bands[at].transpose(turn)
        bands[at].info = {}
    return Image.merge(mode, bands)


def _orientation(image: Image.Image) -> int:
    """The Exif orientation, 1 to 8; 1 where there is none or it cannot be read."""
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # Exif is written by strangers; the picture is what matters
        return 1
    return found if isinstance(found, int) else 1


def encode_master(picture: Image.Image, target: IO[bytes]) -> str:
    """Write `picture` to `target` without any metadata; returns "PNG" or "JPEG"."""
    if picture.getcolors(FEW_COLOURS) is not None:
        picture.save(target, "PNG", compress_level=9)
        return "PNG"
    picture.save(
        target,
        "JPEG",
        quality=JPEG_QUALITY,
        subsampling=0,
        exif=b"",
        icc_profile=None,
        comment=b"",
        xmp=b"",
    )
    return "JPEG"
