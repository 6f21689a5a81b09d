"""Pictures drawn by code, for tests that need a photograph and must not keep one.

Owns the drawing and the planting of metadata. Every function returns bytes as a stranger would
send them, or a Pillow image to make some of.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

import pillow_heif
from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

MARKER = "planted-4711"  # must never be found in anything we keep or show
RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 180, 50), (40, 60, 200), (230, 200, 40)
ELMIRA = (42.0898, -76.8077)


def scene(width: int = 480, height: int = 360) -> Image.Image:
    """A picture with many colours and no symmetry: a turn or a mirror shows."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    image = Image.merge("RGB", (across, down, Image.blend(across, down, 0.5).transpose(0)))
    draw = ImageDraw.Draw(image)
    draw.ellipse((width * 0.1, height * 0.15, width * 0.4, height * 0.6), fill=(236, 220, 190))
    draw.line((0, height, width, height * 0.3), fill=(40, 30, 30), width=max(2, width // 80))
    return image


def quarters(size: int = 64) -> Image.Image:
    """Red and green above, blue and yellow below."""
    image = Image.new("RGB", (size * 2, size), RED)
    half = size // 2
    image.paste(GREEN, (size, 0, size * 2, half))
    image.paste(BLUE, (0, half, size, size))
    image.paste(YELLOW, (size, half, size * 2, size))
    return image


def encoded(image: Image.Image, name: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, name, **options)
    return out.getvalue()


def jpeg(width: int = 480, height: int = 360, **options: object) -> bytes:
    return encoded(scene(width, height), "JPEG", **{"quality": 90, **options})


def turned(orientation: int) -> bytes:
    """`quarters` stored as a camera held so would store it, with the tag that says so."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = quarters()
    if orientation in undo:
        image = image.transpose(undo[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(image, "JPEG", quality=95, subsampling=0, exif=exif)


def telling_exif(place: tuple[float, float] = ELMIRA) -> Image.Exif:
    """The tags of a phone: device, time, author, comment, and where it was."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Fruit", "Fruit Phone 7"
    exif[0x013B] = exif[0x010E] = MARKER
    exif[0x0132] = "2024:05:01 10:11:12"
    exif.get_ifd(0x8769)[0x9003] = "2024:05:01 10:11:12"
    latitude, longitude = place
    exif.get_ifd(0x8825).update(
        {
            1: "N" if latitude >= 0 else "S",
            2: _degrees(latitude),
            3: "E" if longitude >= 0 else "W",
            4: _degrees(longitude),
        }
    )
    return exif


def _degrees(value: float) -> tuple[float, float, float]:
    value = abs(value)
    return float(int(value)), float(int(value % 1 * 60)), round(value * 60 % 1 * 60, 2)


def telling(name: str) -> bytes:
    """A picture in the format `name` with all that format can hide, and a tail after its end."""
    image, exif = scene(), telling_exif()
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><dc:creator>'
        f"{MARKER}</dc:creator></rdf:RDF></x:xmpmeta>"
    ).encode()
    options: dict[str, object] = {"exif": exif, "icc_profile": named_profile()}
    if name in {"JPEG", "WEBP", "AVIF"}:
        options["xmp"] = xmp
    if name == "JPEG":
        options["comment"] = MARKER
    if name == "PNG":
        text = PngInfo()
        text.add_text("Author", MARKER)
        text.add_itxt("XML:com.adobe.xmp", xmp.decode(), zip=True)
        options["pnginfo"] = text
    if name == "GIF":
        return encoded(image.quantize(64), "GIF", comment=MARKER) + MARKER.encode()
    if name == "HEIF":
        pillow_heif.register_heif_opener()
    return encoded(image, name, **options) + MARKER.encode()


def named_profile() -> bytes:
    """An sRGB profile with a name written into its description."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile + MARKER.encode()


def bomb(side: int = 13_000) -> bytes:
    """A PNG of a few kilobytes that unfolds to `side` x `side` pixels."""
    return encoded(Image.new("1", (side, side)), "PNG", optimize=True)


def frames(count: int) -> bytes:
    """A GIF of `count` pictures."""
    pictures = [Image.new("RGB", (8, 8), (number, 255 - number, 90)) for number in range(count)]
    return encoded(pictures[0], "GIF", save_all=True, append_images=pictures[1:], loop=0)


def opened(content: bytes) -> Image.Image:
    """An image of ours, decoded."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours near the four corners, row by row."""
    w, h = image.size
    spots: Iterable[tuple[int, int]] = (
        (w // 8, h // 8),
        (w - w // 8, h // 8),
        (w // 8, h - h // 8),
        (w - w // 8, h - h // 8),
    )
    return [image.convert("RGB").getpixel(spot) for spot in spots]


def apart(one: Iterable[int], other: Iterable[int]) -> int:
    """The greatest difference between two colours, channel by channel."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def opened_heif(content: bytes) -> Image.Image:
    """A HEIC of somebody else's, decoded, with what its file says about colour."""
    return pillow_heif.open_heif(io.BytesIO(content)).to_pillow()
