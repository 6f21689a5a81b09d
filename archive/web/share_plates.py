"""One photograph of a public piece taken down with the receipt, while the rest stays.

What the receipt page shows of it and the verb it posts. Called by `web.share_standing` and
`web.share_receipt`; the taking down is publication's.
"""

from __future__ import annotations

from typing import Any

from archive import moves, publication
from archive.actors import Contributor
from archive.models.story import Story
from archive.models.submission import Submission
from archive.web.numbers import number_in


def hanging_of(piece: Submission) -> list[dict[str, Any]]:
    """The plates that hang in public now, if their contributor may take them down."""
    by = Contributor(piece.reference)
    if piece.story_id is None or not moves.permits("take down", piece, by):
        return []
    story = Story.objects.public().with_photos().filter(pk=piece.story_id).first()
    hung = story.photos.all() if story else ()
    return [
        {
            "number": photo.position,
            "sitter": photo.sitter,
            "alt": photo.alt,
            "sight_url": photo.picture.thumbnail_url,
            "companion": photo.companion_id is not None,
        }
        for photo in hung
    ]


def take_down(piece: Submission, number: str) -> None:
    """Take down the plate of this number. Raises `Refusal` where none hangs under it."""
    publication.take_down(piece, plate=number_in(number), by=Contributor(piece.reference))
