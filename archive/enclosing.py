"""Photographs that come with a piece: through the door, into rows, their words and what covers them.

Owns what is done to an enclosure alike, whoever does it: on the way in (`intake`, `bringing`) and at
the desk (`enclosures`), which ask first whether it may be done. Ground floor: decides nothing about
who may see a photograph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from archive import text
from archive.models.submission import Enclosure, Submission
from archive.refusals import Incomplete
from archive.telling import Enclosed
from media import photos

Outcome = photos.Admitted | photos.PhotoRefused

PARAGRAPHS = ("alt", "caption", "transcript")
LINES = ("credit", "sitter")
WORDS = (*PARAGRAPHS, *LINES)  # everything that people say about a photograph
LONGEST_LINE = 200  # characters: as their columns are wide


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
        shown=each.shown,
        recognisable=each.recognisable,
        **_plain(vars(each)),
    )


def say(row: Enclosure, said: Mapping[str, Any]) -> None:
    """Put what was said of a photograph into its row, made plain; what nothing was said about stays.

    `said` is by field, and may hold other things besides. The caller saves.
    """
    for name, words in _plain(said).items():
        setattr(row, name, words)


def _plain(said: Mapping[str, Any]) -> dict[str, str]:
    paragraphs = {name: text.plain(said[name]) for name in PARAGRAPHS if name in said}
    lines = {name: text.one_line(said[name])[:LONGEST_LINE] for name in LINES if name in said}
    return paragraphs | lines


def cover(row: Enclosure, regions: Iterable[Mapping[str, Any]]) -> None:
    """Replace the covered parts of a photograph; see `photos.redact`.

    Raises `Incomplete` for what is no region of it.
    """
    try:
        photos.redact(row.photo, regions)
    except ValueError as problem:
        raise Incomplete(
            {"": [_("A covered part lies outside the picture, or has no size. Draw it again.")]}
        ) from problem
