"""How public pages are kept and sent: whole, under the generation in force, with an ETag.

Owns the page cache. A page is kept under the number that every publication, amendment and
withdrawal raises in its own transaction, so what is withdrawn cannot come from here. Browsers and
proxies may keep a page but must ask every time: the answer is then mostly 304.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from archive.models.story import Generation

View = Callable[..., HttpResponse]

PAGE_SECONDS = 600  # a page nobody asks for makes room; age does no harm, the generation decides
_HEADERS = ("Content-Type", "Content-Language", "X-Robots-Tag", "Link")


def public_page(view: View) -> View:
    """A view that depends on its address and on what is public, and on nothing else."""

    @functools.wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        key = _key(request)
        entry = caches["pages"].get(key)
        if entry is None:
            response = view(request, *args, **kwargs)
            if response.status_code != 200 or response.streaming:
                return response
            entry = _entry(response)
            caches["pages"].set(key, entry, PAGE_SECONDS)
        return _answer(request, *entry)

    return kept


Entry = tuple[bytes, bytes, str, dict[str, str]]


def _key(request: HttpRequest) -> str:
    asked = f"{request.get_host()}{request.get_full_path()}".encode()
    return f"{Generation.now()}:{get_language()}:{hashlib.sha256(asked).hexdigest()}"


def _entry(response: HttpResponse) -> Entry:
    """Body, the same compressed, its tag, and the headers that belong to it."""
    body = response.content
    headers = {name: response[name] for name in _HEADERS if name in response}
    tag = hashlib.sha256(body).hexdigest()[:32]
    return body, gzip.compress(body, 6, mtime=0), tag, headers


def _answer(
    request: HttpRequest, body: bytes, packed: bytes, tag: str, headers: dict[str, str]
) -> HttpResponse:
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(packed if zipped else body)
    for name, value in headers.items():
        response[name] = value
    if zipped:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = "public, no-cache"
    etag = f'W/"{tag}"'
    response["ETag"] = etag
    patch_vary_headers(response, ["Accept-Encoding"])
    return get_conditional_response(request, etag=etag, response=response) or response
