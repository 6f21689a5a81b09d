"""A broken installation explains itself: each check fires on what it is for, and only then."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.checks import CheckMessage
from pytest_django import Settings

from archive import checks, sealing
from archive.backups import envelopes
from archive.models.submission import Contact, Submission


def ids(found: list[CheckMessage]) -> list[str]:
    """What was found; each with a hint, for whoever has to mend it."""
    assert all(each.hint for each in found)
    return [str(each.id) for each in found]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((3, 40, 1), ["archive.W001"]),
        ((3, 51, 2), ["archive.W001"]),
        ((3, 51, 3), []),
        ((3, 53, 0), []),
    ],
)
def test_an_unsound_sqlite_is_named(
    version: tuple[int, int, int], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_on_sqlite", lambda: True)
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    assert ids(checks.sqlite_is_sound(None)) == expected


@pytest.mark.parametrize(
    ("mounts", "expected"),
    [
        ("/dev/sda1 / ext4 rw 0 0\n", []),
        ("/dev/sda1 / ext4 rw 0 0\nserver:/files /srv/data nfs4 rw 0 0\n", ["archive.E002"]),
        ("server:/ / nfs rw 0 0\n/dev/sdb1 /srv/data ext4 rw 0 0\n", []),
        ("/dev/sda1 / ext4 rw 0 0\n//nas/share /srv cifs rw 0 0\n", ["archive.E002"]),
        ("/dev/sda1 / ext4 rw 0 0\n//nas/share /srv/data2 cifs rw 0 0\n", []),
        ("", []),
    ],
)
def test_data_on_a_network_file_system_is_refused(
    mounts: str,
    expected: list[str],
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    tmp_path: Path,
) -> None:
    table = tmp_path / "mounts"
    table.write_text(mounts)
    monkeypatch.setattr(checks, "MOUNTS", table)
    monkeypatch.setattr(checks, "_on_sqlite", lambda: True)
    settings.DATA_DIR = Path("/srv/data")
    assert ids(checks.data_lies_on_this_machine(None)) == expected
    monkeypatch.setattr(checks, "_on_sqlite", lambda: False)
    assert ids(checks.data_lies_on_this_machine(None)) == []


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(0o600, []), (0o400, []), (0o640, ["archive.W003"]), (0o604, ["archive.W003"])],
)
def test_a_key_that_others_can_read_is_named(
    mode: int, expected: list[str], settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    key = tmp_path / "contact.key"
    key.touch()
    key.chmod(mode)
    assert ids(checks.keys_are_private(None)) == expected


@pytest.mark.django_db
def test_contacts_that_no_key_opens_are_noticed(settings: Settings) -> None:
    assert ids(checks.contacts_can_be_opened(None, databases=["default"])) == []
    sealed = sealing.seal({"phone": "555 0100"})
    Contact.objects.create(submission=Submission.objects.create(), sealed=sealed)
    assert ids(checks.contacts_can_be_opened(None, databases=["default"])) == []
    old = settings.CONTACT_KEYS
    settings.CONTACT_KEYS = ["a new key, without the old one after it"]
    assert ids(checks.contacts_can_be_opened(None, databases=["default"])) == ["archive.E004"]
    assert ids(checks.contacts_can_be_opened(None, databases=None)) == []
    settings.CONTACT_KEYS = [*settings.CONTACT_KEYS, *old]
    assert ids(checks.contacts_can_be_opened(None, databases=["default"])) == []


@pytest.mark.parametrize("spoilt", ["", "age1", "qqqq", "AGE-SECRET-KEY-1QQQQ"])
def test_a_key_for_backups_that_is_none_is_refused(spoilt: str, settings: Settings) -> None:
    public, _private = envelopes.made()
    for settings.BACKUP_RECIPIENT in ("", public):
        assert ids(checks.backups_can_be_sealed(None)) == []
    wrongly_copied = public.replace(public[9], "q" if public[9] != "q" else "p", 1)
    settings.BACKUP_RECIPIENT = spoilt or wrongly_copied
    assert ids(checks.backups_can_be_sealed(None)) == ["archive.E009"]


@pytest.mark.parametrize(
    ("debug", "hosts", "expected"),
    [
        (False, ["archive.example"], []),
        (True, ["127.0.0.1", "localhost"], []),
        (True, ["127.0.0.1", "archive.example"], ["archive.E005"]),
        (True, ["*"], ["archive.E005"]),
    ],
)
def test_debug_beyond_this_machine_is_refused(
    debug: bool, hosts: list[str], expected: list[str], settings: Settings
) -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS = debug, hosts
    assert ids(checks.debug_stays_at_home(None)) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({}, 0),
        ({"Django": "5.2.18"}, 1),
        ({"Django": "5.2.20"}, 0),
        ({"Django": "5.10.0"}, 0),
        ({"pillow": "12.9.9", "nh3": "0.2.9"}, 2),
        ({"pillow-heif": ""}, 0),
    ],
)
def test_parts_older_than_what_was_tried_are_named(
    found: dict[str, str], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = {**checks.KNOWN_GOOD, **found}
    monkeypatch.setattr(checks, "_version", versions.__getitem__)
    assert ids(checks.parts_are_known_good(None)) == ["archive.W006"] * expected


def test_what_is_pinned_is_known_good() -> None:
    assert ids(checks.parts_are_known_good(None)) == []


@pytest.mark.parametrize(
    ("free", "expected"), [(2_000_000_000, []), (999_999_999, ["archive.W007"])]
)
def test_a_disk_that_fills_up_is_noticed(
    free: int, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    assert ids(checks.disk_has_room(None)) == expected


@pytest.mark.parametrize(
    ("site", "hosts", "expected"),
    [
        ("http://127.0.0.1:8000", ["127.0.0.1"], []),
        ("https://archive.example", ["archive.example"], []),
        ("https://www.archive.example", [".archive.example"], []),
        ("https://archive.example", ["*"], []),
        ("http://[::1]:8000", ["[::1]"], []),
        ("https://archive.example", ["127.0.0.1"], ["archive.W008"]),
    ],
)
def test_a_site_that_does_not_answer_to_its_name_is_noticed(
    site: str, hosts: list[str], expected: list[str], settings: Settings
) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = site, hosts
    assert ids(checks.site_knows_its_name(None)) == expected
