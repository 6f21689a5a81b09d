"""Random names in Crockford's base 32, which nobody can count, guess, or confuse by ear.

Owns the alphabet. Used for addresses of stories, references of pieces and receipts.
"""

from __future__ import annotations

import secrets

# Douglas Crockford's alphabet: no I, L, O (read as digits), no U (accidental words).
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def random_id() -> str:
    """Ten characters, 50 bits: the `<id>` of the contract's addresses."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def normalise(typed: str) -> str:
    """What somebody typed or read aloud, as the alphabet writes it; separators fall away."""
    letters = typed.lower().translate(str.maketrans("oil", "011"))
    return "".join(letter for letter in letters if letter in ALPHABET)
