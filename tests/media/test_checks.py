"""A broken installation explains itself, with an id and what to do."""

from __future__ import annotations

from importlib import util
from pathlib import Path

import pytest
from pytest_django import Settings

from media import checks


def ids(messages: list) -> list[str]:
    assert all(message.hint for message in messages)
    return [message.id for message in messages]


def test_a_good_installation_is_not_complained_about() -> None:
    assert ids(checks.folders() + checks.decoders() + checks.keys()) == []


@pytest.mark.parametrize("public", ["GALLERY_DIR", "STATIC_ROOT"])
def test_a_vault_inside_something_public_is_an_error(
    public: str, settings: Settings, tmp_path: Path
) -> None:
    setattr(settings, public, tmp_path / "shown")
    settings.VAULT_DIR = tmp_path / "shown" / "below" / "vault"
    assert ids(checks.folders()) == ["media.E001"]


def test_a_folder_that_takes_no_files_is_an_error(settings: Settings) -> None:
    settings.VAULT_DIR = Path("/proc/1/vault")
    assert "media.E002" in ids(checks.folders())


def test_a_vault_that_others_may_enter_is_told(settings: Settings) -> None:
    settings.VAULT_DIR.mkdir(mode=0o755, parents=True)
    settings.VAULT_DIR.chmod(0o755)
    assert ids(checks.folders()) == ["media.W002"]


@pytest.mark.parametrize(
    ("package", "code"), [("pillow", "media.E003"), ("pillow-heif", "media.E004")]
)
def test_an_old_decoder_is_an_error(
    package: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = checks.metadata.version
    monkeypatch.setattr(
        checks.metadata, "version", lambda name: "1.2.9" if name == package else real(name)
    )
    assert ids(checks.decoders()) == [code]


def test_no_heic_decoder_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(util, "find_spec", lambda name: None)
    assert ids(checks.decoders()) == ["media.W001"]


def test_no_key_is_an_error(settings: Settings) -> None:
    settings.CONTACT_KEYS = []
    assert ids(checks.keys()) == ["media.E005"]
