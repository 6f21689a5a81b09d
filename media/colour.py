"""Turns any picture into plain sRGB: eight bits a channel, grey or colour, nothing transparent.

Owns what CMYK, LAB, 16 bit, palettes, transparency and wide-gamut profiles become. Pure: a Pillow
image in, a Pillow image out. Called by `media.scrub` inside the darkroom.
"""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

PAPER_WHITE = (255, 255, 255)  # what shows through where a picture was transparent
_DEEP = frozenset({"I", "I;16", "I;16L", "I;16B", "I;16N", "F"})


def to_srgb(image: Image.Image) -> Image.Image:
    """`image` as mode "L" (a grey picture that needs no profile) or "RGB" in sRGB."""
    profile = image.info.get("icc_profile")
    image = _eight_bits(image)
    if _is_transparent(image):
        return _on_paper(image, profile)
    if profile:
        image = _by_profile(image, profile)
    return _plain(image)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Deep grey scaled to eight bits; Pillow's own `convert` would clip it to white.

    The depth is read off the brightest pixel, in steps of two bits: 12-bit scans travel in 16-bit
    files, and would come out nearly black if the file's width were believed.
    """
    if image.mode not in _DEEP:
        return image
    high = max(band for band in image.getextrema() if isinstance(band, (int, float)))
    if image.mode == "F" and high <= 1:
        scale = 255.0
    else:
        bits = next((n for n in (8, 10, 12, 14, 16) if high < 2**n), 32)
        scale = 255.0 / (2**bits - 1)
    wide = image.convert("F")
    return wide.point(lambda value: value * scale + 0.5).convert("L")


def _is_transparent(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info


def _on_paper(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode != "RGBA":  # `convert` would copy it all the same
        image = image.convert("RGBA")
    coverage = image.getchannel("A")
    solid = image.convert("RGB")
    if profile:
        solid = _plain(_by_profile(solid, profile))
    paper = Image.new("RGB", image.size, PAPER_WHITE)
    paper.paste(solid.convert("RGB"), (0, 0), coverage)
    return paper


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image:
    """`image` taken from its own profile to sRGB; as it is, where the profile is broken or lies.

    Colours change by what the profile says and never by what it fails to say: a photograph with a
    ruined profile is still a photograph.
    """
    from PIL import ImageCms  # 30 ms that most photographs do not need

    if image.mode == "P":
        image = image.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return image
        return _transformed(ImageCms, image, source)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


def _transformed(cms: Any, image: Image.Image, source: Any) -> Image.Image:
    target = cms.createProfile("sRGB")
    transform = cms.buildTransform(
        source,
        target,
        image.mode,
        "RGB",
        renderingIntent=cms.Intent.RELATIVE_COLORIMETRIC,
        flags=cms.Flags.BLACKPOINTCOMPENSATION,
    )
    if image.mode == "RGB":  # in place: a 48 megapixel picture is 192 MB, and one is enough
        cms.applyTransform(image, transform, inPlace=True)
        return image
    return cms.applyTransform(image, transform)  # type: ignore[no-any-return]


def _plain(image: Image.Image) -> Image.Image:
    """Whatever is left, as "L" or "RGB"."""
    if image.mode in {"L", "RGB"}:
        return image
    if image.mode == "1":
        return image.convert("L")
    if image.mode == "LAB":
        return _from_lab(image)
    return image.convert("RGB")


def _from_lab(image: Image.Image) -> Image.Image:
    from PIL import ImageCms

    return _transformed(ImageCms, image, ImageCms.createProfile("LAB"))
