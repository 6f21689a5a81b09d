"""Every page of readers, as readers come to it: by eye, by ear, by keyboard, enlarged, without script.

The whole matrix (every page × two languages × 320 and 1280 × light and dark) is slow; the suite
looks at every page in one of the eight, each page in another.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import pytest
from django.urls import LocalePrefixPattern, get_resolver, resolve
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from archive import catalogue, editing, jobs, newsletter
from archive.models.newsletter import Subscriber
from archive.models.story import Kind, Story
from tests import factories, pictures
from tests.browser.audit import (
    DRESSES,
    Dress,
    InTurn,
    assert_open_to_everybody,
    assert_twice_as_large_loses_nothing,
)
from tests.browser.conftest import PHONE, OpenPage
from tests.conftest import Cast

Addresses = dict[str, str]

# Told here and asked in no other place: {} are filled in by `addresses`.
PAGES = {
    "home": "/",
    "stories": "/stories/",
    "a search": "/stories/?q=morning&theme=visits",
    "nothing found": "/stories/?q=xqzzy",
    "a mended search": "/stories/?q=mornnig&page=7&sort=strange",
    "a story": "{story}",
    "a story with marks": "{story}?q=bread",
    "a story behind notes": "{noted}",
    "a translation": "{translation}",
    "a photo project": "{project}",
    "one plate": "{project}plates/1/",
    "telling the editors": "{bare}report/",
    "themes": "/themes/",
    "a theme": "/themes/visits/",
    "places": "/places/",
    "a place": "/places/attica/",
    "campaigns": "/campaigns/",
    "a campaign": "/campaigns/closer-to-home/",
    "news": "/news/",
    "the newsletter": "/newsletter/",
    "the newsletter asked for": "/newsletter/asked/",
    "confirming": "/newsletter/confirm/{confirm}/",
    "leaving the list": "/newsletter/leave/{leave}/",
    "a link that leads nowhere": "/newsletter/leave/nobody/",
    "how to search": "/help/search/",
    "about": "/about/",
    "promises": "/promises/",
    "safety": "/safety/",
    "accessibility": "/accessibility/",
    "contact": "/contact/",
    "before writing": "/share/",
    "writing": "/share/story/",
    "photographs": "/share/photos/",
    "the receipt": "/share/receipt/",
    "leaving": "/share/leave/",
    "sign in": "/desk/account/login/",
    "nothing here": "/nothing/",
}
# Not pages: a feed, a download, and two that only lead on.
NO_PAGES = {"feed", "report", "story_bare", "plate_bare"}


@pytest.fixture
def addresses(live_server: LiveServer, cast: Cast) -> Addresses:
    """A small archive with one of everything, and the addresses of its things."""
    catalogue.ensure()
    themes = [factories.theme("visits", description_en="What it takes to sit across a table.")]
    calls = [{"kind": "letter", "label_en": "Write to Albany", "url": "https://example.org/"}]
    campaign = factories.campaign(calls=calls, goal_en="Prisons near home.")
    noted = factories.published(
        factories.telling(content_notes=("death",), year_from=1994), themes=themes
    )
    story = factories.published(
        factories.telling(
            title="Bread at four",
            body="In the morning we baked bread.\n\n" * 6,
            place=factories.place("attica"),
        ),
        factories.allowed(place_shown="facility"),
        themes=themes,
        campaigns=[campaign],
        enclosed=[factories.enclosed(pictures.jpeg(640, 480), caption="The oven.")],
    )
    translation = factories.published(
        factories.telling(title="Pan a las cuatro", body="De mañana horneábamos.", language="es"),
        themes=themes,
        translation_of=story,
    )
    project = factories.published(
        factories.telling(title="Sunday clothes"),
        kind=Kind.PHOTO_PROJECT,
        themes=themes,
        enclosed=[factories.enclosed(pictures.jpeg(480, 640), caption="A coat.")],
    )
    words = editing.Words("A beginning", "We *begin*.", "Un comienzo", "Aquí *comenzamos*.")
    editing.save_news(None, words, day=project.published_on, by=cast.ruth)
    newsletter.ask("reader@example.org", language="en")
    jobs.run_due()
    row = Subscriber.objects.get()
    return {
        **{name: page.get_absolute_url() for name, page in _named(story, noted, project)},
        "translation": translation.get_absolute_url(),
        "bare": f"/stories/{story.public_id}/",
        "confirm": newsletter._CONFIRM.sign(str(row.pk)),
        "leave": newsletter._LEAVE.sign(str(row.pk)),
    }


def _named(story: Story, noted: Story, project: Story) -> Iterator[tuple[str, Story]]:
    yield from {"story": story, "noted": noted, "project": project}.items()


def every_page(addresses: Addresses) -> dict[str, str]:
    """Name and address of every page of `PAGES`."""
    return {name: address.format(**addresses) for name, address in PAGES.items()}


def spanish(address: str) -> str:
    return f"/es{address}"


# --- by eye and by ear ----------------------------------------------------------------------------
def test_the_table_has_every_page_that_a_stranger_can_open() -> None:
    bare = "/stories/0000000000/"
    story = dict.fromkeys(("story", "noted", "translation", "project"), f"{bare}bread/")
    made_up = {**story, "bare": bare, "confirm": "x", "leave": "x"}
    [tongues] = [each for each in get_resolver().url_patterns if _in_two_languages(each)]
    there = {
        found.name
        for found in tongues.url_patterns
        if getattr(found, "name", None) and not str(found.pattern).startswith("desk/")
    }
    looked_at = {
        resolve(address.partition("?")[0]).url_name for address in every_page(made_up).values()
    }
    assert there - NO_PAGES <= looked_at


def _in_two_languages(resolver: object) -> bool:
    return isinstance(getattr(resolver, "pattern", None), LocalePrefixPattern)


def test_every_page_is_open_to_everybody_in_one_dress_each(
    addresses: Addresses, open_page: OpenPage
) -> None:
    page = open_page()
    in_turn, tongues = InTurn(), cycle([str] * 4 + [spanish] * 4)
    for (name, address), tongue in zip(every_page(addresses).items(), tongues, strict=False):
        page.goto(tongue(address))
        _unfold(page)
        assert_open_to_everybody(page, name, in_turn())


@pytest.mark.slow
@pytest.mark.parametrize("tongue", [str, spanish], ids=["en", "es"])
def test_every_page_is_open_to_everybody_in_every_dress(
    addresses: Addresses, open_page: OpenPage, tongue: type[str]
) -> None:
    page = open_page()
    for name, address in every_page(addresses).items():
        page.goto(tongue(address))
        _look(page, name, DRESSES)
        assert_twice_as_large_loses_nothing(page, name)
    for path in ("/newsletter/", f"{addresses['bare']}report/"):
        page.goto(tongue(path))
        with page.expect_navigation():
            page.locator("main form button.main").click()
        _look(page, f"{path}, refused", DRESSES)


def _look(page: Page, name: str, dresses: tuple[Dress, ...]) -> None:
    """The page as it comes, and again with everything that is folded opened."""
    assert_open_to_everybody(page, name, dresses)
    if page.locator("main details:not([open])").count():
        _unfold(page)
        assert_open_to_everybody(page, f"{name}, unfolded", dresses)


def _unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")


# --- by keyboard ----------------------------------------------------------------------------------
def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until what the selector names has the focus, and the focus can be seen."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("sought => document.activeElement.matches(sought)", selector):
            seen = page.evaluate(
                """() => {
                    const style = getComputedStyle(document.activeElement);
                    return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
                }"""
            )
            assert seen, f"the focus on {selector} cannot be seen"
            return
    raise AssertionError(f"{selector} is not reached in {most} presses")


def test_a_reader_with_a_keyboard_alone(addresses: Addresses, open_page: OpenPage) -> None:
    for scripts in (True, False):
        _walk_by_keyboard(open_page(java_script_enabled=scripts), addresses)


def _walk_by_keyboard(page: Page, addresses: Addresses) -> None:
    """Skip link, search, facet, result, content notes, the story itself, the other language."""
    press = page.keyboard.press
    page.goto("/")
    press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    press("Enter")
    expect(page.locator("#main")).to_be_focused()

    tab_to(page, "main input[type=search]", most=2)
    page.keyboard.type("bus")
    with page.expect_navigation():
        press("Enter")
    assert "q=bus" in page.url

    page.goto("/stories/")
    tab_to(page, ".facet a[href*='language=en']")
    with page.expect_navigation():
        press("Enter")
    expect(page.locator(".chips")).to_contain_text("English")

    tab_to(page, f".openings a[href='{addresses['noted']}']")
    with page.expect_navigation():
        press("Enter")
    assert page.url.endswith(addresses["noted"])
    expect(page.locator("#text")).to_be_hidden()
    tab_to(page, "details.gate > summary")
    press("Enter")
    expect(page.locator("#text")).to_be_visible()

    tab_to(page, "footer a[hreflang=es]")
    with page.expect_navigation():
        press("Enter")
    assert page.evaluate("document.documentElement.lang") == "es"
    assert page.url.endswith(spanish(addresses["noted"]))


# --- without script -------------------------------------------------------------------------------
@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.slow), 4])
def test_every_page_works_without_script_and_twice_as_large(
    addresses: Addresses, open_page: OpenPage, step: int
) -> None:
    """Without script each has its heading, offers nothing that does nothing, and says all that it
    says with it; with its text at 200 % nothing is lost."""
    plain, scripted = (open_page(java_script_enabled=on, viewport=PHONE) for on in (False, True))
    for name, address in list(every_page(addresses).items())[::step]:
        plain.goto(address)
        assert plain.locator("h1:visible").count() == 1, name
        dead = plain.locator("button[type=button]:visible, [role=combobox]:visible")
        assert dead.count() == 0, f"{name}: {dead.all_inner_texts()}"
        scripted.set_viewport_size(PHONE)  # type: ignore[arg-type]
        scripted.goto(address, wait_until="domcontentloaded")
        lost = _words(scripted) - _words(plain)
        assert lost <= ADDED_BY_SCRIPT, f"{name}: {lost}"
        assert_twice_as_large_loses_nothing(scripted, name)


ADDED_BY_SCRIPT = {"Print this story", "Copy the address", "Listen", "or", "Sign in with a passkey"}


def _words(page: Page) -> set[str]:
    return {line.strip() for line in page.inner_text("main").splitlines() if line.strip()}
