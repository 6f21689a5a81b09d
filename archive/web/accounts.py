"""How allauth treats accounts here: only those who were invited have one."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffOnly(DefaultAccountAdapter):
    """Nobody signs up. Contributors and readers never need an account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
