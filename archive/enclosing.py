"""Photographs that come with a piece: through the door first, then, in the piece's transaction, rows.

Owns the writing of enclosures. Called by `intake` and `drafts`. Ground floor: decides nothing about
who may see a photograph.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from archive import text
from archive.models.submission import Enclosure, Submission
from archive.telling import Enclosed
from media import photos

Outcome = photos.Admitted | photos.PhotoRefused


def admit(each: Enclosed, keep_original: bool) -> Outcome:
    """One photograph through the door, before the transaction begins: decoding takes its time."""
    try:
        return photos.admit(each.upload, keep_original=keep_original)
    except photos.PhotoRefused as refusal:
        return refusal


@contextmanager
def kept_only_if_done(admitted: Sequence[Outcome]) -> Iterator[None]:
    """Photographs come in before the transaction. Where the block fails they go again: a row that
    belongs to no piece could be found by nobody who wants it taken down."""
    try:
        yield
    except BaseException:
        for each in admitted:
            if isinstance(each, photos.Admitted):
                photos.discard(each.photo)
        raise


def enclose(
    submission: Submission, enclosed: Sequence[Enclosed], admitted: Sequence[Outcome]
) -> tuple[list[tuple[int, str]], list[photos.Findings]]:
    """Rows for the photographs that were taken; sentences for those that were not."""
    refused: list[tuple[int, str]] = []
    found: list[photos.Findings] = []
    for position, (each, outcome) in enumerate(zip(enclosed, admitted, strict=True)):
        if isinstance(outcome, photos.PhotoRefused):
            refused.append((position, str(outcome)))
            continue
        found.append(outcome.findings)
        _row(submission, each, outcome, position)
    return refused, found


def _row(submission: Submission, each: Enclosed, outcome: photos.Admitted, position: int) -> None:
    Enclosure.objects.create(
        submission=submission,
        photo=outcome.photo,
        position=position,
        part=each.part,
        plate=each.plate,
        alt=text.plain(each.alt),
        caption=text.plain(each.caption),
        credit=text.one_line(each.credit)[:200],
        transcript=text.plain(each.transcript),
        sitter=text.one_line(each.sitter)[:200],
        shown=each.shown,
        recognisable=each.recognisable,
    )
