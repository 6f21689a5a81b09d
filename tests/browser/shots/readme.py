"""The five pages at the top of the README."""

from __future__ import annotations

from tests.browser.shots.shot import Shot

SHOTS = (
    Shot("home", "/"),
    Shot("search", "/stories/?q=door"),
    Shot("story", "/stories/?kind=story", first_of=".openings article:has(img) a"),
    Shot("share", "/share/story/"),
    Shot("desk", "/desk/", signed_in="editor", first_of="table.queue tbody a"),
)
