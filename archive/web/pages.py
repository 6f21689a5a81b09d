"""How public pages are kept and sent: whole, under the generation in force, with an ETag.

Owns the page cache. A view says with `public_page` that its answer depends on its address and on
what is public, and on nothing else; `KeptPages`, outermost but for the headers of every answer,
keeps such answers as they left the whole house and gives them again before a session, a language
or a person is looked for. A page is kept with the number that every publication, amendment,
withdrawal and edit raises in its own transaction, and the number is asked for at every request, so
what is withdrawn cannot come from here. Browsers and proxies may keep a page but must ask every
time: the answer is then mostly 304.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, has_vary_header, patch_vary_headers

from archive.models.story import Generation

View = Callable[..., HttpResponse]

PAGE_SECONDS = 600  # a page nobody asks for makes room; age does no harm, the generation decides
_OF_THE_BODY = {"content-length", "content-encoding"}  # what is sent may be compressed or not


def public_page(view: View) -> View:
    """A view that depends on its address and on what is public, and on nothing else."""

    @functools.wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        generation = Generation.now()  # before a row is read: never newer than what it names
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and not response.streaming:
            response["Cache-Control"] = "public, no-cache"
            response.kept_under = generation  # type: ignore[attr-defined]
        return response

    return told


class Kept(NamedTuple):
    """A page as it is kept: the generation it shows, its body plain and compressed, its headers."""

    generation: str
    body: bytes
    packed: bytes
    headers: dict[str, str]


class KeptPages:
    """Gives public pages again as long as nothing of what is public has changed.

    Only what is asked for by the same scheme, host and address is given, and only after it was
    made once: by then Django has refused strange hosts and sent people to https.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        key = _key(request)
        page: Kept | None = caches["pages"].get(key)
        if page is None or page.generation != Generation.now():
            response = self.get_response(request)
            if not _may_be_kept(response):
                return response
            page = _kept(response)
            caches["pages"].set(key, page, PAGE_SECONDS)
        return _answer(request, page)


def _key(request: HttpRequest) -> str:
    """The address as the client wrote it, hashed: a reader's query stands in no key."""
    said = request.META
    host = said.get("HTTP_HOST") or f"{said['SERVER_NAME']}:{said['SERVER_PORT']}"
    asked = f"{request.scheme} {host} {request.path}?{said.get('QUERY_STRING', '')}"
    return hashlib.sha256(asked.encode(errors="surrogateescape")).hexdigest()


def _may_be_kept(response: HttpResponseBase) -> bool:
    """A public page, and nobody in particular was looked at or given a cookie on the way."""
    told = hasattr(response, "kept_under") and response.status_code == 200
    return told and not response.cookies and not has_vary_header(response, "Cookie")


def _kept(response: Any) -> Kept:
    body = response.content
    patch_vary_headers(response, ["Accept-Encoding"])
    headers = {name: value for name, value in response.items() if name.lower() not in _OF_THE_BODY}
    headers["ETag"] = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Kept(response.kept_under, body, gzip.compress(body, 6, mtime=0), headers)


def _answer(request: HttpRequest, page: Kept) -> HttpResponseBase:
    zipped = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    body = page.packed if zipped else page.body
    response = HttpResponse(body, headers={**page.headers, "Content-Length": str(len(body))})
    if zipped:
        response["Content-Encoding"] = "gzip"
    tag = page.headers["ETag"]
    return get_conditional_response(request, etag=tag, response=response) or response
