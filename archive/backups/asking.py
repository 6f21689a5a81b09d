"""Inside a restored archive: do its pages, its API and its search answer?

Asks as a reader would, in this process, and counts. What is withdrawn must answer as if it had
never been. Raises at the first thing that is wrong, naming the page and no word of a story.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.test import Client
from django.utils import translation

from archive.backups.sets import BackupDamaged
from archive.models.story import Story

PAGES = (
    "/", "/es/", "/stories/", "/es/stories/", "/themes/", "/places/", "/campaigns/", "/share/",
    "/share/receipt/", "/about/", "/stories/feed.atom", "/sitemap.xml", "/api/v1/stories/",
    "/healthz",
)  # fmt: skip
MOST = 50  # stories that are opened and searched, newest first


@dataclass
class Answers:
    """How many questions were answered rightly."""

    pages: int = 0
    searches: int = 0
    gone: int = 0


def ask() -> Answers:
    """All of them. Raises `BackupDamaged` at the first wrong answer."""
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    answers = Answers()
    for path in (*PAGES, *_stories()):
        _expect(client, path, 200)
        answers.pages += 1
    for story in Story.objects.public().order_by("-published_on", "-pk")[:MOST]:
        if story.title:
            _find(client, story)
            answers.searches += 1
    for story in Story.objects.filter(withdrawn=True)[:MOST]:
        _expect(client, story.get_absolute_url(), 404)
        answers.gone += 1
    return answers


def _stories() -> Iterator[str]:
    for story in Story.objects.public().order_by("-published_on", "-pk")[:MOST]:
        for language in ("en", "es"):
            with translation.override(language):
                yield story.get_absolute_url()


def _expect(client: Client, path: str, status: int) -> None:
    got = client.get(path).status_code
    if got != status:
        name = path.split("/")[1] or "home"
        raise BackupDamaged(f"a page of /{name}/ answers {got} where it should answer {status}.")


def _find(client: Client, story: Story) -> None:
    """A search for its whole title finds it among the first."""
    if not any(word.isalpha() for word in story.title.split()):
        return
    found = client.get("/api/v1/stories/", {"q": f'title:"{story.title}"'}).json()
    if found["count"] < 1:
        raise BackupDamaged("a story is not found by its own title.")
