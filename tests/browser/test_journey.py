"""The one journey that the house is for: told, read, published, found, taken back, gone.

In a real browser, with scripts and without, in English and in Spanish. Every surface is looked at
three times: before anything was told, while it is public, and after it was taken back; the last
must be like the first, to the byte.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import APIRequestContext, Page
from pytest_django.live_server_helper import LiveServer

from archive import catalogue
from archive.models.story import Story
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.desk import do, sign_in
from tests.conftest import Cast

WORD = "quillwort"  # stands in this story and nowhere else
TITLE = "The yard in April"
TOLD = f"There was one green thing in the yard.\n\nMy brother called it {WORD} and watered it."


@pytest.fixture
def ready(live_server: LiveServer, cast: Cast) -> None:
    """An archive that is open and empty, with three themes to give."""
    for slug in ("visits", "letters", "food"):
        factories.theme(slug)
    catalogue.ensure()


def surfaces(prefix: str) -> dict[str, str]:
    """Every public address that could speak of a story."""
    return {
        "home": f"{prefix}/",
        "stories": f"{prefix}/stories/",
        "search": f"{prefix}/stories/?q={WORD}",
        "search by theme": f"{prefix}/stories/?theme=letters",
        "feed": f"{prefix}/stories/feed.atom",
        "feed of a search": f"{prefix}/stories/feed.atom?q={WORD}",
        "themes": f"{prefix}/themes/",
        "theme": f"{prefix}/themes/letters/",
        "sitemap": "/sitemap.xml",
        "suggestion": f"/api/v1/suggest/?q={WORD[:5]}",
        "API": "/api/v1/stories/",
        "API search": f"/api/v1/stories/?q={WORD}",
        "API themes": "/api/v1/themes/",
    }


def look(request: APIRequestContext, prefix: str) -> dict[str, str]:
    """What stands there now, without the hour that a feed says it was made."""
    seen = {}
    for name, address in surfaces(prefix).items():
        answer = request.get(address)
        assert answer.status == 200, name
        seen[name] = re.sub(r"<updated>[^<]*</updated>", "", answer.text())
    return seen


def tell(page: Page, prefix: str) -> str:
    """Write the story on a phone and keep the receipt."""
    page.goto(f"{prefix}/share/")
    page.click(f"main a[href='{prefix}/share/story/'] >> nth=0")
    press(page)  # what happens, who might read it
    page.fill("[name=title]", TITLE)
    page.fill("[name=body]", TOLD)
    press(page)
    receipt = page.inner_text("#receipt-code")
    press(page)  # no photographs
    page.check("[name=adult][value=yes]")
    page.check("[name=name_shown][value=chosen]")
    page.fill("[name=chosen_name]", "Teresa")
    press(page)
    page.check("[name=audience][value=public]")
    page.check("[name=search_engines]")
    press(page)
    press(page)
    assert page.inner_text("#receipt-code") == receipt
    return page.inner_text("#receipt-code")


def press(page: Page) -> None:
    """The one button that matters."""
    page.click("#telling button.main")
    page.wait_for_load_state()


def publish(moderator: Page, editor: Page, prefix: str) -> None:
    """Inés accepts what waits; Ruth publishes it under two themes."""
    sign_in(moderator, "ines", prefix)
    moderator.click(f"form[action='{prefix}/desk/next/'] button")
    assert WORD in moderator.inner_text("main")
    do(moderator, "accept")
    assert not moderator.locator("button[value=publish]").count()
    sign_in(editor, "ruth", prefix)
    editor.goto(f"{prefix}/desk/?state=accepted")
    editor.click(f"table.queue a:has-text('{TITLE}')")
    for theme in ("visits", "letters"):
        editor.check(f"form:has(button[value=publish]) [name=themes][value={theme}]")
    do(editor, "publish")


def find(stranger: Page, prefix: str) -> str:
    """By a word of its text, and by theme; the address where it was read."""
    stranger.goto(f"{prefix}/")
    stranger.fill("main input[name=q]", WORD.upper())
    stranger.press("main input[name=q]", "Enter")
    stranger.wait_for_url("**/stories/**")
    assert stranger.inner_text("main mark") == WORD
    stranger.goto(f"{prefix}/themes/")
    stranger.click("main a:has-text('Letters')")
    stranger.click(f"main a:has-text('{TITLE}')")
    assert WORD in stranger.inner_text("main article")
    assert "Teresa" in stranger.inner_text("main article")
    return stranger.url


def take_back(page: Page, receipt: str, prefix: str) -> None:
    page.goto(f"{prefix}/share/receipt/")
    page.fill("[name=code]", receipt.lower())
    page.click("main form button.main")
    assert TITLE in page.inner_text("main")
    do(page, "withdraw")
    assert TITLE not in page.inner_text("main")


@pytest.mark.parametrize(
    ("prefix", "scripts"),
    [
        pytest.param("", True, id="English"),
        pytest.param("/es", False, id="Spanish without scripts"),
        pytest.param("", False, id="English without scripts", marks=pytest.mark.slow),
        pytest.param("/es", True, id="Spanish", marks=pytest.mark.slow),
    ],
)
def test_told_published_found_and_taken_back(
    ready: None, open_page: OpenPage, prefix: str, scripts: bool
) -> None:
    def visitor(size: dict[str, int] = DESKTOP) -> Page:
        return open_page(viewport=size, java_script_enabled=scripts)

    stranger, contributor = visitor(), visitor(PHONE)
    request = stranger.request
    empty = look(request, prefix)

    receipt = tell(contributor, prefix)
    assert look(request, prefix) == empty, "nothing shows before it is published"
    publish(visitor(), visitor(), prefix)

    public = look(request, prefix)
    unchanged = [name for name in public if public[name] == empty[name]]
    assert not unchanged, "the story is on every surface"
    address = find(stranger, prefix)
    story = Story.objects.get()
    assert {theme.slug for theme in story.themes.all()} == {"visits", "letters"}
    assert story.public_id in address
    details = f"/api/v1/stories/{story.public_id}/"
    assert WORD in request.get(details).text()

    take_back(contributor, receipt, prefix)
    assert look(request, prefix) == empty
    never = "0" * 10
    for here in (address, f"{prefix}/stories/{story.public_id}/", details):
        gone, nothing = request.get(here), request.get(here.replace(story.public_id, never))
        assert (gone.status, nothing.status) == (404, 404)
        assert gone.text().replace(story.public_id, never) == nothing.text()
    assert stranger.goto(address).status == 404  # type: ignore[union-attr]
    assert not stranger.context.cookies(), "a reader carries nothing away"


def test_a_story_taken_back_can_be_shown_again(
    ready: None, open_page: OpenPage, cast: Cast
) -> None:
    received = factories.received(factories.telling(title=TITLE, body=TOLD))
    piece = received.submission
    factories.moderation.accept(piece, version=1, by=cast.ines)
    factories.publication.publish(piece, version=1, by=cast.ruth, themes=[])
    contributor = open_page(viewport=PHONE)
    take_back(contributor, received.code, "")
    assert contributor.request.get(f"/stories/?q={WORD}").text().count(TITLE) == 0
    contributor.goto("/share/receipt/")
    contributor.fill("[name=code]", received.code)
    contributor.click("main form button.main")
    do(contributor, "restore")
    assert TITLE in contributor.request.get(f"/stories/?q={WORD}").text()
