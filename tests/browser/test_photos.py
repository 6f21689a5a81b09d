"""A photo project from its sending to one sitter's change of mind, in a real browser.

At a phone's and a desk's width, with scripts and without: two faces are covered at the desk, one
sitter is left out, the piece is accepted and published, found by a word of a transcript, and one
sitter is withdrawn while the rest stays.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from archive import catalogue, jobs
from archive.models.story import Story
from archive.models.submission import Enclosure, Submission
from media.models import Rendition
from tests import factories, pictures
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
Part = Enclosure.Part
WORDS = ("harmonica", "windowsill", "peppermint", "galoshes", "thermometer", "marigold")
UNASKED = (1, 4)  # the plates whose sitters nobody has asked


@pytest.fixture
def sent(cast: Cast) -> Submission:
    """Six portraits and six pages, as their photographer sends them."""
    brought = []
    for plate, word in enumerate(WORDS, start=1):
        who = Enclosure.Recognisable.UNASKED if plate in UNASKED else Enclosure.Recognisable.AGREED
        about = {"plate": plate, "sitter": f"Sitter {plate}"}
        face = pictures.jpeg(640, 800)
        brought.append(
            factories.enclosed(
                face, part=Part.PORTRAIT, alt=f"Portrait {plate}.", recognisable=who, **about
            )
        )
        page = pictures.jpeg(640, 801)
        brought.append(
            factories.enclosed(
                page, part=Part.PAGE, alt="A page.", transcript=f"I kept the {word}.", **about
            )
        )
    catalogue.ensure()
    said = factories.telling(title="What was kept")
    return factories.submission(said, kind="photo_project", enclosed=brought)


def sign_in(page: Page, who: str) -> None:
    page.goto("/desk/account/login/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", f"{who} of the desk")
    page.click("main button.main")
    page.wait_for_url("**/desk/")


def photograph(piece: Submission, plate: int) -> str:
    row = piece.enclosures.get(plate=plate, part=Part.PORTRAIT)
    return f"/desk/pieces/{piece.reference}/photos/{row.pk}/"


def cover_by_hand(page: Page) -> None:
    """Draw over the face with the mouse, then put it right with the keys."""
    box = page.locator(".stage img").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.1)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.6, steps=4)
    page.mouse.up()
    shape = page.locator(".cover")
    expect(shape).to_have_count(1)
    shape.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")


def cover_by_numbers(page: Page) -> None:
    for name, value in {"x": "19", "y": "10", "w": "50", "h": "51"}.items():
        page.fill(f"[name=part-0-{name}]", value)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["375", "1280"])
def test_a_project_from_sending_to_one_sitters_change_of_mind(
    open_page: OpenPage,
    live_server: LiveServer,
    sent: Submission,
    viewport: dict[str, int],
    scripts: bool,
) -> None:
    page = open_page(viewport=viewport, java_script_enabled=scripts)
    sign_in(page, "ruth")
    page.goto(f"/desk/pieces/{sent.reference}/photos/")
    expect(page.locator(".lacks")).to_have_count(2)
    for plate in UNASKED:
        page.goto(photograph(sent, plate))
        (cover_by_hand if scripts else cover_by_numbers)(page)
        page.get_by_role("button", name="Keep these covers").click()
        expect(page.get_by_text("The covers are kept")).to_be_visible()
    for row in sent.enclosures.filter(plate__in=UNASKED, part=Part.PORTRAIT):
        [region] = row.photo.redactions
        assert (region["x"], region["h"]) == pytest.approx((0.19, 0.51), abs=0.02)
    page.goto(photograph(sent, 6))
    page.get_by_role("button", name="Leave it out").click()
    expect(page.get_by_text("It stays out of what is published")).to_be_visible()

    decide(page, sent, "accept")
    decide(page, sent, "publish")
    while jobs.run_due():
        pass
    catalogue.settle()
    story = Story.objects.get()
    reads(page, story)
    steps(page, scripts)

    page.goto(photograph(sent, 2))
    page.get_by_role("button", name="Take this plate down").click()
    expect(page.get_by_text("It is hidden everywhere")).to_be_visible()
    page.goto(story.get_absolute_url())
    expect(page.locator(".plates > li")).to_have_count(4)
    assert "windowsill" not in page.content()
    page.goto("/stories/?q=windowsill")
    assert "What was kept" not in page.locator("main").inner_text()
    assert Rendition.objects.values("picture").distinct().count() == 8


def decide(page: Page, piece: Submission, verb: str) -> None:
    page.goto(f"/desk/pieces/{piece.reference}/")
    page.locator(f'button[name="verb"][value="{verb}"]').first.click()
    page.wait_for_load_state()


def reads(page: Page, story: Story) -> None:
    """A reader finds a word of a transcript, and stands before its plate."""
    page.goto("/stories/?q=galoshes")
    page.get_by_role("link", name="What was kept").first.click()
    assert page.url.endswith("#plate-4")
    expect(page.locator(".plates > li")).to_have_count(5)
    expect(page.locator("#plate-4").get_by_text("I kept the galoshes.")).to_be_visible()
    assert "marigold" not in page.content(), "whoever was left out is nowhere"
    widths = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    if page.context.browser:
        assert page.evaluate(widths) <= 0
    assert story.get_absolute_url() in page.url


def steps(page: Page, scripts: bool) -> None:
    """From the wall to one plate, and on to the next by key and by link."""
    page.locator("#plate-4 .whole").first.click()
    page.wait_for_url("**/plates/4/")
    if scripts:
        page.keyboard.press("ArrowLeft")
    else:
        page.locator("a[rel=prev]").first.click()
    page.wait_for_url("**/plates/3/")
    expect(page.get_by_text("I kept the peppermint.")).to_be_visible()
