"""Two contributors bring sixty photographs each while readers browse: `python -m benchmarks.crowd`.

One sends as the script of the page does, a photograph a post; the other as a plain form does, ten a
post in six rounds. Beside them one reader asks for story pages that no cache holds, first alone, then
meanwhile. Aims: nothing is lost, and pages take at most twice as long. `benchmarks.photos` runs it.
"""

from __future__ import annotations

import html
import http.client
import io
import json
import re
import secrets
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks import ground

PHOTOS = 60
ROUND = 10  # photographs a post, without scripts
STORIES = 60
ALONE_SECONDS = 12.0
SIZE = (4000, 3000)


def main() -> None:
    with ground.archive() as env:
        _furnish(env)
        files = list(_photographs())
        megabytes = sum(map(len, files)) / len(files) / 1e6
        with ground.served(env) as (port, pid):
            pages = _pages(port)
            alone = _read(port, pages, threading.Event(), ALONE_SECONDS)
            ended = threading.Event()
            spans: list[float] = []
            reader = threading.Thread(target=lambda: spans.extend(_read(port, pages, ended)))
            took: dict[str, float] = {}
            with ground.PeakMemory(pid) as memory:
                reader.start()
                _both(port, files, took)
                ended.set()
                reader.join()
        kept = _kept(Path(env["DATA_DIR"]))
    share = ground.percentile(spans, 0.5) / ground.percentile(alone, 0.5)
    ground.table(
        f"Two contributors, {PHOTOS} photographs of {megabytes:.1f} MB each, and one reader",
        ["story page, not cached", "p50 ms", "p95 ms", "pages"],
        [
            ["alone", *_times(alone)],
            ["meanwhile", *_times(spans)],
        ],
    )
    print(f"\nmeanwhile / alone: {share:.2f} (aim 2); kept: {kept} of {2 * PHOTOS}")
    print(f"seconds: {took['script']:.0f} by script, {took['plain']:.0f} by plain form;", end=" ")
    print(f"peak of web, worker and decoders together: {memory.megabytes:.0f} MB")


def _times(spans: list[float]) -> list[str]:
    return [*(f"{ground.percentile(spans, share):.1f}" for share in (0.5, 0.95)), str(len(spans))]


def _furnish(env: dict[str, str]) -> None:
    """Stories to browse."""
    ground.make_editor(env)
    words = "The bus left Queens at four in the morning and nobody spoke until the bridge. "
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as handle:
        for number in range(STORIES):
            record = {
                "id": number,
                "title": f"Story {number}",
                "text": words * 40,
                "language": "en",
            }
            handle.write(json.dumps(record) + "\n")
        handle.flush()
        ground.manage(env, "import_stories", handle.name, "--publish", "--by", "editor")


def _photographs() -> Iterator[bytes]:
    """Sixty of twelve megapixels and about four megabytes; no two have the same pixels."""
    from PIL import Image

    noise = Image.effect_noise((SIZE[0] // 2, SIZE[1] // 2), 70).resize(SIZE)
    across = Image.linear_gradient("L").rotate(90).resize(SIZE)
    base = Image.merge("RGB", (Image.blend(noise, across, 0.4), across, noise))
    for number in range(PHOTOS):
        base.paste((number * 4, 90, 200 - number), (100, 100, 900, 900))
        out = io.BytesIO()
        base.save(out, "JPEG", quality=88)
        yield out.getvalue()


def _pages(port: int) -> list[str]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/api/v1/stories/")
    results = json.loads(connection.getresponse().read())["results"]
    return ["/stories/" + each["url"].split("/stories/")[1] for each in results]


def _read(
    port: int, pages: list[str], ended: threading.Event, seconds: float = 3600
) -> list[float]:
    """Seconds of each page until `ended`, one every fifth of a second, as somebody who browses."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    spans: list[float] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until and not ended.is_set():
        path = f"{pages[len(spans) % len(pages)]}?n={secrets.token_hex(4)}"
        began = time.perf_counter()
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise SystemExit(f"{path} answered {response.status}")
        spans.append(time.perf_counter() - began)
        ended.wait(0.2)
    return spans


def _both(port: int, files: list[bytes], took: dict[str, float]) -> None:
    def bring(name: str, rounds: list[list[bytes]], go: str) -> None:
        began = time.perf_counter()
        contributor = Contributor(port)
        for number, each in enumerate(rounds):
            contributor.send(each, go, number * len(each))
        took[name] = time.perf_counter() - began

    ways = {
        "script": ([[each] for each in files], "photo"),
        "plain": ([files[at : at + ROUND] for at in range(0, len(files), ROUND)], "stay"),
    }
    threads = [threading.Thread(target=bring, args=(name, *way)) for name, way in ways.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Contributor:
    """Somebody at the photographs of a project."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self.connection.request("GET", "/share/photos/")
        response = self.connection.getresponse()
        self.cookie = (response.getheader("Set-Cookie") or "").split(";")[0]
        self.fields = _hidden(response.read().decode())

    def send(self, files: list[bytes], go: str, first: int) -> None:
        """Some photographs in one post. Raises where one of them was not taken."""
        edge = secrets.token_hex(16)
        fields = {**self.fields, "step": "photos", "new_shown": "yes", "go": go}
        parts = [_part(edge, name, value.encode()) for name, value in fields.items()]
        for number, each in enumerate(files, start=first + 1):
            about = f'photos"; filename="IMG_{number:04}.jpg'
            parts.append(_part(edge, about, each))
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Cookie": self.cookie,
        }
        self.connection.request("POST", "/share/photos/", body, headers)
        response = self.connection.getresponse()
        answer = response.read().decode()
        if response.status != 200:
            raise SystemExit(
                f"a post of photographs was answered {response.status}: {answer[:300]}"
            )
        if go == "photo":
            self.fields["key"] = json.loads(answer)["key"]
        else:
            self.fields = _hidden(answer)


def _hidden(page: str) -> dict[str, str]:
    """The fields of the journey's form that nobody sees."""
    form = page[page.index('id="telling"') :]
    found = {}
    for name in ("csrfmiddlewaretoken", "token", "key"):
        match = re.search(rf'name="{name}" value="([^"]*)"', form)
        found[name] = html.unescape(match[1]) if match else ""
    return found


def _part(edge: str, name: str, value: bytes) -> bytes:
    head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return head.encode() + value + b"\r\n"


def _kept(folder: Path) -> int:
    """Photographs whose row and file are both there."""
    with closing(sqlite3.connect(folder / "archive.sqlite3")) as database:
        rows = database.execute(
            "SELECT name FROM media_photo JOIN archive_enclosure ON photo_id = media_photo.id"
        ).fetchall()
    return sum((folder / "vault" / n[:2] / n[2:4] / n).is_file() for (n,) in rows)


if __name__ == "__main__":
    main()
