"""Takes pictures of the site: `python -m tests.browser.pictures [TABLE …] [--at FOLDER] [--into FOLDER]`.

Furnishes a sample archive in a folder of its own (or uses the one at `--at`), serves it as users
do, waits until the worker has developed every photograph, and photographs the pages that the
tables of `tests.browser.shots` name. Pictures are WebP: those of the table `readme` one screen high
in `docs/pictures/`; every other one two screens, in three widths, light and dark, English and
Spanish, in `docs/pictures/TABLE/`. With `--whole` pages are taken to their end, for looking at.
"""

from __future__ import annotations

import argparse
import io
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.shots import TABLES, Shot

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "docs" / "pictures"
HEIGHTS = {375: 812, 768: 1024, 1280: 860}
SCREENS = 2  # what is seen at a glance, and what follows
# Of WebP: type stays crisp, and a page is 20 to 110 kB. PNGs of few colours turned the paper pink.
QUALITY = 58


def main() -> None:
    """Furnish, serve, wait, take."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("tables", nargs="*", help=f"of {', '.join(TABLES)}; readme where none is")
    asked.add_argument("--at", type=Path, help="a data folder that is furnished already")
    asked.add_argument("--into", type=Path, default=PICTURES, help="where pictures are put")
    asked.add_argument("--only", default="", help="names of pages, with commas between")
    asked.add_argument("--whole", action="store_true", help="pages to their end")
    chosen = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with tempfile.TemporaryDirectory(prefix="testimonio-pictures-") as made:
        folder = chosen.at or Path(made)
        os.environ["DATA_DIR"] = str(folder)
        only = set(filter(None, chosen.only.split(",")))
        with _site(folder) as (url, browser):
            studio = _Studio(browser, url, passwords_of(folder), whole=chosen.whole)
            for table in chosen.tables or ["readme"]:
                shots = [shot for shot in TABLES[table] if not only or shot.name in only]
                if table == "readme":
                    studio.take_for_readme(shots, chosen.into)
                else:
                    studio.take_in_every_dress(shots, chosen.into / table)


@contextmanager
def _site(folder: Path) -> Iterator[tuple[str, Browser]]:
    """The archive in `folder`, served with every photograph developed, and a browser."""
    from tests.browser.conftest import ARGUMENTS, find_browser
    from tests.processes import Serving, manage, wait_for

    begun = manage("begin", data_dir=folder)
    if begun.returncode:
        raise SystemExit(begun.stderr)
    with Serving(folder) as serving, sync_playwright() as playwright:
        while left := undeveloped(folder):
            wait_for(lambda left=left: undeveloped(folder) < left, "the next photograph")
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        yield serving.url, browser
        browser.close()


def undeveloped(folder: Path) -> int:
    """How many released photographs the worker has still to develop."""
    with closing(sqlite3.connect(folder / "archive.sqlite3")) as database:
        rows = database.execute("SELECT count(*) FROM media_picture WHERE released AND NOT ready")
        return int(rows.fetchone()[0])


def passwords_of(folder: Path) -> dict[str, str]:
    """User names and passwords of the sample's cast, as the sample wrote them down."""
    lines = (folder / "sample-accounts.txt").read_text().splitlines()
    return dict(line.split()[:2] for line in lines)  # type: ignore[misc]


class _Studio:
    """Opens a page once and photographs it in every dress that it is asked for."""

    def __init__(
        self, browser: Browser, url: str, passwords: dict[str, str], *, whole: bool
    ) -> None:
        self.browser, self.url, self.passwords, self.whole = browser, url, passwords, whole

    def take_for_readme(self, shots: list[Shot], into: Path) -> None:
        """One screen, light, English, a phone and a desk, as `NAME-WIDTH.webp`."""
        context = self._context("en")
        for shot in shots:
            page = self._open(context, shot, "en")
            for width in (375, 1280):
                page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
                _settle(page)
                (into / f"{shot.name}-{width}.webp").write_bytes(_webp(page.screenshot()))
            page.close()
        context.close()

    def take_in_every_dress(self, shots: list[Shot], into: Path) -> None:
        """`NAME-WIDTH-SCHEME-LANGUAGE.webp` of each."""
        into.mkdir(parents=True, exist_ok=True)
        for language in ("en", "es"):
            context = self._context(language)
            for shot in shots:
                page = self._open(context, shot, language)
                for width, scheme in ((w, s) for w in HEIGHTS for s in ("light", "dark")):
                    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
                    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
                    _settle(page)
                    name = f"{shot.name}-{width}-{scheme}-{language}.webp"
                    (into / name).write_bytes(_webp(self._screens(page, width)))
                page.close()
            context.close()

    def _context(self, language: str) -> BrowserContext:
        locale = {"en": "en-US", "es": "es-US"}[language]
        return self.browser.new_context(base_url=self.url, locale=locale, reduced_motion="reduce")

    def _open(self, context: BrowserContext, shot: Shot, language: str) -> Page:
        page = context.new_page()
        prefix = "" if language == "en" else f"/{language}"
        if shot.signed_in:
            self._sign_in(page, prefix, shot.signed_in)
        page.goto(f"{prefix}{(language == 'es' and shot.in_spanish) or shot.address}")
        if shot.first_of:
            page.goto(page.locator(shot.first_of).first.get_attribute("href") or "")
        if shot.unfold:
            page.click(shot.unfold)
        return page

    def _sign_in(self, page: Page, prefix: str, who: str) -> None:
        page.goto(f"{prefix}/desk/")
        if "/account/login/" not in page.url:
            return
        page.fill("input[name=login]", who)
        page.fill("input[name=password]", self.passwords[who])
        page.click("main button.main")
        page.wait_for_url("**/desk/")

    def _screens(self, page: Page, width: int) -> bytes:
        if self.whole:
            return page.screenshot(full_page=True)
        end = page.evaluate("document.documentElement.scrollHeight")
        height = min(SCREENS * HEIGHTS[width], end)
        return page.screenshot(
            full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height}
        )


def _settle(page: Page) -> None:
    """Wait for what comes late: lazy pictures come only to who scrolls."""
    page.wait_for_load_state("networkidle")
    page.evaluate(
        """Promise.all([...document.images].map(image => {
            image.loading = 'eager';
            return image.decode().catch(() => 0);
        }))"""
    )


def _webp(png: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


if __name__ == "__main__":
    main()
