"""A photo project from its sending to one sitter's change of mind, in a real browser.

At a phone's and a desk's width, with scripts and without: six portraits and six pages are sent in,
paired by their names, one face covered by who sends them and one at the desk, one sitter left out;
the piece is accepted and published, found by a word of a transcript, and one sitter is withdrawn
with the receipt while the rest stays.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from archive import catalogue, jobs
from archive.models.story import Story
from archive.models.submission import Enclosure, Submission
from media.models import Rendition
from tests import pictures
from tests.archive.journeying import CODE
from tests.browser.arriving import arrive
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.desk import do, sign_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
Part = Enclosure.Part
WORDS = ("harmonica", "windowsill", "peppermint", "galoshes", "thermometer", "marigold")
UNASKED = (
    1,
    4,
)  # the plates whose sitters nobody has asked: one is covered at home, one at the desk


# --- the contributor --------------------------------------------------------------------------------
def files(kind: str) -> list[FilePayload]:
    """Six of a kind, named as photographers name them; no two have the same pixels."""
    height = {"portrait": 200, "text": 201}[kind]
    return [
        {
            "name": f"0{n} {kind}.jpg",
            "mimeType": "image/jpeg",
            "buffer": pictures.jpeg(150 + n, height),
        }
        for n in range(1, 7)
    ]


def choose(page: Page, scripts: bool) -> None:
    """All twelve at once with scripts; in two rounds without."""
    page.goto("/share/photos/")
    arrive(page, "main form button.main")
    page.check('[name="new_shown"][value="yes"]')
    if scripts:
        page.set_input_files('[name="photos"]', [*files("portrait"), *files("text")])
        expect(page.get_by_text("Every photograph is here.")).to_be_visible()
    else:
        for kind in ("portrait", "text"):
            page.check('[name="new_shown"][value="yes"]')
            page.set_input_files('[name="photos"]', files(kind))
            arrive(page, page.get_by_role("button", name="Add these photographs"))
            expect(page.locator(".one").last).to_be_visible()
    expect(page.locator(".brought > .pair")).to_have_count(6)


def describe(page: Page) -> None:
    """Words for each; whoever was not asked is said to be so."""
    for number, word in enumerate(WORDS, start=1):
        portrait, written = page.locator(".brought > .pair").nth(number - 1).locator(".one").all()
        portrait.locator("[name^=alt_]").fill(f"Portrait {number}.")
        who = "unasked" if number in UNASKED else "agreed"
        portrait.locator("[name^=recognisable_]").select_option(who)
        portrait.locator("summary").click()
        portrait.locator("[name^=sitter_]").fill(f"Sitter {number}")
        written.locator("[name^=alt_]").fill("A page.")
        written.locator("[name^=recognisable_]").select_option("nobody")
        if not written.locator("[name^=transcript_]").is_visible():
            written.locator("summary").click()
        written.locator("[name^=transcript_]").fill(f"I kept the {word}.")


def cover_at_home(page: Page, scripts: bool) -> None:
    arrive(page, page.get_by_role("button", name="Cover faces or names").first)
    (cover_by_hand if scripts else cover_by_numbers)(page)
    arrive(page, page.get_by_role("button", name="Keep these covers"))
    expect(page.get_by_text("1 part covered")).to_be_visible()


def send(page: Page) -> str:
    """The other pages, with the least that is needed; the code of the receipt."""
    arrive(page, page.get_by_role("button", name="Go on"))
    page.fill("[name=title]", "What was kept")
    page.fill("[name=body]", "Six people, and what each of them kept.")
    arrive(page, page.get_by_role("button", name="Go on"))
    page.check('[name="adult"][value="yes"]')
    arrive(page, page.get_by_role("button", name="Go on"))
    page.check('[name="audience"][value="public"]')
    page.check('[name="editing"][value="spelling"]')
    arrive(page, page.get_by_role("button", name="Go on"))
    arrive(page, page.get_by_role("button", name="Send my story"))
    found = CODE.search(page.locator("main").inner_text())
    assert found
    return found[0]


# --- the desk ---------------------------------------------------------------------------------------
def photograph(piece: Submission, plate: int) -> str:
    row = piece.enclosures.get(plate=plate, part=Part.PORTRAIT)
    return f"/desk/pieces/{piece.reference}/photos/{row.pk}/"


def cover_by_hand(page: Page) -> None:
    """Draw over the face with the mouse, then put it right with the keys."""
    picture = page.locator(".stage img").first
    picture.wait_for()
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
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


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    ("viewport", "scripts"),
    [
        pytest.param(PHONE, True, id="375 with scripts"),
        pytest.param(PHONE, False, id="375 plain", marks=SLOW),
        pytest.param(DESKTOP, True, id="1280 with scripts", marks=SLOW),
        pytest.param(DESKTOP, False, id="1280 plain", marks=SLOW),
    ],
)
def test_a_project_from_sending_to_one_sitters_change_of_mind(
    open_page: OpenPage,
    live_server: LiveServer,
    cast: Cast,
    viewport: dict[str, int],
    scripts: bool,
) -> None:
    catalogue.ensure()
    page = open_page(viewport=viewport, java_script_enabled=scripts)
    choose(page, scripts)
    describe(page)
    cover_at_home(page, scripts)
    code = send(page)
    sent = Submission.objects.get()
    assert [row.plate for row in sent.enclosures.all() if row.transcript] == [1, 2, 3, 4, 5, 6]

    sign_in(page, "ruth")
    page.goto(f"/desk/pieces/{sent.reference}/photos/")
    expect(page.locator(".lacks")).to_have_count(1)
    page.goto(photograph(sent, 4))
    (cover_by_hand if scripts else cover_by_numbers)(page)
    arrive(page, page.get_by_role("button", name="Keep these covers"))
    expect(page.get_by_text("The covers are kept")).to_be_visible()
    for row in sent.enclosures.filter(plate__in=UNASKED, part=Part.PORTRAIT):
        [region] = row.photo.redactions
        assert (region["x"], region["h"]) == pytest.approx((0.19, 0.51), abs=0.03)
    page.goto(photograph(sent, 6))
    arrive(page, page.get_by_role("button", name="Leave it out"))
    expect(page.get_by_text("It stays out of what is published")).to_be_visible()

    decide(page, sent, "accept")
    decide(page, sent, "publish")
    while jobs.run_due():
        pass
    catalogue.settle()
    story = Story.objects.get()
    reads(page, story)
    steps(page, scripts)
    take_one_down(page, code)
    page.goto(story.get_absolute_url())
    expect(page.locator(".plates > li")).to_have_count(4)
    assert "windowsill" not in page.content()
    page.goto("/stories/?q=windowsill")
    assert "What was kept" not in page.locator("main").inner_text()
    assert Rendition.objects.values("picture").distinct().count() == 8


def take_one_down(page: Page, code: str) -> None:
    """The second sitter, with the receipt."""
    page.goto("/share/receipt/")
    page.fill("[name=code]", code)
    arrive(page, "main form button")
    hung = page.locator(".to-take > li")
    expect(hung).to_have_count(5)
    arrive(page, hung.nth(1).get_by_role("button"))
    expect(page.get_by_text("It is hidden everywhere")).to_be_visible()


def decide(page: Page, piece: Submission, verb: str) -> None:
    page.goto(f"/desk/pieces/{piece.reference}/")
    do(page, verb)


def reads(page: Page, story: Story) -> None:
    """A reader finds a word of a transcript, and stands before its plate."""
    page.goto("/stories/?q=galoshes")
    arrive(page, page.get_by_role("link", name="What was kept").first)
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
