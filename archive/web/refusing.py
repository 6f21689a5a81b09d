"""Why a stage would not do something, shown on the form that asked for it."""

from __future__ import annotations

from django import forms

from archive.refusals import Incomplete, Refusal


def say_why_not(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put a stage's sentences beside the fields they are about; what has no field stands above all."""
    errors = refusal.errors if isinstance(refusal, Incomplete) else {"": [str(refusal)]}
    for name, sentences in errors.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)
