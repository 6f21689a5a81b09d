"""What every template may know about the site. Touches neither session nor person."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import override

from archive import languages


def site(request: HttpRequest) -> dict[str, Any]:
    """Name, address, and this page in each language."""
    here = request.get_full_path()
    now = languages.spoken()
    return {
        "archive_name": settings.ARCHIVE_NAME,
        "site_url": settings.SITE_URL,
        "passkey_host": settings.PASSKEY_HOST,
        "is_sample": (settings.DATA_DIR / "sample-accounts.txt").exists(),
        "languages": [
            {
                "code": code,
                "label": languages.own_name(code).capitalize(),
                "url": translate_url(here, code) if request.resolver_match else _home(code),
                "current": code == now,
            }
            for code, _name in settings.LANGUAGES
        ],
    }


def _home(code: str) -> str:
    """The home page in a language, for a page that has no address of its own: the 404."""
    with override(code):
        return reverse("home")
