"""Receipts: the code that is a contributor's only key.

Owns how a code is made, shown, hashed and recognised. Twenty letters of Crockford's base 32 in
five groups: four choose the row, sixteen (80 bits) are the secret. Groups rather than words: they
are the same in English and Spanish, survive a bad line and a small screen, and forgive O for 0
and I for 1. Called by `intake`, `drafts` and the contributor's pages; never logs, never stores a code.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.conf import settings
from django.utils.translation import gettext as _

from archive import rates
from archive.identifiers import ALPHABET, normalise
from archive.models.submission import Receipt, Submission
from archive.refusals import Incomplete, Refusal

LENGTH, SELECTOR, GROUP = 20, 4, 4


class UnknownReceipt(Refusal):
    """No piece has this code; the same sentence whatever was wrong with it."""


class TooManyGuesses(Refusal):
    """This code, or codes in all, were tried too often of late."""


def code_for(token: str) -> str:
    """The code for one form: the same token always gives the same code.

    So a form that is sent twice, because the line broke, shows the same receipt twice, although
    the code itself is stored nowhere.
    """
    digest = hmac.digest(settings.SECRET_KEY.encode(), b"receipt:" + token.encode(), "sha256")
    number = int.from_bytes(digest, "big")
    letters = []
    for _place in range(LENGTH):
        number, remainder = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[remainder])
    return "".join(letters)


def token_hash(token: str) -> str:
    """By what a form is known again without keeping its token."""
    return hashlib.sha256(token.encode()).hexdigest()


def shown(code: str) -> str:
    """The code as it is printed: K7QM-2XN4-…"""
    letters = normalise(code).upper()
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def digest_for(token: str, said: str) -> str:
    """By what a form that is sent again is known to say the same, under a key of ours.

    `said` is a fingerprint of all that came, names and addresses too: without the key and the
    token a stolen database cannot be asked whether somebody's name is in it.
    """
    words = b"digest:" + token.encode() + b":" + said.encode()
    return hmac.digest(settings.SECRET_KEY.encode(), words, "sha256").hex()


def issue(submission: Submission, code: str) -> Receipt:
    """Keep the hash of a code for this piece."""
    return Receipt.objects.create(
        submission=submission, selector=code[:SELECTOR], secret_hash=_hash(code[SELECTOR:])
    )


def holder_of(typed: str) -> Submission:
    """The piece whose code somebody typed.

    Raises `UnknownReceipt` in one sentence for every kind of wrong, after the same work, and
    `TooManyGuesses` once this selector, or everybody together, guessed too often in an hour.
    """
    code = normalise(typed)
    selector = code[:SELECTOR]
    _slow_down(selector)
    found = None
    if len(code) == LENGTH:
        for receipt in Receipt.objects.filter(selector=selector).select_related(
            "submission__current", "submission__story"
        ):
            if _matches(code[SELECTOR:], receipt.secret_hash):
                found = receipt.submission
    if found is None:
        _matches(code[SELECTOR:], _DECOY)
        _count_guess(selector)
        raise UnknownReceipt(
            _("We find nothing under this code. Check it letter by letter and try again.")
        )
    return found


def keep_out_of(text: str, code: str, *, field: str) -> None:
    """Raise `Incomplete`, of this field, where somebody pasted the code into their text by mistake."""
    if normalise(code) in normalise(text):
        raise Incomplete({field: [_("Your text holds your receipt code. Please take it out.")]})


def _hash(secret: str) -> str:
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_slow(secret, salt).hex()}"


def _slow(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        secret.encode(), salt=salt, n=settings.RECEIPT_SCRYPT_COST, r=8, p=1, maxmem=2**27
    )


def _matches(secret: str, stored: str) -> bool:
    salt, digest = stored.split("$")
    return hmac.compare_digest(_slow(secret, bytes.fromhex(salt)).hex(), digest)


_DECOY = f"{'00' * 16}${'00' * 64}"


def _slow_down(selector: str) -> None:
    """Refuse once there were too many wrong guesses within the hour."""
    too_many = (
        rates.counted(f"guess:{selector}") >= settings.RECEIPT_GUESSES_PER_CODE
        or rates.counted("guess:all") >= settings.RECEIPT_GUESSES_IN_ALL
    )
    if too_many:
        raise TooManyGuesses(
            _("This code was tried too often. Your story is safe. Please try again in an hour.")
        )


def _count_guess(selector: str) -> None:
    for what in (f"guess:{selector}", "guess:all"):
        rates.count(what)
