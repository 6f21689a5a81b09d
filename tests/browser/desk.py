"""What people of the desk do in a browser, as tests tell it."""

from __future__ import annotations

from playwright.sync_api import Page

PASSWORD = "{} of the desk"  # as the cast of tests/conftest.py has it


def sign_in(page: Page, username: str, prefix: str = "") -> None:
    """Open the desk, be asked who is there, and say it."""
    page.goto(f"{prefix}/desk/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD.format(username))
    page.click("main form button.main")
    page.wait_for_url(f"**{prefix}/desk/")


def do(page: Page, verb: str) -> None:
    """Press the button of one act."""
    page.click(f"button[name=verb][value='{verb}']")
    page.wait_for_load_state()


def act(page: Page, verb: str, **typed: str) -> None:
    """Open the lid of an act, fill in its fields, send it."""
    lid = page.locator(f"details:has(> form button[value='{verb}'])")
    lid.locator("> summary").click()
    for name, words in typed.items():
        lid.locator(f"[name={name}]").fill(words)
    do(page, verb)
