"""The editors' vocabulary: themes, places, campaigns.

All of it is public and bilingual. Owns no rule about stories; read by the catalogue, the public
pages and the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def in_reader_language(english: str, spanish: str) -> str:
    """The text in the language of the page, or the other one where that is empty."""
    if (get_language() or "en").startswith("es"):
        return spanish or english
    return english or spanish


def _said(each: Mapping[str, str], name: str) -> str:
    """One bilingual value of a row that editors wrote."""
    return in_reader_language(each.get(f"{name}_en", ""), each.get(f"{name}_es", ""))


def _day(written: str) -> str:
    """A day of the form 2026-12-10 as the reader's language writes it; other words as they are."""
    try:
        return date_format(date.fromisoformat(written))
    except ValueError:
        return written


class Theme(models.Model):
    """What stories are about. Its alternative words are the synonyms of the search."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    label_en = models.CharField(_("name in English"), max_length=80)
    label_es = models.CharField(_("name in Spanish"), max_length=80, blank=True)
    description_en = models.TextField(_("introduction in English"), blank=True)
    description_es = models.TextField(_("introduction in Spanish"), blank=True)
    words_en = models.JSONField(_("other words in English"), default=list, blank=True)
    words_es = models.JSONField(_("other words in Spanish"), default=list, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="narrower"
    )
    retired = models.BooleanField(_("no longer given to stories"), default=False)

    class Meta:
        ordering = ["label_en"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def __str__(self) -> str:
        return self.slug

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return in_reader_language(self.label_en, self.label_es)

    @property
    def description(self) -> str:
        """The introduction in the reader's language."""
        return in_reader_language(self.description_en, self.description_es)

    @property
    def words(self) -> list[str]:
        """Every way to say it, in both languages, names first, none twice."""
        every = [self.label_en, self.label_es, *self.words_en, *self.words_es]
        return list(dict.fromkeys(word for word in every if word))

    def get_absolute_url(self) -> str:
        return reverse("theme", args=[self.slug])


class Place(models.Model):
    """A state, county, city or facility: the coarsest that a consent allows is shown, never a point."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("Country")
        STATE = "state", _("State")
        COUNTY = "county", _("County")
        CITY = "city", _("City")
        FACILITY = "facility", _("Prison or detention centre")

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="within"
    )
    aliases = models.JSONField(_("other and former names"), default=list, blank=True)
    # Of facilities and counties only, rounded to two decimals: about a kilometre.
    latitude = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    longitude = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("place")
        verbose_name_plural = _("places")

    def __str__(self) -> str:
        return self.slug

    @property
    def label(self) -> str:
        """The name in the reader's language: of the gazetteer's, the one that speaks it."""
        spanish = next((name for name in self.aliases if name.startswith("Condado de ")), "")
        return in_reader_language(self.name, spanish if self.kind == self.Kind.COUNTY else "")

    def lineage(self) -> list[Place]:
        """This place and what it lies in, narrowest first. Bounded: a loop made by hand ends."""
        chain: list[Place] = []
        here: Place | None = self
        while here is not None and here not in chain:
            chain.append(here)
            here = here.parent
        return chain

    def get_absolute_url(self) -> str:
        return reverse("place", args=[self.slug])


class Call(models.TextChoices):
    """What a campaign may ask its readers to do."""

    PETITION = "petition", _("Petition")
    LETTER = "letter", _("Letter")
    EVENT = "event", _("Event")
    PHONE = "phone", _("Telephone call")


class Campaign(models.Model):
    """What readers can do now: a goal, demands, calls to action, partners."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title_en = models.CharField(_("title in English"), max_length=120)
    title_es = models.CharField(_("title in Spanish"), max_length=120, blank=True)
    goal_en = models.TextField(_("goal in English"), blank=True)
    goal_es = models.TextField(_("goal in Spanish"), blank=True)
    # Lists of {"en", "es"}; {"kind", "label_en", "label_es", "url", "when"}; {"when", "label_en",
    # "label_es"}; {"name", "url", "join_en", "join_es"}. `archive.editing` writes, `spoken_…` read.
    demands = models.JSONField(_("demands"), default=list, blank=True)
    calls = models.JSONField(_("calls to action"), default=list, blank=True)
    dates = models.JSONField(_("dates"), default=list, blank=True)
    partners = models.JSONField(_("partner organisations"), default=list, blank=True)
    shown = models.BooleanField(_("shown to the public"), default=True)

    class Meta:
        ordering = ["title_en"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")

    def __str__(self) -> str:
        return self.slug

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_reader_language(self.title_en, self.title_es)

    @property
    def goal(self) -> str:
        """The goal in the reader's language."""
        return in_reader_language(self.goal_en, self.goal_es)

    @property
    def spoken_demands(self) -> list[str]:
        """The demands in the reader's language."""
        said = [in_reader_language(each.get("en", ""), each.get("es", "")) for each in self.demands]
        return [each for each in said if each]

    @property
    def spoken_calls(self) -> list[dict[str, Any]]:
        """The calls to action: `label` and `kind_label` in the reader's language, `outside`, `when`."""
        return [
            {
                **call,
                "label": _said(call, "label"),
                "kind_label": Call(call["kind"]).label if call.get("kind") in Call.values else "",
                "outside": call.get("url", "").startswith(("http:", "https:")),
                "when": _day(call.get("when", "")),
            }
            for call in self.calls
        ]

    @property
    def spoken_dates(self) -> list[dict[str, str]]:
        """The dates as the reader's language writes them, with what happens; `day` is for machines."""
        return [
            {"day": each["when"], "when": _day(each["when"]), "label": _said(each, "label")}
            for each in sorted(self.dates, key=lambda each: str(each["when"]))
        ]

    @property
    def spoken_partners(self) -> list[dict[str, str]]:
        """The organisations behind it, with how to join them."""
        return [{**each, "join": _said(each, "join")} for each in self.partners]

    def get_absolute_url(self) -> str:
        return reverse("campaign", args=[self.slug])
