"""How a test goes from one page to the next: by a click, and not before the next one is whole.

A click ends where the old page may still stand, and a page is seen before its deferred scripts listen:
what is done in between is nobody's. Whatever leads to another page is pressed with `arrive`.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page

# Milliseconds that a loaded machine may take; no test asserts how long it took, and none sets less.
PATIENCE = 120_000


def arrive(page: Page, at: str | Locator) -> None:
    """Press this, by selector or locator, and wait for the page that it leads to, scripts included."""
    there = page.locator(at).first if isinstance(at, str) else at
    with page.expect_navigation(timeout=PATIENCE):
        there.click()
