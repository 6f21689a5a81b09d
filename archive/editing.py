"""What editors write themselves: campaigns with their reports, news, the standing pages.

Owns every row of `models.editorial` and of campaigns. Each verb is atomic, asks for an editor or
an administrator, and raises the generation, so that no cached page shows what was there before.
Who changes something says which version she had before her (`version`), and is refused where
somebody else has changed it since.
Checks no shape (the forms do) and knows no piece: what is written here stands on nobody's consent.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from itertools import count

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from archive import editorial, permission, reports
from archive.models.editorial import News, Page, Report
from archive.models.person import Person
from archive.models.story import Generation
from archive.models.vocabulary import Campaign
from archive.refusals import VersionChanged, WrongState

Row = dict[str, str]


@dataclass(frozen=True)
class CampaignWords:
    """Everything a campaign says; the rows have the keys that `Campaign` names."""

    title_en: str
    title_es: str = ""
    goal_en: str = ""
    goal_es: str = ""
    demands: Sequence[Row] = field(default_factory=list)
    dates: Sequence[Row] = field(default_factory=list)
    calls: Sequence[Row] = field(default_factory=list)
    partners: Sequence[Row] = field(default_factory=list)
    shown: bool = True


@dataclass(frozen=True)
class Words:
    """A title and a Markdown text in both languages."""

    title_en: str
    body_en: str
    title_es: str = ""
    body_es: str = ""


def version(row: Campaign | News | Page | None) -> str:
    """A short name for what a row says now; "" for a row that is not there."""
    if row is None:
        return ""
    kind = CampaignWords if isinstance(row, Campaign) else Words
    said: dict[str, object] = {each.name: getattr(row, each.name) for each in fields(kind)}
    said["day"] = str(getattr(row, "day", ""))
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _refuse_if_changed(now: Campaign | News | Page | None, seen: str | None) -> None:
    if seen is not None and seen != version(now):
        raise VersionChanged(
            _(
                "Somebody else has changed this since you opened it. Your words are still here; "
                "compare them with what stands there now, and keep them again if they are right."
            )
        )


# --- campaigns ------------------------------------------------------------------------------------


@transaction.atomic
def save_campaign(
    campaign: Campaign | None, words: CampaignWords, *, by: Person, seen: str | None = None
) -> Campaign:
    """Begin a campaign (None), or change one; its address stays what it was at the beginning.

    `seen` is the version the editor had before her, None where nobody looked (a program). Raises
    `VersionChanged`.
    """
    permission.require(by, permission.EDITORS)
    if campaign is not None:
        campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
        _refuse_if_changed(campaign, seen)
    kept = campaign or Campaign(slug=_free_address(words.title_en))
    for name, value in asdict(words).items():
        setattr(kept, name, value)
    kept.save()
    Generation.advance()
    return kept


def _free_address(title: str) -> str:
    """The title as an address, with a number where another campaign has it."""
    wanted = slugify(title)[:70].strip("-") or "campaign"
    addresses = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    taken = set(Campaign.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(address for address in addresses if address not in taken)


def add_report(
    campaign: Campaign,
    upload: reports.Upload,
    *,
    title_en: str,
    title_es: str = "",
    language: str,
    by: Person,
) -> Report:
    """Put a PDF beside a campaign. Raises `reports.NotAReport`."""
    permission.require(by, permission.EDITORS)
    name, size = reports.keep(upload)
    try:
        with transaction.atomic():
            row = Report.objects.create(
                campaign=campaign,
                title_en=title_en,
                title_es=title_es,
                language=language,
                file_name=name,
                size=size,
            )
            Generation.advance()
    except BaseException:
        reports.discard(name)
        raise
    return row


@transaction.atomic
def remove_report(report: Report, *, by: Person) -> None:
    """Take a report away, and its file with it."""
    permission.require(by, permission.EDITORS)
    name = report.file_name
    report.delete()
    Generation.advance()
    transaction.on_commit(lambda: reports.discard(name))


# --- news and pages -------------------------------------------------------------------------------


@transaction.atomic
def save_news(
    note: News | None, words: Words, *, day: date, by: Person, seen: str | None = None
) -> News:
    """Write a note (None), or change one; it is shown from its day on. `seen` as for campaigns.
    Raises `VersionChanged`."""
    permission.require(by, permission.EDITORS)
    if note is not None:
        note = News.objects.select_for_update().get(pk=note.pk)
        _refuse_if_changed(note, seen)
    kept = note or News()
    kept.day = day
    for name, value in asdict(words).items():
        setattr(kept, name, value)
    kept.save()
    Generation.advance()
    return kept


@transaction.atomic
def remove_news(note: News, *, by: Person) -> None:
    """Take a note away."""
    permission.require(by, permission.EDITORS)
    note.delete()
    Generation.advance()


@transaction.atomic
def save_page(slug: str, words: Words, *, by: Person, seen: str | None = None) -> Page:
    """Change one of the standing pages. `seen` as for campaigns. Raises `WrongState` for a page
    that the site has no place for, and `VersionChanged`."""
    permission.require(by, permission.EDITORS)
    if slug not in editorial.PAGES:
        raise WrongState(_("There is no such page, and no link would lead to it."))
    _refuse_if_changed(editorial.as_written(slug), seen)
    page, _made = Page.objects.update_or_create(slug=slug, defaults=asdict(words))
    Generation.advance()
    return page
