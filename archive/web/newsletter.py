"""The newsletter's pages for readers: sign up, confirm, leave.

Public pages that post, without account, session or cookie: nothing a visitor's browser keeps
gives any right here, so there is no request to forge and no CSRF token to ask for. What acts is
the signed link, or the address that was typed and must answer a letter.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from archive import newsletter
from archive.forms_public import NewsletterForm
from archive.refusals import Refusal
from archive.web.pages import public_page


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@public_page
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask for the newsletter; the answer is the same whether the address was known or not."""
    if request.method != "POST":
        return _form(request, NewsletterForm())
    form = NewsletterForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    if not form.trapped:
        said = form.cleaned_data
        try:
            newsletter.ask(said["email"], language=said["language"], themes=said["themes"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return _form(request, form, status=429)
    return redirect("newsletter_asked")


def _form(request: HttpRequest, form: NewsletterForm, status: int = 200) -> HttpResponse:
    return render(
        request, "public/newsletter.html", {"form": form, "section": "newsletter"}, status=status
    )


@require_safe
@public_page
def asked(request: HttpRequest) -> HttpResponse:
    """What happens after asking."""
    return render(request, "public/newsletter_asked.html", {"section": "newsletter"})


@csrf_exempt
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """From the letter: a page with a button (mail programs open links by themselves), which acts."""
    return _by_link(request, token, "confirm", newsletter.check_confirm, newsletter.confirm)


@csrf_exempt
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """From any letter: a page with a button; a mail program may post here at once (RFC 8058)."""
    return _by_link(request, token, "leave", newsletter.check_leave, newsletter.leave)


Act = Callable[[str], None]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def _by_link(request: HttpRequest, token: str, what: str, check: Act, act: Act) -> HttpResponse:
    """One page for both: `done` once the button was pressed. A link that leads nowhere is said."""
    context: dict[str, Any] = {"done": request.method == "POST", "section": "newsletter"}
    try:
        (act if context["done"] else check)(token)
    except Refusal as refusal:
        context["refused"] = str(refusal)
    status = 404 if "refused" in context else 200
    response = render(request, f"public/newsletter_{what}.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
