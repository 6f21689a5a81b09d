"""Words that were taken out of a piece, and that stay out of every later version.

Owns the list, sealed beside the piece, and the striking. Called by the stages wherever a version
is written: `moderation` when the desk edits, `intake` when the contributor or a source sends
another one. What was sent before keeps the words: it is the contributor's, and private.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from archive import sealing
from archive.models.review import Handling
from archive.models.submission import Revision, Submission

MOST = 100  # words or names of one piece; more is no redaction but another text
_TEXTS = ("title", "summary", "body", "place_text")


def struck_from(piece: Submission) -> list[str]:
    """The words that may not stand in this piece any more, longest first."""
    sealed = Handling.objects.filter(submission=piece).values_list("struck", flat=True).first()
    return sealing.unseal(sealed).get("words", "").split("\n") if sealed else []


def remember(piece: Submission, words: Iterable[str]) -> list[str]:
    """Add to the list; the whole list, longest first, so that a full name goes before its part."""
    every = {" ".join(each.split()) for each in [*struck_from(piece), *words]} - {""}
    ordered = sorted(every, key=lambda each: (-len(each), each))[:MOST]
    Handling.objects.update_or_create(
        submission=piece, defaults={"struck": sealing.seal({"words": "\n".join(ordered)})}
    )
    return ordered


def strike(said: str, words: Iterable[str], language: str) -> str:
    """The text with each of these words replaced, whole words only, in whatever case they stand."""
    with translation.override("es" if language == "es" else "en"):
        instead = _("[name removed]")
    for each in words:
        parts = r"\s+".join(re.escape(part) for part in each.split())
        said = re.sub(rf"(?<!\w){parts}(?!\w)", instead, said, flags=re.IGNORECASE)
    return said


def applied(revision: Revision) -> Revision:
    """A version not yet saved, without anything that was taken out of its piece before."""
    words = struck_from(revision.submission)
    if words:
        for name in _TEXTS:
            setattr(revision, name, strike(getattr(revision, name), words, revision.language))
        revision.pull_quotes = [
            strike(quote, words, revision.language) for quote in revision.pull_quotes
        ]
    return revision
