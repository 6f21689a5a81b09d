"""Headers that every answer carries, and the forwarded headers that we do not believe.

Owns the Content-Security-Policy (settings.SECURE_CSP, named as Django 6 names it). Decides nothing
about who may see a page.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

_FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_FORWARDED",
)
_NO_FEATURES = (
    "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), "
    "payment=(), usb=()"
)


class SecurityHeaders:
    """First in the chain, so that errors and redirects carry the same headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        policy = "; ".join(
            f"{directive} {' '.join(sources)}" for directive, sources in settings.SECURE_CSP.items()
        )
        # Django's own middlewares set some of these too, but not on what is refused before them:
        # a strange host, a redirect to https.
        self.wanted = {
            "Content-Security-Policy": policy,
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": _NO_FEATURES,
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": settings.X_FRAME_OPTIONS,
            # Nobody keeps what its view does not say may be kept: the sign-in library's pages,
            # redirects, and "nothing stands here", which may be true only for today.
            "Cache-Control": "no-store",
        }

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.META.get("REMOTE_ADDR") not in settings.TRUSTED_PROXIES:
            for name in _FORWARDED:
                request.META.pop(name, None)
        response = self.get_response(request)
        for name, value in self.wanted.items():
            response.headers.setdefault(name, value)
        return response
