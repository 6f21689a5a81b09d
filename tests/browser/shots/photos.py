"""Photographs, as they are sent and as they hang."""

from __future__ import annotations

from tests.browser.shots.shot import Shot

SHOTS = (
    Shot("sending", "/share/photos/"),
    Shot("project", "/stories/?kind=photo_project", first_of=".openings a"),
)
