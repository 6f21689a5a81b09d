"""What the contributor allows: pure functions over the newest consent record.

Owns the reading of each choice; publication copies nothing to a story but
what these functions return. Source of the choices and defaults: safety.md, section (b). Writes
nothing, asks the database nothing beyond the place's ancestors.
"""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.models.submission import Consent, Revision
from archive.models.vocabulary import Place
from archive.terms import USES, uses_sentences

# The day on which the questions last changed; kept with every consent (wording_version).
WORDING_VERSION = "2026-11-21"

# How narrow a place may be for each choice; the order of Place.Kind from wide to narrow.
_WIDTH = [
    Place.Kind.COUNTRY,
    Place.Kind.STATE,
    Place.Kind.COUNTY,
    Place.Kind.CITY,
    Place.Kind.FACILITY,
]


class Dating(NamedTuple):
    """When it happened, as exact as may be shown."""

    year_from: int | None
    year_to: int | None
    season: str


def byline(consent: Consent, names: dict[str, str]) -> str:
    """How the narrator is named in public; "" for no name.

    `names` holds "chosen", "first" and "full" as given. A choice whose name is missing shows
    none: the fall-back is always the safer one.
    """
    if consent.name_shown == Consent.NameShown.NONE:
        return ""
    if of_a_minor(consent) and consent.name_shown != Consent.NameShown.CHOSEN:
        return ""
    return names.get(consent.name_shown, "").strip()


def place(consent: Consent, where: Place | None) -> Place | None:
    """The place, no narrower than allowed."""
    if where is None or consent.place_shown == Consent.PlaceShown.NONE:
        return None
    if consent.place_shown == Consent.PlaceShown.CITY and not of_a_minor(consent):
        return where
    limit = _WIDTH.index(Place.Kind.STATE)
    wide = (each for each in where.lineage() if _WIDTH.index(Place.Kind(each.kind)) <= limit)
    return next(wide, None)


def place_text(consent: Consent, typed: str) -> str:
    """A place in the contributor's own words, which nobody can make coarser but by leaving it out."""
    exact = consent.place_shown == Consent.PlaceShown.CITY and not of_a_minor(consent)
    return typed if exact else ""


def dating(consent: Consent, revision: Revision) -> Dating:
    """The time, no finer than allowed."""
    if consent.date_shown == Consent.DateShown.NONE:
        return Dating(None, None, "")
    season = revision.season if consent.date_shown == Consent.DateShown.SEASON else ""
    return Dating(revision.year_from, revision.year_to, season)


def of_a_minor(consent: Consent) -> bool:
    """Whether a child tells it or is told of: no true name, exact place or photograph is shown."""
    return consent.on_behalf == Consent.Giver.CHILD or not consent.adult


def may_publish(consent: Consent) -> bool:
    """Whether the newest choice lets anybody but the team read it.

    Somebody under 18, whoever's story they tell, needs a parent or guardian who agrees as well.
    """
    return consent.audience != Consent.Audience.TEAM and (consent.adult or consent.guardian)


def may_show_photos(consent: Consent) -> bool:
    """Whether any photograph may be published; which ones, each says for itself."""
    return consent.photos_published and not of_a_minor(consent)


# Answers to "Could it hurt them?" after which we ask before it is public.
FEARED = ("yes", "unsure")


def agreed(consent: Consent, revision: Revision, agreed_version: int) -> bool:
    """Whether the contributor knows this version as far as they asked to.

    Their own words need no second look, unless they wanted to see the final text, or fear that it
    could hurt somebody: then we ask first. A record that was imported has nobody to ask.
    """
    if revision.number <= agreed_version or consent.method == Consent.Method.IMPORT:
        return True
    if consent.audience == Consent.Audience.REVIEW or consent.could_hurt in FEARED:
        return False
    return revision.made_by_id is None or consent.editing == Consent.Editing.SPELLING


def visible_from(consent: Consent, today: datetime.date) -> datetime.date:
    """The first day on which the public may read it."""
    return max(today, consent.public_from) if consent.public_from else today


_YEARS = {Consent.Duration.YEAR: 1, Consent.Duration.FIVE: 5}


def visible_until(consent: Consent, published_on: datetime.date) -> datetime.date | None:
    """The last day on which the public may read it; None where it stays until taken down."""
    years = _YEARS.get(Consent.Duration(consent.keep_for))
    if years is None:
        return consent.public_until
    ends = published_on + datetime.timedelta(days=round(365.25 * years))
    return min(ends, consent.public_until) if consent.public_until else ends


def permitted_uses(consent: Consent) -> list[str]:
    """Codes of `USES` that were answered with yes, in the order of the list."""
    return [code for code in USES if code in consent.uses]


# What the desk should know of the other people in it: (field:answer, sentence).
_ABOUT_OTHERS = (
    ("they_know:no", gettext_lazy("The person it is about does not know that it is told.")),
    ("could_hurt:yes", gettext_lazy("It could hurt the person it is about.")),
    ("could_hurt:unsure", gettext_lazy("Nobody is sure whether it could hurt the person it is about.")),
    ("others_named:changed", gettext_lazy("The names of other people are changed.")),
    ("others_named:agreed", gettext_lazy("The other people in it know, and agree.")),
    ("others_named:unasked", gettext_lazy("Other people in it could not be asked. Look with care.")),
)  # fmt: skip


def _others(consent: Consent, code: str) -> str:
    name = code.partition(":")[0]
    return f"{name}:{getattr(consent, name)}"


def sentences(consent: Consent) -> list[str]:
    """The choices in force, for the desk and for the contributor, one sentence each."""
    said = [
        _("Who may read it: %s.") % consent.get_audience_display(),
        _("How the narrator is named: %s.") % consent.get_name_shown_display(),
        _("Place: %s.") % consent.get_place_shown_display(),
        _("Date: %s.") % consent.get_date_shown_display(),
        _("Editing: %s.") % consent.get_editing_display(),
        _("Told for: %s.") % consent.get_on_behalf_display(),
    ]
    if consent.public_from:
        said.append(_("Not before %s.") % date_format(consent.public_from))
    if consent.keep_for != Consent.Duration.UNTIL:
        said.append(_("How long: %s.") % consent.get_keep_for_display())
    if of_a_minor(consent):
        said.append(
            _("It is about somebody under 18: no true name, no exact place, no photograph.")
        )
    said += [str(sentence) for code, sentence in _ABOUT_OTHERS if code == _others(consent, code)]
    if consent.search_engines:
        said.append(_("Search engines may list it."))
    granted, _refused = uses_sentences(permitted_uses(consent))
    said += [f"{sentence}." for sentence in granted]
    return said


def forbids(consent: Consent) -> list[str]:
    """What this consent rules out, in sentences that begin with the risk."""
    out = []
    if not may_publish(consent):
        out.append(_("It may not be published."))
    if not consent.search_engines:
        out.append(_("Search engines must not list it."))
    if not may_show_photos(consent):
        out.append(_("Its photographs may not be published."))
    if not consent.adult:
        out.append(_("The contributor has not said that they are 18 or older."))
    if consent.editing == Consent.Editing.SHOW:
        out.append(_("No change before its contributor has seen it."))
    if consent.editing == Consent.Editing.NONE:
        out.append(_("Nothing in it may be changed."))
    _granted, refused = uses_sentences(permitted_uses(consent))
    out += [f"{sentence}." for sentence in refused]
    return out
