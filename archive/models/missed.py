"""What people searched and did not find: words and a day, nothing else."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Missed(models.Model):
    """How often one search found nothing on one day."""

    words = models.CharField(max_length=200)
    day = models.DateField(default=timezone.localdate)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-day", "words"]
        constraints = [models.UniqueConstraint(fields=["words", "day"], name="missed_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day}"
