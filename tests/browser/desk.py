"""What people of the desk do in a browser, as tests tell it."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.arriving import arrive

PASSWORD = "{} of the desk"  # as the cast of tests/conftest.py has it


def sign_in(page: Page, username: str, prefix: str = "") -> None:
    """Open the desk, be asked who is there, and say it."""
    page.goto(f"{prefix}/desk/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD.format(username))
    arrive(page, "main form button.main")


def do(page: Page, verb: str) -> None:
    """Press the button of one act."""
    arrive(page, f"button[name=verb][value='{verb}']")


def act(page: Page, verb: str, **typed: str) -> None:
    """Open the lid of an act, fill in its fields, send it."""
    lid = page.locator(f"details:has(> form button[value='{verb}'])")
    lid.locator("> summary").click()
    for name, words in typed.items():
        lid.locator(f"[name={name}]").fill(words)
    do(page, verb)


# --- by keyboard alone ----------------------------------------------------------------------------
MOST_TABS = 60  # from a letter to what is near it; more is out of reach of a tired hand


def sign_in_by_keys(page: Page, username: str) -> None:
    """As `sign_in`, without a mouse."""
    page.goto("/desk/")
    reach(page, "input[name=login]")
    page.keyboard.type(username)
    reach(page, "input[name=password]")
    page.keyboard.type(PASSWORD.format(username))
    press(page, "Enter")


def reach(page: Page, selector: str, stroke: str = "Tab") -> None:
    """Tab until this has the focus."""
    for _ in range(MOST_TABS):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press(stroke)
    raise AssertionError(f"{selector} cannot be reached with {MOST_TABS} strokes of {stroke}")


def press(page: Page, *strokes: str) -> None:
    """Press these, and wait for the page that the last one leads to, its scripts included: a letter
    that is pressed before they are there is nobody's."""
    *first, last = strokes
    for stroke in first:
        page.keyboard.press(stroke)
    with page.expect_navigation():
        page.keyboard.press(last)


def unfold(page: Page, letter: str, **typed: str) -> None:
    """Open the lid of an act and write its fields anew."""
    page.keyboard.press(letter)
    page.keyboard.press("Enter")
    for name, words in typed.items():
        reach(page, f"details[open] [name={name}]")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(words)


def send(page: Page, verb: str) -> None:
    """Press the button of an act that is unfolded."""
    reach(page, f"button[name=verb][value='{verb}']")
    press(page, "Enter")
