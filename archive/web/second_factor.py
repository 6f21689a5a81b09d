"""Second factors at the desk: how those of allauth keep our rules, and speak our words.

Owns what a passkey is here: bound to the name of this site, discoverable, and verifying the person
each time (settings), so that it stands beside the code or, alone, for both factors. Nobody takes
away her last second factor; an app moves to another phone in one step; every change has its line in
the ledger. The ceremony in the browser is `static/archive/passkey.js`; what is kept of a factor is
allauth's affair.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.internal.flows import deactivate_totp
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn import forms as theirs
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormView

from archive import factors, text
from archive.web.desk import person_of


class SecondFactors(DefaultMFAAdapter):
    """Whose name passkeys bear, and which second factor may go."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy(
            "This is your last second factor, and the desk asks for one. Add another one first."
        ),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one; in the invented sample, where none is asked for, any."""
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        held = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=kinds)
        return not settings.DESK_REQUIRE_TOTP or held.exclude(pk=authenticator.pk).exists()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site by its settings, never by the host that a request names."""
        return {"id": settings.PASSKEY_HOST, "name": settings.ARCHIVE_NAME}

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        """What a passkey is called until its owner calls it something."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}


def _name_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("What you call it"),
        help_text=gettext_lazy("So that you know it again: “my phone”, “the blue key”."),
        max_length=settings.PASSKEY_NAME_CHARACTERS,
    )


class NameForm(theirs.EditWebAuthnForm):
    """Another name for a passkey."""

    name = _name_field()

    def clean_name(self) -> str:
        """One line of it."""
        name = text.one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Give it a name."))
        return name


class AddForm(theirs.AddWebAuthnForm):
    """A new passkey: what the browser made, and its name. One sort only, so nothing to choose."""

    name = _name_field()
    passwordless = None

    def clean_name(self) -> str:
        """Never refused for being empty: by then the browser has made the passkey already."""
        self.cleaned_data["name"] = text.one_line(self.cleaned_data["name"])
        return str(super().clean_name())

    def clean(self) -> dict[str, Any]:
        """Raises what is said about a credential that is none."""
        with _in_our_words():
            return dict(super().clean())


class _Shown:
    """A form to which a passkey is shown: whatever a browser sends, the answer is a sentence."""

    def clean_credential(self) -> Authenticator:
        with _in_our_words():
            found: Authenticator = super().clean_credential()  # type: ignore[misc]
            return found


class SecondForm(_Shown, theirs.AuthenticateWebAuthnForm):
    """After the password."""


class AloneForm(_Shown, theirs.LoginWebAuthnForm):
    """Instead of password and code."""


class AgainForm(_Shown, theirs.ReauthenticateWebAuthnForm):
    """Once more, before something about the account is changed."""


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Whatever allauth and fido2 raise for a credential that is broken, forged or of another kind is
    one sentence; theirs speaks of a code, which nobody typed."""
    try:
        yield
    except (
        ValidationError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
    ) as problem:
        if isinstance(problem, ValidationError) and problem.code != "incorrect_code":
            raise
        sentence = _(
            "This passkey was not accepted. Try once more, or use your password and a code."
        )
        raise ValidationError(sentence) from problem


class _Accounted:
    """A form that changes one's own factors: with its lines in the ledger, or not at all."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        with factors.accounted(person_of(self.request)):
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return response


class _Renew(ActivateTOTPView):
    """Sets up the app, in place of the one before where there is one: the new phone shows a right
    code first, and the old one is of no use in the same moment."""

    @method_decorator(login_required)
    @method_decorator(reauthentication_required(app="allauth.mfa"))
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return FormView.dispatch(self, request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        person = person_of(self.request)
        with factors.accounted(person):
            old = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
            if old is not None:
                deactivate_totp(self.request, old)
            response: HttpResponse = super().form_valid(form)
        return response


class _Stop(_Accounted, DeactivateTOTPView):
    """The app is used no more."""


class _MakeCodes(_Accounted, GenerateRecoveryCodesView):
    """New recovery codes, in place of those before."""


class _Add(_Accounted, AddWebAuthnView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refused before the browser makes one that we would not take."""
        if _held_by(request).count() >= settings.PASSKEYS_MAX:
            messages.error(
                request, _("You have as many passkeys as one can have. Remove one first.")
            )
            return redirect("mfa_list_webauthn")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With options for a passkey that can also be used alone."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": auth.begin_registration(self.request.user, True)}
        return context


class _Remove(_Accounted, RemoveWebAuthnView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Asked for again at the second click: the other one may be gone by then."""
        row = _held_by(request).filter(pk=kwargs["pk"]).first()
        if row is not None and not SecondFactors().can_delete_authenticator(row):
            messages.error(
                request, str(SecondFactors.error_messages["cannot_delete_authenticator"])
            )
            return redirect("mfa_list_webauthn")
        return super().dispatch(request, *args, **kwargs)


class _Again(ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        """The same page with its sentence; the library's way leads to the desk, and loses the errand."""
        context = {**self.get_context_data(), "form": form}
        response: HttpResponse = self.render_to_response(context)
        return response


def _held_by(request: HttpRequest) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.WEBAUTHN)


add = _Add.as_view()
renew = _Renew.as_view()
stop = _Stop.as_view()
make_codes = _MakeCodes.as_view()
again = _Again.as_view()
remove = _Remove.as_view()
