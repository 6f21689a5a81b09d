"""What a public page says to programs: cards for shared links, schema.org, canonical addresses.

Owns the shape of these and the rule that they say no more of a story than its teller allows:
where search engines may not list it, a card bears its title and nothing else, and there is no
description for machines at all. Called by the public views; reads only what they hand over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from archive import languages
from archive.models.story import Kind, Story
from archive.models.vocabulary import Theme
from media import photos

Facts = dict[str, Any]

SHOWN_ELSEWHERE = "newsletter"  # the use whose words name social media (archive.terms)
_WIDEST = 1280  # pixels of a photograph on a card; more is wasted on a preview
_LOCALES = {"en": "en_US", "es": "es_US"}


def whole(path: str) -> str:
    """A path of ours as an address."""
    return f"{settings.SITE_URL}{path}"


# --- addresses ------------------------------------------------------------------------------------


def home_of(story: Story) -> str:
    """The path that a story is listed under: that of the pages in its own language."""
    codes = {code for code, _name in settings.LANGUAGES}
    with translation.override(story.language if story.language in codes else "en"):
        return story.get_absolute_url()


def alternates(family: Sequence[Story]) -> list[dict[str, str]]:
    """Each version of a story in its language, itself too; nothing where there is but one."""
    shown = [each for each in family if each.search_engines]
    if len(shown) < 2:
        return []
    listed = [{"code": each.language, "url": home_of(each)} for each in shown]
    original = next((each for each in shown if each.translation_of_id is None), shown[0])
    return [*listed, {"code": "x-default", "url": home_of(original)}]


# --- cards ----------------------------------------------------------------------------------------


def card(title: str, description: str = "", *, path: str = "") -> Facts:
    """What a shared link to a page of ours shows."""
    return {
        "type": "website",
        "title": title,
        "description": description,
        "url": whole(path) if path else "",
        "locale": _locale(languages.spoken()),
    }


def card_of(story: Story) -> Facts:
    """What a shared link to a story shows: a photograph only where social media may show it."""
    bare = {"type": "article", "title": story.title, "locale": _locale(story.language)}
    if not story.search_engines:
        return bare
    said = {"description": story.summary or story.opening, "url": whole(home_of(story))}
    return {**bare, **said, **(_photograph(story) or _drawn(story))}


def _photograph(story: Story) -> Facts | None:
    lead = story.lead_photo if SHOWN_ELSEWHERE in story.permitted_uses else None
    sizes = [
        size
        for size in (photos.sources(lead.picture) if lead else [])
        if size["format"] == "jpeg" and size["width"] <= _WIDEST
    ]
    if lead is None or not sizes:
        return None
    best = sizes[-1]
    measures = {"image_width": best["width"], "image_height": best["height"]}
    return {"image": whole(best["url"]), "image_alt": lead.alt, **measures}


def _drawn(story: Story) -> Facts:
    width, height = photos.CARD_SIZE
    words = [story.title, story.byline, settings.ARCHIVE_NAME]
    return {
        "image": whole(reverse("story_card", args=[story.public_id])),
        "image_alt": " · ".join(word for word in words if word),
        "image_width": width,
        "image_height": height,
    }


def _locale(language: str) -> str:
    return _LOCALES.get(language, "")


# --- schema.org -----------------------------------------------------------------------------------


def structured(story: Story) -> SafeString | str:
    """An article, or a gallery of photographs; "" where search engines may not list it."""
    if not story.search_engines:
        return ""
    facts = {
        "@type": "Article",
        "headline": story.title,
        **_about(story),
        "publisher": {"@type": "Organization", "name": settings.ARCHIVE_NAME},
        "isAccessibleForFree": True,
    }
    if story.kind == Kind.PHOTO_PROJECT:
        facts |= {"@type": "ImageGallery", "name": story.title, "hasPart": _photographs(story)}
    return _written(facts)


def _about(story: Story) -> Facts:
    facts = {
        "inLanguage": story.language,
        "datePublished": story.published_on.isoformat(),
        "dateModified": (story.amended_on or story.published_on).isoformat(),
        "author": {"@type": "Person", "name": story.byline or _("Anonymous")},
        "url": whole(home_of(story)),
        "keywords": [theme.label for theme in story.themes.all()],
    }
    if story.place_label:
        facts["contentLocation"] = {"@type": "Place", "name": story.place_label}
    return facts


def _photographs(story: Story) -> list[Facts]:
    """The plates by their words; where the files lie is for the page to say."""
    return [
        {
            "@type": "Photograph",
            "position": number,
            **{
                name: said
                for name, said in (
                    ("caption", photo.caption),
                    ("creditText", photo.credit),
                    ("abstract", photo.alt),
                )
                if said
            },
        }
        for number, photo in enumerate(story.photos.all(), start=1)
    ]


def structured_theme(theme: Theme, stories: Iterable[Story]) -> SafeString:
    """A theme as a collection of those of its stories that search engines may list."""
    return _written(
        {
            "@type": "Collection",
            "name": theme.label,
            "description": theme.description,
            "url": whole(theme.get_absolute_url()),
            "hasPart": [
                {"@type": "Article", "headline": story.title, **_about(story)}
                for story in stories
                if story.search_engines
            ],
        }
    )


def _written(facts: Facts) -> SafeString:
    said = {
        "@context": "https://schema.org",
        **{name: value for name, value in facts.items() if value},
    }
    written = json.dumps(said, ensure_ascii=False)
    # Inside a script element only these three characters can end it.
    for letter, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        written = written.replace(letter, escaped)
    return mark_safe(written)  # noqa: S308
