"""What a page of the journey carries in its form instead of a session: a token or an opened key.

Owns both. A *token* names a form that has saved nothing yet; two copies of it are one draft. A
*key* opens one piece for whoever holds this page, and carries the code, sealed, so that it can be
shown again at the end without being stored. Neither ever stands in an address.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing

from archive import sealing
from archive.models.submission import Submission

_KEY = "archive.share.opened"
_TOKEN = "archive.share.form"  # noqa: S105 - a salt, no secret


class KeyRanOut(Exception):
    """The key is too old, was made under another secret, or opens a piece that is no more."""


@dataclass(frozen=True)
class Opened:
    """A piece that somebody's receipt, or first saved word, has opened."""

    piece: Submission
    code: str = ""
    seen: bool = False  # whether a page has shown them the code


def new_token() -> str:
    """A name for one form, signed and with its time."""
    return signing.dumps(secrets.token_urlsafe(16), salt=_TOKEN)


def age_of(token: str) -> float | None:
    """Seconds since we handed it out; None where we never did."""
    try:
        signing.loads(token, salt=_TOKEN)
    except signing.BadSignature:
        return None
    made_at = signing.b62_decode(token.rsplit(":", 2)[1])  # as TimestampSigner writes it
    return max(0.0, time.time() - made_at)


def key_for(opened: Opened) -> str:
    """The opened piece as a field of a form."""
    sealed = sealing.seal({"code": opened.code})
    return signing.dumps([opened.piece.reference, sealed, int(opened.seen)], salt=_KEY)


def open_key(posted: Mapping[str, str], *, seconds: int) -> Opened:
    """What the posted key opens. Raises `KeyRanOut`."""
    try:
        reference, sealed, seen = signing.loads(posted.get("key", ""), salt=_KEY, max_age=seconds)
        code = sealing.unseal(sealed).get("code", "")
        rows = Submission.objects.select_related("current", "story")
        return Opened(rows.get(reference=reference), code, bool(seen))
    except (signing.BadSignature, sealing.WrongKey, Submission.DoesNotExist, ValueError) as problem:
        raise KeyRanOut from problem
