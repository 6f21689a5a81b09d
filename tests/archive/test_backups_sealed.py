"""Sealed backups: nobody without the key reads a word of one; who has it brings everything back."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.management import CommandError, call_command
from pytest_django import Settings

from archive.backups import envelopes, keys, restoring, sets, taking
from archive.backups.sets import BackupDamaged, BackupRefused
from archive.models.submission import Enclosure
from media.storage import vault
from tests import factories, unpacking
from tests.archive.ground import only_on_sqlite

NOBODYS = X25519PrivateKey.from_private_bytes(hashlib.sha256(b"nobody").digest())
# Made here once, and opened by another implementation of age (pyrage 1.4.0), which also writes the
# public key so.
KNOWN_PUBLIC = "age19h75zq7tfj3p42lxkqxmn90d94tmvue7vns4xv42rgttfplmmvnswmdt3s"
KNOWN = base64.b64decode(
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBaNmtZYytObmw2M2ZwMXJHUnEycThHZWwxZjRndkY0cWJB"
    "L05oU21OZ0M0CjBxL0wvTGhUZE1aS1ZHZlV5WGlsZzBkQ0IvTk1ZcG1qclNrbU44TlZEQjQKLS0tIFVwc0o2M1c1"
    "ZVA5UnZTVFl3RWNORGNFOGpPRzVHaXdrcUdzQUFWN3Eya0UKtzDEwiDtrgbK8lZfJE9eNdByjyE4C5JAFAT78BYB"
    "9N27OSgOTnLjvqpYo1JwuFPzV49Q6Mo5k7+QwW5NSU192A=="
)
MARKER = "zxheronqv"
PIECE = envelopes.CHUNK


def seal(content: bytes) -> bytes:
    return b"".join(envelopes.sealed(io.BytesIO(content), NOBODYS.public_key()))


def unseal(content: bytes, key: X25519PrivateKey = NOBODYS) -> bytes:
    return b"".join(envelopes.opened(io.BytesIO(content), key))


# --- one file -------------------------------------------------------------------------------------


def test_it_is_the_format_that_age_opens(settings: Settings) -> None:
    assert unseal(KNOWN) == b"Nobody's story, in an envelope.\n"
    settings.BACKUP_RECIPIENT = KNOWN_PUBLIC
    assert keys.recipient() == NOBODYS.public_key()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_sealed_is_opened_as_it_was(size: int) -> None:
    content = os.urandom(size)
    sealed = seal(content)
    assert sealed != seal(content), "never the same twice"
    assert unseal(sealed) == content


def test_every_byte_that_was_changed_and_every_piece_that_is_missing_is_noticed() -> None:
    short, long = seal(b"a story"), seal(os.urandom(3 * PIECE))
    spoilt = [short[:at] + bytes([short[at] ^ 1]) + short[at + 1 :] for at in range(len(short))]
    begin, end = len(long) - 3 * (PIECE + 16), PIECE + 16
    pieces = [long[begin + at * end :][:end] for at in range(3)]
    spoilt += [
        long[:-end],
        long[:-1],
        long + b"x",
        long + pieces[2],
        long[:begin] + pieces[1] + pieces[0] + pieces[2],
        b"",
        short[:40],
        b"SQLite format 3\0",
    ]
    for each in spoilt:
        with pytest.raises(BackupRefused):
            unseal(each)
    with pytest.raises(BackupDamaged):
        unseal(long[:-end])


def test_a_large_file_is_never_held_whole() -> None:
    """Two pieces at a time, in and out, however many there are."""

    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert size == PIECE
            self.taken += 1
            return bytes(size)

    source = Endless()
    sealed = envelopes.sealed(source, NOBODYS.public_key())  # type: ignore[arg-type]
    for pieces, _each in zip(range(50), sealed, strict=False):
        assert source.taken <= pieces + 2


# --- a backup -------------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def data(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, and a key that was made for its backups and taken away."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    settings.DATA_DIR = folder
    settings.TOMBSTONES = folder / "tombstones"
    settings.VAULT_DIR, settings.GALLERY_DIR = folder / "vault", folder / "gallery"
    settings.SEARCH_URL = f"tantivy://{folder}/index"
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    public, private = keys.made()
    (tmp_path / "private.txt").write_text(f"# of these tests\n\n{private}\n")
    settings.BACKUP_RECIPIENT = public
    return folder


def marked() -> Enclosure:
    """A piece with a marker word wherever one can be, and its photograph."""
    said = factories.telling(title=f"{MARKER} title", body=f"It began with {MARKER}.")
    return factories.submission(said, enclosed=[factories.enclosed(alt=MARKER)]).enclosures.get()


def readable(folder: Path, *wanted: bytes) -> set[str]:
    """Files in which one of these stands, as they lie or unpacked."""
    return {
        name for name, content in unpacking.files(folder) if any(each in content for each in wanted)
    }


@only_on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_sealed_backup_is_read_by_nobody_without_its_key_and_restored_with_it(
    root: Path, data: Path, tmp_path: Path, settings: Settings
) -> None:
    photo = marked().photo
    recipient, settings.BACKUP_RECIPIENT = settings.BACKUP_RECIPIENT, ""
    picture = vault().path(photo.name).read_bytes()[:64]
    secret = (MARKER.encode(), photo.checksum.encode(), b"SQLite format 3", picture)
    plain = root / taking.take(root).name
    for each in secret:
        assert readable(plain, each), "then this test proves nothing"

    settings.BACKUP_RECIPIENT = recipient
    first, second = (root / taking.take(root).name for _each in range(2))
    (file,) = [path for path in sets.read(first).files if path.startswith("vault/")]
    assert not (plain / file).samefile(first / file)
    assert (first / file).samefile(second / file), "what is unchanged is sealed once"
    for made in (first, second):
        assert readable(made, *secret) == set()
    assert not list(data.glob(f"{taking._BENCH}*")), "no copy in the clear is left"

    settings.BACKUP_IDENTITY = str(tmp_path / "private.txt")
    restored = restoring.bring_back(root, tmp_path / "new")
    assert (restored.name, restored.fact.pieces) == (second.name, 1)
    with closing(sqlite3.connect(tmp_path / "new" / "archive.sqlite3")) as database:
        question = "SELECT title FROM archive_revision"
        assert database.execute(question).fetchall() == [(f"{MARKER} title",)]
    back = tmp_path / "new" / file
    assert hashlib.sha256(back.read_bytes()).hexdigest() == photo.checksum
    assert back.stat().st_mode & 0o077 == 0

    settings.BACKUP_RECIPIENT = ""
    assert readable(root / taking.take(root).name, MARKER.encode()), "unset, they are plain again"


@pytest.mark.django_db(transaction=True)
def test_without_the_right_key_nothing_is_restored_and_a_sentence_says_why(
    root: Path, data: Path, tmp_path: Path, settings: Settings
) -> None:
    call_command("backup", str(root), stdout=(said := io.StringIO()))
    assert "MB, sealed)" in said.getvalue()
    other = tmp_path / "other.txt"
    call_command("backup_key", str(other), stdout=(said := io.StringIO()))
    assert other.read_text().split()[3] in said.getvalue()
    assert other.read_text().split()[-1] not in said.getvalue()
    assert other.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="File exists"):
        call_command("backup_key", str(other))
    copied = tmp_path / "copied.txt"
    letters = other.read_text().strip()
    copied.write_text(letters[:-9] + ("Q" if letters[-9] != "Q" else "P") + letters[-8:])
    for given, sentence in (
        ("", "This backup is sealed: let BACKUP_IDENTITY name"),
        (tmp_path / "missing.txt", "cannot be read"),
        (copied, "holds no private key"),
        (other, "does not open this backup"),
    ):
        settings.BACKUP_IDENTITY = str(given)
        with pytest.raises(CommandError, match=sentence):
            call_command("restore", str(root), "--into", str(tmp_path / "new"))
    assert not (tmp_path / "new").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("which", ["database", "opened"])
def test_what_was_changed_in_a_sealed_backup_is_found_and_nothing_is_kept(
    which: str, root: Path, data: Path, tmp_path: Path, settings: Settings
) -> None:
    """By the hashes, which need no key; or, where somebody forged those too, as it is opened."""
    marked()
    settings.BACKUP_IDENTITY = str(tmp_path / "private.txt")
    made = root / taking.take(root).name
    wanted = "vault" if which == "opened" else which
    (file,) = [path for path in made.rglob("*") if path.is_file() and wanted in str(path)]
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0x20
    file.write_bytes(content)
    if which == "opened":
        manifest = sets.read(made)
        manifest.files[str(file.relative_to(made))] = sets.entry_of(file)
        (made / sets.MANIFEST).write_bytes(sets.written(manifest))
    with pytest.raises(BackupDamaged):
        restoring.bring_back(root, tmp_path / "new" / "archive")
    assert not (tmp_path / "new").exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_backup_left_in_the_clear_is_swept_and_what_is_used_is_not(
    root: Path, data: Path
) -> None:
    left, used = data / f"{taking._BENCH}left", data / f"{taking._BENCH}used"
    for folder in (left, used):
        folder.mkdir()
        (folder / "database.sqlite3").touch()
    with taking._held(used):
        taking.take(root)
    assert list(data.glob(f"{taking._BENCH}*")) == [used]


@only_on_sqlite
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_drill_opens_a_sealed_backup(
    root: Path, data: Path, tmp_path: Path, settings: Settings
) -> None:
    factories.published()
    taking.take(root)
    settings.BACKUP_IDENTITY = str(tmp_path / "private.txt")
    proven = restoring.prove(root)
    assert proven.replayed["searches"] == 1
    assert readable(data, MARKER.encode()) == set()
