"""The contributor's side in a real browser: saving while writing, stopping, coming back, leaving."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, Request, Route, expect
from pytest_django.live_server_helper import LiveServer

from archive import drafts
from archive.models.submission import Submission
from tests.browser.arriving import arrive
from tests.browser.conftest import OpenPage

STORY = "The bus leaves at four. My brother Andre Whitfield drove."
GO = "#telling button[name=go][value=next]"


@pytest.fixture
def ready(live_server: LiveServer) -> None:
    """The scripts are small and the pages are, too."""


def press(page: Page, button: str = GO) -> None:
    arrive(page, button)


REST = 2_500  # milliseconds without a key before it is saved (telling.js)


def begin(page: Page, prefix: str = "") -> None:
    """Up to the first words, with a clock that can be put forward."""
    page.clock.install()
    page.goto(f"{prefix}/share/")
    press(page, f"main a[href='{prefix}/share/story/']")
    press(page)


def test_it_is_saved_while_somebody_writes(ready: None, open_page: OpenPage) -> None:
    page = open_page()
    begin(page)
    page.type("[name=body]", "The bus leaves", delay=5)
    expect(page.locator("#count")).to_have_text("3 words")
    page.clock.run_for(REST)
    expect(page.locator("#kept")).to_be_visible()
    code = page.inner_text("#receipt-code")
    page.type("[name=body]", " Queens", delay=5)
    press(page)
    assert page.inner_text("#receipt-code") == code
    assert drafts.answers_of(Submission.objects.get())["body"] == ["The bus leaves Queens"]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_save_that_fails_says_so_and_keeps_the_words(
    ready: None, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    begin(page)
    page.route("**/share/story/", lambda route: route.abort())
    page.fill("[name=body]", "The bus leaves")
    page.clock.run_for(REST)
    expect(page.locator("#saved")).to_contain_text("still here")
    assert page.input_value("[name=body]") == "The bus leaves"
    page.unroute("**/share/story/")
    page.clock.run_for(REST)
    expect(page.locator("#kept")).to_be_visible()


def test_a_save_that_hangs_is_broken_off_before_the_page_is_sent(
    ready: None, open_page: OpenPage
) -> None:
    """Or it would arrive later, and put its older words over those of the page."""
    page = open_page()
    begin(page)
    page.route("**/share/story/", lambda _never_answered: None)
    page.fill("[name=body]", "The bus leaves")
    with page.expect_request(_is_save):
        page.clock.run_for(REST)
    page.fill("[name=body]", "The bus leaves Queens")
    page.click(GO)
    with page.expect_event("requestfailed", _is_save), page.expect_request(_is_page) as posted:
        page.clock.run_for(3_000)  # it waits a little for the save
    assert "The bus leaves Queens" in posted.value.post_data


def _is_save(asked: Request) -> bool:
    return 'name="go"\r\n\r\nsave\r\n' in (asked.post_data or "")


def _is_page(asked: Request) -> bool:
    return asked.method == "POST" and not _is_save(asked)


@pytest.mark.parametrize("how", ["button", "Shift"])
def test_leaving_empties_the_page_at_once_and_back_shows_nothing(
    ready: None, open_page: OpenPage, how: str
) -> None:
    page = open_page()
    begin(page)
    page.fill("[name=body]", STORY)
    press(page)
    press(page, "#telling button[value=back]")
    assert page.input_value("[name=body]") == STORY
    # Looked at when the key's own event has reached the window, after the page's listeners and
    # before any network. It is told by a request that waits: the next page cannot overtake it.
    left: list[str] = []

    def hear(route: Route) -> None:
        left.append(route.request.post_data or "")
        route.fulfill()

    page.route("**/left", hear)
    page.evaluate(
        """() => {
            const tell = () => {
                const asked = new XMLHttpRequest();
                asked.open("POST", "/left", false);
                asked.send(document.body.innerHTML.trim() + "|" + document.title.trim());
            };
            addEventListener("keydown", tell);
            addEventListener("click", tell);
        }"""
    )
    if how == "button":
        page.click("#leave")
    else:
        page.clock.set_fixed_time(0)  # three within five seconds, however slow the machine is
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url("**/share/leave/")
    assert left[-1] == "|", "the page was not empty, or still had its name"
    assert "bus" not in page.content()
    assert [each.get("name") for each in page.context.cookies()] == ["left"]
    with suppress(Error):  # some Chromium will not ask for it again: it was the answer to a form
        page.go_back()
    # Not by `content`, which fails where the browser's own error page is still on its way.
    assert "Andre Whitfield" not in page.locator("html").inner_html()


def test_the_way_out_works_without_scripts(ready: None, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    begin(page)
    press(page, "#leave")
    assert page.url.endswith("/share/leave/")
    assert [each.get("name") for each in page.context.cookies()] == ["left"]
    page.goto("/share/")
    assert not page.context.cookies(), "who comes back begins anew"
