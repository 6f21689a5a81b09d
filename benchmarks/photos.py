"""Times photographs through our door beside bare Pillow doing the same work, in one run.

For each photograph: from bytes to the clean master (decode, orient, convert, encode; ours adds the
process, the limits, the scrubbing and the disk), and from the master to all public renditions.
Peak memory is that of the one process that did the work. Run as `python -m benchmarks.photos`
from the root; nothing is kept. Aims: at most 1.3 times bare Pillow, under 400 MB for 48 megapixels.
Then two contributors at once, with readers beside them: `benchmarks.crowd`.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import crowd

RUNS = 3  # the best of these, in turns, so that a busy machine is unkind to both alike
SIZES = {"12 MP JPEG": (4000, 3000), "24 MP JPEG": (6000, 4000), "48 MP JPEG": (8000, 6000)}
WIDTHS = (2048, 1280, 640, 320)

# The same work with nothing around it. {0} is the photograph, {1} the master.
BARE_MASTER = """
from PIL import Image, ImageCms, ImageOps
import io, pillow_heif, sys
pillow_heif.register_heif_opener()
image = Image.open(sys.argv[1])
image = ImageOps.exif_transpose(image)
profile = image.info.get("icc_profile")
if profile:
    image = ImageCms.profileToProfile(
        image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), inPlace=False
    )
image.convert("RGB").save(sys.argv[2], "JPEG", quality=92, subsampling=0)
"""
BARE_RENDITIONS = """
from PIL import Image
import io, sys
image = Image.open(sys.argv[2])
image.draft(None, (2048, 2048 * image.height // image.width))
for width in (2048, 1280, 640, 320):
    image = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
    image.save(io.BytesIO(), "WEBP", quality=80, method=4)
    image.save(io.BytesIO(), "JPEG", quality=82, progressive=True, optimize=True)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, _archive(Path(folder)):
        print(
            f"{'':<12} {'step':<22} {'ours':>8} {'bare':>8} {'ratio':>6} {'our peak':>10} {'bare peak':>10}"
        )
        for name, content in _photographs():
            for row in _measured(Path(folder), content):
                print(f"{name:<12} {row}")
    crowd.main()


@contextmanager
def _archive(folder: Path) -> Iterator[None]:
    """The archive's own settings on a folder and a database that are thrown away."""
    os.environ["DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    yield


def _photographs() -> Iterator[tuple[str, bytes]]:
    for name, size in SIZES.items():
        yield name, _drawn(*size)
    phone = Path("../shared/data/images/heic-phone__iphone_13_pro_max.HEIC")
    if phone.is_file():
        yield "12 MP HEIC", phone.read_bytes()
    else:
        print("12 MP HEIC: the shared images do not lie beside this working copy; left out.")


def _drawn(width: int, height: int) -> bytes:
    """Something with the detail of a photograph: soft forms under a camera's noise."""
    from PIL import Image

    noise = Image.effect_noise((width // 4, height // 4), 60).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    image = Image.merge(
        "RGB", (Image.blend(noise, across, 0.6), Image.blend(noise, down, 0.6), noise)
    )
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92)
    return out.getvalue()


def _measured(folder: Path, content: bytes) -> Iterator[str]:
    from media import photos
    from media.storage import vault

    received, bare_master = folder / "received", folder / "master.jpg"
    received.write_bytes(content)
    photo = photos.admit(content).photo
    yield _row(
        "bytes to master",
        lambda: photos.admit(content),
        lambda: _bare(BARE_MASTER, received, bare_master),
    )
    bare_master.write_bytes(vault().read(photo.name))

    def develop() -> None:
        picture = photos.release(photo)
        photos.develop(photo.pk, picture.pk)

    yield _row(
        "master to renditions", develop, lambda: _bare(BARE_RENDITIONS, received, bare_master)
    )


def _row(step: str, ours: Callable[[], object], bare: Callable[[], object]) -> str:
    """Both in turns; the best time of each, and the most memory of any run of each."""
    times, peaks = {"ours": [], "bare": []}, {"ours": 0.0, "bare": 0.0}
    for _ in range(RUNS):
        for who, work in (("ours", ours), ("bare", bare)):
            seconds, peak = _timed(work)
            times[who].append(seconds)
            peaks[who] = max(peaks[who], peak)
    best, bare_best = min(times["ours"]), min(times["bare"])
    return (
        f"{step:<22} {best:>6.2f} s {bare_best:>6.2f} s {best / bare_best:>6.2f} "
        f"{peaks['ours']:>7.0f} MB {peaks['bare']:>7.0f} MB"
    )


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds that `work` took, and the peak of the process it started, in MB.

    The kernel only tells the largest of all children so far, so every measurement is made in a
    child of its own, which reports on its children.
    """
    from django.db import connections

    connections.close_all()  # a database connection does not survive a fork
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        started = time.perf_counter()
        work()
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        os.write(write, json.dumps([seconds, peak]).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as handle:
        said = handle.read()
    os.waitpid(pid, 0)
    seconds, peak = json.loads(said)
    return seconds, peak


def _bare(program: str, received: Path, master: Path) -> None:
    subprocess.run([sys.executable, "-c", program, received, master], check=True)


if __name__ == "__main__":
    main()
