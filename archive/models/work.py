"""Work owed: one row for each job that the worker still has to do.

Private to `archive.jobs`, which alone reads and writes these rows. A row holds ids and times and
never a word of a story: it may outlive what it speaks of.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of work, once for each (kind, key), until it is done."""

    kind = models.CharField(_("kind"), max_length=60)
    # What the work is about. There is never a second row of the same kind about the same thing.
    key = models.CharField(_("about"), max_length=120, blank=True)
    payload = models.JSONField(_("ids"), default=dict, blank=True)
    # Changes whenever the work is asked for: a worker that ends with an older ticket in its hand
    # knows that it was asked again meanwhile, and puts the row back instead of deleting it.
    ticket = models.CharField(max_length=32, editable=False)
    run_at = models.DateTimeField(_("not before"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(_("in hand until"), null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=100, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)

    class Meta:
        ordering = ["run_at", "pk"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="job_once")]
        indexes = [
            models.Index(fields=["run_at", "id"], condition=Q(failed_at=None), name="job_open")
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
