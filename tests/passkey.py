"""A passkey drawn in code: a device that signs what a browser would have it sign, or something else.

Speaks the JSON that `static/archive/passkey.js` puts into a form. Every word a thief could bend (the
origin, whether the person was verified, whose it says it is) can be bent here.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


class Device:
    """One key, made for one name of one site."""

    def __init__(self, host: str = "localhost") -> None:
        self.host = host
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.owner = ""

    def make(self, options: dict[str, Any], **bent: Any) -> str:
        """What `navigator.credentials.create` would give, as JSON."""
        self.owner = options["publicKey"]["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        attested = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        data = self._data(ATTESTED, attested, **bent)
        made = AttestationObject.create("none", data, {})
        said = self._client("webauthn.create", options, **bent)
        return self._json(said, attestationObject=websafe_encode(bytes(made)))

    def show(self, options: dict[str, Any], **bent: Any) -> str:
        """What `navigator.credentials.get` would give, as JSON."""
        data = self._data(0, None, **bent)
        said = self._client("webauthn.get", options, **bent)
        signature = self.key.sign(bytes(data) + sha256(bytes(said)), ec.ECDSA(hashes.SHA256()))
        return self._json(
            said,
            authenticatorData=websafe_encode(bytes(data)),
            signature=websafe_encode(signature),
            userHandle=bent.get("owner", self.owner),
        )

    def _data(
        self, flags: int, attested: AttestedCredentialData | None, **bent: Any
    ) -> AuthenticatorData:
        flags |= PRESENT | (VERIFIED if bent.get("verified", True) else 0)
        host = sha256(bent.get("host", self.host).encode())
        return AuthenticatorData.create(host, flags, 0, attested or b"")

    def _client(self, kind: str, options: dict[str, Any], **bent: Any) -> CollectedClientData:
        challenge = bent.get("challenge", options["publicKey"]["challenge"])
        return CollectedClientData.create(
            kind, challenge, bent.get("origin", f"http://{self.host}:8000")
        )

    def _json(self, said: CollectedClientData, **response: str) -> str:
        here = websafe_encode(self.id)
        whole = {"clientDataJSON": websafe_encode(bytes(said)), **response}
        return json.dumps(
            {"id": here, "rawId": here, "type": "public-key", "response": whole, "clientExtensionResults": {}}
        )  # fmt: skip
