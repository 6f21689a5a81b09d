"""How allauth treats accounts here: only those who were invited have one."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest
from django.utils.translation import gettext as _


class StaffOnly(DefaultAccountAdapter):
    """Nobody signs up. Contributors and readers never need an account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not of somebody who comes for the first time: her password was typed a moment ago, and
        there is no second factor yet that anybody could take from her."""
        if app == "allauth.mfa" and self._has_just_come():
            return False
        return bool(super().is_reauthentication_required(app=app, **more))

    def _has_just_come(self) -> bool:
        ways = get_authentication_records(self.request, self.request.user)
        fresh = any(time.time() - way["at"] < REAUTHENTICATION_TIMEOUT for way in ways)
        return fresh and not is_mfa_enabled(self.request.user)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How somebody who is signed in proves it again; the library's ways, in our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**each, "description": words[each["id"]]} for each in methods]
