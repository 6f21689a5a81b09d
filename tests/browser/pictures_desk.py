"""Takes the pictures of the desk's guide: `python -m tests.browser.pictures_desk [--at FOLDER] [--proofs FOLDER]`.

Five pages of the desk at two widths into `docs/pictures/`, as WebP. With `--proofs` the same pages
also in the dark and in Spanish, whole, for somebody to look at; with `--at` of an archive that is
furnished there already.
"""

from __future__ import annotations

import argparse
import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import pictures

QUALITY = 70  # text stays sharp; no picture weighs more than 100 KB
FIRST, SECOND = "table.queue tbody th a", "table.queue tbody tr:nth-child(2) th a"
# name -> where it begins, and the link of that page that is followed
PAGES = {
    "queue": ("/desk/", ""),
    "piece": ("/desk/", FIRST),
    "comparison": ("/desk/", SECOND),
    "vocabulary": ("/desk/themes/", ""),
    "morning": ("/desk/morning/", ""),
}
PROOFS = {**PAGES, "ledger": ("/desk/ledger/", "")}


def main() -> None:
    """Furnish, serve, sign in, take."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--at", type=Path, help="a data folder that is furnished already")
    asked.add_argument("--proofs", type=Path, help="take every page in every dress, in here")
    chosen = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with tempfile.TemporaryDirectory(prefix="testimonio-pictures-") as made:
        folder = chosen.at or Path(made)
        os.environ["DATA_DIR"] = str(folder)
        take(folder, chosen.proofs)


def take(folder: Path, proofs: Path | None) -> None:
    """Every picture that was asked for, of the archive in `folder`."""
    from tests.browser.conftest import ARGUMENTS, find_browser
    from tests.processes import Serving, manage

    begun = manage("begin", data_dir=folder)
    if begun.returncode:
        raise SystemExit(begun.stderr)
    password = pictures.passwords_of(folder)["editor"]
    with Serving(folder) as serving, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        for width, dress, prefix, scheme in dresses(whole=proofs is not None):
            page = signed_in(browser, serving.url, password, width, scheme)
            for name, (address, link) in (PAGES if proofs is None else PROOFS).items():
                find(page, prefix, name, address, link)
                into = pictures.PICTURES if proofs is None else proofs / f"{width}-{dress}"
                stem = f"desk-{name}-{width}" if proofs is None else name
                into.mkdir(parents=True, exist_ok=True)
                shot = page.screenshot(full_page=proofs is not None)
                (into / f"{stem}.webp").write_bytes(light(shot))
            page.context.close()
        browser.close()


def dresses(*, whole: bool) -> Iterator[tuple[int, str, str, str]]:
    """Width, name of the dress, prefix of its language, colour scheme."""
    for width in (375, 1280):
        yield width, "light", "", "light"
        if whole:
            yield width, "dark-spanish", "/es", "dark"


def signed_in(browser: Browser, site: str, password: str, width: int, scheme: str) -> Page:
    """A page of that width, at the desk."""
    context = browser.new_context(
        base_url=site,
        viewport={"width": width, "height": pictures.HEIGHTS[width]},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto("/desk/")
    page.fill("input[name=login]", "editor")
    page.fill("input[name=password]", password)
    page.click("main button.main")
    page.wait_for_url("**/desk/")
    return page


def find(page: Page, prefix: str, name: str, address: str, link: str) -> None:
    """The page, by the way somebody would go."""
    page.goto(f"{prefix}{address}")
    if link:
        there = page.locator(link).first.get_attribute("href") or ""
        page.goto(there)
        if name == "comparison":
            compare(page, there)
    page.wait_for_load_state("networkidle")


def compare(page: Page, there: str) -> None:
    """Two versions of a piece; where there is one only, an editor writes the second."""
    if page.locator(".ledger a[href*='compare/']").count() == 0:
        lid = page.locator("details:has(> form button[value='edit'])")
        lid.locator("> summary").click()
        words = lid.locator("[name=body]")
        words.fill(words.input_value().replace("n’t ", " not ", 3).replace(" and ", " & ", 2))
        lid.locator("[name=reason]").fill("spelling, as allowed")
        lid.locator("button[value='edit']").click()
        page.wait_for_load_state()
    page.goto(f"{there}compare/")


def light(png: bytes) -> bytes:
    """The same picture, small enough for the repository."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(out, "WEBP", quality=QUALITY, method=6)
    return out.getvalue()


if __name__ == "__main__":
    main()
