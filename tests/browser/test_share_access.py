"""Every page that a contributor can come to see, open to everybody: empty, in error, in success.

Walks the journey by its buttons and lets axe look at each page at two widths, light and dark.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from archive import changing, moderation, publication
from tests import factories, pictures
from tests.browser.arriving import arrive
from tests.browser.conftest import OpenPage
from tests.browser.desk import do
from tests.browser.test_access import assert_open_to_everybody
from tests.conftest import Cast

WORDS = "The bus leaves at four. My brother Andre Whitfield drove."
# For every run of the suite; the journey in English is walked in test_access.py.
SLICE = {"receipt, wrong", "where it stands, corrected"}


def go(page: Page, value: str = "next") -> None:
    arrive(page, f"#telling button[name=go][value='{value}']")


def telling(page: Page, prefix: str) -> Iterator[str]:
    """The steps of telling; a name for each page that is worth a look."""
    page.goto(f"{prefix}/share/")
    yield "begin"
    page.goto(f"{prefix}/share/story/")
    yield "before"
    go(page)
    yield "story"
    go(page, "stop")
    yield "stopped, nothing kept"
    page.goto(f"{prefix}/share/story/")
    go(page, "step:questions")
    yield "questions"
    page.fill("[name=q_begin]", WORDS)
    go(page)
    yield "story, told by answers"
    code = page.inner_text("#receipt-code")
    page.fill("[name=body]", f"{WORDS} {code}")
    go(page)
    yield "story, wrong"
    page.fill("[name=body]", WORDS)
    go(page)
    yield "photographs"
    page.set_input_files("[name=photos]", _file("a.txt", b"no photograph"))
    page.locator(".incoming .wrong-words").wait_for()
    yield "photographs, refused"
    page.set_input_files("[name=photos]", _file("a.jpg", pictures.jpeg(80, 60)))
    page.locator(".brought .one").wait_for()
    yield "photographs, one"
    go(page)
    yield "who"
    for name, value in {"adult": "no", "on_behalf": "family", "name_shown": "full"}.items():
        page.check(f"[name={name}][value={value}]")
    page.fill("[name=year]", "2099")
    go(page)
    yield "who, wrong"
    page.fill("[name=year]", "1994")
    page.check("[name=adult][value=yes]")
    page.check("[name=name_shown][value=none]")
    go(page)
    yield "use"
    page.check("[name=audience][value=later]")
    page.check("[name=contact_ok]")
    page.fill("[name=email]", "nothing")
    go(page)
    yield "use, wrong"
    page.uncheck("[name=contact_ok]")
    page.fill("[name=email]", "")
    page.check("[name=audience][value=public]")
    go(page)
    yield "look"
    go(page, "stop")
    yield "stopped"
    page.goto(f"{prefix}/share/receipt/")
    page.fill("[name=code]", code)
    arrive(page, "main form button.main")
    page.context.clear_cookies()
    go(page, "back")
    yield "the page was open too long"
    arrive(page, "main form button.main")
    go(page)
    go(page, "send")
    yield "sent"


def afterwards(page: Page, prefix: str, cast: Cast) -> Iterator[str]:
    """What the receipt opens, from the first question to the end."""
    page.goto(f"{prefix}/share/receipt/")
    yield "receipt"
    page.fill("[name=code]", "nothing")
    arrive(page, "main form button.main")
    yield "receipt, wrong"
    got = factories.received(permits=factories.allowed(editing="show", search_engines=False))
    piece = got.submission

    def come_back() -> None:
        page.goto(f"{prefix}/share/receipt/")
        page.fill("[name=code]", got.code)
        arrive(page, "main form button.main")

    come_back()
    yield "where it stands"
    moderation.ask(piece, "Which prison was it?", version=1, by=cast.ines)
    come_back()
    page.click("button[value=answer]")  # empty: the browser itself holds it back
    yield "where it stands, wrong"
    page.fill("[name=words]", "Attica.")
    do(page, "answer")
    yield "where it stands, answered"
    moderation.edit(piece, version=1, reason="spelling", title="The bus at four", by=cast.ines)
    moderation.accept(piece, version=2, by=cast.ines)
    come_back()
    yield "where it stands, corrected"
    changing.agree(piece, version=2, by=factories.contributor(piece))
    publication.publish(piece, version=2, by=cast.ruth, themes=[])
    come_back()
    yield "where it stands, public"
    do(page, "change")
    yield "change"
    page.check("[name=name_shown][value=full]")
    do(page, "changed")
    yield "change, wrong"
    page.fill("[name=full_name]", "Denise Oxenbould")
    do(page, "changed")
    yield "where it stands, with a wish"
    do(page, "withdraw")
    yield "hidden"
    come_back()
    yield "where it stands, hidden"
    do(page, "erase")
    yield "to be erased"
    come_back()
    yield "where it stands, to be erased"
    do(page, "erase now")
    yield "before it is erased"
    do(page, "erase now")
    yield "erased"
    page.goto(f"{prefix}/share/leave/")
    yield "left"


def _file(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "/es"], ids=["English", "Spanish"])
def test_every_page_of_the_contributor_is_open_to_everybody(
    live_server: LiveServer, cast: Cast, open_page: OpenPage, prefix: str
) -> None:
    page, seen = open_page(), []
    for walk in (telling(page, prefix), afterwards(page, prefix, cast)):
        for name in walk:
            assert_open_to_everybody(page, name)
            seen.append(name)
    assert len(seen) == len(set(seen)) == 35


def test_an_error_and_a_correction_are_open_to_everybody_in_spanish(
    live_server: LiveServer, cast: Cast, open_page: OpenPage
) -> None:
    page, left = open_page(), set(SLICE)
    for name in afterwards(page, "/es", cast):
        if name in left:
            assert_open_to_everybody(page, name)
            left.remove(name)
        if not left:
            return
    raise AssertionError(f"these pages did not come: {left}")
