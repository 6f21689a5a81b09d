"""Pages that load on a metered phone: everything a step of the journey needs, uncompressed."""

from __future__ import annotations

import gzip

import pytest
from django.conf import settings

from tests.archive.journeying import Visitor

pytestmark = pytest.mark.django_db
STATIC = settings.BASE_DIR / "archive" / "static" / "archive"
SHEETS = ("base.css", "components.css", "pages.css", "share.css", "photos.css", "print.css")
SCRIPTS = ("telling.js", "leave.js", "receipt.js", "choosing.js", "redact.js")
MOST, MOST_SCRIPT = 60_000, 20_000  # bytes (issue 6, figures)


def packed(data: bytes) -> int:
    return len(gzip.compress(data))


@pytest.mark.parametrize("path", ["/share/story/", "/es/share/story/"])
def test_no_step_weighs_more_than_sixty_kilobytes(path: str) -> None:
    visitor = Visitor(path)
    shared = sum(packed((STATIC / name).read_bytes()) for name in (*SHEETS, *SCRIPTS))
    weights = {}
    for step in ("before", "story", "questions", "photos", "who", "use", "look"):
        visitor.press(f"step:{step}", body="The bus. " * 100)
        weights[step] = packed(visitor.page.content) + shared
    assert max(weights.values()) <= MOST, weights
    assert sum((STATIC / name).stat().st_size for name in SCRIPTS) <= MOST_SCRIPT
