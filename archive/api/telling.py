"""What a program may send: described from the forms of the journey, and read into their answers.

Owns the shape of the JSON alone: which field is text, number, yes or no, or a list. Questions,
limits and refusals are the forms'; a field that they get is a field here. Beyond the wall, with
`api.submissions`, which alone calls it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers

from archive import choices, consent, text
from archive.answers import Told
from archive.forms_sharing import StoryForm, UseForm, WhoForm
from archive.refusals import Incomplete

NAMED = {"body": "text"}  # a story's words have one name in the whole API
VERSION = "wording_version"
REQUIRED = ("text", "language", "adult", VERSION)
_MOST_UNKNOWN = 20  # names of unknown fields that are told; one is enough to look again


def _fields() -> dict[str, forms.Field]:
    """The fields of the forms, by the names they have here."""
    every = {**StoryForm.base_fields, **WhoForm.base_fields, **UseForm.base_fields}
    return {NAMED.get(name, name): field for name, field in every.items()}


# --- reading --------------------------------------------------------------------------------------
def read(body: Any) -> Told:
    """What was sent, as the forms read it. Raises `Incomplete` with sentences by field."""
    if not isinstance(body, dict):
        raise Incomplete({"": [_("Send one JSON object.")]})
    told, errors = _told(body)
    shown = body.get(VERSION)
    if shown != consent.WORDING_VERSION:
        sentence = _("Say which questions you showed: those of %s, as the description has them.")
        errors[VERSION] = [sentence % consent.WORDING_VERSION]
    for form in told.forms.values():
        for name, sentences in form.errors.items():
            errors.setdefault(NAMED.get(name, name), [str(each) for each in sentences])
    if "text" not in errors and not text.plain("".join(told.answers.get("body", []))).strip():
        errors["text"] = [_("There is no text yet.")]
    if errors:
        raise Incomplete(errors)
    return told


def renamed(refusal: Incomplete) -> Incomplete:
    """A refusal of intake's under the names of the API."""
    return Incomplete({NAMED.get(name, name): said for name, said in refusal.errors.items()})


def _told(body: dict[str, Any]) -> tuple[Told, dict[str, list[str]]]:
    """The answers, and a sentence for each that is not of its kind or has no place here."""
    fields, errors, unknown = _fields(), {}, []
    answers: dict[str, list[str]] = {"language": [""]}  # never guessed from another language
    own = {name: inner for inner, name in NAMED.items()}
    for name, value in body.items():
        field = fields.get(name)
        if name == VERSION:
            continue
        if field is None:
            unknown.append(text.one_line(name)[:80])
            continue
        try:
            answers[own.get(name, name)] = _answer(field, value)
        except TypeError:
            errors[name] = [_KINDS[_kind(field)]()]
    for name in unknown[:_MOST_UNKNOWN]:
        errors[name] = [_("There is no field of this name. Photographs are sent on the page.")]
    return Told(answers), errors


_KINDS = {
    "boolean": lambda: _("Write true or false."),
    "integer": lambda: _("Write a whole number."),
    "array": lambda: _("Write a list of texts."),
    "string": lambda: _("Write text in quotation marks."),
}


def _kind(field: forms.Field) -> str:
    """What a field is in JSON."""
    if isinstance(field, forms.BooleanField):
        return "boolean"
    if isinstance(field, forms.IntegerField):
        return "integer"
    return "array" if isinstance(field, forms.MultipleChoiceField) else "string"


def _answer(field: forms.Field, value: Any) -> list[str]:
    """A value as a form would post it. Raises `TypeError` where it is of another kind."""
    match _kind(field), value:
        case _, None:
            return []
        case "boolean", bool():
            return ["on"] if value else []
        case "integer", int() if not isinstance(value, bool):
            return [str(value)]
        case "string", str():
            return [_whole(value)]
        case "array", list() if all(isinstance(each, str) for each in value):
            return [_whole(each) for each in value]
    raise TypeError


def _whole(value: str) -> str:
    """JSON can hold half a letter, which no database can."""
    return value.encode("utf-8", "replace").decode()


# --- describing -----------------------------------------------------------------------------------
class Sent(serializers.Serializer):
    """Stands for the body in the description; `_Description` says what is in it."""


class _Description(OpenApiSerializerExtension):
    """Every field with its question and what each answer means, in the language asked for."""

    target_class = "archive.api.telling.Sent"

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Called by drf-spectacular."""
        return {
            "type": "object",
            "required": list(REQUIRED),
            "additionalProperties": False,
            "example": {
                VERSION: consent.WORDING_VERSION,
                "text": "The bus leaves Queens at four in the morning.",
                "language": "en",
                "adult": "yes",
                "audience": "review",
                "name_shown": "chosen",
                "chosen_name": "Denise",
            },
            "properties": {
                VERSION: {
                    "type": "string",
                    "enum": [consent.WORDING_VERSION],
                    "description": _("The day of the questions below, as you showed them."),
                },
                **{name: _property(field) for name, field in _fields().items()},
            },
        }


def _property(field: forms.Field) -> dict[str, Any]:
    kind = _kind(field)
    shape: dict[str, Any] = {"type": kind, "description": _question(field)}
    if isinstance(field, forms.ChoiceField):
        codes = {"type": "string", "enum": [code for code, _label in _answers(field)]}
        shape |= {"items": codes} if kind == "array" else codes
    if isinstance(field, forms.DateField | forms.EmailField):
        shape["format"] = "date" if isinstance(field, forms.DateField) else "email"
    if isinstance(field, forms.IntegerField) and field.min_value is not None:
        shape["minimum"] = field.min_value
    longest = getattr(field, "max_length", None)
    if longest:
        shape["maxLength"] = longest
    return shape


def _question(field: forms.Field) -> str:
    """The question with its help, and every answer with what it means, a line for each."""
    lines = ["\n\n".join(str(part) for part in (field.label, field.help_text) if part)]
    lines += [f"* `{code}`: {choices.told(label)}" for code, label in _answers(field)]
    return "\n".join(lines)


def _answers(field: forms.Field) -> list[tuple[str, Any]]:
    if not isinstance(field, forms.ChoiceField):
        return []
    return [(str(code), label) for code, label in list(field.choices)]  # type: ignore[arg-type, misc]
