"""The journey on a telephone line of long ago: what each page weighs on the wire, and that it works.

A real `serve`, as it compresses and keeps; a browser held to 2G (250 kbit/s down, 50 up, 300 ms). The
seconds are printed for whoever asks; only bytes and the outcome are asserted.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession

from tests.browser.conftest import PHONE
from tests.processes import Serving, manage

pytestmark = pytest.mark.slow
LINE = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 250_000 / 8,
    "uploadThroughput": 50_000 / 8,
}
MOST, MOST_SCRIPT = 60_000, 20_000  # bytes on the wire for a first visit (issue 6, figures)


class Wire:
    """What goes over the line, counted by the browser itself."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes: dict[str, int] = {}
        self._kinds: dict[str, str] = {}
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", LINE)
        session.on("Network.responseReceived", self._came)
        session.on("Network.loadingFinished", self._ended)

    def _came(self, event: dict[str, Any]) -> None:
        self._kinds[event["requestId"]] = event["type"]

    def _ended(self, event: dict[str, Any]) -> None:
        kind = self._kinds.get(event["requestId"], "Other")
        self.bytes[kind] = self.bytes.get(kind, 0) + int(event["encodedDataLength"])

    @contextmanager
    def counted(self, name: str) -> Iterator[dict[str, int]]:
        """The bytes of one page, by kind; how long it took is printed."""
        self.bytes, begun = {}, time.monotonic()
        yield self.bytes
        took = time.monotonic() - begun
        said = f"{name}: {sum(self.bytes.values()):,} bytes, {took:.1f} s {self.bytes}"
        print(said)  # noqa: T201 - the seconds of a machine are for reading, not for asserting


@pytest.mark.parametrize("prefix", ["", "/es"], ids=["English", "Spanish"])
def test_a_story_is_told_over_2g(browser: Browser, tmp_path: Path, prefix: str) -> None:
    for command in (["migrate", "--verbosity=0"], ["compile_catalogues"]):
        assert manage(*command, data_dir=tmp_path).returncode == 0
    with Serving(tmp_path) as serving:
        page = browser.new_context(base_url=serving.url, viewport=PHONE).new_page()
        page.set_default_timeout(60_000)
        wire = Wire(page.context.new_cdp_session(page))
        with wire.counted("the first page, nothing kept") as first:
            page.goto(f"{prefix}/share/story/", wait_until="networkidle")
        assert sum(first.values()) <= MOST
        assert first.get("Script", 0) <= MOST_SCRIPT
        steps: dict[str, dict[str, str]] = {
            "story": {}, "photos": {"body": "The bus leaves at four. " * 100}, "who": {},
            "use": {"adult": "yes"}, "look": {},
        }  # fmt: skip
        for step, typed in steps.items():
            for name, words in typed.items():
                field = page.locator(f"[name={name}]").first
                field.fill(words) if name == "body" else field.check()
            with wire.counted(step) as later:
                page.click("#telling button[value=next]")
                page.wait_for_selector(f"input[name=step][value={step}]", state="attached")
                page.wait_for_load_state("networkidle")
            assert sum(later.values()) <= MOST
        with wire.counted("sent"):
            page.click("#telling button[value=send]")
            page.wait_for_selector(".receipt-page")
        page.context.close()
