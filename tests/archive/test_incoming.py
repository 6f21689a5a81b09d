"""Uploads in flight leave nothing behind."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from archive import incoming


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    now = time.time()
    for name, age in (("old.upload.jpg", 2 * incoming.OVERDUE_SECONDS), ("new.upload.jpg", 0)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (now - age, now - age))
    return tmp_path


def test_at_the_start_everything_goes(folder: Path) -> None:
    assert incoming.sweep() == 2
    assert not list(folder.iterdir())


def test_every_hour_what_is_overdue_goes(folder: Path) -> None:
    incoming.sweep_overdue({})
    assert [path.name for path in folder.iterdir()] == ["new.upload.jpg"]
