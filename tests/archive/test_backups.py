"""`backup` and `restore`: what a backup holds, what is refused, and what never comes back.

The archive of these tests commits, as the one of life does: a copy is of what is committed.
"""

from __future__ import annotations

import datetime
import errno
import fcntl
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as live
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from archive import (
    catalogue,
    changing,
    enclosures,
    invitations,
    jobs,
    moderation,
    newsletter,
    planning,
    publication,
)
from archive.backups import databases, facts, restoring, sets, taking
from archive.backups.sets import BackupDamaged, BackupRefused
from archive.models.newsletter import Subscriber
from archive.models.submission import Submission
from media.storage import vault
from tests import factories
from tests.archive.ground import bytes_below, only_on_sqlite
from tests.conftest import Cast
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

MARKER = "zxheronqv"


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, and restored archives that read the settings of life."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    settings.DATA_DIR = folder
    settings.TOMBSTONES = folder / "tombstones"
    settings.VAULT_DIR, settings.GALLERY_DIR = folder / "vault", folder / "gallery"
    settings.SEARCH_URL = f"tantivy://{folder}/index"
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def with_photograph() -> Submission:
    return factories.submission(enclosed=[factories.enclosed()])


def files_of(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def told(folder: Path, question: str) -> list[tuple[object, ...]]:
    """What the copied database of a backup, or a restored one, answers."""
    (file,) = folder.glob("*.sqlite3")
    with closing(sqlite3.connect(file)) as database:
        return database.execute(question).fetchall()


# --- what a backup is -----------------------------------------------------------------------------


@only_on_sqlite
def test_a_backup_holds_rows_and_files_and_nothing_else(root: Path, data: Path) -> None:
    piece = with_photograph()
    Session.objects.create(session_key="zxsession", expire_date=timezone.now())
    for name in ("contact.key", "index/segment", "mail/letter.log", "incoming/x.upload"):
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_text("not for a backup")
    taken = taking.take(root)
    made = root / taken.name
    photo = piece.enclosures.get().photo
    there = {
        "manifest.json",
        "database.sqlite3",
        f"vault/{vault().path(photo.name).relative_to(data / 'vault')}",
    }
    assert files_of(made) == there
    assert told(made, "SELECT reference FROM archive_submission") == [(piece.reference,)]
    assert told(made, "SELECT count(*) FROM django_session") == [(0,)]
    assert b"zxsession" not in bytes_below(made)
    assert sets.read(made).files[max(there)].sha256 == photo.checksum
    assert "archive.0001_initial" in sets.read(made).migrations
    assert {path.stat().st_mode & 0o077 for path in [root, made, *made.rglob("*")]} == {0}
    seen = facts.last(facts.BACKUP)
    assert seen == taken.fact
    assert (seen.pieces, seen.stories, seen.photographs) == (1, 0, 1)


def test_the_next_backup_shares_what_has_not_changed_and_takes_what_has_rotted(root: Path) -> None:
    with_photograph()
    first = root / taking.take(root).name
    second = root / taking.take(root).name
    (path,) = [path for path in sets.read(first).files if path.startswith("vault/")]
    assert (first / path).samefile(second / path)
    (second / path).write_bytes(b"rot")
    third = root / taking.take(root).name
    assert not (third / path).samefile(second / path)
    sets.verify(third, sets.read(third))


@only_on_sqlite  # PostgreSQL looks inside its own transaction, where this would be planted
def test_what_is_erased_while_it_is_made_is_left_out_and_what_is_lost_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    erased, lost = with_photograph(), with_photograph()
    vault().delete(lost.enclosures.get().photo.name)
    look = taking.look

    def slow_look(ask: Callable[[str], list[tuple[str, ...]]]) -> object:
        seen = look(ask)
        publication.erase(erased, by=factories.contributor(erased))
        return seen

    monkeypatch.setattr(taking, "look", slow_look)
    call_command("backup", str(root))
    said = capsys.readouterr()
    assert "1 files were erased meanwhile and are left out" in said.out
    assert "1 files that rows speak of are nowhere" in said.err
    assert "keep a copy of secret.key and contact.key" in said.out


class Writers:
    """Contributors who send story after story. `receipts` holds what was promised, in order."""

    def __init__(self, number: int) -> None:
        self.receipts: list[str] = []
        self.problems: list[BaseException] = []
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._write) for _each in range(number)]

    def __enter__(self) -> Writers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _write(self) -> None:
        try:
            while not self._end.is_set():
                self.receipts.append(factories.submission().reference)
        except BaseException as problem:
            self.problems.append(problem)
        finally:
            connection.close()

    def some_more(self) -> None:
        """Wait until each has sent something since."""
        wanted = len(self.receipts) + 2 * len(self._threads)
        wait_for(lambda: self.problems or len(self.receipts) >= wanted, "stories to come in")


@only_on_sqlite
@pytest.mark.parametrize(
    ("writers", "rounds"),
    [
        pytest.param(3, 2, id="three writers"),
        pytest.param(
            8, 40, id="eight writers", marks=[pytest.mark.slow, pytest.mark.timeout(1200)]
        ),
    ],
)
def test_every_receipt_that_was_given_before_is_in_it_and_copying_the_file_is_not_enough(
    writers: int, rounds: int, root: Path, tmp_path: Path
) -> None:
    """safety.md D1 and E3: `cp` passes every check that SQLite has, and lacks committed rows."""
    lossy = 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # so that the file itself has its tables
    with (
        # As long as somebody reads, nothing that is committed from now on moves into the file.
        closing(
            sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
        ) as reader,
        Writers(writers) as people,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM archive_submission").fetchone()
        for _round in range(rounds):
            people.some_more()
            promised = set(people.receipts)
            copied = tmp_path / "copy.sqlite3"
            shutil.copyfile(str(connection.settings_dict["NAME"]), copied)
            made = root / taking.take(root).name
            question = "SELECT reference FROM archive_submission"
            kept = {row[0] for row in told(made, question)}
            assert promised <= kept
            with closing(sqlite3.connect(copied)) as database:
                lossy += not promised <= {row[0] for row in database.execute(question)}
    assert not people.problems, people.problems
    assert lossy, "then this test proves nothing"


# --- what is refused ------------------------------------------------------------------------------


def test_what_makes_no_sense_is_refused_in_a_sentence(
    root: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "letters.txt").write_text("my letters")
    with pytest.raises(BackupRefused, match="inside the archive itself"):
        taking.take(data / "backups")
    with pytest.raises(BackupRefused, match=r"holds other things \(letters\.txt\)"):
        taking.take(other)
    with pytest.raises(BackupRefused, match="is no backup, and there is none in it"):
        restoring.bring_back(other)
    (root).mkdir()
    with (root / sets.LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BackupRefused, match="Another backup is being made"):
            taking.take(root)
    usage = SimpleNamespace(total=10, used=10, free=live.REFUSE_BELOW_FREE_BYTES)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(CommandError, match="There is no room for a backup: it needs"):
        call_command("backup", str(root))
    assert files_of(root) == {sets.LOCK}
    assert facts.last(facts.BACKUP) is None


@pytest.mark.parametrize("step", ["copy of the database", "manifest"])
def test_a_disk_that_fills_up_meanwhile_leaves_no_backup(
    step: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_photograph()

    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    kind = type(databases.current())
    monkeypatch.setattr(*((kind, "copy") if step != "manifest" else (taking, "_writing")), full)
    with pytest.raises(BackupRefused, match="is full; no backup was made"):
        taking.take(root)
    assert sets.everyone(root) == []
    assert list(root.glob(f"{sets.UNFINISHED}*")) == []


def test_what_a_killed_backup_left_is_no_backup_and_is_swept(root: Path) -> None:
    made = root / taking.take(root).name
    left = Path(shutil.copytree(made, root / f"{sets.UNFINISHED}{made.name}"))
    assert sets.everyone(root) == [made]
    with pytest.raises(BackupRefused, match="is no backup"):
        sets.find(left)
    taking.take(root)
    assert not left.exists()


@pytest.mark.parametrize("which", ["database", "vault", "manifest", "counts", "path"])
def test_a_byte_that_was_flipped_is_found_and_nothing_is_changed(
    which: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(databases.current()), "is_there", lambda _its: False)
    with_photograph()
    made = root / taking.take(root).name
    if which in ("counts", "path"):  # by somebody who does not know of the sum at the end
        file, old, new = (
            made / sets.MANIFEST,
            b'"archive_submission": 1',
            b'"archive_submission": 2',
        )
        if which == "path":
            old, new = b'"vault/', b'"vault/../'
        file.write_bytes(file.read_bytes().replace(old, new))
    else:
        (file,) = [path for path in made.rglob("*") if path.is_file() and which in str(path)]
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 0x20
        file.write_bytes(content)
    into = tmp_path / "new" / "archive"
    with pytest.raises(BackupDamaged):
        restoring.bring_back(root, into)
    assert not into.parent.exists()


@only_on_sqlite
def test_nothing_is_restored_over_anything(root: Path, tmp_path: Path) -> None:
    taking.take(root)
    with pytest.raises(BackupRefused, match="There is an archive already"):
        restoring.bring_back(root)
    into = tmp_path / "new"
    into.mkdir()
    (into / "letters.txt").write_text("my letters")
    with pytest.raises(BackupRefused, match=r"is not empty: it holds letters\.txt"):
        restoring.bring_back(root, into)
    assert files_of(into) == {"letters.txt"}


# --- age ------------------------------------------------------------------------------------------


def test_backups_go_on_the_thirtieth_day_and_never_the_newest(root: Path) -> None:
    for _each in range(4):
        taking.take(root)
    today = datetime.datetime.now(datetime.UTC).date()
    for folder, days in zip(sets.everyone(root), (400, 30, 29, 0), strict=True):
        day = today - datetime.timedelta(days=days)
        folder.rename(root / f"{day}-000000")
    assert len(taking.take(root).pruned) == 2
    ages = [(today - sets.made_on(folder)).days for folder in sets.everyone(root)]
    assert ages == [29, 0, 0]
    assert sets.prune(root, today + datetime.timedelta(days=400), 30)[-1:] != []
    assert len(sets.everyone(root)) == 1


# --- what never comes back ------------------------------------------------------------------------


@only_on_sqlite
def test_what_was_taken_away_since_is_taken_away_before_anybody_is_served(
    root: Path, data: Path, tmp_path: Path, cast: Cast
) -> None:
    """Withdrawn, erased, narrowed, redacted, covered, shown again, unsubscribed; with the logs of other databases
    beside the backup and in the new folder, and the keys brought there by hand."""
    catalogue.ensure()
    said = factories.telling(title=f"{MARKER} title", body=f"It began with {MARKER}.")
    erased = factories.in_public(said, enclosed=[factories.enclosed(alt=MARKER)])
    hidden, shown, narrowed, named, plain = (factories.in_public() for _each in range(5))
    taken_down, covered = (
        factories.in_public(enclosed=[factories.enclosed()]) for _each in range(2)
    )
    jobs.run_due()
    newsletter.ask("ana@example.org", language="es")
    planned = factories.accepted()
    soon = timezone.now() + datetime.timedelta(days=1)
    planning.publish(planned, version=1, by=cast.ruth, themes=[], at=soon)
    made = root / taking.take(root).name
    assert MARKER.encode() in bytes_below(made), "the backup has it: that is what backups are"

    publication.withdraw(hidden, by=factories.contributor(hidden))
    publication.withdraw(shown, by=factories.contributor(shown))
    publication.restore(shown, by=factories.contributor(shown))
    publication.erase(erased, by=factories.contributor(erased))
    less = {"name_shown": "none"}
    changing.change(narrowed, less, wording="No name.", by=factories.contributor(narrowed))
    moderation.redact(named, ["Queens"], version=1, by=cast.ines)
    for piece in (taken_down, covered):
        publication.take_down(piece, plate=1, by=cast.ines)
    row = covered.enclosures.get()
    region = {"shape": "rect", "x": 0.1, "y": 0.1, "w": 0.5, "h": 0.5, "how": "black"}
    enclosures.cover(covered, row.pk, [region], by=cast.ines)
    enclosures.take_in(covered, row.pk, by=cast.ines)
    invitations.leave(cast.wren, by=cast.odell)
    newsletter.leave(newsletter._LEAVE.sign(Subscriber.objects.get().public_id))

    into = tmp_path / "new"
    into.mkdir()
    with closing(sqlite3.connect(tmp_path / "foreign")) as foreign:
        foreign.executescript("PRAGMA journal_mode=WAL; CREATE TABLE archive_story (id, x);")
        for beside in (made / "database.sqlite3", into / "archive.sqlite3"):
            shutil.copyfile(tmp_path / "foreign-wal", f"{beside}-wal")
    restored = restoring.bring_back(root, into)

    states = dict(told(into, "SELECT reference, state FROM archive_submission"))
    assert states == {
        erased.reference: "erased",
        hidden.reference: "withdrawn",
        narrowed.reference: "withdrawn",
        named.reference: "withdrawn",
        taken_down.reference: "published",
        covered.reference: "published",
        planned.reference: "accepted",
        shown.reference: "published",
        plain.reference: "published",
    }
    assert restored.replayed["narrowed"] == [narrowed.reference, named.reference]
    public = told(into, "SELECT count(*) FROM archive_story WHERE NOT withdrawn")
    assert public == [(4,)]
    assert told(into, "SELECT count(*) FROM archive_storyphoto") == [(0,)], "not one hangs"
    assert told(into, "SELECT count(*) FROM media_rendition") == [(0,)]
    left = told(into, "SELECT username FROM archive_person WHERE NOT is_active")
    assert left == [("wren",)]
    assert told(into, "SELECT count(*) FROM archive_subscriber") == [(0,)]
    assert told(into, "PRAGMA integrity_check") == [("ok",)]
    there = bytes_below(into)
    assert MARKER.encode() not in there, "nowhere in the restored folder"
    assert b"ana@example.org" not in there
    kept = [path for path in files_of(into) if path.endswith((".jpg", ".webp"))]
    assert [path.partition("/")[0] for path in kept] == ["vault", "vault"], "of the two that stay"
    assert told(into, "SELECT plan_failed FROM archive_handling WHERE plan_at <> ''") == [(1,)]
    owed = told(into, "SELECT count(*) FROM archive_job WHERE kind = 'catalogue.rebuild'")
    assert owed == [(1,)], "the index is owed, and copied from nowhere"
    assert not (into / "index").exists()
    assert len(list(into.glob("*.set-aside"))) == 1, (
        "somebody else's log is neither played nor lost"
    )
    assert not list(into.glob(".restoring-*"))
