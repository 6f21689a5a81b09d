"""A real browser: the machine's Chromium, driven by Playwright, that may speak to us alone.

Every page notes requests to other hosts, errors of its scripts and refusals by its
Content-Security-Policy, and fails the test that caused them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.arriving import PATIENCE

# The first is the same engine without windows: it costs the suite half the seconds of the others.
CANDIDATES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",  # Chromium refuses to run as root without it, and CI is root
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No other host is reached. Holding back each request to look at it would empty the cache.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
PHONE = {"width": 375, "height": 812}
DESKTOP = {"width": 1280, "height": 900}

# Playwright's synchronous interface keeps an event loop in this thread, which Django would take
# for an asynchronous view and refuse to touch the database from.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

expect.set_options(timeout=PATIENCE)

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test, without each one saying so."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


def find_browser() -> str | None:
    """Where a Chromium lies on this machine."""
    return next(filter(None, map(shutil.which, CANDIDATES)), None)


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    if not find_browser():
        sentence = f"No Chromium on the PATH (looked for {', '.join(CANDIDATES)})."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"{sentence} REQUIRE_BROWSER=1 makes that a failure.")
        pytest.skip(sentence)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(_playwright: Playwright) -> Iterator[Browser]:
    """One browser for the session; each page gets a fresh profile in it."""
    browser = _playwright.chromium.launch(
        executable_path=find_browser(), args=ARGUMENTS, timeout=PATIENCE
    )
    yield browser
    browser.close()


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """Opens pages in profiles of their own: `open_page(viewport=PHONE, java_script_enabled=False)`.

    Takes what Playwright's `new_context` takes. Paths are relative to the live server.
    """
    trouble: list[str] = []
    contexts = []

    def open_one(**options: object) -> Page:
        context = browser.new_context(
            **{"base_url": live_server.url, "viewport": DESKTOP, "locale": "en-US", **options}
        )
        contexts.append(context)
        context.on("request", lambda asked: _note_stranger(asked.url, live_server.url, trouble))
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: trouble.append(f"script error: {error}"))
        page.on("console", lambda said: _note_refusal(said.text, trouble))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not trouble, "\n".join(trouble)


def _note_stranger(asked: str, ours: str, trouble: list[str]) -> None:
    """What does not go to our server is noted; the browser's own rules let none of it out."""
    whole = urlsplit(asked)
    if whole.netloc != urlsplit(ours).netloc and whole.scheme not in ("data", "blob"):
        trouble.append(f"asked another host: {asked}")


def _note_refusal(said: str, trouble: list[str]) -> None:
    if "Content Security Policy" in said:
        trouble.append(said)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A desktop page with scripts."""
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """A page as wide as a small phone."""
    return open_page(viewport=PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def plain_page(open_page: OpenPage) -> Page:
    """A desktop page without scripts."""
    return open_page(java_script_enabled=False)
