"""The desk in a real browser: by keyboard alone, without scripts, and open to everybody."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

from archive import moderation
from archive.models.person import Person
from archive.models.story import Story
from archive.models.submission import State, Submission
from tests import factories
from tests.browser.conftest import OpenPage
from tests.browser.desk import act, do, sign_in
from tests.browser.test_access import assert_open_to_everybody, furnished

__all__ = ["furnished"]  # the fixture
PICTURES = os.environ.get("DESK_PICTURES", "")  # a folder: then each page is also photographed

PAGES = {
    "queue": "/desk/",
    "queue, filtered to nothing": "/desk/?q=nothing",
    "morning": "/desk/morning/",
    "ledger": "/desk/ledger/",
    "themes": "/desk/themes/",
    "a theme": "/desk/themes/visits/",
    "a new theme": "/desk/themes/new/",
    "places": "/desk/places/",
    "a place": "/desk/places/attica/",
    "reasons": "/desk/reasons/",
    "people": "/desk/people/",
    "care": "/desk/care/",
}


def test_every_page_of_the_desk_is_open_to_everybody(
    furnished: Submission, open_page: OpenPage, ruth: Person
) -> None:
    waiting = factories.submission(factories.telling(title="Waiting"))
    moderation.edit(waiting, version=1, reason="names", body="A bus, and a wall.", by=ruth)
    moderation.mark(waiting, ["case"], by=ruth)
    page = open_page()
    sign_in(page, "odell")
    piece = f"/desk/pieces/{waiting.reference}/"
    for name, address in {**PAGES, "piece": piece, "comparison": f"{piece}compare/"}.items():
        page.goto(address)
        assert_open_to_everybody(page, name)
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_a_story_is_read_tagged_and_published_by_keyboard_in_twelve_strokes(
    furnished: Submission, open_page: OpenPage
) -> None:
    for slug, word in (("buses", "bus"), ("children", "daughter"), ("walls", "wall")):
        factories.theme(slug, words_en=[word])
    page = open_page()
    sign_in(page, "ruth")
    factories.submission(factories.telling(body=f"{factories.BODY} " * 30))
    strokes = 0

    def press(*keys: str) -> None:
        nonlocal strokes
        for key in keys:
            page.keyboard.press(key)
            strokes += 1

    page.goto("/desk/")
    press("n", "Enter")
    page.wait_for_url("**/desk/pieces/**")
    press("1", "2", "3", "a", "Enter")
    page.get_by_text("An editor can publish it now").wait_for()
    page.wait_for_load_state()  # the words come before the script that listens for keys
    press("p", "Enter")
    page.get_by_text("It is public now").wait_for()
    assert strokes <= 12
    story = Story.objects.order_by("pk").last()
    assert story is not None
    assert {theme.slug for theme in story.themes.all()} == {"buses", "children", "walls"}


def _through_the_desk(moderator: Page, editor: Page, administrator: Page) -> None:
    """Claim, ask, redact, mark, accept; two pairs of eyes; publish, amend, withdraw, restore."""
    sign_in(moderator, "ines")
    moderator.click("form[action='/desk/next/'] button")
    moderator.wait_for_url("**/desk/pieces/**")
    here = moderator.url
    act(moderator, "redact", words="daughter")
    assert "[name removed]" in moderator.locator(".compare").inner_text()
    act(moderator, "note", note="Read with care.")
    moderator.locator("details:has(button[value='mark']) > summary").click()
    moderator.check("input[name=marks][value=case]")
    do(moderator, "mark")
    do(moderator, "accept")
    sign_in(editor, "ruth")
    editor.goto(here)
    do(editor, "accept") if editor.locator("button[value='accept']").is_visible() else act(
        editor, "accept"
    )
    assert editor.locator("button[value='publish']").count() == 0, "two pairs of eyes"
    sign_in(administrator, "odell")
    administrator.goto(here)
    do(administrator, "publish")
    assert "It is public now" in administrator.content()
    act(administrator, "edit", title="Another title", reason="their wish")
    editor.goto(here)
    do(editor, "approve")
    administrator.goto(here)
    do(administrator, "amend")
    assert Story.objects.public().filter(title="Another title").exists()
    act(administrator, "withdraw")
    assert not Story.objects.public().filter(title="Another title").exists()
    do(administrator, "restore")
    assert Story.objects.public().filter(title="Another title").exists()


def test_a_piece_goes_all_the_way_with_scripts(furnished: Submission, open_page: OpenPage) -> None:
    factories.submission(factories.telling(title="By hand"))
    _through_the_desk(open_page(), open_page(), open_page())
    assert Submission.objects.filter(state=State.PUBLISHED).count() == 3


def test_a_piece_goes_all_the_way_without_scripts(
    furnished: Submission, open_page: OpenPage
) -> None:
    factories.submission(factories.telling(title="By hand"))
    plain = [open_page(java_script_enabled=False) for _ in range(3)]
    _through_the_desk(*plain)
    assert Submission.objects.filter(state=State.PUBLISHED).count() == 3
