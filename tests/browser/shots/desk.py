"""The desk, as an editor sees it."""

from __future__ import annotations

from tests.browser.shots.shot import Shot

SHOTS = (
    Shot("login", "/desk/account/login/"),
    Shot("queue", "/desk/", signed_in="editor"),
    Shot("piece", "/desk/", signed_in="editor", first_of="table.queue tbody a"),
    Shot("components", "/desk/components/", signed_in="editor"),
)
