"""The language that a page, a letter or an answer is being made in.

Ground floor: knows only what Django has activated. The models have their own way to choose between
two texts (`models.vocabulary.in_reader_language`), since they know no module of the archive.
"""

from __future__ import annotations

from django.utils.translation import get_language


def spoken() -> str:
    """Its two letters, "en" or "es"; English where none was activated, as in a job."""
    return (get_language() or "en")[:2]
