"""The archive as a Django app: makes its checks and its work known when it starts."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArchiveConfig(AppConfig):
    """Registers the system checks, and the handlers of jobs that stages define."""

    name = "archive"
    verbose_name = _("Archive")

    def ready(self) -> None:
        for module in ("archive.checks", "archive.catalogue", "archive.publication"):
            import_module(module)
