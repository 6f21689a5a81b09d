"""The door of the desk: who may come in, and who it is that came. Every desk view passes here.

Owns the session: it ends after idle time and after a long day, and asks for a second factor. What a
role may do is in `archive.moves` and the stages check it. The pages themselves are elsewhere.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from archive.models.person import Person
from archive.web.share import private

View = Callable[..., HttpResponse]
_SEEN, _BEGAN = "desk.seen", "desk.began"
_AUTHENTICATED_BY = "account_authentication_methods"  # where allauth notes how somebody signed in


def desk(view: View) -> View:
    """For people with an account and a second factor; never kept by a browser or a proxy."""

    @login_required
    @private
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _still_awake(request):
            logout(request)
            return redirect("desk")
        if settings.DESK_REQUIRE_TOTP and not _has_second_factor(request):
            messages.info(request, _("Set up your second factor first; the desk opens after it."))
            return redirect("mfa_activate_totp")
        return view(request, *args, **kwargs)

    return guarded


def posted(back: str, *kept: str) -> Callable[[View], View]:
    """A view of the desk that only takes what a button sends, guarded as `desk` guards it.

    Whoever comes with a GET (by reload, by Back, or from the sign-in page after a session that ended
    under her hand) gets a sentence on the page named `back`, where the button stands; `kept` are
    the parts of the address that this page needs too.
    """

    def decorate(view: View) -> View:
        @require_http_methods(["GET", "HEAD", "POST"])
        @desk
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            messages.info(request, _("Nothing was done. Press the button here once more."))
            return redirect(back, **{name: kwargs[name] for name in kept})

        return guarded

    return decorate


def _still_awake(request: HttpRequest) -> bool:
    """Whether the session may go on; a click puts off its idle end, written once a minute."""
    now = int(time.time())
    began = request.session.setdefault(_BEGAN, now)
    if now - request.session.get(_SEEN, 0) > 60:
        request.session[_SEEN] = now
    return now - began < settings.DESK_DAY_SECONDS


def _has_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened with one, or one was set up since."""
    used = request.session.get(_AUTHENTICATED_BY, [])
    if any(each.get("method") == "mfa" for each in used):
        return True
    return is_mfa_enabled(person_of(request))


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; `desk` has made sure that somebody is."""
    person = request.user
    if not isinstance(person, Person):
        raise Http404
    return person
