"""Tells Django that this app exists. It owns no table and connects to nothing at start."""

from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
