"""The language that a page, a letter or an answer is being made in, and what languages are called.

Ground floor: knows only what Django has activated. The models have their own way to choose between
two texts (`models.vocabulary.in_reader_language`), since they know no module of the archive.
"""

from __future__ import annotations

from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _


def spoken() -> str:
    """Its two letters, "en" or "es"; English where none was activated, as in a job."""
    return (get_language() or "en")[:2]


def name(code: str) -> str:
    """What a language is called in the one that is spoken: "Spanish", "español"; lower case where
    that language writes it so."""
    return _called(code, "name_translated")


def own_name(code: str) -> str:
    """What it calls itself, as it writes it inside a sentence: "español"."""
    return _called(code, "name_local")


def _called(code: str, by: str) -> str:
    try:
        return str(get_language_info(code)[by])
    except KeyError:  # a code that we do not know names itself
        return _("Another language") if code == "other" else code
