"""What the desk did and keeps: reviews, messages, how a piece is handled, reasons, the ledger.

Private, like submissions. The ledger names pieces by reference and holds no content, so that it
can outlive what it speaks of.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.models.submission import AppendOnly, Submission
from archive.models.vocabulary import in_reader_language


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
    reason = models.CharField(max_length=40, blank=True)  # a code of archive.reasons
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


class Handling(models.Model):
    """What the desk keeps about one piece beside its state; goes when the piece is erased."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="handling")
    # Words that no later version may hold: sealed, for they are the very names to be kept out.
    struck = models.TextField(blank=True)
    marks = models.JSONField(default=list, blank=True)  # codes of archive.safeguards.REASONS
    conflicted = models.JSONField(default=list, blank=True)  # people for whom it is family
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # When it shall be published, which version, and who said so.
    plan_at = models.DateTimeField(null=True)
    plan_version = models.PositiveIntegerField(null=True)
    plan_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    plan_failed = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["plan_at"], condition=Q(plan_at__isnull=False), name="planned")
        ]

    def __str__(self) -> str:
        return f"handling of {self.submission_id}"


class Reason(models.Model):
    """Why a piece is not published and what can be done next, as editors worded it."""

    code = models.SlugField(max_length=40, unique=True)
    why_en = models.TextField(_("why, in English"))
    why_es = models.TextField(_("why, in Spanish"), blank=True)
    next_en = models.TextField(_("what they can do next, in English"))
    next_es = models.TextField(_("what they can do next, in Spanish"), blank=True)
    retired = models.BooleanField(_("no longer given"), default=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")

    def __str__(self) -> str:
        return self.code

    @property
    def words(self) -> str:
        """Both sentences in the reader's language."""
        return " ".join(
            (
                in_reader_language(self.why_en, self.why_es),
                in_reader_language(self.next_en, self.next_es),
            )
        )


class LedgerEntry(AppendOnly):
    """Who did what to which piece, when, and by which reason. Ids and verbs only."""

    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    # Submission.reference, not a key; "" where no piece was touched.
    piece = models.CharField(max_length=10, blank=True, db_index=True)
    version = models.PositiveIntegerField(null=True)
    # What else it was about, where it was no piece or not only one: "theme:visits", "person:7".
    about = models.CharField(max_length=100, blank=True)
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
