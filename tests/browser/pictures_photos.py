"""Takes the pictures of the photographs: `python -m tests.browser.pictures_photos [--proofs FOLDER]`.

Furnishes a sample archive in a folder of its own, serves it as users do, brings a small photo project
through the browser as a contributor would, and photographs what `pictures` cannot reach with an
address alone: the upload in progress, the covering, the contact sheet, the bench, the plates. Writes
WebP into `docs/pictures/`, or with `--proofs` every page in every dress into a folder to look at.
With `--sheet FILE` it prints the project as readers' printers would, as a PDF.
"""

from __future__ import annotations

import argparse
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

from tests.browser.pictures import HEIGHTS, PICTURES, passwords_of, undeveloped

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
    page.locator('[value^="cover:"]').first.click()
    _draw(page)


def bench(page: Page, passwords: dict[str, str]) -> None:
    """The same at the desk."""
    contact(page, passwords)
    page.goto(page.locator(".contact .sight").first.get_attribute("href") or "")
    _draw(page)


def contact(page: Page, passwords: dict[str, str]) -> None:
    """The desk's contact sheet of a project that waits."""
    sign_in(page, "editor", passwords)
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
    onward.click()
    page.fill("[name=body]", "What we kept.")
    onward.click()
    page.check('[name="adult"][value="yes"]')
    onward.click()
    page.check('[name="audience"][value="public"]')
    onward.click()
    page.locator('main button[value="send"]').click()


SHOTS = (
    Shot("project", project),
    Shot("plate", viewer),
    Shot("uploading", uploading),
    Shot("brought", brought),
    Shot("covering", covering),
    Shot("contact", contact),
    Shot("redact", bench),
)


def sign_in(page: Page, who: str, passwords: dict[str, str]) -> None:
    page.goto("/desk/")
    if "/account/login/" not in page.url:
        return
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", passwords[who])
    page.click("main button.main")
    page.wait_for_url("**/desk/")


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
    page.locator("main form button.main").click()
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
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--proofs", type=Path, help="every page in every dress, in here")
    asked.add_argument("--at", type=Path, help="a data folder that is furnished already")
    asked.add_argument("--only", default="", help="names of pages, with commas between")
    asked.add_argument("--sheet", type=Path, help="print the project into this PDF")
    chosen = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with tempfile.TemporaryDirectory(prefix="testimonio-pictures-") as made:
        folder = chosen.at or Path(made)
        os.environ["DATA_DIR"] = str(folder)
        take(folder, chosen.proofs, set(filter(None, chosen.only.split(","))), chosen.sheet)


def take(folder: Path, proofs: Path | None, only: set[str], sheet: Path | None) -> None:
    """Every picture that was asked for, of the archive in `folder`."""
    from tests.browser.conftest import ARGUMENTS, find_browser
    from tests.processes import Serving, manage, wait_for

    begun = manage("begin", data_dir=folder)
    if begun.returncode:
        raise SystemExit(begun.stderr)
    shots = [shot for shot in SHOTS if not only or shot.name in only]
    with Serving(folder) as serving, sync_playwright() as playwright:
        while left := undeveloped(folder):
            wait_for(lambda left=left: undeveloped(folder) < left, "the next photograph")
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        for width, dress, options in dresses(whole=proofs is not None):
            into = proofs / f"{width}-{dress}" if proofs else PICTURES
            into.mkdir(parents=True, exist_ok=True)
            for shot in shots:
                name = f"{shot.name}.webp" if proofs else f"{shot.name}-{width}.webp"
                picture = taken(browser, serving.url, shot, passwords_of(folder), width, options)
                (into / name).write_bytes(picture)
        if sheet:
            page = browser.new_page(base_url=serving.url, viewport={"width": 643, "height": 950})
            project(page, {})
            _decoded(page)
            page.pdf(path=sheet, format="A4", print_background=True)
            page.emulate_media(media="print")  # the same to look at, where nothing opens a PDF
            page.screenshot(path=sheet.with_suffix(".png"), full_page=True)
        browser.close()


def dresses(*, whole: bool) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Width, name and browser options of every picture."""
    for width in (375, 1280):
        yield width, "light", {}
        if whole:
            yield width, "dark", {"color_scheme": "dark"}
            yield width, "spanish", {"locale": "es"}


def taken(
    browser: Browser,
    site: str,
    shot: Shot,
    passwords: dict[str, str],
    width: int,
    options: dict[str, str],
) -> bytes:
    """One page as WebP."""
    size = {"width": width, "height": HEIGHTS[width]}
    spanish = options.get("locale") == "es"
    context = browser.new_context(
        base_url=site,
        viewport=size,
        reduced_motion="reduce",
        **options,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.set_default_timeout(120_000)
    if spanish:
        real = page.goto
        page.goto = lambda url, **more: real(_in_spanish(url), **more)  # type: ignore[method-assign]
    shot.reach(page, passwords)
    _decoded(page)
    png = page.screenshot()
    context.close()
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(out, "WEBP", quality=82, method=6)
    return out.getvalue()


def _in_spanish(url: str) -> str:
    return url if url.startswith(("http", "/es/")) else f"/es{url}"


def _decoded(page: Page) -> None:
    """Lazy pictures come only to who scrolls."""
    page.evaluate(
        """Promise.all([...document.images].map(image => {
            image.loading = 'eager';
            return image.decode().catch(() => 0);
        }))"""
    )


if __name__ == "__main__":
    main()
