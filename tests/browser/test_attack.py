"""Published attacks are words: nothing runs, nothing is asked of another host, no rule is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Dialog, Page
from pytest_django.live_server_helper import LiveServer

from archive import catalogue
from archive.models.story import Story
from tests import factories
from tests.browser.conftest import OpenPage

A_STORY_HOLDS = 8


def _hostile(shared_data: Path) -> list[str]:
    """Attacks with markup in them, short enough for a title."""
    lines = (shared_data / "hostile-text" / "payloads.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    marked = [row["payload"] for row in rows if row["kind"] == "xss" and "<" in row["payload"]]
    return [payload for payload in marked if payload.strip() and len(payload) < 200]


def _publish(payloads: list[str]) -> None:
    """Each payload stands in a text; each story bears some also as title, name, place, caption."""
    with transaction.atomic():  # the index hears of all of them at once
        for at in range(0, len(payloads), A_STORY_HOLDS):
            some = payloads[at : at + A_STORY_HOLDS]
            factories.published(
                factories.telling(
                    title=some[0],
                    summary=some[-1],
                    body="\n\n".join(some),
                    place_text=some[min(1, len(some) - 1)][:120],
                    pull_quotes=some[:1],
                ),
                names={"chosen": some[min(2, len(some) - 1)][:120]},
            )


def _walk(page: Page) -> int:
    """Open every story, every page of the list, and a search for a word of the attacks."""
    addresses = [story.get_absolute_url() for story in Story.objects.public()]
    pages = ("/", "/stories/", "/stories/?page=2", "/stories/?q=alert", "/stories/?q=script")
    for address in (*pages, *addresses):
        response = page.goto(address)
        assert response is not None
        assert response.status == 200
        foreign = page.locator("main").locator("script, iframe, object, embed, [onerror], [onload]")
        assert foreign.count() == 0, address
    return len(addresses)


def _no_dialog(page: Page) -> list[str]:
    opened: list[str] = []

    def note(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    return opened


@pytest.mark.parametrize(
    "count", [80, pytest.param(4000, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])]
)
def test_published_attacks_are_words(
    live_server: LiveServer, open_page: OpenPage, shared_data: Path, count: int
) -> None:
    catalogue.ensure()
    every = _hostile(shared_data)
    _publish(every[:: max(1, len(every) // count)][:count])
    page = open_page()
    opened = _no_dialog(page)
    assert _walk(page) >= min(count, len(every)) // A_STORY_HOLDS
    assert not opened
