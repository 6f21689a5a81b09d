"""The map of New York's counties: shapes in a plane, and where a latitude and longitude fall in it.

Owns the projection and the reading of `gazetteer/counties.json`, which the command `draw_counties`
makes from public shapes. Pure: no row is read and nothing is counted here; `archive.standing`
counts, `archive.web` puts the two together. Called by the page of places and by the command.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "gazetteer" / "counties.json"
WIDTH = 1000  # units of the drawing from west to east; a county's outline is true to one of them
MARGIN = 4  # units around it, so that no stroke is cut

Point = tuple[float, float]
Ring = Sequence[Sequence[float]]  # [longitude, latitude] pairs, in degrees, the last as the first


@dataclass(frozen=True)
class Projection:
    """Equirectangular, true at the middle latitude: honest enough for one state.

    All in degrees but `scale`, which is units of the drawing for one degree of latitude.
    """

    west: float
    north: float
    middle: float
    scale: float

    def place(self, longitude: float, latitude: float) -> Point:
        """Where a point on earth lies in the drawing, from its upper left corner."""
        across = (longitude - self.west) * math.cos(math.radians(self.middle)) * self.scale
        down = (self.north - latitude) * self.scale
        return across + MARGIN, down + MARGIN


@dataclass(frozen=True)
class County:
    """One county: its five-digit code of the census, and its outline as SVG path data."""

    fips: str
    slug: str
    outline: str


@dataclass(frozen=True)
class Map:
    """Every county, in a drawing `width` by `height` units."""

    width: int
    height: int
    projection: Projection
    counties: tuple[County, ...]


@lru_cache(maxsize=1)
def new_york() -> Map:
    """The map as it was drawn once; facts only."""
    drawn = json.loads(FILE.read_text(encoding="utf-8"))
    return Map(
        width=drawn["width"],
        height=drawn["height"],
        projection=Projection(**drawn["projection"]),
        counties=tuple(County(*row) for row in drawn["counties"]),
    )


def draw(features: Iterable[Mapping[str, Any]], slugs: Mapping[str, str]) -> dict[str, Any]:
    """What `counties.json` holds, from GeoJSON features whose `id` is the county's code.

    `slugs` gives the address of each code. Raises `KeyError` for a county that has none: then the
    shapes and the gazetteer are not of the same state.
    """
    shapes = {str(each["id"]): _rings(each["geometry"]) for each in features}
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    projection = _fitting(points)
    south = min(point[1] for point in points)
    return {
        "note": "Outlines of counties, drawn by `manage.py draw_counties` from public shapes.",
        "width": WIDTH + 2 * MARGIN,
        "height": round((projection.north - south) * projection.scale) + 2 * MARGIN,
        "projection": projection.__dict__,
        "counties": [
            [fips, slugs[fips], "".join(_path(ring, projection) for ring in rings)]
            for fips, rings in sorted(shapes.items())
        ],
    }


def _rings(geometry: Mapping[str, Any]) -> list[Ring]:
    if geometry["type"] == "Polygon":
        return list(geometry["coordinates"])
    return [ring for polygon in geometry["coordinates"] for ring in polygon]


def _fitting(points: Sequence[Sequence[float]]) -> Projection:
    """The projection under which these points fill the width."""
    longitudes, latitudes = zip(*(point[:2] for point in points), strict=True)
    middle = round((min(latitudes) + max(latitudes)) / 2, 4)
    across = (max(longitudes) - min(longitudes)) * math.cos(math.radians(middle))
    return Projection(min(longitudes), max(latitudes), middle, round(WIDTH / across, 4))


def _path(ring: Ring, projection: Projection) -> str:
    """A closed ring in whole units, each step from the one before; steps of nothing left out."""
    places = [projection.place(*point[:2]) for point in ring[:-1]]
    whole = [(round(across), round(down)) for across, down in places]
    steps = [f"M{whole[0][0]} {whole[0][1]}l"]
    for before, here in pairwise(whole):
        if here != before:
            steps.append(f"{here[0] - before[0]} {here[1] - before[1]} ")
    return "".join(steps).rstrip() + "z"
