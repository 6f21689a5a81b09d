"""Sealed backups: nobody without the key reads a word of one; who has it brings everything back."""

from __future__ import annotations

import hashlib
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from archive.backups import envelopes, restoring, sets, taking
from archive.backups.sets import BackupDamaged
from archive.models.submission import Enclosure
from media.storage import vault
from tests import factories, unpacking
from tests.archive.ground import only_on_sqlite

MARKER = "zxheronqv"


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
    public, private = envelopes.made()
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
