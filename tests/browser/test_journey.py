"""The one journey that the house is for, from the first word to the last trace of it.

Begun, stopped, gone on with elsewhere, sent, asked about, corrected, published, found, narrowed to a
pseudonym, hidden, shown again, erased. In a real browser, with scripts and without, in English and in
Spanish. Every surface is looked at again and again: after it was hidden, and after it was erased,
each must be what it was before anything was told, to the byte.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import APIRequestContext, Page
from pytest_django.live_server_helper import LiveServer

from archive import catalogue, jobs
from archive.models.story import Story
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.desk import act, do, sign_in
from tests.conftest import Cast

WORD = "quillwort"  # stands in this story and nowhere else
TITLE = "The yard in April"
TYPED = "The yard in Aprill"
NAME, OTHER_NAME = "Teresa Oxenbould", "Marguerite"
TOLD = (
    f"There was one green thing in the yard.\n\nMy brother called it {WORD} and watered it. "
    "His friend Andre Whitfield helped."
)


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


def press(page: Page, button: str = "#telling button.main") -> None:
    """The one button that matters, or another."""
    page.click(button)
    page.wait_for_load_state()


def begin_and_stop(page: Page, prefix: str) -> str:
    """The first words on a phone, and the receipt that comes with them."""
    page.goto(f"{prefix}/share/")
    page.click(f"main a[href='{prefix}/share/story/'] >> nth=0")
    press(page)  # what happens, who might read it
    assert page.input_value("[name=language]") == ("es" if prefix else "en")
    page.fill("[name=title]", TYPED)
    page.fill("[name=body]", TOLD)
    press(page)
    code = page.inner_text("#receipt-code")
    press(page, "#telling button[value=stop]")
    assert page.inner_text("#receipt-code") == code
    return code


def open_with(page: Page, code: str, prefix: str) -> None:
    """Come back with the receipt."""
    page.goto(f"{prefix}/share/receipt/")
    page.fill("[name=code]", code.lower())
    press(page, "main form button.main")
    assert code not in page.title()
    assert code.replace("-", "") not in page.url.upper()


def go_on_and_send(page: Page, code: str, prefix: str) -> None:
    """On another device, where she stopped: who, how it may be used, and the quiet warning."""
    open_with(page, code, prefix)
    press(page)  # no photographs
    page.check("[name=adult][value=yes]")
    page.check("[name=name_shown][value=full]")
    page.fill("[name=full_name]", NAME)
    press(page)
    page.check("[name=audience][value=public]")
    page.check("[name=search_engines]")
    press(page)
    assert WORD in page.inner_text("main")
    assert "Andre Whitfield" in page.locator(".risks mark").all_inner_texts()
    press(page, "#telling button[value=send]")
    assert page.inner_text("#receipt-code") == code


def be_asked_and_corrected(moderator: Page, contributor: Page, code: str, prefix: str) -> None:
    """Inés asks, the answer comes, she mends the title and accepts; its contributor says yes."""
    sign_in(moderator, "ines", prefix)
    moderator.click(f"form[action='{prefix}/desk/next/'] button")
    assert WORD in moderator.inner_text("main")
    here = moderator.url
    act(moderator, "ask", question="Which year was it?")
    open_with(contributor, code, prefix)
    assert "Which year was it?" in contributor.inner_text("main")
    contributor.fill("[name=words]", "It was 1994.")
    do(contributor, "answer")
    assert "It was 1994." in contributor.inner_text("main")
    moderator.goto(here)
    assert "It was 1994." in moderator.inner_text("main")
    act(moderator, "edit", title=TITLE, reason="a letter too many")
    do(moderator, "accept")
    assert not moderator.locator("button[value=publish]").count()
    open_with(contributor, code, prefix)
    assert "Aprill" in contributor.inner_text("main del")
    assert "April" in contributor.inner_text("main ins")
    do(contributor, "agree")
    assert not contributor.locator("main ins").count()


def publish(editor: Page, prefix: str) -> None:
    """Ruth publishes it under two themes."""
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
    assert NAME in stranger.inner_text("main article")
    return stranger.url


def take_another_name(page: Page, code: str, prefix: str) -> None:
    """A pseudonym, after it was public under the full name."""
    open_with(page, code, prefix)
    do(page, "change")
    page.check("[name=name_shown][value=chosen]")
    page.fill("[name=chosen_name]", OTHER_NAME)
    do(page, "changed")


def assert_the_old_name_is_gone(request: APIRequestContext, prefix: str, address: str) -> None:
    story = Story.objects.get()
    own = (address, f"/api/v1/stories/{story.public_id}/", f"/api/v1/suggest/?q={NAME[:4]}")
    searches = (f"{prefix}/stories/?q=Oxenboul*", "/api/v1/stories/?q=by:Oxenboul*")
    seen = [*look(request, prefix).values(), *(request.get(each).text() for each in own + searches)]
    assert not [text for text in seen if "Teresa" in text or "Oxenbould" in text]
    assert all(OTHER_NAME in request.get(each).text() for each in own[:2])


def assert_it_never_was(request: APIRequestContext, story: Story, *addresses: str) -> None:
    """Each address answers as one answers that nothing ever stood at."""
    never = "0" * 10
    for here in addresses:
        gone, nothing = request.get(here), request.get(here.replace(story.public_id, never))
        assert (gone.status, nothing.status) == (404, 404)
        assert gone.text().replace(story.public_id, never) == nothing.text()


@pytest.mark.parametrize(
    ("prefix", "scripts"),
    [
        pytest.param("/es", False, id="Spanish without scripts"),
        pytest.param("", True, id="English", marks=pytest.mark.slow),
        pytest.param("", False, id="English without scripts", marks=pytest.mark.slow),
        pytest.param("/es", True, id="Spanish", marks=pytest.mark.slow),
    ],
)
def test_from_the_first_word_to_the_last_trace(
    ready: None, open_page: OpenPage, prefix: str, scripts: bool
) -> None:
    def visitor(size: dict[str, int] = DESKTOP) -> Page:
        return open_page(viewport=size, java_script_enabled=scripts)

    phone, other, stranger = visitor(PHONE), visitor(), visitor()
    request = stranger.request
    empty = look(request, prefix)

    code = begin_and_stop(phone, prefix)
    go_on_and_send(other, code, prefix)
    if scripts:
        assert phone.evaluate("localStorage.length + sessionStorage.length") == 0
    be_asked_and_corrected(visitor(), other, code, prefix)
    assert look(request, prefix) == empty, "nothing shows before it is published"
    publish(visitor(), prefix)

    public = look(request, prefix)
    unchanged = [name for name in public if public[name] == empty[name]]
    assert not unchanged, "the story is on every surface"
    address = find(stranger, prefix)
    story = Story.objects.get()
    assert {theme.slug for theme in story.themes.all()} == {"visits", "letters"}
    details = f"/api/v1/stories/{story.public_id}/"
    everywhere = (address, f"{prefix}/stories/{story.public_id}/", details)

    take_another_name(phone, code, prefix)
    assert_the_old_name_is_gone(request, prefix, address)

    open_with(phone, code, prefix)
    do(phone, "withdraw")
    assert TITLE not in phone.inner_text("main")
    assert look(request, prefix) == empty
    assert_it_never_was(request, story, *everywhere)
    assert stranger.goto(address).status == 404  # type: ignore[union-attr]

    open_with(phone, code, prefix)
    do(phone, "restore")
    assert WORD in request.get(address).text()
    assert look(request, prefix) != empty

    open_with(other, code, prefix)
    do(other, "erase now")  # says what goes
    assert WORD in request.get(address).text()
    do(other, "erase now")
    jobs.run_due()
    assert look(request, prefix) == empty
    assert_it_never_was(request, story, *everywhere)
    open_with(phone, code, prefix)
    assert phone.locator("[name=code][aria-invalid=true]").count() == 1, "the code opens nothing"
    assert not stranger.context.cookies(), "a reader carries nothing away"
