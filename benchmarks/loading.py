"""One page in a real Chromium on a slow telephone line and a slow phone: bytes, requests, paint, shift.

The line and the processor are slowed by the browser itself (CDP), as Lighthouse does for a
mid-range phone on slow 4G. Called by `benchmarks.web`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Browser, CDPSession

LATENCY = 150  # milliseconds there and back
DOWN, UP = 1_600_000 / 8, 750_000 / 8  # bytes a second
SLOWER = 4  # times; a phone of some years ago against this processor
PHONE = {"width": 375, "height": 812}
SETTLED = 1_500  # milliseconds in which nothing more shifts
_WATCH = """
window.seen = {paint: 0, shift: 0};
new PerformanceObserver(list => {
    for (const each of list.getEntries()) window.seen.paint = each.startTime;
}).observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(list => {
    for (const each of list.getEntries()) if (!each.hadRecentInput) window.seen.shift += each.value;
}).observe({type: 'layout-shift', buffered: true});
"""


@dataclass
class Load:
    """What one first visit cost. Bytes are as transferred, headers included."""

    bytes_by_kind: dict[str, int] = field(default_factory=dict)
    requests: int = 0
    paint: float = 0.0  # seconds until the largest paint
    shift: float = 0.0  # cumulative layout shift

    @property
    def without_photographs(self) -> int:
        """Bytes of everything but pictures."""
        return sum(size for kind, size in self.bytes_by_kind.items() if kind != "Image")

    @property
    def script(self) -> int:
        return self.bytes_by_kind.get("Script", 0)


def visit(browser: Browser, address: str) -> Load:
    """Load a page for the first time, in a profile of its own."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2)  # type: ignore[arg-type]
    context.add_init_script(_WATCH)
    page = context.new_page()
    session = context.new_cdp_session(page)
    load = Load()
    _slow_down(session)
    _count(session, load)
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(SETTLED)
    seen = page.evaluate("window.seen")
    load.paint, load.shift = seen["paint"] / 1000, seen["shift"]
    context.close()
    return load


def _slow_down(session: CDPSession) -> None:
    session.send("Network.enable")
    line = {"latency": LATENCY, "downloadThroughput": DOWN, "uploadThroughput": UP}
    session.send("Network.emulateNetworkConditions", {"offline": False, **line})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _count(session: CDPSession, load: Load) -> None:
    kinds: dict[str, str] = {}

    def responded(said: dict) -> None:  # type: ignore[type-arg]
        kinds[said["requestId"]] = said["type"]

    def finished(said: dict) -> None:  # type: ignore[type-arg]
        kind = kinds.get(said["requestId"], "Other")
        size = int(said["encodedDataLength"])
        load.requests += 1
        load.bytes_by_kind[kind] = load.bytes_by_kind.get(kind, 0) + size

    session.on("Network.responseReceived", responded)
    session.on("Network.loadingFinished", finished)
