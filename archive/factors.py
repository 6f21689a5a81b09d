"""What somebody does to her own second factors, in the ledger: whether, when, and which; no secret.

The sign-in library keeps the factors and knows nothing of our ledger. Its own signals come after its
transaction, so a factor could be there without its line: here the factors are compared before and
after, inside one transaction. Called by the pages of the second factor. Whoever leaves the desk
loses hers with the line that says so (`archive.invitations`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.mfa.models import Authenticator
from django.db import transaction

from archive import ledger
from archive.models.person import Person

_Held = set[tuple[str, int]]  # kind and number of a factor

_KIND = Authenticator.Type
_ADDED: dict[str, str] = {
    _KIND.TOTP: "add app",
    _KIND.WEBAUTHN: "add passkey",
    _KIND.RECOVERY_CODES: "make codes",
}
# Of these there is one at a time: a new one means that the one before opens nothing any more.
_REPLACED: dict[str, str] = {_KIND.TOTP: "move app", _KIND.RECOVERY_CODES: "make codes"}
# Recovery codes go alone never, only with the last factor, which has its own line.
_REMOVED: dict[str, str] = {_KIND.TOTP: "stop app", _KIND.WEBAUTHN: "remove passkey"}


@contextmanager
def accounted(person: Person) -> Iterator[None]:
    """What is done inside to the factors of `person`, by herself, is done with its lines, or not."""
    with transaction.atomic():
        before = _held_by(person)
        yield
        for verb, which in _told(before, _held_by(person)):
            ledger.write_about(verb, f"person:{person.pk}", by=person, reason=which)


def _held_by(person: Person) -> _Held:
    return set(Authenticator.objects.filter(user=person).values_list("type", "pk"))


def _told(before: _Held, after: _Held) -> Iterator[tuple[str, str]]:
    """The verb of each change, and which passkey: of those somebody may have several."""
    gone = {kind for kind, _number in before - after}
    come = {kind for kind, _number in after - before}
    for kind, number in sorted(after - before):
        verbs = _REPLACED if kind in gone and kind in _REPLACED else _ADDED
        yield verbs[kind], _which(kind, number)
    for kind, number in sorted(before - after):
        if kind in _REMOVED and not (kind in come and kind in _REPLACED):
            yield _REMOVED[kind], _which(kind, number)


def _which(kind: str, number: int) -> str:
    return f"passkey:{number}" if kind == _KIND.WEBAUTHN else ""
