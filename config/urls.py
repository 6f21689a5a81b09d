"""The addresses of the whole site are those of the archive."""

from archive.urls import handler404, urlpatterns

__all__ = ["handler404", "urlpatterns"]
