"""The program that decodes strangers' pictures, alone in a process with nothing to lose.

Started by `media.sandbox` as `python -m media.darkroom`, with an empty environment, no Django, and
limits on memory, processor time, file size and open files that it sets itself before it looks at a
byte. An order comes in as JSON on standard input; files come and go as descriptors that are open
already; a report goes out as JSON on standard output. It never opens a path it was told of.

Orders: `master` (a received file to a clean master), `renditions` (a master to the public copies)
and `preview` (a master to one picture for the desk).
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

NICENESS = 10  # readers of stories go first
_OPEN_FILES = 64
_PREVIEW_QUALITY = 82
Order = dict[str, Any]
Report = dict[str, Any]


def main() -> None:
    """Read one order, carry it out, print one report. Exits 0 also when the file is refused."""
    order: Order = json.load(sys.stdin)
    _confine(order["memory"], order["seconds"], order["file_bytes"])
    print(json.dumps(_carry_out(order)))  # noqa: T201 - the protocol


def _confine(memory: int, seconds: int, file_bytes: int) -> None:
    os.nice(NICENESS)
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),  # a core file would be a copy of the photograph
    ):
        # macOS knows no RLIMIT_AS and says so with ValueError; the other limits still hold there.
        with contextlib.suppress(ValueError):
            resource.setrlimit(what, (most, most))


def _carry_out(order: Order) -> Report:
    from media.validation import Refused

    try:
        return _TASKS[order["task"]](order)
    except Refused as refused:
        return {"refused": refused.code}
    except MemoryError:
        return {"refused": "too_heavy"}
    except Exception as error:  # decoders raise nearly everything at strangers' bytes
        return {"refused": _code_of(error), "error": type(error).__name__}


def _code_of(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return "no_room"  # a decoder's OSError has no errno; the kernel's has
    return "too_many_pixels" if "DecompressionBomb" in type(error).__name__ else "damaged"


def _source(order: Order) -> IO[bytes]:
    return os.fdopen(order["source"], "rb", closefd=False)


def _targets(order: Order) -> list[IO[bytes]]:
    return [os.fdopen(number, "wb", closefd=False) for number in order["targets"]]


def _master(order: Order) -> Report:
    from media import hidden, scrub, validation

    limits = validation.Limits(**order["limits"])
    image = validation.open_within(_source(order), order["format"], limits)
    found = hidden.facts(image)
    holder = [image]
    del image  # `clean` lets the original go half-way, and can only if nobody else holds it
    picture = scrub.clean(holder)
    (target,) = _targets(order)
    with target:
        name = scrub.encode_master(picture, target)
    return {"width": picture.width, "height": picture.height, "format": name, "facts": found}


def _opened_master(order: Order, enough_width: int) -> Image.Image:
    """A master of ours with its redactions burned in, at `enough_width` or larger.

    A JPEG may be decoded at a half, a quarter or an eighth, which saves most of the memory. Where
    something is covered it is not: the cover goes over the pixels before anything mixes them.
    """
    from PIL import Image

    from media import redaction, validation

    validation.register_decoder(order["format"])
    image = Image.open(_source(order), formats=[order["format"]])
    if not order["regions"]:
        image.draft(None, (enough_width, enough_width * image.height // image.width))
    picture = image.convert(image.mode) if image.mode in {"L", "RGB"} else image.convert("RGB")
    image.close()
    picture.info = {}
    redaction.burn(picture, order["regions"])
    return picture


def _renditions(order: Order) -> Report:
    from media import renditions

    widest = max(size["width"] for size in order["sizes"])
    picture = _opened_master(order, widest)
    targets = _targets(order)
    with contextlib.ExitStack() as stack:
        for target in targets:
            stack.enter_context(target)
        renditions.make(picture, order["sizes"], targets)
    return {"placeholder": renditions.placeholder(picture)}


def _preview(order: Order) -> Report:
    from PIL import Image, ImageFilter

    from media import renditions

    picture = _opened_master(order, order["width"])
    if picture.width > order["width"]:
        height = max(1, round(picture.height * order["width"] / picture.width))
        picture = picture.resize((order["width"], height), Image.Resampling.LANCZOS)
    if order["grey"]:
        picture = picture.convert("L")
    if order["blurred"]:
        picture = picture.filter(ImageFilter.GaussianBlur(max(picture.size) / 25))
    (target,) = _targets(order)
    with target:
        target.write(renditions.encode(picture, "jpeg", _PREVIEW_QUALITY))
    return {"width": picture.width, "height": picture.height}


_TASKS: dict[str, Callable[[Order], Report]] = {
    "master": _master,
    "renditions": _renditions,
    "preview": _preview,
}

if __name__ == "__main__":
    main()
