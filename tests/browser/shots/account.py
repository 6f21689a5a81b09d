"""What somebody at the desk keeps for herself: her second factor, her views of the queue."""

from __future__ import annotations

from tests.browser.shots.shot import Shot

SHOTS = (
    Shot("second-factor", "/desk/account/mfa/", signed_in="editor"),
    Shot("passkeys", "/desk/account/mfa/webauthn/", signed_in="editor"),
    Shot("views", "/desk/views/", signed_in="editor"),
    Shot("keep-view", "/desk/?note=none", signed_in="editor", unfold=".keep-view summary"),
)
