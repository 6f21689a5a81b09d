"""Registers the photographs app and its checks."""

from django.apps import AppConfig


class MediaConfig(AppConfig):
    """Photographs: from strangers' bytes to publishable pixels."""

    name = "media"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from media import checks  # noqa: F401 - registers itself
