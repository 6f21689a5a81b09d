"""What readers tell the editors about a story that should not be here as it is.

Private: written through `archive.concerns`, read at the desk. Points to the public story, and no
story points back.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.models.story import Story


class Concern(models.Model):
    """One reader's words about one story; dated to the day, as nobody asked who wrote."""

    class Reason(models.TextChoices):
        ABOUT_ME = "about_me", _("It is about me, and I did not agree")
        NAMES = "names", _("It gives away who or where somebody is")
        CHILD = "child", _("It shows or names a child")
        UNTRUE = "untrue", _("It says something about somebody that is not so")
        COPIED = "copied", _("The words or the photograph belong to somebody else")
        OTHER = "other", _("Something else")

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    words = models.TextField(_("in their words"), blank=True)
    raised_on = models.DateField(_("day"), default=timezone.localdate)
    settled_on = models.DateField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")

    def __str__(self) -> str:
        return f"concern {self.pk} about {self.story_id}"
