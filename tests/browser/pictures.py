"""Takes pictures of the site: `python -m tests.browser.pictures [TABLE …] [--at FOLDER] [--into FOLDER]`.

Furnishes a sample archive in a folder of its own (or uses the one at `--at`), serves it as users
do, waits until the worker has developed every photograph, and photographs the pages that the
tables of `tests.browser.shots` name. Pictures are WebP: those of the table `readme` one screen high
in `docs/pictures/`; every other one two screens, in three widths, light and dark, English and
Spanish, in `docs/pictures/TABLE/`. With `--whole` pages are taken to their end, for looking at.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from tests.browser.shots import TABLES, Shot
from tests.browser.studio import (
    HEIGHTS,
    PICTURES,
    Site,
    asking,
    names_in,
    settle,
    sign_in,
    site,
    webp,
)

SCREENS = 2  # what is seen at a glance, and what follows
QUALITY = 58  # of WebP: a page is 20 to 110 kB


def main() -> None:
    """Furnish, serve, wait, take."""
    asked = asking(__doc__)
    asked.add_argument("tables", nargs="*", help=f"of {', '.join(TABLES)}; readme where none is")
    asked.add_argument("--into", type=Path, default=PICTURES, help="where pictures are put")
    asked.add_argument("--whole", action="store_true", help="pages to their end")
    chosen = asked.parse_args()
    only = names_in(chosen.only)
    with site(chosen.at) as served:
        studio = _Studio(served, whole=chosen.whole)
        for table in chosen.tables or ["readme"]:
            shots = [shot for shot in TABLES[table] if not only or shot.name in only]
            if table == "readme":
                studio.take_for_readme(shots, chosen.into)
            else:
                studio.take_in_every_dress(shots, chosen.into / table)


class _Studio:
    """Opens a page once and photographs it in every dress that it is asked for."""

    def __init__(self, served: Site, *, whole: bool) -> None:
        self.served, self.whole = served, whole

    def take_for_readme(self, shots: list[Shot], into: Path) -> None:
        """One screen, light, English, a phone and a desk, as `NAME-WIDTH.webp`."""
        into.mkdir(parents=True, exist_ok=True)
        context = self._context("en")
        for shot in shots:
            page = self._open(context, shot, "en")
            for width in (375, 1280):
                page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
                settle(page)
                (into / f"{shot.name}-{width}.webp").write_bytes(webp(page.screenshot(), QUALITY))
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
                    settle(page)
                    name = f"{shot.name}-{width}-{scheme}-{language}.webp"
                    (into / name).write_bytes(webp(self._screens(page, width), QUALITY))
                page.close()
            context.close()

    def _context(self, language: str) -> BrowserContext:
        locale = {"en": "en-US", "es": "es-US"}[language]
        return self.served.browser.new_context(
            base_url=self.served.url, locale=locale, reduced_motion="reduce"
        )

    def _open(self, context: BrowserContext, shot: Shot, language: str) -> Page:
        page = context.new_page()
        prefix = "" if language == "en" else f"/{language}"
        if shot.signed_in:
            sign_in(page, shot.signed_in, self.served.passwords[shot.signed_in], prefix)
        page.goto(f"{prefix}{(language == 'es' and shot.in_spanish) or shot.address}")
        if shot.first_of:
            page.goto(page.locator(shot.first_of).first.get_attribute("href") or "")
        if shot.unfold:
            page.click(shot.unfold)
        return page

    def _screens(self, page: Page, width: int) -> bytes:
        if self.whole:
            return page.screenshot(full_page=True)
        end = page.evaluate("document.documentElement.scrollHeight")
        height = min(SCREENS * HEIGHTS[width], end)
        return page.screenshot(
            full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height}
        )


if __name__ == "__main__":
    main()
