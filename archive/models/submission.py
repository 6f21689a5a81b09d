"""What arrives: the private side of the archive.

Owns a submission with its draft, revisions, receipt, consents, wishes, contact details and
enclosures. Written by the stages alone; nothing that faces the public may import this module (the wall).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.identifiers import random_id
from archive.models.story import Kind, Season, Story
from archive.models.vocabulary import Campaign, Place, Theme


class State(models.TextChoices):
    """Where a piece stands. The allowed steps between these are `archive.moves.MOVES`."""

    DRAFT = "draft", _("Being written")
    HELD = "held", _("Held: may be spam")
    WAITING = "waiting", _("Waiting to be read")
    ASKED = "asked", _("Waiting for the contributor's answer")
    REFERRED = "referred", _("Referred to someone")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ERASED = "erased", _("Erased")


class AppendOnly(models.Model):
    """A row that is written once: a promise or a record, never a draft of one."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and not self._state.adding:
            self._refuse()
        super().save(*args, **kwargs)

    def _refuse(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} rows are never changed: write a new one")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Pieces as the stages take them up."""

    def held(self) -> Self:
        """Rows as they stand now, kept from others until the transaction ends.

        SQLite has no row locks and needs none: a transaction there begins with the write lock.
        """
        return self.select_for_update(of=("self",)).select_related("current")

    def locked(self, submission: Submission) -> Submission:
        """One row as it stands now, kept from others until the transaction ends."""
        return self.held().get(pk=submission.pk)

    def at_the_desk(self) -> Self:
        """Neither being written, which its contributor alone may see, nor erased."""
        return self.exclude(state__in=[State.DRAFT, State.ERASED])

    def keep_all(self, pieces: Iterable[Submission], *columns: str) -> None:
        """Save these columns of many rows, in one statement for all rows that say the same.

        `bulk_update` writes a condition for each row and column; in a batch most rows are alike.
        """
        alike: dict[tuple[Any, ...], list[int]] = {}
        for piece in pieces:
            says = tuple(getattr(piece, column) for column in columns)
            alike.setdefault(says, []).append(piece.pk)
        for says, keys in alike.items():
            self.filter(pk__in=keys).update(**dict(zip(columns, says, strict=True)))


class Submission(models.Model):
    """One piece that came in: its state, and the version that is in force."""

    reference = models.CharField(max_length=10, unique=True, default=random_id, editable=False)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.STORY)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    # Where a withdrawn piece goes back to, should its contributor wish.
    state_before = models.CharField(max_length=12, choices=State, blank=True)
    current = models.ForeignKey("Revision", null=True, on_delete=models.SET_NULL, related_name="+")
    interface_language = models.CharField(max_length=5, default="en")
    themes = models.ManyToManyField(Theme, blank=True, related_name="+")
    campaigns = models.ManyToManyField(Campaign, blank=True, related_name="+")
    received_on = models.DateField(_("received on"), null=True)  # to the day: safety.md H8
    withdrawn_on = models.DateField(null=True)
    suspicion = models.CharField(_("why it is held"), max_length=40, blank=True)
    accepted_version = models.PositiveIntegerField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_version = models.PositiveIntegerField(null=True)
    # The newest version that its contributor has read and agreed to; what they wrote they agree to.
    agreed_version = models.PositiveIntegerField(null=True)
    # The day on which a piece that its contributor asked to erase is erased.
    erase_on = models.DateField(null=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="claims"
    )
    claimed_until = models.DateTimeField(null=True)
    # Where an imported record came from; the same pair again updates and never doubles.
    source = models.CharField(max_length=300, blank=True)
    source_key = models.CharField(max_length=200, blank=True)
    source_digest = models.CharField(max_length=64, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    notes = models.JSONField(_("notes for the editors"), default=dict, blank=True)
    # Hash of the form's token: the same form sent twice is one submission.
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    token_digest = models.CharField(max_length=64, blank=True, editable=False)
    # The arrow points one way: a story cannot find its way back here.
    story = models.OneToOneField(Story, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["received_on", "pk"]
        indexes = [models.Index(fields=["state", "received_on", "id"], name="submission_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=~Q(source_key=""),
                name="submission_imported_once",
            )
        ]
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")

    def __str__(self) -> str:
        return self.reference

    @property
    def consent_in_force(self) -> Consent:
        """The newest one, of the rows already at hand where they are.

        Raises `Consent.DoesNotExist` for a draft, and for what was erased.
        """
        newest = max(self.consents.all(), key=lambda each: each.number, default=None)
        if newest is None:
            raise Consent.DoesNotExist
        return newest

    @property
    def version(self) -> int:
        """Number of the revision in force; 0 before the first."""
        return self.current.number if self.current else 0

    @property
    def claimed(self) -> bool:
        """Whether somebody at the desk has it now; an old claim has ended by itself."""
        return bool(self.claimed_until and self.claimed_until > timezone.now())


class Revision(AppendOnly):
    """One version of everything that may appear: words, place, time, notes. Never overwritten."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(_("text"), blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    place_text = models.CharField(_("place, in their words"), max_length=120, blank=True)
    year_from = models.SmallIntegerField(_("from year"), null=True, blank=True)
    year_to = models.SmallIntegerField(_("to year"), null=True, blank=True)
    season = models.CharField(_("season"), max_length=10, choices=Season, blank=True)
    content_notes = models.JSONField(_("content notes"), default=list, blank=True)
    pull_quotes = models.JSONField(_("pull quotes"), default=list, blank=True)
    # None: the contributor; somebody at the desk otherwise.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_on = models.DateField(default=timezone.localdate)
    reason = models.CharField(_("why it was changed"), max_length=200, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="revision_numbered")
        ]
        # What the filters of the queue count, without reading a body.
        indexes = [
            models.Index(
                fields=["submission", "language", "content_notes"], name="revision_counted"
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}.{self.number}"

    @property
    def words(self) -> int:
        """Length of the text in words."""
        return len(self.body.split())


class Draft(models.Model):
    """What is being written and not yet sent: every answer as it was typed, sealed, and where it
    stands. Gone as soon as it is sent."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="draft")
    sealed = models.TextField()  # archive.sealing: the answers as JSON
    step = models.CharField(max_length=12)
    kept_on = models.DateField(default=timezone.localdate)

    def __str__(self) -> str:
        return f"draft of {self.submission_id}"


class Receipt(models.Model):
    """The contributor's only key, as selector and slow hash; the code itself is nowhere."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="receipt")
    selector = models.CharField(max_length=4, db_index=True)
    secret_hash = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"receipt of {self.submission_id}"


class Contact(models.Model):
    """Who it is and how to reach them: sealed, apart, opened only with a reason."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="contact")
    sealed = models.TextField()  # archive.sealing: JSON under a key that is not in the database

    def __str__(self) -> str:
        return f"contact of {self.submission_id}"


class Consent(AppendOnly):
    """What the contributor allows, with the exact words they were shown. The newest one rules.

    The choices and their safest defaults are safety.md's consent model, section (b).
    """

    class NameShown(models.TextChoices):
        NONE = "none", _("No name")
        CHOSEN = "chosen", _("A name I choose")
        FIRST = "first", _("My first name")
        FULL = "full", _("My full name")

    class PlaceShown(models.TextChoices):
        NONE = "none", _("No place")
        STATE = "state", _("The state only")
        CITY = "city", _("The city, county or prison")

    class DateShown(models.TextChoices):
        NONE = "none", _("No date")
        YEAR = "year", _("The year only")
        SEASON = "season", _("The season and the year")

    class Audience(models.TextChoices):
        TEAM = "team", _("Only the people who run this archive")
        REVIEW = "review", _("Everyone, after I have seen the final text")
        PUBLIC = "public", _("Everyone")

    class Editing(models.TextChoices):
        SHOW = "show", _("Show me every change before it is public")
        SPELLING = "spelling", _("You may correct spelling")
        NONE = "none", _("Change nothing")

    class Duration(models.TextChoices):
        UNTIL = "until", _("Until I take it down")
        YEAR = "year", _("For one year")
        FIVE = "five", _("For five years")

    class Giver(models.TextChoices):
        SELF = "self", _("Myself")
        FAMILY = "family", _("Someone in my family who cannot send it")
        MEMORY = "memory", _("Someone who has died")
        CHILD = "child", _("My child")

    class Method(models.TextChoices):
        WEB = "web", _("On this site")
        PAPER = "paper", _("On paper")
        SPOKEN = "spoken", _("Spoken")
        IMPORT = "import", _("Imported with its licence")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="consents")
    number = models.PositiveIntegerField()
    given_on = models.DateField(default=timezone.localdate)
    method = models.CharField(max_length=10, choices=Method, default=Method.WEB)
    language = models.CharField(max_length=5, default="en")
    wording_version = models.CharField(max_length=20)
    wording = models.TextField()  # every question and answer, as it stood on the page
    name_shown = models.CharField(max_length=10, choices=NameShown, default=NameShown.NONE)
    place_shown = models.CharField(max_length=10, choices=PlaceShown, default=PlaceShown.NONE)
    date_shown = models.CharField(max_length=10, choices=DateShown, default=DateShown.SEASON)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.TEAM)
    public_from = models.DateField(null=True, blank=True)
    public_until = models.DateField(null=True, blank=True)
    search_engines = models.BooleanField(default=False)
    uses = models.JSONField(default=list, blank=True)  # codes of archive.consent.USES
    editing = models.CharField(max_length=10, choices=Editing, default=Editing.SHOW)
    contact_ok = models.BooleanField(default=False)
    keep_for = models.CharField(max_length=10, choices=Duration, default=Duration.UNTIL)
    adult = models.BooleanField(default=False)
    # Of a person under 18: a parent or guardian agrees, and so do they.
    guardian = models.BooleanField(default=False)
    on_behalf = models.CharField(max_length=10, choices=Giver, default=Giver.SELF)
    # Of somebody else's story: do they know, and could it hurt them? "", yes, no, unsure
    they_know = models.CharField(max_length=10, blank=True)
    could_hurt = models.CharField(max_length=10, blank=True)
    others_named = models.CharField(max_length=10, blank=True)  # "", changed, agreed, unasked
    photos_published = models.BooleanField(default=False)
    keep_originals = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="consent_numbered")
        ]

    def __str__(self) -> str:
        return f"consent {self.number} of {self.submission_id}"


class Wish(models.Model):
    """A wider consent that a contributor asks for after sending.

    Not in force: somebody at the desk reads it first and makes a consent of it, or does not.
    """

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="wish")
    choices = models.JSONField()  # field of Consent -> the wider value
    photos = models.JSONField(default=dict)  # key of an Enclosure -> how it may be shown
    wording = models.TextField()
    wording_version = models.CharField(max_length=20)
    language = models.CharField(max_length=5, default="en")
    asked_on = models.DateField(default=timezone.localdate)

    def __str__(self) -> str:
        return f"wish of {self.submission_id}"


class Enclosure(models.Model):
    """A photograph that came with a submission. The pixels are the vault's."""

    class Shown(models.TextChoices):
        NO = "no", _("Do not publish it")
        BLURRED = "blurred", _("Publish it with the faces covered")
        YES = "yes", _("Publish it")

    class Part(models.TextChoices):
        PICTURE = "picture", _("Photograph")
        PORTRAIT = "portrait", _("Portrait")
        PAGE = "page", _("Written page")

    class Recognisable(models.TextChoices):
        """The answer to "Who can be recognised here?"; "" is no answer yet."""

        NOBODY = "nobody", _("Nobody")
        MYSELF = "myself", _("Myself")
        AGREED = "agreed", _("An adult who has agreed")
        UNASKED = "unasked", _("An adult who has not been asked")
        CHILD = "child", _("A child")
        STAFF = "staff", _("Somebody who works there")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="enclosures")
    photo = models.OneToOneField("media.Photo", on_delete=models.PROTECT, related_name="+")
    # The public side, while there is one.
    picture = models.OneToOneField(
        "media.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    part = models.CharField(max_length=10, choices=Part, default=Part.PICTURE)
    position = models.PositiveSmallIntegerField(default=0)
    plate = models.PositiveSmallIntegerField(null=True, blank=True)  # pairs portrait and page
    alt = models.TextField(blank=True)
    decorative = models.BooleanField(default=False)  # says nothing: readers who do not see skip it
    caption = models.TextField(blank=True)
    credit = models.CharField(max_length=200, blank=True)
    transcript = models.TextField(blank=True)
    sitter = models.CharField(max_length=200, blank=True)
    recognisable = models.CharField(max_length=12, choices=Recognisable, blank=True)
    # What the contributor allows for this one photograph; `withheld` is the desk's own "no".
    shown = models.CharField(max_length=10, choices=Shown, default=Shown.YES)
    withheld = models.BooleanField(default=False)
    # A small picture for the contributor's own page while they write; emptied on sending.
    sight = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"enclosure {self.position} of {self.submission_id}"
