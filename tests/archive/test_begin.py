"""What `make run` does before it serves: database, translations, and the sample once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from archive.management.commands import begin
from tests.conftest import Cast

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Your receipt"
msgstr "{receipt}"

#, fuzzy
msgid "Your story"
msgstr "Su historieta"
"""


@pytest.fixture
def source(tmp_path: Path, settings: Settings) -> Path:
    """A Spanish catalogue that nobody has compiled."""
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    path = tmp_path / "locale" / "es" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO.format(receipt="Su recibo"))
    return path


def test_a_catalogue_is_compiled_when_it_is_newer(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = source.with_suffix(".mo")
    call_command("compile_catalogues")
    assert "locale/es/LC_MESSAGES/django.po" in capsys.readouterr().out
    assert b"Su recibo" in made.read_bytes()
    call_command("compile_catalogues")
    assert capsys.readouterr().out == ""
    source.write_text(PO.format(receipt="Su comprobante"))
    later = made.stat().st_mtime + 1
    os.utime(source, (later, later))
    call_command("compile_catalogues")
    assert b"Su comprobante" in made.read_bytes()
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]


def test_what_a_translator_has_not_confirmed_is_left_out(source: Path) -> None:
    call_command("compile_catalogues")
    assert b"historieta" not in source.with_suffix(".mo").read_bytes()


def test_a_broken_catalogue_is_named(source: Path) -> None:
    source.write_text('mgsid "Your receipt"\nmsgstr "Su recibo"\n')
    with pytest.raises(CommandError, match=r"django\.po cannot be compiled"):
        call_command("compile_catalogues")
    assert not source.with_suffix(".mo").exists()


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which commands `begin` calls; furnishing for real has its own journey."""
    names: list[str] = []
    monkeypatch.setattr(begin, "call_command", lambda name, **_options: names.append(name))
    return names


@pytest.mark.django_db
def test_an_empty_archive_is_furnished(called: list[str]) -> None:
    call_command("begin")
    assert called == ["compile_catalogues", "sample"]


@pytest.mark.django_db
def test_an_archive_with_people_in_it_is_left_alone(called: list[str], cast: Cast) -> None:
    call_command("begin")
    assert called == ["compile_catalogues"]
