"""The places that an archive begins with: New York's counties, cities and prisons. Facts only.

Owns `places.json` and its loading; called after every migration, does nothing where there are
places already, so that what editors changed stays changed.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from archive.models.vocabulary import Place

_FILE = Path(__file__).parent / "places.json"


def seed(**_signal: Any) -> None:
    """Enter the places of the file, parents before children, into an archive that has none."""
    if Place.objects.exists():
        return
    rows = {row["slug"]: row for row in _read()}
    made: dict[str, Place] = {}
    while rows:
        ready = [row for row in rows.values() if row["parent"] is None or row["parent"] in made]
        for place in Place.objects.bulk_create(_place(row, made) for row in ready):
            made[place.slug] = place
            del rows[place.slug]


def counties() -> dict[str, str]:
    """The address of each county by its code of the census."""
    return {row["fips"]: row["slug"] for row in _read() if row["kind"] == "county"}


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Every name of every place of the file: words that are nobody's name by themselves."""
    return tuple(name for row in _read() for name in (row["name"], *row["aliases"]))


def _read() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))["places"]
    return rows


def _place(row: dict[str, Any], made: dict[str, Place]) -> Place:
    return Place(
        slug=row["slug"],
        name=row["name"],
        kind=row["kind"],
        parent=made.get(row["parent"]),
        aliases=row["aliases"],
        latitude=row.get("lat"),
        longitude=row.get("lon"),
    )
