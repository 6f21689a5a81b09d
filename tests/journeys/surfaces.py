"""Everything that a stranger can get from the site, in both languages, and a look for words in it.

Owns the walk: the whole table of addresses, every link on what comes back, and searches that would
bring a word to light. Knows nothing of what is private: the caller says which words must not be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

from archive.models.story import Story
from archive.models.vocabulary import Campaign, Place, Theme

_LINK = re.compile(r"""["'>\s,(=](?:https?://[^/"'\s<>]+)?(/[^"'<>\s,)\\]*)""")
MOST = 1500  # addresses; more means that the walk goes in circles


@dataclass(frozen=True)
class Answer:
    """What came back for one address, headers and all, as text in small letters."""

    address: str
    status: int
    said: str

    def holds(self, word: str) -> bool:
        return word.lower() in self.said


class Walk:
    """One walk over the site as it is now. `answers` has every one, by address."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._client = Client(raise_request_exception=True)
        self.answers: dict[str, Answer] = {}
        for address in [*every_address(), *searches(words)]:
            self._visit(address)

    def _visit(self, first: str) -> None:
        waiting = [first]
        while waiting:
            address = waiting.pop()
            if address in self.answers or not _is_ours(address):
                continue
            assert len(self.answers) < MOST, f"the walk goes in circles at {address}"
            response = self._client.get(address)
            # Its own address stands on a page, for the other language and for search engines.
            own = address.removeprefix("/es").partition("?")[0]
            said = _text(response).replace(own.lower(), "") if len(own) > 12 else _text(response)
            self.answers[address] = Answer(address, response.status_code, said)
            if "?" not in address:  # what a search links to is searched for by itself
                waiting += _links(response)

    def where(self, word: str) -> list[str]:
        """Every address at which the word stands."""
        return [answer.address for answer in self.answers.values() if answer.holds(word)]

    def leaks(self, words: Iterable[str]) -> list[str]:
        """A line for each word and each address at which it can be read."""
        return [f"{word} at {address}" for word in words for address in self.where(word)]


def every_address() -> Iterator[str]:
    """The table of addresses with everything in it that a stranger could fill in, and some that
    are not there."""
    slugs = {
        "theme": Theme.objects.values_list("slug", flat=True),
        "place": Place.objects.filter(
            slug__in=["attica", "new-york", "wyoming-county"]
        ).values_list("slug", flat=True),
        "campaign": Campaign.objects.values_list("slug", flat=True),
    }
    for language in ("en", "es"):
        with translation.override(language):
            prefix = "" if language == "en" else f"/{language}"
            for pattern in _patterns(get_resolver().url_patterns, ""):
                if "<" not in pattern and "(" not in pattern:
                    yield pattern
            for name, values in slugs.items():
                for slug in values:
                    yield f"{prefix}/{name}s/{slug}/"
            # Every story there is, published or not: what knows the name still gets nothing.
            for story in Story.objects.all():
                yield f"{prefix}/stories/{story.public_id}/"
                yield f"{prefix}/stories/{story.public_id}/{story.slug}/"
                yield f"{prefix}/stories/{story.public_id}/report/"
                yield f"/api/v1/stories/{story.public_id}/"
            yield f"{prefix}/stories/0000000000/"
            yield f"{prefix}/about/"
            yield f"{prefix}/nothing-here/"
            yield f"{prefix}/stories/?sort=title"


def _patterns(table: Iterable[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for entry in table:
        path = before + str(entry.pattern).removeprefix("^").removesuffix("$")
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns, path)
        else:
            yield f"/{path}"


def searches(words: Iterable[str]) -> Iterator[str]:
    """Questions that would bring each word to light without holding it: its beginning, and a slip
    of the pen that would be mended. The page repeats what was typed, and that proves nothing."""
    words = list(words)
    for start in sorted({word[:2] for word in words}):
        yield from (
            f"{path}?q={start}*" for path in ("/stories/", "/es/stories/", "/stories/feed.atom")
        )
    for word in words:
        begun, slip = quote(f"{word[:-2]}*"), quote(word[:-3] + word[-2:])
        yield f"/api/v1/stories/?q={begun}"
        yield f"/stories/?q={slip}"
        yield f"/api/v1/suggest/?q={quote(word[:-2])}"


def _is_ours(address: str) -> bool:
    # Every page of the desk leads to the one page of signing in.
    return not address.startswith((settings.STATIC_URL, "//")) and "?next=" not in address


def _links(response: HttpResponse) -> list[str]:
    if response.has_header("Location"):
        return [response["Location"].removeprefix(settings.SITE_URL)]
    if not response["Content-Type"].startswith(("text/", "application/")):
        return []
    found = _LINK.findall(f" {response.content.decode(errors='replace')} ")
    # /stories/ with its choices has more combinations than a walk has patience.
    return [link.replace("&amp;", "&").partition("#")[0] for link in found if link.count("=") < 2]


def _text(response: HttpResponse) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return f"{headers}\n{response.getvalue().decode('utf-8', errors='replace')}".lower()
