"""What a form or an address of ours brought back: numbers in it, and why a stage would not have it."""

from __future__ import annotations

from django import forms

from archive.refusals import Incomplete, Refusal

_LONGEST = 18  # digits: every key and number of ours fits, and no database overflows


def number_in(typed: str, *, otherwise: int = 0) -> int:
    """The number that was typed; `otherwise` for whatever is none. No row has the number 0."""
    return int(typed) if typed.isdecimal() and len(typed) <= _LONGEST else otherwise


def say_why_not(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put a stage's sentences beside the fields they are about; what has no field stands above all."""
    errors = refusal.errors if isinstance(refusal, Incomplete) else {"": [str(refusal)]}
    for name, sentences in errors.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)
