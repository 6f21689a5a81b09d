"""Photographs' rows and files brought back into agreement: by a command, and once a day by itself.

Owns what is said about a difference and what follows from it; the comparison is `media.photos`'s.
What is lost is never mended silently: it stands in the log until it is back from a backup.
"""

from __future__ import annotations

import logging
from typing import Any

from archive import hanging, jobs
from archive.models.submission import Enclosure
from media import photos

logger = logging.getLogger(__name__)


def compare() -> photos.Drift:
    """What differs; changes nothing."""
    return photos.reconcile()


def mend() -> photos.Drift:
    """Sweep orphans older than a day, and have pictures made again that miss a file.

    Returns what cannot be mended: photographs whose files are gone.
    """
    drift = photos.reconcile(fix=True)
    for row in Enclosure.objects.filter(picture__in=drift.pictures_without_file):
        hanging.have_developed(row)
    return photos.Drift(
        photos_without_file=drift.photos_without_file,
        originals_without_file=drift.originals_without_file,
    )


def sentences(drift: photos.Drift) -> list[str]:
    """One for each kind of difference, for whoever runs the machine; no name and no key of a row
    that could be looked up elsewhere but in the database itself."""
    said: dict[str, list[Any]] = {
        "photographs without their file": drift.photos_without_file,
        "files kept as received that are gone": drift.originals_without_file,
        "public pictures that miss a file": drift.pictures_without_file,
        "files in the vault that no row speaks of": drift.orphans_in_vault,
        "files in the gallery that no row speaks of": drift.orphans_in_gallery,
        "unfinished files of work that was killed": drift.drafts,
    }
    return [f"{len(found)} {what}{_keys(found)}" for what, found in said.items() if found]


def _keys(found: list[Any]) -> str:
    """The rows, where there are rows to look up; names of files say nothing."""
    keys = [str(each) for each in found if isinstance(each, int)]
    return f" (row {', '.join(keys[:10])}{', …' if len(keys) > 10 else ''})" if keys else ""


@jobs.every("photos.reconcile", hours=24)
def mend_daily(_payload: dict[str, Any]) -> None:
    """Every day: sweep, and say what is lost."""
    lost = sentences(mend())
    if lost:
        logger.error("Bring these back from a backup: %s.", "; ".join(lost))
