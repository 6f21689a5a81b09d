"""Who asked for the newsletter. Kept apart from contributors: no key leads from one to the other.

Private to `archive.newsletter`, which alone reads and writes these rows.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.identifiers import random_id
from archive.models.vocabulary import Theme


class Subscriber(models.Model):
    """One address, sealed; on the list once its owner has confirmed."""

    # What links in letters carry, signed: neither the address nor the row's number.
    public_id = models.CharField(max_length=10, unique=True, default=random_id, editable=False)
    address = models.TextField(_("address, sealed"))
    # A keyed hash: the same address never stands here twice, and nobody without the key can ask.
    address_hash = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=2, default="en")
    themes = models.ManyToManyField(Theme, blank=True, related_name="+")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    mailed_at = models.DateTimeField(_("last written to about this"), null=True, blank=True)
    confirmed_on = models.DateField(_("confirmed"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("newsletter subscription")
        verbose_name_plural = _("newsletter subscriptions")

    def __str__(self) -> str:
        return self.public_id
