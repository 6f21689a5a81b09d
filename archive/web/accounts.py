"""How allauth treats accounts here: only those who were invited have one."""

from __future__ import annotations

import datetime
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils.translation import gettext as _


class StaffOnly(DefaultAccountAdapter):
    """Nobody signs up. Contributors and readers never need an account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not of somebody who comes for the first time: her password was typed a moment ago, and
        there was no second factor that anybody could take from her."""
        if app == "allauth.mfa" and self._has_just_come():
            return False
        return bool(super().is_reauthentication_required(app=app, **more))

    def _has_just_come(self) -> bool:
        """Whether she signed in within minutes, without any second factor from before that."""
        ways = get_authentication_records(self.request, self.request.user)
        came = max((way["at"] for way in ways), default=0.0)
        if time.time() - came >= REAUTHENTICATION_TIMEOUT:
            return False
        since = datetime.datetime.fromtimestamp(came, tz=datetime.UTC)
        older = Authenticator.objects.filter(user_id=self.request.user.pk, created_at__lt=since)
        return not older.exists()

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How somebody who is signed in proves it again; the library's ways, in our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**each, "description": words[each["id"]]} for each in methods]
