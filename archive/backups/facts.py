"""When the last backup was made and the last restore was proven, and how much was in them.

Owns one small file below DATA_DIR. A file and not a row: a row would be part of the backup that it
speaks of, and come back with it. Holds days, hours and numbers, never a path.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from archive.models.story import Story
from archive.models.submission import Submission
from media.photos import Photo

FILE = "backups.json"
BACKUP, PROOF = "backup", "proof"


@dataclass(frozen=True)
class Fact:
    """One event, and what the backup it is about held."""

    at: str  # ISO 8601 with its offset
    pieces: int
    stories: int
    photographs: int

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)

    @property
    def days(self) -> int:
        """Whole days since."""
        return max(0, (timezone.now() - self.moment).days)


def fact(at: str, counts: Mapping[str, int]) -> Fact:
    """`counts` are rows by table, as a manifest has them."""
    tables = [model._meta.db_table for model in (Submission, Story, Photo)]
    return Fact(at, *(counts.get(table, 0) for table in tables))


def last(kind: str) -> Fact | None:
    """The last event of that kind; None where there was none or the file is not ours any more."""
    try:
        event = Fact(**_all(settings.DATA_DIR)[kind])
        event.days  # noqa: B018, raises where the moment is none
    except (KeyError, TypeError, ValueError):
        return None
    return event


def note(kind: str, event: Fact, folder: Path | None = None) -> None:
    """Keep it, in `folder` or in DATA_DIR, whole or not at all."""
    where = folder or Path(settings.DATA_DIR)
    said = json.dumps({**_all(where), kind: asdict(event)})
    part = where / f".{FILE}.{os.getpid()}"
    part.write_text(said)
    part.replace(where / FILE)


def _all(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        said = json.loads((folder / FILE).read_text())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
