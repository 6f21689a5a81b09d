"""The way in for programs: one story as JSON, through the same door as the form.

Intake takes it or refuses it; this says so in JSON. There is no session and no cookie here, so
nothing that somebody else's page could borrow; nothing about the sender is kept but for the hour in
which a flood is told from a person (`archive.doubts`).
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from archive import doubts, intake, rates, receipts, room
from archive.answers import Told
from archive.api import telling
from archive.api.serializers import Problem, absolute
from archive.api.views import Spoken
from archive.refusals import Incomplete, WrongState

RETRY_SECONDS = 60  # a disk is not emptied sooner


class Receipt(serializers.Serializer):
    """What comes back for a story."""

    receipt = serializers.CharField()
    url = serializers.CharField()


class Refused(Problem):
    """A story that could not be taken: what lacks, by field."""

    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField())
    )


class TooLarge(exceptions.APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = gettext_lazy("This is more than one story can hold. Send it in two parts.")


class Conflict(exceptions.APIException):
    status_code = 409
    default_code = "conflict"


class NothingSaved(exceptions.APIException):
    status_code = 503
    default_code = "no_room"
    wait = RETRY_SECONDS  # becomes Retry-After


class StrictJSON(JSONParser):
    """JSON alone, and nothing that only Python calls JSON."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, context: Any = None
    ) -> dict[str, Any]:
        """The body, which Django has measured. Raises `ParseError` with a sentence."""
        try:
            body: dict[str, Any] = json.loads(stream.read().decode(), parse_constant=_refuse)
        except (ValueError, RecursionError) as problem:
            raise exceptions.ParseError(_("This is not JSON that we can read.")) from problem
        return body


def _refuse(name: str) -> None:
    raise ValueError(name)


KEY = OpenApiParameter(
    "Idempotency-Key",
    {
        "type": "string",
        "minLength": settings.API_KEY_MIN_CHARACTERS,
        "maxLength": settings.API_KEY_MAX_CHARACTERS,
        "pattern": "^[!-~]+$",
    },
    OpenApiParameter.HEADER,
    description="A random name for this one story, such as a UUID. Sent again with the same key on "
    "the same or the next day, it is the same story with the same receipt.",
)
_REFUSALS = {
    400: "No JSON, or an Idempotency-Key that could be guessed.",
    406: "Another answer than JSON was asked for.",
    409: "The Idempotency-Key came with something else, or on an earlier day.",
    413: "More than one story can hold.",
    415: "No JSON: photographs are sent on the page.",
    429: "Too much within the hour from one neighbourhood of addresses.",
    503: "Nothing can be saved now; nothing was sent.",
}
_RESPONSES = {
    201: OpenApiResponse(Receipt, "Taken in, once however often it was sent with the same key."),
    **{status: OpenApiResponse(Problem, said) for status, said in _REFUSALS.items()},
    422: OpenApiResponse(Refused, "Something is missing or wrong: a sentence at each field."),
}


class Submissions(Spoken):
    """Stories on their way in."""

    parser_classes = [StrictJSON]

    @extend_schema(
        operation_id="submission_send",
        request=telling.Sent,
        parameters=[KEY],
        responses=_RESPONSES,
    )
    def post(self, request: Request) -> Response:
        """Send one story, text only. A person reads it before anything of it is public.

        Show its teller the questions below word for word, and send what they chose: what is not
        sent is taken at its safest. The receipt is the teller's only key: it is shown once, opens
        `url`, where they answer, change their choices or take the story back, and must be given to
        them.
        """
        address = request.META.get("REMOTE_ADDR", "")
        if doubts.times("api", address) > settings.API_SENDS_PER_HOUR:
            raise exceptions.Throttled(rates.HOUR, _("Too much was sent from where you are."))
        token = _token(request.headers)
        told = telling.read(_body(request))
        received = _taken(told, token, address)
        url = absolute(reverse("receipt"))
        return Response({"receipt": receipts.shown(received.code), "url": url}, status=201)

    def finalize_response(self, *given: Any, **named: Any) -> Response:
        """Called by REST framework at the end of each answer; nobody keeps a receipt."""
        response: Response = super().finalize_response(*given, **named)
        response["Cache-Control"] = "no-store"
        return response


def _body(request: Request) -> Any:
    """What was sent. Raises `TooLarge` before more of it is held than a form may have."""
    try:
        return request.data
    except RequestDataTooBig as problem:
        raise TooLarge from problem


def _taken(told: Told, token: str, address: str) -> intake.Received:
    """The story, taken in once however often it came. Raises what the answer says."""
    held = doubts.about(
        told.words, sender=receipts.token_hash(token), address=address, program=True
    )
    no_room = _(
        "We cannot save anything at this moment. Nothing was sent. Please send it again in a while."
    )
    try:
        with room.wanted(no_room):
            received = intake.receive(
                told.telling(),
                told.allowed(),
                token=token,
                names=told.names(),
                contact=told.contact(),
                suspicion=held,
            )
    except Incomplete as refusal:
        raise telling.renamed(refusal) from refusal
    except WrongState as refusal:
        raise Conflict(
            _(
                "This Idempotency-Key came with something else before. What was sent first is "
                "safe. Use a new key for a new story."
            )
        ) from refusal
    except room.NoRoom as refusal:
        raise NothingSaved(str(refusal)) from refusal
    if received.repeated:
        _refuse_late(received)
    return received


def _refuse_late(received: intake.Received) -> None:
    """Raise `Conflict` where the day of retries is over: nobody asks for an old receipt."""
    since = timezone.localdate() - timedelta(days=settings.API_KEY_DAYS)
    if received.submission.received_on is None or received.submission.received_on < since:
        raise Conflict(
            _(
                "This story came in before, and it is safe. Its receipt was shown then and is not "
                "shown again."
            )
        )


def _token(headers: Mapping[str, str]) -> str:
    """What names this story: the key that came with it, or a name that nobody has."""
    key = headers.get("Idempotency-Key", "").strip()
    if not key:
        return f"api:{secrets.token_urlsafe(24)}"
    key = key[1:-1] if re.fullmatch('"[^"]*"', key) else key
    least, most = settings.API_KEY_MIN_CHARACTERS, settings.API_KEY_MAX_CHARACTERS
    if not least <= len(key) <= most or not re.fullmatch("[!-~]+", key):
        raise exceptions.ParseError(
            _(
                "An Idempotency-Key is a random name of %(least)s to %(most)s letters, digits and "
                "signs without spaces, such as a UUID."
            )
            % {"least": least, "most": most}
        )
    return f"api:{key}"
