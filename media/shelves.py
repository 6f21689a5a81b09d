"""Which folders hold photographs, and which columns of which tables name the files in them.

For whoever copies an archive: what a row names belongs to it, what no row names is an orphan.
Called through `media.photos`; reads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from media.models import Photo, Rendition
from media.storage import Store, gallery, vault


@dataclass(frozen=True)
class Shelf:
    """One folder. `columns` are pairs of table and column; an empty value names nothing."""

    name: str
    store: Store
    columns: tuple[tuple[str, str], ...]

    @property
    def root(self) -> Path:
        return self.store.root

    def place(self, file_name: str) -> Path:
        """Where below the root a file lies. Raises ValueError for no name of ours."""
        return self.store.path(file_name).relative_to(self.store.root)


def shelves() -> list[Shelf]:
    """The vault and the gallery, as they lie now."""
    photo, rendition = Photo._meta.db_table, Rendition._meta.db_table
    return [
        Shelf("vault", vault(), ((photo, "name"), (photo, "original_name"))),
        Shelf("gallery", gallery(), ((rendition, "name"),)),
    ]
