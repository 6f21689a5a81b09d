"""The desk in a real browser: by keyboard alone, without scripts, and open to everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from archive import concerns, invitations, moderation, saved_views
from archive.models.person import Person, Role
from archive.models.story import Story
from archive.models.submission import State, Submission
from tests import factories
from tests.browser.conftest import OpenPage
from tests.browser.desk import act, do, press, reach, send, sign_in, sign_in_by_keys, unfold
from tests.browser.test_access import assert_open_to_everybody, furnished
from tests.conftest import Cast

__all__ = ["furnished"]  # the fixture

PAGES = {
    "queue": "/desk/",
    "queue, filtered to nothing": "/desk/?q=nothing",
    "queue, filtered": "/desk/?language=en",
    "views of one's own": "/desk/views/",
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
    "concerns": "/desk/concerns/",
    "campaigns": "/desk/campaigns/",
    "a campaign": "/desk/campaigns/closer-to-home/",
    "a new campaign": "/desk/campaigns/new/",
    "news": "/desk/news/",
    "a new note": "/desk/news/new/",
    "pages": "/desk/pages/",
    "a page": "/desk/pages/about/",
    "newsletter": "/desk/newsletter/",
}


def test_the_pages_of_every_day_are_open_to_everybody(
    furnished: Submission, open_page: OpenPage, ruth: Person
) -> None:
    """A slice of the matrix below: the queue, a piece and two versions of it."""
    _look_at(open_page, _pieces(ruth, queue="/desk/"))


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_every_page_of_the_desk_is_open_to_everybody(
    furnished: Submission, open_page: OpenPage, cast: Cast, prefix: str
) -> None:
    story = Story.objects.public().first()
    assert story is not None
    concerns.raise_about(story.public_id, reason="untrue", words="The year is another.")
    saved_views.keep("English", {"state": "waiting", "language": "en"}, by=cast.odell)
    piece = f"/desk/pieces/{furnished.reference}/"
    enclosed = furnished.enclosures.get()
    page = _look_at(
        open_page,
        _pieces(
            cast.ruth,
            **PAGES,
            photographs=f"{piece}photos/",
            photograph=f"{piece}photos/{enclosed.pk}/",
        ),
        prefix,
    )
    page.goto(f"{prefix}/desk/")
    page.check("[name=whole]")
    page.select_option("[name=theme]", index=1)
    page.click("#many button")
    page.locator("[name=sure]").wait_for(state="attached")
    assert_open_to_everybody(page, f"many at once {prefix}")
    invited = invitations.invite("Mina", Role.EDITOR, by=cast.odell)
    stranger = open_page()
    stranger.goto(f"{prefix}/desk/invited/{invited}/")
    stranger.locator("input[name=username]").wait_for()
    assert_open_to_everybody(stranger, f"invited {prefix}")


def _pieces(ruth: Person, **pages: str) -> dict[str, str]:
    """These pages, and those of a piece with two versions and a mark."""
    waiting = factories.submission(factories.telling(title="Waiting"))
    moderation.edit(waiting, version=1, reason="names", body="A bus, and a wall.", by=ruth)
    moderation.mark(waiting, ["case"], by=ruth)
    piece = f"/desk/pieces/{waiting.reference}/"
    return {**pages, "piece": piece, "comparison": f"{piece}compare/"}


def _look_at(open_page: OpenPage, pages: dict[str, str], prefix: str = "") -> Page:
    page = open_page()
    sign_in(page, "odell", prefix)
    for name, address in pages.items():
        answer = page.goto(f"{prefix}{address}")
        assert answer, address
        assert answer.ok, address
        assert_open_to_everybody(page, f"{name} {prefix}")
    return page


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


def _through_the_desk(
    moderator: Page, editor: Page, administrator: Page, contributor: Page, code: str
) -> None:
    """Claim, ask, answer, redact, mark, accept; two pairs of eyes; plan, publish, amend, withdraw,
    restore."""
    sign_in(moderator, "ines")
    moderator.click("form[action='/desk/next/'] button")
    moderator.wait_for_url("**/desk/pieces/**")
    here = moderator.url
    act(moderator, "ask", question="Which year was it?")
    _answer(contributor, code, "It was 1994.")
    moderator.goto(here)
    assert "It was 1994." in moderator.content()
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
    administrator.fill("input[name=day]", (timezone.localdate() + timedelta(days=9)).isoformat())
    do(administrator, "publish")
    assert "It will be published on" in administrator.content()
    do(administrator, "unplan")
    assert not Story.objects.filter(title="By hand").exists()
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


def _answer(page: Page, code: str, words: str) -> None:
    """The contributor comes back with the receipt and answers."""
    page.goto("/share/receipt/")
    page.fill("input[name=code]", code)
    page.click("main form button.main")
    page.wait_for_load_state()
    page.fill("textarea[name=words]", words)
    do(page, "answer")


@pytest.mark.parametrize("scripts", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_piece_goes_all_the_way_by_mouse(
    furnished: Submission, open_page: OpenPage, scripts: bool
) -> None:
    """Without scripts; what scripts are for is walked below, by keyboard."""
    sent = factories.received(factories.telling(title="By hand"))
    pages = [open_page(java_script_enabled=scripts) for _ in range(4)]
    _through_the_desk(*pages, sent.code)
    assert Submission.objects.filter(state=State.PUBLISHED).count() == 3


def test_a_piece_goes_all_the_way_by_keyboard_alone(
    furnished: Submission, open_page: OpenPage
) -> None:
    """No mouse at the desk: letters, Tab, Space and Enter from the queue to the withdrawal."""
    factories.theme("buses", words_en=["bus"])
    Submission.objects.filter(pk=furnished.pk).delete()
    sent = factories.received(factories.telling(title="By hand"))
    first, second, contributor = (open_page() for _ in range(3))
    sign_in_by_keys(first, "ruth")
    press(first, "n", "Enter")
    here = first.url
    unfold(first, "q", question="Which year was it?")
    send(first, "ask")
    _answer(contributor, sent.code, "It was 1994.")
    first.goto(here)
    assert "It was 1994." in first.content()
    unfold(first, "x", words="daughter")
    send(first, "redact")
    assert "[name removed]" in first.locator(".compare").inner_text()
    unfold(first, "y")
    reach(first, "input[name=marks][value=case]")
    first.keyboard.press("Space")
    send(first, "mark")
    press(first, "1", "a", "Enter")
    assert "Accepted." in first.content()
    assert first.locator("button[value='publish']").count() == 0, "two pairs of eyes"
    sign_in_by_keys(second, "odell")
    second.goto(here)
    later = timezone.localdate() + timedelta(days=9)
    second.keyboard.press("p")  # the day stands before the button, and begins with its month
    reach(second, "[name=themes], [name=campaigns]", "Shift+Tab")
    reach(second, "input[name=day]")
    second.keyboard.type(f"{later:%m%d%Y}")
    send(second, "publish")
    assert "It will be published on" in second.content()
    press(second, "u", "Enter")
    assert not Story.objects.filter(title="By hand").exists()
    press(second, "p", "Enter")
    story = Story.objects.public().get(title="By hand")
    assert [theme.slug for theme in story.themes.all()] == ["buses"]
    unfold(second, "e", title="Another title", reason="their wish")
    send(second, "edit")
    first.goto(here)
    press(first, "a", "Enter")
    assert Story.objects.public().filter(title="By hand").exists(), "until it is replaced"
    second.goto(here)
    press(second, "p", "Enter")
    assert Story.objects.public().filter(title="Another title").exists()
    unfold(second, "w")
    send(second, "withdraw")
    assert not Story.objects.public().filter(title="Another title").exists()
    press(second, "u", "Enter")
    assert Story.objects.public().filter(title="Another title").exists()
