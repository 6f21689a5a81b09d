"""Published attacks are words: nothing runs, nothing is asked of another host, no rule is refused."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import transaction
from playwright.sync_api import Dialog, Page
from pytest_django.live_server_helper import LiveServer

from archive import catalogue, questions
from archive.models.story import Story
from tests import factories
from tests.browser.conftest import OpenPage
from tests.search import strange

A_STORY_HOLDS = 8


def _hostile(shared_data: Path) -> list[str]:
    """Attacks with markup in them, short enough for a title."""
    marked = [payload for payload in strange.payloads(shared_data) if "<" in payload]
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


FILTERS = (*questions.FILTERS, "without", "from", "to", "sort", "page")


def _search(page: Page, number: int, payload: str) -> None:
    """Ask for it as words and as one filter, or with the words it is found beside."""
    asked = {"q": payload if number % 3 else "alert", FILTERS[number % len(FILTERS)]: payload}
    language = "/es" if number % 7 == 0 else ""
    response = page.goto(f"{language}/stories/?{urlencode(asked)}")
    assert response is not None
    assert response.status == 200, payload
    foreign = "iframe, object, embed, [onerror], [onload], script:not([src^='/static/'])"
    assert page.locator("body").locator(foreign).count() == 0, payload


def _complete(page: Page, typed: str) -> None:
    """Let the page propose what begins so, titles that hold attacks among it."""
    page.goto("/stories/")
    page.locator("main").get_by_role("combobox").first.fill(typed)
    page.get_by_role("option").first.wait_for()
    assert page.locator("[role=listbox] *").evaluate_all(
        "all => all.every(each => !/script|img|svg|iframe/i.test(each.tagName))"
    )


@pytest.mark.parametrize(
    "every", [600, pytest.param(1, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])]
)
def test_searches_with_attacks_run_nothing(
    live_server: LiveServer,
    open_page: OpenPage,
    shared_data: Path,
    either_engine: str,
    every: int,
) -> None:
    catalogue.ensure()
    _publish([*_hostile(shared_data)[:24], "<img src=x onerror=alert(1)> zebra"])
    page = open_page()
    opened = _no_dialog(page)
    for number, payload in enumerate(strange.payloads(shared_data)[::every]):
        _search(page, number, payload)
    _complete(page, "zeb")
    assert not opened
