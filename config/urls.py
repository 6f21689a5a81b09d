"""The addresses of the whole site: the archive's own, and the sign-in pages of its library."""

from django.urls import include, path

urlpatterns = [
    path("", include("archive.urls")),
]
