"""What every taking of pictures needs: an archive that is served, a browser, and light files.

Owns the furnishing, the waiting and the encoding. `pictures` and its sisters say which pages, how each
is reached and where the pictures go. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import io
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "docs" / "pictures"
HEIGHTS = {375: 812, 768: 1024, 1280: 860}  # width of a page -> height of its screen, CSS pixels


@dataclass(frozen=True)
class Site:
    """A served archive: its data folder, its address, and the browser that looks at it."""

    folder: Path
    url: str
    browser: Browser

    @property
    def passwords(self) -> dict[str, str]:
        """User names and passwords of the sample's cast, as the sample wrote them down."""
        lines = (self.folder / "sample-accounts.txt").read_text().splitlines()
        return dict(line.split()[:2] for line in lines)  # type: ignore[misc]


def asking(what: str | None) -> argparse.ArgumentParser:
    """A parser that knows what all of these commands take."""
    asked = argparse.ArgumentParser(description=what)
    asked.add_argument("--at", type=Path, help="a data folder that is furnished already")
    asked.add_argument("--only", default="", help="names of pages, with commas between")
    return asked


def names_in(only: str) -> set[str]:
    """What `--only` says; empty where all are wanted."""
    return set(filter(None, only.split(",")))


@contextmanager
def site(at: Path | None, *, furnish: tuple[str, ...] = ("begin",)) -> Iterator[Site]:
    """The archive in `at`, or in a folder of its own that is thrown away, made by these commands of
    manage.py, served as users do, with every photograph developed, and a browser."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with tempfile.TemporaryDirectory(prefix="testimonio-pictures-") as made:
        folder = at or Path(made)
        os.environ["DATA_DIR"] = str(folder)
        # Only now: these read the settings when they are imported.
        from tests.browser.conftest import ARGUMENTS, find_browser
        from tests.processes import Serving, manage, wait_for

        for command in furnish:
            done = manage(command, data_dir=folder)
            if done.returncode:
                raise SystemExit(done.stderr)
        with Serving(folder) as serving, sync_playwright() as playwright:
            while left := undeveloped(folder):
                wait_for(lambda left=left: undeveloped(folder) < left, "the next photograph")
            browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
            yield Site(folder, serving.url, browser)
            browser.close()


def undeveloped(folder: Path) -> int:
    """How many released photographs the worker has still to develop."""
    with closing(sqlite3.connect(folder / "archive.sqlite3")) as database:
        rows = database.execute("SELECT count(*) FROM media_picture WHERE released AND NOT ready")
        return int(rows.fetchone()[0])


def sign_in(page: Page, who: str, password: str, prefix: str = "") -> None:
    """Be at the desk as somebody of the sample's cast, who may be there already."""
    page.goto(f"{prefix}/desk/")
    if "/account/login/" not in page.url:
        return
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", password)
    page.click("main button.main")
    page.wait_for_url("**/desk/")


def settle(page: Page) -> None:
    """Wait until nothing more comes, and every picture is there."""
    page.wait_for_load_state("networkidle")
    decode(page)


def decode(page: Page) -> None:
    """Wait for every picture: lazy ones come only to who scrolls."""
    page.evaluate(
        """Promise.all([...document.images].map(image => {
            image.loading = 'eager';
            return image.decode().catch(() => 0);
        }))"""
    )


def webp(png: bytes, quality: int) -> bytes:
    """The same picture, small enough for the repository.

    Of WebP: type stays crisp. PNGs of few colours turned the paper pink.
    """
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(out, "WEBP", quality=quality, method=6)
    return out.getvalue()
