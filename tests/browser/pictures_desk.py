"""Takes the pictures of the desk's guide: `python -m tests.browser.pictures_desk [--at FOLDER] [--proofs FOLDER]`.

Five pages of the desk at two widths into `docs/pictures/`, as WebP. With `--proofs` the same pages
also in the dark and in Spanish, whole, for somebody to look at; with `--at` of an archive that is
furnished there already.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.arriving import arrive
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
PROOFS = {**PAGES, "ledger": ("/desk/ledger/", ""), "components": ("/desk/components/", "")}


def main() -> None:
    """Furnish, serve, sign in, take."""
    asked = asking(__doc__)
    asked.add_argument("--proofs", type=Path, help="take every page in every dress, in here")
    chosen = asked.parse_args()
    only = names_in(chosen.only)
    with site(chosen.at) as served:
        take(served, chosen.proofs, only)


def take(served: Site, proofs: Path | None, only: set[str]) -> None:
    """Every picture that was asked for."""
    pages = PAGES if proofs is None else PROOFS
    for width, dress, prefix, scheme in dresses(whole=proofs is not None):
        page = at_the_desk(served, width, scheme)
        for name in [each for each in pages if not only or each in only]:
            find(page, prefix, name, *pages[name])
            into = PICTURES if proofs is None else proofs / f"{width}-{dress}"
            stem = f"desk-{name}-{width}" if proofs is None else name
            into.mkdir(parents=True, exist_ok=True)
            shot = page.screenshot(full_page=proofs is not None)
            (into / f"{stem}.webp").write_bytes(webp(shot, QUALITY))
        page.context.close()


def dresses(*, whole: bool) -> Iterator[tuple[int, str, str, str]]:
    """Width, name of the dress, prefix of its language, colour scheme."""
    for width in (375, 1280):
        yield width, "light", "", "light"
        if whole:
            yield width, "dark-spanish", "/es", "dark"


def at_the_desk(served: Site, width: int, scheme: str) -> Page:
    """A page of that width, with an editor before it."""
    context = served.browser.new_context(
        base_url=served.url,
        viewport={"width": width, "height": HEIGHTS[width]},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    sign_in(page, "editor", served.passwords["editor"])
    return page


def find(page: Page, prefix: str, name: str, address: str, link: str) -> None:
    """The page, by the way somebody would go."""
    page.goto(f"{prefix}{address}")
    if link:
        there = page.locator(link).first.get_attribute("href") or ""
        page.goto(there)
        if name == "comparison":
            compare(page, there)
    settle(page)


def compare(page: Page, there: str) -> None:
    """Two versions of a piece; where there is one only, an editor writes the second."""
    if page.locator(".ledger a[href*='compare/']").count() == 0:
        lid = page.locator("details:has(> form button[value='edit'])")
        lid.locator("> summary").click()
        words = lid.locator("[name=body]")
        words.fill(words.input_value().replace("n’t ", " not ", 3).replace(" and ", " & ", 2))
        lid.locator("[name=reason]").fill("spelling, as allowed")
        arrive(page, lid.locator("button[value='edit']"))
    page.goto(f"{there}compare/")


if __name__ == "__main__":
    main()
