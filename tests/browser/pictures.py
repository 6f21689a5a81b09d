"""Takes the pictures of the README: `python -m tests.browser.pictures [--proofs FOLDER] [--at FOLDER]`.

Furnishes a sample archive in a folder of its own, serves it as users do, waits until the worker
has developed every photograph, and photographs five pages at two widths into `docs/pictures/`.
With `--proofs` it takes the same pages, and more, also at 768, in the dark and in Spanish, for
somebody to look at side by side; with `--at` it uses an archive that is already furnished there.
"""

from __future__ import annotations

import argparse
import io
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "docs" / "pictures"
HEIGHTS = {375: 812, 768: 1024, 1280: 860}
# As many colours as a palette holds: fewer turned the drawn lamps pink.
COLOURS = 256


@dataclass(frozen=True)
class Shot:
    """A page worth looking at. `address` is below the site; `signed_in` names who looks."""

    name: str
    address: str
    signed_in: str = ""
    first_of: str = ""  # open the first link that this selector finds


README = (
    Shot("home", "/"),
    Shot("search", "/stories/?q=door"),
    Shot("story", "/stories/?kind=story", first_of=".openings article:has(img) a"),
    Shot("share", "/share/story/"),
    Shot("desk", "/desk/", signed_in="editor", first_of="table.queue tbody a"),
)
PROOFS = (
    *README,
    Shot("stories", "/stories/"),
    Shot("project", "/stories/?kind=photo_project", first_of=".openings a"),
    Shot("themes", "/themes/"),
    Shot("theme", "/themes/", first_of=".doors a"),
    Shot("places", "/places/"),
    Shot("campaign", "/campaigns/", first_of=".openings a"),
    Shot("about", "/about/"),
    Shot("begin", "/share/"),
    Shot("photos", "/share/photos/"),
    Shot("receipt", "/share/receipt/"),
    Shot("nothing-found", "/stories/?q=xqzzy"),
    Shot("gone", "/stories/0000000000/"),
    Shot("search-help", "/help/search/"),
    Shot("login", "/desk/account/login/"),
    Shot("queue", "/desk/", signed_in="editor"),
    Shot("components", "/desk/components/", signed_in="editor"),
)


def main() -> None:
    """Furnish, serve, wait, take."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--proofs", type=Path, help="also take every page in every dress, in here")
    asked.add_argument("--at", type=Path, help="a data folder that is furnished already")
    asked.add_argument("--only", default="", help="names of pages, with commas between")
    chosen = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with tempfile.TemporaryDirectory(prefix="testimonio-pictures-") as made:
        folder = chosen.at or Path(made)
        os.environ["DATA_DIR"] = str(folder)
        take(folder, chosen.proofs, set(filter(None, chosen.only.split(","))))


def take(folder: Path, proofs: Path | None, only: set[str]) -> None:
    """Every picture that was asked for, of the archive in `folder`."""
    from tests.browser.conftest import ARGUMENTS, find_browser
    from tests.processes import Serving, manage, wait_for

    begun = manage("begin", data_dir=folder)
    if begun.returncode:
        raise SystemExit(begun.stderr)
    with Serving(folder) as serving, sync_playwright() as playwright:
        while left := undeveloped(folder):
            wait_for(lambda left=left: undeveloped(folder) < left, "the next photograph")
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        passwords = passwords_of(folder)
        if proofs is None:
            for width in (375, 1280):
                _take_all(browser, serving.url, passwords, README, width, PICTURES, only)
        else:
            for width, dress, options in dresses():
                into = proofs / f"{width}-{dress}"
                _take_all(browser, serving.url, passwords, PROOFS, width, into, only, **options)
        browser.close()


def dresses() -> Iterator[tuple[int, str, dict[str, str]]]:
    """Width, name and browser options of every proof."""
    for width in HEIGHTS:
        yield width, "light", {}
    for width in (375, 1280):
        yield width, "dark", {"color_scheme": "dark"}
        yield width, "spanish", {"language": "es"}


def undeveloped(folder: Path) -> int:
    """How many released photographs the worker has still to develop."""
    with closing(sqlite3.connect(folder / "archive.sqlite3")) as database:
        rows = database.execute("SELECT count(*) FROM media_picture WHERE released AND NOT ready")
        return int(rows.fetchone()[0])


def passwords_of(folder: Path) -> dict[str, str]:
    """User names and passwords of the sample's cast, as the sample wrote them down."""
    lines = (folder / "sample-accounts.txt").read_text().splitlines()
    return dict(line.split()[:2] for line in lines)  # type: ignore[misc]


def _take_all(
    browser: Browser,
    site: str,
    passwords: dict[str, str],
    shots: tuple[Shot, ...],
    width: int,
    into: Path,
    only: set[str],
    *,
    color_scheme: str = "light",
    language: str = "en",
) -> None:
    into.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(
        base_url=site,
        viewport={"width": width, "height": HEIGHTS[width]},
        color_scheme=color_scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page = context.new_page()
    prefix = "" if language == "en" else f"/{language}"
    for shot in shots:
        if only and shot.name not in only:
            continue
        if shot.signed_in:
            _sign_in(page, prefix, shot.signed_in, passwords)
        _open(page, prefix, shot)
        whole = into != PICTURES
        name = f"{shot.name}.png" if whole else f"{shot.name}-{width}.png"
        (into / name).write_bytes(small(page.screenshot(full_page=whole)))
    context.close()


def _open(page: Page, prefix: str, shot: Shot) -> None:
    page.goto(f"{prefix}{shot.address}")
    if shot.first_of:
        page.goto(page.locator(shot.first_of).first.get_attribute("href") or "")
    page.wait_for_load_state("networkidle")
    # Lazy pictures come only to who scrolls.
    page.evaluate(
        """Promise.all([...document.images].map(image => {
            image.loading = 'eager';
            return image.decode().catch(() => 0);
        }))"""
    )


def _sign_in(page: Page, prefix: str, who: str, passwords: dict[str, str]) -> None:
    page.goto(f"{prefix}/desk/")
    if "/account/login/" not in page.url:
        return
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", passwords[who])
    page.click("main button.main")
    page.wait_for_url("**/desk/")


def small(png: bytes) -> bytes:
    """The same picture in few colours, so that the repository stays light."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    out = io.BytesIO()
    few = image.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main()
