"""What the desk did: reviews, messages, and the ledger.

Private, like submissions. The ledger names pieces by reference and holds no content, so that it
can outlive what it speaks of.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.models.submission import AppendOnly, Submission


class Review(AppendOnly):
    """One reading of one version, and what was decided."""

    class Decision(models.TextChoices):
        ACCEPT = "accept", _("accepted")
        DECLINE = "decline", _("declined")
        ASK = "ask", _("asked a question")
        REFER = "refer", _("referred")
        NOTE = "note", _("left a note")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField()
    decision = models.CharField(max_length=10, choices=Decision)
    reason = models.CharField(max_length=40, blank=True)  # a code of archive.moderation.REASONS
    note = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.decision} of {self.submission_id}.{self.version}"


class Message(models.Model):
    """A question from the desk or an answer from the contributor, kept with the piece."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="messages")
    # None: the contributor wrote it.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    from_contributor = models.BooleanField(default=False)
    text = models.TextField()
    sent_on = models.DateField(default=timezone.localdate)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"message {self.pk} of {self.submission_id}"


class LedgerEntry(AppendOnly):
    """Who did what to which piece, when, and by which reason. Ids and verbs only."""

    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    piece = models.CharField(max_length=10, db_index=True)  # Submission.reference, not a key
    version = models.PositiveIntegerField(null=True)
    actor_role = models.CharField(max_length=20)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")

    def __str__(self) -> str:
        return f"{self.verb} {self.piece}"
