"""The contributor's side: the pages around the journey, and what all of its pages share.

No account and no session: a page that was opened with a receipt carries a signed key in its own
forms (`web.share_keys`). Nothing here is kept by browsers or proxies, and nothing that was typed is
ever lost. The journey itself is `web.share_steps`, what comes after it `web.share_receipt`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from archive import languages, waiting

# Says for as long as the browser is open that somebody left at once; it says nothing else.
LEFT = "left"


def private(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """A page that neither browser nor proxy keeps."""

    @sensitive_post_parameters()
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        if request.method == "GET" and LEFT in request.COOKIES:
            response.delete_cookie(LEFT)  # they came back by themselves
        return response

    return guarded


@require_safe
@private
def begin(request: HttpRequest) -> HttpResponse:
    """Before you write: what happens, who may read, the risks, what is never recorded."""
    context = {"promised_days": settings.PROMISED_DAYS, "usual_days": waiting.usual_days()}
    return render(request, "share/begin.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """A page that says nothing about this one; the browser is asked to forget what it holds."""
    response = render(request, "share/left.html")
    # Not "cookies": that would take the one below as well.
    response["Clear-Site-Data"] = '"cache", "storage"'
    response["Cache-Control"] = "no-store"
    for name in (settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME):
        response.delete_cookie(name)
    secure = settings.CSRF_COOKIE_SECURE
    response.set_cookie(LEFT, "1", httponly=True, samesite="Lax", secure=secure)
    return response


def tongues(name: str) -> list[dict[str, Any]]:
    """The address of a page in each language, for buttons that take along what was typed."""
    here = languages.spoken()
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            url = reverse(name)
        label = languages.own_name(code).capitalize()
        found.append({"code": code, "label": label, "url": url, "current": code == here})
    return found


# Fields of a form that are ours and not typed by anybody.
_OURS = {"csrfmiddlewaretoken", "key", "code", "anew"}


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Everything that was posted, for a page that gives it back."""
    return {
        "typed": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in _OURS
            for value in values
        ],
        "action_url": request.path,
        "multipart": bool(request.FILES),
        "had_files": bool(request.FILES),
    }


def reopen_page(request: HttpRequest, wrong: str = "") -> HttpResponse:
    """The key of this page has run out: every word comes back, and the code is asked for once more."""
    context = {**_typed(request), "wrong": wrong, "reopen": True}
    return render(request, "share/expired.html", context, status=422)


@private
def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django calls when the key of a form has run out: every word comes back in a fresh form.

    Every word but a password, which is quickly typed again and must not stand in a page. And nothing
    after they have left: then it is the Back button, pressed by somebody else, that sends it again.
    """
    if LEFT in request.COOKIES:
        return leave(request)
    if "password" in request.POST:
        return redirect(request.get_full_path())
    kept = {name: request.POST[name] for name in ("key", "code") if name in request.POST}
    return render(request, "share/expired.html", {**_typed(request), "kept": kept}, status=403)
