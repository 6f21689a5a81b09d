"""The archive as a Django app: makes its checks and its work known when it starts."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

# What registers system checks or handlers of jobs by being loaded: a worker that has not loaded one
# of these would take its jobs and give them up.
STARTED = (
    "catalogue", "checks", "concerns", "erasing", "incoming", "misses", "newsletter", "planning",
    "publication", "reconciling", "tidings", "tombstones",
)  # fmt: skip


class ArchiveConfig(AppConfig):
    """Registers the system checks, the handlers of jobs, and the places to begin with."""

    name = "archive"
    verbose_name = _("Archive")

    def ready(self) -> None:
        for module in STARTED:
            import_module(f"archive.{module}")
        gazetteer = import_module("archive.gazetteer")
        post_migrate.connect(gazetteer.seed, sender=self, dispatch_uid="archive.gazetteer")
