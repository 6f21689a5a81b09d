"""What a contributor sees before and after writing."""

from __future__ import annotations

from tests.browser.shots.shot import Shot

SHOTS = (
    Shot("begin", "/share/"),
    Shot("story", "/share/story/"),
    Shot("receipt", "/share/receipt/"),
)
