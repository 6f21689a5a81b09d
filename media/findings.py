"""Says to a person what their photograph carried, and that it is gone.

Owns the sentence. Made by `media.photos.admit` from the darkroom's facts; shown once, in the
language of the person, and not kept: a row remembers only the kinds of things that were removed.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Findings:
    """What was found in one file. `place`: "" or a town nearby; never coordinates."""

    has_place: bool = False
    place: str = ""
    has_time: bool = False
    device: str = ""
    has_words: bool = False
    has_thumbnail: bool = False

    def kinds(self) -> list[str]:
        """What may be stored: the kinds of things found, without the things."""
        found = {
            "place": self.has_place,
            "time": self.has_time,
            "device": bool(self.device),
            "words": self.has_words,
            "thumbnail": self.has_thumbnail,
        }
        return [kind for kind, present in found.items() if present]

    def sentence(self) -> str:
        """One or two sentences in the active language. The device's name is a stranger's text:
        escape it like any other where it is shown."""
        things = self._things()
        if not things:
            return _("This photo carried no hidden details.")
        listed = get_text_list(things, _("and"))
        return _("This photo carried %(things)s. We removed all of it.") % {"things": listed}

    def _things(self) -> list[str]:
        things = []
        if self.has_place:
            things.append(self._place_phrase())
        if self.has_time:
            things.append(_("the time"))
        if self.device:
            things.append(
                _("the model of the phone or camera (%(device)s)") % {"device": self.device}
            )
        if self.has_words:
            things.append(_("a name, a description or other words"))
        if self.has_thumbnail:
            things.append(_("a smaller copy of the picture"))
        return things

    def _place_phrase(self) -> str:
        if self.place:
            return _("the place where it was taken (near %(town)s)") % {"town": self.place}
        return _("the place where it was taken")
