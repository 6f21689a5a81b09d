"""Takes the pictures of telling a story on a phone: `python -m tests.browser.pictures_contributor`.

Serves an empty archive as users do, walks every step of the journey in both languages as the test of
access does, and photographs each page whole, 375 wide, into `docs/pictures/share/`. `--into FOLDER`
takes them somewhere else, for somebody to look at first.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.arriving import arrive
from tests.browser.studio import PICTURES, Site, asking, names_in, site, webp

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
    asked = asking(__doc__)
    asked.add_argument("--into", type=Path, default=PICTURES / "share")
    chosen = asked.parse_args()
    chosen.into.mkdir(parents=True, exist_ok=True)
    with site(chosen.at, furnish=("migrate", "compile_catalogues")) as served:
        import django

        django.setup()
        take(served, chosen.into, names_in(chosen.only))


def take(served: Site, into: Path, only: set[str]) -> None:
    """Every step in both languages; of those that `only` names, where it names any."""
    for language, prefix in (("en", ""), ("es", "/es")):
        context = served.browser.new_context(
            base_url=served.url, viewport=PHONE, has_touch=True, reduced_motion="reduce"
        )
        page = context.new_page()
        for number, name in enumerate(_walk(page, prefix, served.folder), start=1):
            name = name.replace(", ", "-").replace(" ", "-")
            if only and name not in only:
                continue
            # It stays at the foot of the screen, and a picture of the whole page has no foot.
            page.evaluate(
                "for (const bar of document.querySelectorAll('.leave')) bar.style.position = 'static'"
            )
            picture = webp(page.screenshot(full_page=True), QUALITY)
            (into / f"{language}-{number:02d}-{name}.webp").write_bytes(picture)
        context.close()


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
    arrive(page, "main form button.main")
    yield "where-it-stands"
    arrive(page, "button[name=verb][value=change]")
    yield "change"
    arrive(page, "main button[name=verb][value='']")
    arrive(page, "button[name=verb][value=withdraw]")
    yield "hidden"
    page.goto(f"{prefix}/share/leave/")
    yield "left"


if __name__ == "__main__":
    main()
