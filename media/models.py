"""The rows behind photographs: what lies in the vault, and what hangs in the gallery.

Owns three tables and nothing else: the verbs are in `media.photos`. There is no column between
`Photo` (private) and `Picture` (public), in either direction: who holds both is the archive's
business, and a page that holds a picture cannot reach the photograph behind it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Photo(models.Model):
    """A clean master in the vault. Private: never shown but through `photos.preview`."""

    name = models.CharField(max_length=40, unique=True, editable=False)
    format = models.CharField(max_length=4)  # Pillow's name: JPEG or PNG
    width = models.PositiveIntegerField()  # pixels, upright
    height = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    checksum = models.CharField(max_length=64)  # SHA-256 of the master, in hexadecimal
    # The file as received, encrypted; empty unless its sender asked that it be kept.
    original_name = models.CharField(max_length=40, blank=True, default="", editable=False)
    redactions = models.JSONField(default=list, blank=True)  # list of media.redaction.Region
    removed = models.JSONField(default=list, blank=True)  # kinds only: media.findings
    admitted_on = models.DateField(auto_now_add=True)  # a day: an hour could point to a person

    def __str__(self) -> str:
        return f"photo {self.pk}"


class Picture(models.Model):
    """What hangs in the gallery in place of a photograph, while it is released.

    `ready` once its renditions are made. A picture that was revoked stays as an empty frame, so
    that the words around it are not lost; it has no file, no placeholder and no rendition.
    """

    name = models.CharField(max_length=40, unique=True, editable=False)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    placeholder = models.TextField(blank=True, default="")  # data URI, a few hundred bytes
    released = models.BooleanField(default=True)
    ready = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"picture {self.pk}"

    def made(self, name: str) -> list[Rendition]:
        """The renditions of one format ("webp" or "jpeg"), narrowest first. Uses a prefetch."""
        found = [each for each in self.renditions.all() if each.format == name]
        return sorted(found, key=lambda each: each.width)

    @property
    def srcset_webp(self) -> str:
        """Value for a `srcset` attribute; "" while not ready."""
        return _srcset(self.made("webp"))

    @property
    def srcset_jpeg(self) -> str:
        """Value for a `srcset` attribute; "" while not ready."""
        return _srcset(self.made("jpeg"))

    @property
    def fallback_url(self) -> str:
        """The JPEG for a plain `src`: the widest up to 1280; "" while not ready."""
        made = self.made("jpeg")
        fitting = [each for each in made if each.width <= _FALLBACK_WIDTH] or made[:1]
        return fitting[-1].url if fitting else ""

    @property
    def thumbnail_url(self) -> str:
        """The narrowest JPEG, at most 25 KB; "" while not ready."""
        made = self.made("jpeg")
        return made[0].url if made else ""


_FALLBACK_WIDTH = 1280


def _srcset(made: list[Rendition]) -> str:
    return ", ".join(f"{each.url} {each.width}w" for each in made)


class Rendition(models.Model):
    """One public file. It is served while this row exists, and not a moment longer."""

    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=40, unique=True, editable=False)
    format = models.CharField(max_length=4)  # webp or jpeg
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["picture", "format", "width"], name="one_rendition_per_recipe"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return f"{settings.GALLERY_URL}{self.name}"
