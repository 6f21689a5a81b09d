"""Names a town near a pair of coordinates, from a short list that lies beside this file.

Owns the list and the distance. Called by `media.hidden` alone, inside the darkroom. `towns.csv`
holds towns and cities our contributors come from, to about a kilometre; no request is made to
anybody, and a place far from all of them is simply not named.
"""

from __future__ import annotations

import csv
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

TOWNS = Path(__file__).with_name("towns.csv")
NEAR_KM = 30.0  # beyond this "near" would mislead
_EARTH_KM = 6371.0


def nearest_town(latitude: float, longitude: float) -> str:
    """The nearest town of the list within `NEAR_KM` of a point in degrees, or ""."""
    with TOWNS.open(encoding="utf-8", newline="") as handle:
        towns = list(csv.DictReader(handle))
    distance, name = min(
        (_distance_km(latitude, longitude, float(t["latitude"]), float(t["longitude"])), t["name"])
        for t in towns
    )
    return name if distance <= NEAR_KM else ""


def _distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great-circle distance by the haversine formula."""
    lat_a, lon_a, lat_b, lon_b = map(radians, (lat_a, lon_a, lat_b, lon_b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, half)))
