"""Takes the pictures of telling a story on a phone: `python -m tests.browser.pictures_contributor`.

Serves an empty archive as users do, walks every step of the journey in both languages as the test of
access does, and photographs each page whole, 375 wide, into `docs/pictures/share/`. `--into FOLDER`
takes them somewhere else, for somebody to look at first.
"""

from __future__ import annotations

import argparse
import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent.parent / "docs" / "pictures" / "share"
PHONE = {"width": 375, "height": 812}
QUALITY = 55  # WebP: letters stay clean, and a page of three screens has 40 kB
# Each step once, empty where it matters, and with what was typed where that is the point.
STEPS = (
    "begin", "before", "story", "questions", "story, told by answers", "photographs, one",
    "who", "who, wrong", "use", "look", "stopped", "sent",
)  # fmt: skip
CORRECT = """
from archive import moderation
from archive.models.person import Person
from archive.models.submission import Submission
by, _made = Person.objects.get_or_create(username="ines", role="moderator")
piece = Submission.objects.filter(state__in=["waiting", "held"]).last()
if piece.state == "held":
    moderation.clear(piece, by=by)
moderation.ask(piece, "Which year was it?", version=1, by=by)
piece.state = "waiting"
piece.save()
body = piece.current.body.replace("four", "four in the morning")
moderation.edit(piece, version=1, reason="to be clear", body=body, by=by)
moderation.accept(piece, version=2, by=by)
"""


def main() -> None:
    """Serve, walk, take."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--into", type=Path, default=PICTURES)
    into = asked.parse_args().into
    into.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with tempfile.TemporaryDirectory(prefix="testimonio-pictures-") as made:
        os.environ["DATA_DIR"] = made
        take(Path(made), into)


def take(folder: Path, into: Path) -> None:
    """Every picture, of an archive in `folder`."""
    import django

    django.setup()
    from tests.browser.conftest import ARGUMENTS, find_browser
    from tests.processes import Serving, manage

    for command in ("migrate", "compile_catalogues"):
        done = manage(command, data_dir=folder)
        if done.returncode:
            raise SystemExit(done.stderr)
    with Serving(folder) as serving, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        for language, prefix in (("en", ""), ("es", "/es")):
            context = browser.new_context(
                base_url=serving.url, viewport=PHONE, has_touch=True, reduced_motion="reduce"
            )
            page = context.new_page()
            for number, name in enumerate(_walk(page, prefix, folder), start=1):
                file = f"{language}-{number:02d}-{name.replace(', ', '-').replace(' ', '-')}.webp"
                # It stays at the foot of the screen, and a picture of the whole page has no foot.
                page.evaluate(
                    "for (const bar of document.querySelectorAll('.leave')) bar.style.position = 'static'"
                )
                (into / file).write_bytes(small(page.screenshot(full_page=True)))
            context.close()
        browser.close()


def _walk(page: Page, prefix: str, folder: Path) -> Iterator[str]:
    """The steps of telling, then what the receipt opens."""
    from tests.browser.test_share_access import telling
    from tests.processes import manage

    for name in telling(page, prefix):
        if name in STEPS:
            yield name
    code = page.inner_text("#receipt-code")
    done = manage("shell", "--verbosity=0", "--command", CORRECT, data_dir=folder)
    if done.returncode:
        raise SystemExit(done.stderr)
    page.goto(f"{prefix}/share/receipt/")
    yield "receipt"
    page.fill("[name=code]", code)
    _press(page, "main form button.main")
    yield "where-it-stands"
    _press(page, "button[name=verb][value=change]")
    yield "change"
    _press(page, "main button[name=verb][value='']")
    _press(page, "button[name=verb][value=withdraw]")
    yield "hidden"
    page.goto(f"{prefix}/share/leave/")
    yield "left"


def _press(page: Page, button: str) -> None:
    page.click(button)
    page.wait_for_load_state()


def small(png: bytes) -> bytes:
    """The same picture as a WebP that weighs little."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(out, "WEBP", quality=QUALITY, method=6)
    return out.getvalue()


if __name__ == "__main__":
    main()
