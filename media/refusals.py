"""What we say when a photograph cannot be taken: one sentence for each code, with what to do.

Owns `PhotoRefused` and the sentences. Raised by `media.photos`; shown by whoever called it.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as later

# Keys are the codes of `media.validation.Refused`, of the darkroom's report, and of the sandbox.
SENTENCES: dict[str, str] = {
    "empty": later("This file is empty. Please choose the photo again."),
    "too_large": later(
        "This photo is larger than %(megabytes)s MB. Please send a smaller copy: on most phones, "
        "share it by email to yourself and choose “Large” or “Medium”."
    ),
    "not_a_photo": later(
        "This file is not a photo we can read. Please send a JPEG, PNG, HEIC, WebP, AVIF, TIFF or "
        "GIF file; a screenshot of the picture will do as well."
    ),
    "video": later(
        "This file is a video, and we can take photos only. Please send a photo, or a screenshot "
        "from the video."
    ),
    "unsupported": later(
        "This archive cannot open photos of this kind yet. Please send the photo as a JPEG: on an "
        "iPhone, choose “Most Compatible” under Settings, Camera, Formats."
    ),
    "damaged": later(
        "This photo is damaged and we could not open all of it. Please send it again from the "
        "phone or camera it was taken with, or send a screenshot of it."
    ),
    "too_many_pixels": later(
        "This picture has more than %(megapixels)s megapixels. Please send a smaller copy of it."
    ),
    "too_long": later(
        "This picture is more than %(side)s pixels long on one side. Please cut it into parts, or "
        "send a smaller copy."
    ),
    "animated": later(
        "This file is an animation of more than %(frames)s pictures. Please send the one picture "
        "you want to show."
    ),
    "too_heavy": later(
        "This photo needs more memory or time than we can give to one photo. Please send a "
        "smaller copy of it, or a screenshot."
    ),
    "busy": later(
        "Many photos are arriving just now and yours had to wait too long. Nothing was lost but "
        "this one photo: please send it again in a few minutes."
    ),
    "no_room": later(
        "We have no room for this photo just now, and did not keep it. Your text is safe. Please "
        "send the photo again tomorrow."
    ),
}


# What the same file may be sent again for: everything else is said of the file itself.
PASSING = frozenset({"busy", "no_room"})


class PhotoRefused(Exception):
    """A photograph that was not taken. `code` is a key of SENTENCES; `sentence` is for the sender.

    `sentence` is lazy: it speaks the language that is active where it is shown.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def final(self) -> bool:
        """The same file would be refused again."""
        return self.code not in PASSING

    @property
    def sentence(self) -> Promise | str:
        return _(SENTENCES[self.code]) % _limits()

    def __str__(self) -> str:
        return str(self.sentence)


def _limits() -> dict[str, int]:
    """The limits as a person counts them."""
    return {
        "megabytes": settings.PHOTO_MAX_BYTES // 1_000_000,
        "megapixels": settings.PHOTO_MAX_PIXELS // 1_000_000,
        "side": settings.PHOTO_MAX_SIDE,
        "frames": settings.PHOTO_MAX_FRAMES,
    }
