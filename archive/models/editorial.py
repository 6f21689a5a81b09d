"""What editors write themselves: the standing pages, short news, and the reports of campaigns."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.identifiers import random_id
from archive.models.vocabulary import Campaign, in_reader_language


class Page(models.Model):
    """A standing page in both languages, in Markdown: about, promises, safety, …"""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    title_en = models.CharField(_("title in English"), max_length=120)
    title_es = models.CharField(_("title in Spanish"), max_length=120, blank=True)
    body_en = models.TextField(_("text in English"))
    body_es = models.TextField(_("text in Spanish"), blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def __str__(self) -> str:
        return self.slug


class News(models.Model):
    """A short dated note."""

    day = models.DateField(_("day"))
    title_en = models.CharField(_("title in English"), max_length=120)
    title_es = models.CharField(_("title in Spanish"), max_length=120, blank=True)
    body_en = models.TextField(_("text in English"))
    body_es = models.TextField(_("text in Spanish"), blank=True)

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = _("news")
        verbose_name_plural = _("news")

    def __str__(self) -> str:
        return f"{self.day}"

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_reader_language(self.title_en, self.title_es)

    @property
    def body(self) -> str:
        """The text, in Markdown, in the reader's language."""
        return in_reader_language(self.body_en, self.body_es)


class Report(models.Model):
    """A document to download with a campaign; the file is `archive.reports`' to keep."""

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        SPANISH = "es", _("Spanish")

    public_id = models.CharField(max_length=10, unique=True, default=random_id, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="reports")
    title_en = models.CharField(_("title in English"), max_length=160)
    title_es = models.CharField(_("title in Spanish"), max_length=160, blank=True)
    language = models.CharField(_("language of the document"), max_length=2, choices=Language)
    file_name = models.CharField(max_length=60, editable=False)
    size = models.PositiveIntegerField(_("bytes"))
    added_on = models.DateField(_("added"), default=timezone.localdate)

    class Meta:
        ordering = ["-added_on", "pk"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return self.public_id

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_reader_language(self.title_en, self.title_es)

    def get_absolute_url(self) -> str:
        return reverse("report", args=[self.campaign.slug, self.public_id])
