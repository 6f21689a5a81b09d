"""Serves the gallery: public renditions, and nothing that is not one.

Owns one address. A file is sent only while its row exists, so that what a crash left in the folder
is never seen. What was withdrawn and what never was are answered alike, to the byte.
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.http import require_safe

from media.models import Rendition
from media.storage import NAME, gallery

# A name is never used for other bytes, so that a copy may be kept for good; but only by the
# reader's own browser: a shared cache would go on showing what was withdrawn.
_KEEP = "private, max-age=31536000, immutable"
_TYPES = {"webp": "image/webp", "jpeg": "image/jpeg"}
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@require_safe
def rendition(request: HttpRequest, name: str) -> HttpResponse:
    """One public file, whole or in part (RFC 9110: ETag, If-None-Match, Range, If-Range, HEAD)."""
    row = _row(name) if NAME.fullmatch(name) else None
    if row is None:
        return _nothing_here()
    try:
        content = gallery().read(name)
    except FileNotFoundError:  # `reconcile` reports it
        return _nothing_here()
    tag = f'"{name.partition(".")[0]}"'
    if tag in _tags(request.headers.get("If-None-Match", "")):
        return _sealed(HttpResponse(status=304), name, tag)
    response = _answer(request, content, tag)
    response["Content-Type"] = _TYPES[row.format]
    response["Content-Length"] = str(len(response.content))  # HEAD loses the content, and needs it
    return _sealed(response, name, tag)


def _row(name: str) -> Rendition | None:
    return Rendition.objects.filter(name=name, picture__released=True).first()


def _answer(request: HttpRequest, content: bytes, tag: str) -> HttpResponse:
    """The content, or the one range asked for; several ranges are answered with the whole."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or request.headers.get("If-Range", tag) != tag or not any(asked.groups()):
        return HttpResponse(content)
    first, last = _bounds(asked[1], asked[2], len(content))
    if first > last:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{len(content)}"
        return response
    response = HttpResponse(content[first : last + 1], status=206)
    response["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return response


def _bounds(first: str, last: str, length: int) -> tuple[int, int]:
    """First and last byte of a range; "-n" means the last n. First beyond last: there is none."""
    if not first:
        return max(0, length - int(last)), length - 1 if int(last) else -1
    return int(first), min(int(last), length - 1) if last else length - 1


def _tags(header: str) -> set[str]:
    return {part.strip().removeprefix("W/") for part in header.split(",")}


def _sealed(response: HttpResponse, name: str, tag: str) -> HttpResponse:
    response["ETag"] = tag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = _KEEP
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return _harmless(response)


def _nothing_here() -> HttpResponse:
    response = HttpResponseNotFound(content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return _harmless(response)


def _harmless(response: HttpResponse) -> HttpResponse:
    """Headers under which no browser takes the answer for a page, or shows it on another site."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
