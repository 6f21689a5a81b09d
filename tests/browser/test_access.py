"""Can everybody use what contributors and the desk use: axe finds nothing of any weight.

The pages of readers are walked in `test_public_pages`.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from archive import catalogue, jobs
from archive.models.submission import Submission
from tests import factories, pictures
from tests.browser.arriving import arrive
from tests.browser.audit import DRESSES, Dress, InTurn, assert_open_to_everybody
from tests.browser.conftest import OpenPage
from tests.browser.desk import sign_in
from tests.conftest import Cast

__all__ = ["assert_open_to_everybody"]  # the desk's own tests look with the same eyes


@pytest.fixture
def furnished(live_server: LiveServer, cast: Cast) -> Submission:
    """Two public stories, one behind content notes and one with a photograph; one that waits."""
    catalogue.ensure()
    themes = [factories.theme("visits"), factories.theme("letters")]
    factories.published(factories.telling(content_notes=("death",)), themes=themes)
    factories.published(
        factories.telling(
            title="Pan de la mañana", language="es", body="A las cuatro horneábamos."
        ),
        themes=themes,
        campaigns=[factories.campaign(calls=[{"label_en": "Sign", "url": "/about/"}])],
        enclosed=[factories.enclosed(pictures.jpeg(640, 480), caption="The oven.")],
    )
    jobs.run_due()
    piece = factories.submission(
        factories.telling(content_notes=("solitary",)), enclosed=[factories.enclosed()]
    )
    return factories.moderation.ask(piece, "Which prison was it?", version=1, by=cast.ines)


def go(page: Page, where: str) -> None:
    """The journey's script holds a post back while a save is under way."""
    arrive(page, f"#telling button[value='{where}']")


@pytest.mark.parametrize(
    ("prefix", "every"),
    [
        ("", False),
        pytest.param("", True, marks=pytest.mark.slow),
        pytest.param("/es", True, marks=pytest.mark.slow),
    ],
)
def test_the_journey_is_open_to_everybody(
    live_server: LiveServer, open_page: OpenPage, prefix: str, every: bool
) -> None:
    """What only a contributor sees: errors, the new receipt, where it stands, gone."""
    page = open_page()
    in_turn = InTurn()

    def look(name: str) -> None:
        dresses: tuple[Dress, ...] = DRESSES if every else in_turn()
        assert_open_to_everybody(page, f"{prefix} {name}", dresses)

    def open_receipt() -> None:
        page.goto(f"{prefix}/share/receipt/")
        page.fill("[name=code]", code)
        arrive(page, "main form button.main")

    page.goto(f"{prefix}/share/story/")
    go(page, "next")
    page.fill("[name=body]", "The bus leaves at four. My brother Andre Whitfield drove.")
    go(page, "step:questions")
    code = page.inner_text("#receipt-code")
    look("questions")
    go(page, "next")
    look("the story")
    go(page, "next")
    page.set_input_files(
        "[name=photos]",
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg(80, 60)},
    )
    go(page, "next")
    look("a photograph")
    go(page, "next")
    page.fill("[name=year]", "2099")
    go(page, "next")
    look("errors")
    page.fill("[name=year]", "1994")
    page.check("[name=adult][value=no]")
    page.check("[name=on_behalf][value=family]")
    page.check("[name=name_shown][value=none]")
    look("who and where, unfolded")
    go(page, "next")
    page.check("[name=contact_ok]")
    page.check("[name=audience][value=later]")
    look("how it may be used, unfolded")
    page.uncheck("[name=contact_ok]")
    page.check("[name=audience][value=public]")
    go(page, "next")
    look("look it over")
    go(page, "stop")
    look("stopped")
    open_receipt()
    go(page, "send")
    look("sent")
    open_receipt()
    look("where it stands")
    arrive(page, "button[name=verb][value=withdraw]")
    look("hidden")


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_the_desk_is_open_to_everybody(
    furnished: Submission, open_page: OpenPage, every: bool
) -> None:
    page = open_page()
    in_turn = InTurn()
    sign_in(page, "ruth")
    for address in ("/desk/?state=asked", "/desk/themes/", f"/desk/pieces/{furnished.reference}/"):
        page.goto(address)
        assert_open_to_everybody(page, address, DRESSES if every else in_turn())
    for summary in page.locator("aside details > summary").all():
        summary.click()
    assert_open_to_everybody(
        page, "a piece with every act unfolded", DRESSES if every else in_turn()
    )


def test_the_api_can_be_read_here_without_asking_anybody_else(
    live_server: LiveServer, open_page: OpenPage
) -> None:
    """The fixture fails the test for any other host, script error or refused style."""
    page = open_page()
    page.goto("/api/docs/")
    expect(page.locator(".opblock")).to_have_count(7)
