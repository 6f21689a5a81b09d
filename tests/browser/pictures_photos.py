"""Takes the pictures of the photographs: `python -m tests.browser.pictures_photos [--proofs FOLDER]`.

Furnishes a sample archive in a folder of its own, serves it as users do, brings a small photo project
through the browser as a contributor would, and photographs what `pictures` cannot reach with an
address alone: the upload in progress, the covering, the contact sheet, the bench, the plates. Writes
WebP into `docs/pictures/`, or with `--proofs` every page in every dress into a folder to look at.
With `--sheet FILE` it prints the project as readers' printers would, as a PDF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import FilePayload, Page

from tests.browser.arriving import arrive
from tests.browser.studio import (
    HEIGHTS,
    PICTURES,
    Site,
    asking,
    decode,
    names_in,
    settle,
    sign_in,
    site,
    webp,
)

QUALITY = 82  # of WebP: these are photographs, and not letters alone
PROJECT = "/stories/?kind=photo_project"
SITTERS = 3
Reach = Callable[[Page, dict[str, str]], None]


@dataclass(frozen=True)
class Shot:
    """A page that is reached by doing something; `reach` leaves it in view."""

    name: str
    reach: Reach


# --- how each page is reached -----------------------------------------------------------------------
def project(page: Page, _passwords: dict[str, str]) -> None:
    """The plates of the first project."""
    page.goto(PROJECT)
    page.goto(page.locator(".openings a").first.get_attribute("href") or "")
    page.locator(".plates > li").first.scroll_into_view_if_needed()


def viewer(page: Page, passwords: dict[str, str]) -> None:
    """One plate with its page."""
    project(page, passwords)
    page.goto(page.locator(".plates .written").first.get_attribute("href") or "")
    page.evaluate("scrollTo(0, 0)")


def uploading(page: Page, _passwords: dict[str, str]) -> None:
    """On a slow line: one refused, one half way, others waiting."""
    _bring(page, [_file("notes.jpg", b"no picture"), *_files()[:3]], slow=True)
    page.locator(".incoming .wrong-words").wait_for()
    page.wait_for_function(
        "[...document.querySelectorAll('.incoming progress')].some(bar => bar.value > 0.3)"
    )
    page.locator(".incoming").evaluate("list => list.scrollIntoView({ block: 'center' })")


def brought(page: Page, _passwords: dict[str, str]) -> None:
    """Every photograph here, pair by pair."""
    _bring(page, _files())
    page.get_by_text("Every photograph is here.").or_(
        page.get_by_text("Todas las fotos están aquí.")
    ).wait_for()
    page.locator(".brought > li").first.evaluate("item => item.scrollIntoView()")


def covering(page: Page, passwords: dict[str, str]) -> None:
    """The contributor's own covering, with one face done."""
    brought(page, passwords)
    arrive(page, '[value^="cover:"]')
    _draw(page)


def bench(page: Page, passwords: dict[str, str]) -> None:
    """The same at the desk."""
    contact(page, passwords)
    page.goto(page.locator(".contact .sight").first.get_attribute("href") or "")
    _draw(page)


def contact(page: Page, passwords: dict[str, str]) -> None:
    """The desk's contact sheet of a project that waits."""
    sign_in(page, "editor", passwords["editor"])
    if not _open_waiting(page):
        brought(page, passwords)
        _send(page)
        _open_waiting(page)


def _open_waiting(page: Page) -> bool:
    """Open the contact sheet of a photo project that waits, if there is one."""
    for state in ("accepted", "waiting", "referred"):
        page.goto(f"/desk/?state={state}")
        for reference in page.locator("table.queue tbody a").all():
            address = reference.get_attribute("href") or ""
            if page.request.get(f"{address}photos/").text().count('class="pair"'):
                page.goto(f"{address}photos/")
                return True
    return False


def _send(page: Page) -> None:
    """The other pages of the journey, with the least that is needed."""
    onward = page.locator('main button[name="go"][value="next"]')
    arrive(page, onward)
    page.fill("[name=body]", "What we kept.")
    arrive(page, onward)
    page.check('[name="adult"][value="yes"]')
    arrive(page, onward)
    page.check('[name="audience"][value="public"]')
    arrive(page, onward)
    arrive(page, 'main button[value="send"]')


SHOTS = (
    Shot("project", project),
    Shot("plate", viewer),
    Shot("uploading", uploading),
    Shot("brought", brought),
    Shot("covering", covering),
    Shot("contact", contact),
    Shot("redact", bench),
)


def _files() -> list[FilePayload]:
    """Drawn portraits and pages, named as photographers name them."""
    from media import sketches

    made = []
    for number in range(1, SITTERS + 1):
        face = sketches.draw("portrait", 40 + number, lines=[])
        lines = ["Dear son,", "the tree in the yard", "is taller than the fence."]
        written = sketches.draw("page", 50 + number, lines=lines)
        made += [_file(f"0{number} portrait.jpg", face), _file(f"0{number} text.jpg", written)]
    return made


def _file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def _bring(page: Page, files: list[FilePayload], *, slow: bool = False) -> None:
    """Choose these, on a line as slow as a phone's in the country where asked."""
    page.goto("/share/photos/")
    arrive(page, "main form button.main")
    if slow:
        line = {
            "offline": False,
            "latency": 50,
            "downloadThroughput": -1,
            "uploadThroughput": 15_000,
        }
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", line)
    page.set_input_files('[name="photos"]', files)


def _draw(page: Page) -> None:
    picture = page.locator("form .stage img")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    if box is None:
        return
    page.mouse.move(box["x"] + box["width"] * 0.32, box["y"] + box["height"] * 0.12)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.68, box["y"] + box["height"] * 0.55, steps=4)
    page.mouse.up()


# --- taking them ------------------------------------------------------------------------------------
def main() -> None:
    """Furnish, serve, wait, take."""
    asked = asking(__doc__)
    asked.add_argument("--proofs", type=Path, help="every page in every dress, in here")
    asked.add_argument("--sheet", type=Path, help="print the project into this PDF")
    chosen = asked.parse_args()
    only = names_in(chosen.only)
    with site(chosen.at) as served:
        take(served, [shot for shot in SHOTS if not only or shot.name in only], chosen.proofs)
        if chosen.sheet:
            print_project(served, chosen.sheet)


def take(served: Site, shots: list[Shot], proofs: Path | None) -> None:
    """Every picture that was asked for."""
    for width, dress, options in dresses(whole=proofs is not None):
        into = proofs / f"{width}-{dress}" if proofs else PICTURES
        into.mkdir(parents=True, exist_ok=True)
        for shot in shots:
            name = f"{shot.name}.webp" if proofs else f"{shot.name}-{width}.webp"
            (into / name).write_bytes(taken(served, shot, width, options))


def print_project(served: Site, sheet: Path) -> None:
    """The project as a printer would have it, and the same to look at, where nothing opens a PDF."""
    page = served.browser.new_page(base_url=served.url, viewport={"width": 643, "height": 950})
    project(page, {})
    settle(page)
    page.pdf(path=sheet, format="A4", print_background=True)
    page.emulate_media(media="print")
    page.screenshot(path=sheet.with_suffix(".png"), full_page=True)


def dresses(*, whole: bool) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Width, name and browser options of every picture."""
    for width in (375, 1280):
        yield width, "light", {}
        if whole:
            yield width, "dark", {"color_scheme": "dark"}
            yield width, "spanish", {"locale": "es"}


def taken(served: Site, shot: Shot, width: int, options: dict[str, str]) -> bytes:
    """One page as WebP."""
    context = served.browser.new_context(
        base_url=served.url,
        viewport={"width": width, "height": HEIGHTS[width]},
        reduced_motion="reduce",
        **options,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.set_default_timeout(120_000)
    if options.get("locale") == "es":
        real = page.goto
        page.goto = lambda url, **more: real(_in_spanish(url), **more)  # type: ignore[method-assign]
    shot.reach(page, served.passwords)
    decode(page)  # not until the line is idle: an upload may be what is shown
    png = page.screenshot()
    context.close()
    return webp(png, QUALITY)


def _in_spanish(url: str) -> str:
    return url if url.startswith(("http", "/es/")) else f"/es{url}"


if __name__ == "__main__":
    main()
