"""Is a page open to everybody: axe finds nothing of any weight, and nothing runs off or is cut.

Owns the dresses a page is looked at in. axe is put into a page once for each load of it; width and
scheme change without loading again, since the document stays the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe()
# What holds text and hides a part of it, but for what is there for screen readers alone.
_CUT = """() => [...document.querySelectorAll('main *, header *, footer *')].filter(each => {
    const style = getComputedStyle(each);
    if (!/hidden|clip/.test(style.overflowX + style.overflowY)) return false;
    if (each.clientWidth <= 1 || !each.innerText || each.matches('svg *, input, select')) return false;
    return each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
}).map(each => each.outerHTML.slice(0, 160))"""


@dataclass(frozen=True)
class Dress:
    """A width in CSS pixels (320 is 1280 at 400 % zoom) and a colour scheme."""

    width: int
    scheme: str

    def put_on(self, page: Page) -> None:
        page.emulate_media(color_scheme=self.scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": self.width, "height": 900})


DRESSES = tuple(Dress(width, scheme) for scheme in ("light", "dark") for width in (320, 1280))


class InTurn:
    """One dress for each page, the next one for the next: every dress over several pages."""

    def __init__(self) -> None:
        self._next = cycle(DRESSES)

    def __call__(self) -> tuple[Dress, ...]:
        return (next(self._next),)


def assert_open_to_everybody(page: Page, name: str, dresses: Iterable[Dress] = DRESSES) -> None:
    """No violation of any impact, and nothing wider than the screen, in each of these dresses."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.axe_script)
    for dress in dresses:
        dress.put_on(page)
        assert not (said := _violations(page)), f"{name}, {dress}:\n" + "\n".join(said)
        assert_nothing_is_lost(page, f"{name}, {dress}")


def _violations(page: Page) -> list[str]:
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{each['impact']} {each['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def assert_nothing_is_lost(page: Page, name: str) -> None:
    """Nothing runs off the screen sideways, and no box cuts its words."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name}: {wide} px run off the screen"
    assert not (cut := page.evaluate(_CUT)), f"{name}: cut:\n" + "\n".join(cut)


def assert_twice_as_large_loses_nothing(page: Page, name: str) -> None:
    """The text at 200 %, as a reader's browser is told to show it."""
    DRESSES[1].put_on(page)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert_nothing_is_lost(page, f"{name}, text at 200 %")
    page.evaluate("document.documentElement.style.fontSize = ''")
