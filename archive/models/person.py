"""People with an account: those who work at the desk.

Contributors and readers never have one. Owns the roles; who may do what stands in `archive.moves`
for pieces, in `archive.permission` for everything else.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person at the desk was invited to do."""

    GUEST = "guest", _("Guest, reads only")
    MODERATOR = "moderator", _("Moderator")
    EDITOR = "editor", _("Editor")
    ADMINISTRATOR = "administrator", _("Administrator")


class People(UserManager["Person"]):
    """Makes accounts; whoever is made on the command line is an administrator."""

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> Person:
        return super().create_superuser(
            username, email, password, **{"role": Role.ADMINISTRATOR, **fields}
        )


class Person(AbstractUser):
    """An account at the desk. `role` is the only source of rights there."""

    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.GUEST)
    # Care for who reads hard things all day: hers to set, seen by nobody else, counted for nobody.
    greyscale = models.BooleanField(_("photographs in grey"), default=False)
    daily_limit = models.PositiveSmallIntegerField(_("pieces a day"), null=True, blank=True)

    objects: ClassVar[People] = People()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """How colleagues see this person."""
        return self.get_full_name() or self.username

    @property
    def edits(self) -> bool:
        """Whether pages offer what editors do; that it is theirs is `archive.permission`'s to say."""
        return self.role in (Role.EDITOR, Role.ADMINISTRATOR)


class SavedView(models.Model):
    """One way to look at the queue, under a name, for one person alone: filters and no word of a search."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(_("name"), max_length=60)
    filters = models.JSONField()  # {"state": …, and what is chosen of the filters of the queue}

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="saved_view_once_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """A link by which one person can make one account of this role; used once, until a day."""

    nonce = models.CharField(max_length=32, unique=True)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MODERATOR)
    name = models.CharField(_("for whom"), max_length=120)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)
    taken_back = models.BooleanField(default=False)

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"invitation {self.pk}"
