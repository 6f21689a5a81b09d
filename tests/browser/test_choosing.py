"""Choosing photographs with scripts: one that breaks is sent again alone, and their order is the hand's."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from archive.models.submission import Enclosure
from tests import pictures
from tests.browser.arriving import arrive
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (101, 102, 103)


def widths() -> list[int]:
    return [row.photo.width for row in Enclosure.objects.select_related("photo")]


def order(page: Page) -> list[str]:
    """The places that would be posted, in the order of the page."""
    return [field.input_value() for field in page.locator(".brought [name^=place_]").all()]


def test_one_that_breaks_is_sent_again_alone_and_order_is_by_hand(
    open_page: OpenPage, live_server: LiveServer
) -> None:
    page = open_page(viewport={"width": 1280, "height": 3200})  # nothing scrolls under the drag
    page.goto("/share/photos/")
    arrive(page, "main form button.main")
    posts: list[str] = []

    def break_the_second(route: Route) -> None:
        posts.append(route.request.method)
        if len(posts) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/share/photos/", break_the_second)
    page.set_input_files(
        '[name="photos"]',
        [
            {"name": f"{width}.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg(width, 80)}
            for width in WIDTHS
        ],
    )
    expect(page.get_by_text("It did not arrive. The others are safe.")).to_be_visible()
    expect(page.locator(".one")).to_have_count(2)
    assert sorted(widths()) == [101, 103]
    expect(page.locator("#kept")).to_be_visible()  # the receipt is theirs from the first one on
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".one")).to_have_count(3)
    assert len(posts) == 4, "the others were not sent again"

    assert order(page) == ["1", "2", "3"]
    page.get_by_role("button", name="Later").first.click()
    expect(page.get_by_text("Now in place 2.")).to_be_visible()
    sights = page.locator(".brought .sight")
    sights.nth(2).hover()
    page.mouse.down()
    for at in (30, 20, 10):  # it begins with a movement, and says "over" from the second on
        sights.nth(0).hover(position={"x": at, "y": at})
    page.mouse.up()
    # The places are counted anew at the end of the drag, which comes after the hand has let go.
    expect(page.get_by_text("Now in place 1.")).to_be_visible()
    assert order(page) == ["1", "2", "3"]
    arrive(page, page.get_by_role("button", name="Go on"))
    page.wait_for_selector("[name=body]")
    assert widths() == [103, 102, 101]
