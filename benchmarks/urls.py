"""The archive's addresses, and an empty view on the same server."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from archive.urls import handler404, urlpatterns

__all__ = ["handler404", "urlpatterns"]


def empty(request: HttpRequest) -> HttpResponse:
    """What the server and Django cost by themselves."""
    return HttpResponse(b"")


urlpatterns = [path("empty", empty), *urlpatterns]
