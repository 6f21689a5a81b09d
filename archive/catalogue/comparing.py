"""Where index and database disagree; asked by `reindex --check`, by tests and by nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.catalogue.describing import BATCH, describe, families
from archive.models.story import Story
from search import index


@dataclass(frozen=True)
class Drift:
    """Where index and database disagree; public ids."""

    missing: Sequence[str]
    surplus: Sequence[str]
    stale: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus or self.stale)


def compare() -> Drift:
    """What the index lacks, has too much, or holds in an older form."""
    held = index.contents()
    stories = families(Story.objects.public()).iterator(chunk_size=BATCH)
    wanted = {story.public_id: describe(story).fingerprint for story in stories}
    return Drift(
        missing=sorted(wanted.keys() - held.keys()),
        surplus=sorted(held.keys() - wanted.keys()),
        stale=sorted(key for key in wanted.keys() & held.keys() if wanted[key] != held[key]),
    )
