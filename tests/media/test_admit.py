"""The door: what comes in right, what stays outside, and what becomes of it when things break."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from cryptography.fernet import InvalidToken
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils import translation
from PIL import Image, ImageCms
from pytest_django import Settings

from media import photos, sandbox, storage
from media.models import Photo
from media.refusals import SENTENCES
from media.storage import NAME, vault
from tests import pictures
from tests.media import traces

pytestmark = pytest.mark.django_db


def master(content: bytes) -> Image.Image:
    return pictures.opened(vault().read(photos.admit(content).photo.name))


def refusal(content: bytes) -> str:
    with pytest.raises(photos.PhotoRefused) as caught:
        photos.admit(content)
    assert not Photo.objects.exists()
    assert list(vault().files()) == []
    assert list(vault().drafts()) == []
    return caught.value.code


# --- upright, in its colours ----------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_ways_to_hold_a_camera_come_out_upright(orientation: int) -> None:
    image = master(pictures.turned(orientation))
    assert image.size == (128, 64)
    wanted = (pictures.RED, pictures.GREEN, pictures.BLUE, pictures.YELLOW)
    for seen, expected in zip(pictures.corners(image), wanted, strict=True):
        assert pictures.apart(seen, expected) < 12


def _lab(colour: tuple[int, int, int]) -> Image.Image:
    to_lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    return ImageCms.applyTransform(Image.new("RGB", (40, 30), colour), to_lab)


def _deep(value: int) -> Image.Image:
    image = Image.new("I;16", (40, 30), value)
    image.putpixel((0, 0), 65535)
    return image


@pytest.mark.parametrize(
    ("image", "name", "expected"),
    [
        (Image.new("CMYK", (40, 30), (0, 255, 255, 0)), "JPEG", (255, 0, 0)),
        (_lab((200, 60, 60)), "TIFF", (200, 60, 60)),
        (_deep(32768), "PNG", (128, 128, 128)),
        (Image.new("F", (40, 30), 0.5), "TIFF", (128, 128, 128)),
        (Image.new("1", (40, 30), 1), "PNG", (255, 255, 255)),
        (Image.new("L", (40, 30), 90), "WEBP", (90, 90, 90)),
        (Image.new("LA", (40, 30), (90, 255)), "PNG", (90, 90, 90)),
        (Image.new("RGBA", (40, 30), (0, 0, 0, 0)), "PNG", (255, 255, 255)),
        (Image.new("RGBA", (40, 30), (200, 0, 0, 128)), "WEBP", (227, 127, 127)),
        (Image.new("YCbCr", (40, 30), (76, 85, 255)), "TIFF", (254, 0, 0)),
        (Image.new("RGB", (40, 30), (10, 200, 90)), "AVIF", (10, 200, 90)),
        (Image.new("RGB", (40, 30), (10, 200, 90)).quantize(4), "GIF", (10, 200, 90)),
    ],
    ids=lambda value: getattr(value, "mode", None) or str(value),
)
def test_every_kind_of_colour_becomes_plain_srgb(
    image: Image.Image, name: str, expected: tuple
) -> None:
    seen = master(pictures.encoded(image, name))
    assert seen.mode in {"L", "RGB"}
    assert pictures.apart(seen.convert("RGB").getpixel((20, 15)), expected) <= 8


def test_a_transparent_palette_shows_paper_not_black() -> None:
    image = Image.new("P", (40, 30), 0)
    image.putpalette([0, 0, 0, 255, 0, 0])
    seen = master(pictures.encoded(image, "PNG", transparency=0))
    assert seen.convert("RGB").getpixel((20, 15)) == (255, 255, 255)


def test_a_wide_gamut_profile_is_applied_and_gone(shared_data: Path) -> None:
    phone = (shared_data / "images" / "heic-phone__iphone_13_pro_max.HEIC").read_bytes()
    seen = master(phone)
    wide = pictures.opened_heif(phone)
    assert wide.info["icc_profile"]
    assert seen.info.get("icc_profile") is None
    profile = ImageCms.ImageCmsProfile(io.BytesIO(wide.info["icc_profile"]))
    expected = ImageCms.profileToProfile(wide.reduce(64), profile, ImageCms.createProfile("sRGB"))
    assert pictures.apart(seen.reduce(64).tobytes(), expected.tobytes()) < 24


def test_a_broken_profile_costs_the_colours_not_the_photograph() -> None:
    content = pictures.jpeg(icc_profile=b"not a profile at all")
    assert (
        pictures.apart(pictures.corners(master(content))[0], pictures.corners(pictures.scene())[0])
        < 12
    )


def test_a_drawn_page_stays_sharp_and_a_photograph_is_a_jpeg() -> None:
    page = Image.new("L", (300, 200), 255)
    page.paste(0, (20, 20, 280, 24))
    drawn = photos.admit(pictures.encoded(page, "PNG")).photo
    assert drawn.format == "PNG"
    assert pictures.opened(vault().read(drawn.name)).tobytes() == page.tobytes()
    assert photos.admit(pictures.jpeg()).photo.format == "JPEG"


# --- nothing hidden is kept ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "HEIF"])
def test_whatever_a_format_can_hide_is_gone_from_the_master(name: str) -> None:
    content = pictures.telling(name)
    assert pictures.MARKER.encode() in content
    admitted = photos.admit(content)
    assert traces.found(vault().read(admitted.photo.name)) == []
    assert "words" in admitted.photo.removed
    if name not in {"GIF", "TIFF"}:  # GIF has no Exif; Pillow writes no sections into a TIFF
        assert admitted.findings.place == "Elmira, New York"
        assert set(admitted.photo.removed) >= {"place", "time", "device"}


def test_the_report_is_a_sentence_and_no_coordinate_is_stored() -> None:
    admitted = photos.admit(pictures.telling("JPEG"))
    assert admitted.findings.sentence() == (
        "This photo carried the place where it was taken (near Elmira, New York), the time, the model of the "
        "phone or camera (Fruit Phone 7) and a name, a description or other words. We removed all of it."
    )
    stored = json.dumps(Photo.objects.values().get(), default=str)
    for telling in ("42.", "76.", "Elmira", "Fruit", pictures.MARKER, "10:11"):
        assert telling not in stored


@pytest.mark.parametrize(
    ("place", "named"),
    [
        ((42.0898, -76.8077), "near Elmira, New York"),
        ((-2.15, -79.95), "near Guayaquil"),
        ((0.0, -140.0), ""),
    ],
)
def test_a_place_is_named_only_when_a_town_is_near(place: tuple[float, float], named: str) -> None:
    content = pictures.jpeg(exif=pictures.telling_exif(place))
    said = photos.admit(content).findings.sentence()
    assert "the place where it was taken" in said
    assert (named or "taken, the time") in said
    assert ("near" in said) == bool(named)


def test_a_bare_photograph_is_said_to_be_bare() -> None:
    assert (
        photos.admit(pictures.jpeg()).findings.sentence() == "This photo carried no hidden details."
    )


def test_the_device_is_told_without_any_markup() -> None:
    exif = Image.Exif()
    exif[0x0110] = "<img src=x onerror=alert(1)>\x00\x1b[31m"
    said = photos.admit(pictures.jpeg(exif=exif)).findings.sentence()
    assert not set("<>\x00\x1b\"'") & set(said)


def test_file_times_tell_a_day_and_no_hour() -> None:
    path = vault().path(photos.admit(pictures.jpeg()).photo.name)
    assert path.stat().st_mtime % 86_400 == 0


def test_the_vault_is_for_its_owner_alone_and_has_no_address() -> None:
    path = vault().path(photos.admit(pictures.jpeg()).photo.name)
    assert path.stat().st_mode & 0o777 == 0o600
    for folder in (path.parent, path.parent.parent, vault().root):
        assert folder.stat().st_mode & 0o777 == 0o700
    with pytest.raises(storage.NoAddress):
        vault().url(path.name)


class Named(io.BytesIO):
    """An upload that carries a name of its sender's making."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name


def test_no_hostile_file_name_reaches_a_row_or_the_disk(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The decoding, which is told no name, is done once; all that could see a name is as it is."""
    lines = (
        (shared_data / "hostile-text" / "payloads.jsonl").read_text(encoding="utf-8").splitlines()
    )
    names = [each["payload"] for each in map(json.loads, lines) if each["kind"] == "filename"]
    assert len(names) > 80
    content = pictures.encoded(Image.new("RGB", (8, 8), (1, 2, 3)), "PNG")
    _decoded_once(content, monkeypatch)
    before = set(tmp_path.parent.iterdir())
    for name in names:
        photos.admit(Named(content, name))
    assert all(NAME.fullmatch(path.name) for path in vault().root.glob("??/??/*"))
    assert Photo.objects.count() == len(list(vault().files())) == len(names) + 1
    assert set(tmp_path.parent.iterdir()) == before
    assert not set(names) & set(Photo.objects.values_list("name", flat=True))


def _decoded_once(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, Any]] = []
    real = sandbox.run

    def remembered(
        task: str, source: IO[bytes], targets: list[IO[bytes]], **order: Any
    ) -> dict[str, Any]:
        seen.append(real(task, source, targets, **order))
        return seen[-1]

    def repeated(
        task: str, source: IO[bytes], targets: list[IO[bytes]], **order: Any
    ) -> dict[str, Any]:
        assert set(order) == {"format", "limits"}
        targets[0].write(content)
        return seen[0]

    monkeypatch.setattr(sandbox, "run", remembered)
    photos.admit(content)
    monkeypatch.setattr(sandbox, "run", repeated)


@pytest.mark.parametrize(
    "name", ["../../x.jpg", "a" * 32 + ".jpg/..", "A" * 32 + ".jpg", "", "\x00", "a" * 32]
)
def test_the_store_takes_no_name_but_its_own(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        vault().path(name)


# --- refusals -------------------------------------------------------------------------------------

MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + b"\x00" * 64
MOV = b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  " + b"\x00" * 64


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"Dear archive, this is a letter.", "not_a_photo"),
        (b"%PDF-1.7 ...", "not_a_photo"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "not_a_photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_photo"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "not_a_photo"),
        (MP4, "video"),
        (MOV, "video"),
        (b"\x1aE\xdf\xa3" + b"\x00" * 40, "video"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "video"),
        (pictures.jpeg()[:4000], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "damaged"),
        (b"\xff\xd8\xff" + os.urandom(400), "damaged"),
        (pictures.bomb(), "too_many_pixels"),
        (pictures.encoded(Image.new("1", (16_400, 4)), "PNG"), "too_long"),
        (pictures.frames(201), "animated"),
        (b"x" * 25_000_001, "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_cannot_be_shown_is_refused_with_its_own_sentence(content: bytes, code: str) -> None:
    assert refusal(content) == code


@pytest.mark.parametrize("code", SENTENCES)
def test_every_refusal_says_what_to_do_and_names_its_limit(code: str) -> None:
    said = str(photos.PhotoRefused(code))
    assert "%" not in said
    assert said.count(".") >= 2 or "Please" in said or "please" in said
    named = {"too_large": "25", "too_many_pixels": "64", "too_long": "16000", "animated": "200"}
    assert named.get(code, "") in said


def test_a_sentence_speaks_the_language_of_the_moment() -> None:
    refused = photos.PhotoRefused("empty")
    with translation.override("es"):
        assert isinstance(str(refused.sentence), str)


def test_a_declared_size_is_not_believed() -> None:
    upload = SimpleUploadedFile("small.jpg", b"x" * 25_000_001)
    upload.size = 10
    with pytest.raises(photos.PhotoRefused) as caught:
        photos.admit(upload)
    assert caught.value.code == "too_large"


def test_an_upload_that_was_read_before_is_read_from_its_beginning() -> None:
    upload: UploadedFile = SimpleUploadedFile("x", pictures.jpeg())
    upload.read()
    assert photos.admit(upload).photo.width == 480


def test_a_bomb_is_refused_by_its_header_within_little_memory(settings: Settings) -> None:
    """13,000 x 13,000 pixels would take 169 MB at the least: more than the process is given."""
    settings.PHOTO_MEMORY = 160_000_000
    assert refusal(pictures.bomb()) == "too_many_pixels"


def test_a_photograph_beyond_the_memory_is_refused_and_we_live(settings: Settings) -> None:
    content = pictures.encoded(
        Image.new("RGB", (7000, 7000), (9, 90, 200)), "PNG", compress_level=1
    )
    settings.PHOTO_MEMORY = 160_000_000
    assert refusal(content) == "too_heavy"


def test_heic_without_its_decoder_is_refused_kindly(monkeypatch: pytest.MonkeyPatch) -> None:
    program = (
        "import sys; sys.modules['pillow_heif'] = None; from media.darkroom import main; main()"
    )
    monkeypatch.setattr(sandbox, "_PROGRAM", [sys.executable, "-E", "-s", "-c", program])
    assert refusal(pictures.telling("HEIF")) == "unsupported"


# --- the process that decodes ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import os; os.kill(os.getpid(), 9)", "too_heavy"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "too_heavy"),
        ("import os; os.abort()", "damaged"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "damaged"),
        ("print('<html>')", "damaged"),
        ('print(\'{"refused": "because I say so"}\')', "damaged"),
        ("raise SystemExit(3)", "damaged"),
    ],
)
def test_however_the_process_ends_we_answer(
    program: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_PROGRAM", [sys.executable, "-I", "-c", program])
    assert refusal(pictures.jpeg()) == code


@pytest.mark.parametrize("program", ["import time; time.sleep(600)", "while True: pass"])
def test_a_process_that_does_not_end_is_ended(
    program: str, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """Apart from the others, whose second would be over on a slow machine before they have begun."""
    settings.PHOTO_SECONDS = 1
    monkeypatch.setattr(sandbox, "_PROGRAM", [sys.executable, "-I", "-c", program])
    assert refusal(pictures.jpeg()) == "too_heavy"


def test_the_process_has_no_environment_and_no_django(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it prints becomes the report; here it reports on itself instead."""
    program = (
        "import json, os, sys; json.load(sys.stdin); import media.darkroom, media.scrub, media.hidden;"
        "import media.renditions, media.redaction, PIL.Image;"
        "print(json.dumps({'refused': None, 'environment': dict(os.environ), 'fds': os.listdir('/proc/self/fd'),"
        "'django': [m for m in sys.modules if m.startswith('django')]}))"
    )
    monkeypatch.setenv("SECRET_KEY", "a secret of the archive")
    monkeypatch.setattr(sandbox, "_PROGRAM", [sys.executable, "-E", "-s", "-c", program])
    with vault().scratch() as source:
        report = sandbox.run("master", source, [])
    assert report["django"] == []
    assert set(report["environment"]) <= {"LC_CTYPE"}
    assert len(report["fds"]) <= 5  # its three, the source, and the listing itself


def test_the_web_process_never_loads_a_decoder() -> None:
    import subprocess

    program = (
        "import sys; from django.conf import settings;"
        "settings.configure(INSTALLED_APPS=['django.contrib.contenttypes', 'media'], GALLERY_URL='/gallery/');"
        "import django; django.setup(); import media.photos, media.views, media.checks;"
        "print([m for m in sys.modules if m.split('.')[0] in ('PIL', 'pillow_heif')])"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"


def test_a_photograph_waits_for_its_turn_and_is_told_when_it_is_too_long(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PHOTO_AT_ONCE = 1
    monkeypatch.setattr(sandbox, "_WAITS", 0)
    with sandbox._turn(), pytest.raises(photos.PhotoRefused) as caught:
        photos.admit(pictures.jpeg())
    assert caught.value.code == "busy"
    assert photos.admit(pictures.jpeg()).photo.pk  # the place is free again


# --- the disk -------------------------------------------------------------------------------------


def test_the_file_is_durable_before_its_row_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    """File synced, renamed, folder synced; then the row."""
    done: list[str] = []
    real = {"fsync": os.fsync, "rename": Path.rename, "save": Photo.save}

    def fsync(number: int) -> None:
        kind = "folder" if os.path.isdir(f"/proc/self/fd/{number}") else "file"
        done.append(kind)
        real["fsync"](number)

    def rename(self: Path, target: Path) -> Path:
        done.append("rename")
        return real["rename"](self, target)

    def save(self: Photo, **options: Any) -> None:
        done.append("row")
        real["save"](self, **options)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "rename", rename)
    monkeypatch.setattr(Photo, "save", save)
    photos.admit(pictures.jpeg())
    assert [step for step in done if step != "folder"] == ["file", "rename", "row"]
    assert done[-2:] == ["folder", "row"]


@contextmanager
def _full(self: storage.Store) -> Iterator[storage.Draft]:
    """A draft on a disk that takes nothing: the kernel's own, always full."""
    with open("/dev/full", "w+b", buffering=0) as handle:
        yield storage.Draft(handle, self.incoming() / "never.part")


@pytest.mark.parametrize(
    "content", [pictures.jpeg(), pictures.encoded(Image.new("1", (9, 9)), "PNG")]
)
def test_a_full_disk_is_said_and_nothing_is_kept(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.Store, "draft", _full)
    assert refusal(content) == "no_room"


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_disk_that_fills_up_at_the_last_step_is_said_too(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else Path, step, full)
    with pytest.raises(photos.PhotoRefused) as caught:
        photos.admit(pictures.jpeg())
    assert caught.value.code == "no_room"
    assert list(vault().files()) == list(vault().drafts()) == []


def test_any_other_fault_of_the_disk_is_not_dressed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        photos.admit(pictures.jpeg())


# --- the file as received ---------------------------------------------------------------------------


def test_the_file_as_received_is_not_kept_unless_asked() -> None:
    photo = photos.admit(pictures.telling("JPEG")).photo
    assert len(list(vault().files())) == 1
    with pytest.raises(LookupError):
        photos.original(photo)


def test_when_asked_it_is_kept_encrypted_to_the_byte() -> None:
    content = pictures.telling("JPEG")
    photo = photos.admit(content, keep_original=True).photo
    sealed = vault().read(photo.original_name)
    assert pictures.MARKER.encode() not in sealed
    assert content[:64] not in sealed
    assert photos.original(photo) == content


def test_an_older_key_still_opens_and_a_lost_one_does_not(settings: Settings) -> None:
    settings.CONTACT_KEYS = ["the first key"]
    photo = photos.admit(pictures.jpeg(), keep_original=True).photo
    settings.CONTACT_KEYS = ["a newer key", "the first key"]
    assert photos.original(photo) == pictures.jpeg()
    settings.CONTACT_KEYS = ["a newer key"]
    with pytest.raises(InvalidToken):
        photos.original(photo)
