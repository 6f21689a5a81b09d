"""The door of the desk: who may come in, and who it is that came. Every desk view passes here.

What a role may do is in `archive.moves`, and the stages check it; this module only asks for an
account. The pages themselves are in the other `desk_…` modules.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from archive.models.person import Person
from archive.web.share import private

View = Callable[..., HttpResponse]


def desk(view: View) -> View:
    """For people with an account; never kept by a browser or a proxy."""

    @login_required
    @private
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    return guarded


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; `desk` has made sure that somebody is."""
    person = request.user
    if not isinstance(person, Person):
        raise Http404
    return person
