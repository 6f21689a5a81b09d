"""What is told and what is allowed, on its way in: the values that intake takes.

Owns their shape, the check that they can be taken at all, and the fingerprint that tells a repeated
form or record from a changed one. Ground floor: touches no table. Called by intake and by those who
call intake.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from archive import text
from archive.models.story import Kind
from archive.models.submission import Consent, Enclosure
from archive.models.vocabulary import Place
from archive.refusals import Incomplete


@dataclass(frozen=True)
class Telling:
    """What is told: everything of a submission that may one day appear."""

    body: str
    title: str = ""
    summary: str = ""
    language: str = "en"
    place: Place | None = None
    place_text: str = ""
    year_from: int | None = None
    year_to: int | None = None
    season: str = ""
    content_notes: Sequence[str] = ()
    pull_quotes: Sequence[str] = ()


@dataclass(frozen=True)
class Enclosed:
    """One photograph that comes along: the bytes as received, and what was said about it."""

    upload: Any  # a file-like object or bytes; `media.photos.admit` believes nothing of it
    alt: str = ""
    caption: str = ""
    credit: str = ""
    transcript: str = ""
    sitter: str = ""
    part: str = Enclosure.Part.PICTURE
    plate: int | None = None
    shown: str = Enclosure.Shown.YES
    recognisable: str = ""


@dataclass(frozen=True)
class Allowed:
    """The choices of one consent; the defaults are the safest (safety.md, section (b))."""

    wording: str
    name_shown: str = Consent.NameShown.NONE
    place_shown: str = Consent.PlaceShown.NONE
    date_shown: str = Consent.DateShown.SEASON
    audience: str = Consent.Audience.TEAM
    public_from: Any = None
    search_engines: bool = False
    uses: Sequence[str] = ()
    editing: str = Consent.Editing.SHOW
    contact_ok: bool = False
    keep_for: str = Consent.Duration.UNTIL
    adult: bool = False
    guardian: bool = False
    on_behalf: str = Consent.Giver.SELF
    they_know: str = ""
    could_hurt: str = ""
    others_named: str = ""
    photos_published: bool = False
    keep_originals: bool = False
    method: str = Consent.Method.WEB
    wording_version: str = ""


@dataclass(frozen=True)
class Item:
    """One record of a collection, on its way in."""

    telling: Telling
    allowed: Allowed
    source: str
    source_key: str
    kind: str = Kind.STORY
    names: Mapping[str, str] = field(default_factory=dict)
    licence: str = ""
    notes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Changes whenever anything of the record does."""
        return fingerprint(self.telling, self.allowed, self.names, self.licence, self.notes)


def checked(telling: Telling, *, photographs: bool = False) -> Telling:
    """The telling with its text made plain. Raises `Incomplete` with what is missing or too long."""
    body, title = text.plain(telling.body), text.one_line(telling.title)
    errors: dict[str, list[str]] = {}
    if not body.strip() and not photographs:
        errors["body"] = [_("There is no text yet. Write your story, or add a photograph.")]
    if len(body) > settings.STORY_MAX_CHARACTERS:
        errors["body"] = [
            _("The text is longer than %(limit)s characters. Send it in two parts.")
            % {"limit": f"{settings.STORY_MAX_CHARACTERS:,}"}
        ]
    if len(title) > settings.TITLE_MAX_CHARACTERS:
        errors["title"] = [
            _("The title is longer than %(limit)s characters. Please shorten it.")
            % {"limit": settings.TITLE_MAX_CHARACTERS}
        ]
    if errors:
        raise Incomplete(errors)
    return replace(
        telling,
        body=body,
        title=title or _first_words(body),
        summary=text.plain(telling.summary),
        place_text=text.one_line(telling.place_text)[:120],
    )


def fingerprint(telling: Telling, *more: Any) -> str:
    """SHA-256 of what was sent, in hexadecimal."""
    parts = {**vars(telling), "place": telling.place.slug if telling.place else ""}
    rest = [asdict(each) if isinstance(each, Allowed) else each for each in more]
    return hashlib.sha256(
        json.dumps([parts, rest], sort_keys=True, default=str).encode()
    ).hexdigest()


def _first_words(body: str) -> str:
    """A title for what came without one: its first words, which an editor can better."""
    words = body.split()
    return " ".join(words[:8])[:120] + ("…" if len(words) > 8 else "")
