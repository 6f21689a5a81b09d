"""The one address of this app; included by the archive's own table at the root."""

from django.conf import settings
from django.urls import path

from media import views

# `path:` takes any name: one that cannot be ours is answered like one that is gone.
urlpatterns = [
    path(f"{settings.GALLERY_URL.strip('/')}/<path:name>", views.rendition, name="rendition"),
]
