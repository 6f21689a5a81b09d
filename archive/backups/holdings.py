"""Which folders belong to an archive, and which rows name the files in them.

Owns the list: vault and gallery, as `media.photos` says, and the documents of campaigns. What no
row names is an orphan, which is not copied: nobody could ever take it down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive import reports
from archive.models.editorial import Report
from media import photos

# A question in SQL, and the rows of the answer.
Ask = Callable[[str], list[tuple[str, ...]]]

_DOCUMENT = re.compile(r"[0-9a-f]{32}\.pdf")


@dataclass(frozen=True)
class Holding:
    """One folder. `columns` are (table, column); `place` gives where below `root` a file lies,
    and raises ValueError for no name of ours."""

    name: str
    root: Path
    columns: tuple[tuple[str, str], ...]
    place: Callable[[str], Path]


def holdings() -> list[Holding]:
    """Every folder with files that rows name, as they lie now."""
    shelves = [
        Holding(shelf.name, shelf.root, shelf.columns, shelf.place) for shelf in photos.shelves()
    ]
    documents = ((Report._meta.db_table, "file_name"),)
    return [*shelves, Holding("reports", reports.path("x.pdf").parent, documents, _document)]


def named(ask: Ask) -> Iterator[tuple[Holding, str]]:
    """Every file that a row names, of the rows that `ask` answers from."""
    for holding in holdings():
        for table, column in holding.columns:
            for (name,) in ask(f'SELECT "{column}" FROM "{table}" WHERE "{column}" <> \'\''):  # noqa: S608
                yield holding, name


def place_of(path: str) -> str:
    """The one path within a backup that a file of this name can have; "" for no file of ours."""
    first, _slash, rest = path.partition("/")
    for holding in holdings():
        if holding.name == first:
            try:
                return f"{first}/{holding.place(Path(rest).name).as_posix()}"
            except ValueError:
                return ""
    return ""


def _document(name: str) -> Path:
    if not _DOCUMENT.fullmatch(name):
        raise ValueError("not a name of a document")
    return Path(name)
