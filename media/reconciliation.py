"""Compares what the rows say with what lies in the folders.

Owns the comparison and the sweeping. Called through `media.photos`, by a command and by the
worker once a day. A file without a row counts as an orphan only when it has been one for more
than a day: a younger one may belong to a transaction that is not committed yet.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from media.models import Photo, Picture, Rendition
from media.storage import DAY, Store, Stored, gallery, vault

# Files carry the day they were written and no hour, so that it takes two to be sure of one.
_ORPHAN_SECONDS = 2 * DAY


@dataclass(frozen=True)
class Drift:
    """What does not agree; false where all is well. Names are those of `media.storage`."""

    photos_without_file: list[int] = field(default_factory=list)  # primary keys
    originals_without_file: list[int] = field(default_factory=list)  # primary keys of photos
    pictures_without_file: list[int] = field(default_factory=list)  # primary keys
    orphans_in_vault: list[str] = field(default_factory=list)
    orphans_in_gallery: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)  # left by work that was killed

    def __bool__(self) -> bool:
        return any(vars(self).values())


def reconcile(*, fix: bool = False) -> Drift:
    """What differs between rows and files. With `fix`, orphans and old drafts are deleted.

    A photograph's row without its file is never deleted: it is the only trace of something that
    must be brought back from a backup, and people have to know. A picture that misses a file is
    marked not ready, so that pages leave it out until it is developed again.
    """
    drift = _drift(time.time())
    if fix:
        _mend(drift)
    return drift


def _drift(now: float) -> Drift:
    photos = list(Photo.objects.values_list("pk", "name", "original_name"))
    shown = list(Rendition.objects.values_list("picture_id", "name"))
    in_vault, in_gallery = _names(vault()), _names(gallery())
    return Drift(
        photos_without_file=[pk for pk, name, _ in photos if name not in in_vault],
        originals_without_file=[pk for pk, _, kept in photos if kept and kept not in in_vault],
        pictures_without_file=sorted({pk for pk, name in shown if name not in in_gallery}),
        orphans_in_vault=_orphans(vault(), {name for row in photos for name in row[1:]}, now),
        orphans_in_gallery=_orphans(gallery(), {name for _, name in shown}, now),
        drafts=_old(vault().drafts(), now) + _old(gallery().drafts(), now),
    )


def _names(store: Store) -> set[str]:
    return {file.name for file in store.files()}


def _orphans(store: Store, known: set[str], now: float) -> list[str]:
    return [name for name in _old(store.files(), now) if name not in known]


def _old(files: Iterable[Stored], now: float) -> list[str]:
    return sorted(file.name for file in files if now - file.written > _ORPHAN_SECONDS)


def _mend(drift: Drift) -> None:
    for name in drift.orphans_in_vault:
        vault().delete(name)
    for name in drift.orphans_in_gallery:
        gallery().delete(name)
    for name in drift.drafts:
        vault().sweep(name)
        gallery().sweep(name)
    broken = Picture.objects.filter(pk__in=drift.pictures_without_file)
    Rendition.objects.filter(picture__in=broken).delete()
    broken.update(ready=False)
