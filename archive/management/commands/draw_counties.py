"""`draw_counties FILE`: draws the map's counties from a GeoJSON file of public shapes, once.

The outcome, `archive/gazetteer/counties.json`, is committed; nobody runs this but whoever changes
the projection or has better shapes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from archive import cartography, gazetteer


class Command(BaseCommand):
    help = "Draw gazetteer/counties.json from a GeoJSON file whose ids are FIPS codes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        features = json.loads(file.read_text(encoding="utf-8"))["features"]
        drawn = cartography.draw(features, gazetteer.counties())
        rows = drawn.pop("counties")
        head = json.dumps(drawn)[:-1]
        lines = ",\n".join(json.dumps(row) for row in rows)
        cartography.FILE.write_text(f'{head}, "counties": [\n{lines}\n]}}\n', encoding="utf-8")
        size = cartography.FILE.stat().st_size
        self.stdout.write(f"{len(rows)} counties drawn, {size:,} bytes.")
