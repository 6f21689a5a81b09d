"""The README is under test: what it names exists, and what exists is named."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from config import environment

README = (settings.BASE_DIR / "README.md").read_text()
COMMANDS = sorted(
    path.stem
    for path in (settings.BASE_DIR / "archive" / "management" / "commands").glob("[a-z]*.py")
)


@pytest.mark.parametrize("name", sorted(environment.NAMES))
def test_every_setting_stands_in_the_table(name: str) -> None:
    assert f"| `{name}` |" in README


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_table(command: str) -> None:
    assert re.search(rf"^\| `{command}\b", README, re.MULTILINE)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_every_picture_and_link_leads_to_a_file(target: str) -> None:
    assert (settings.BASE_DIR / target).is_file()


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:archive|config|media|search|tests)/[\w/.]+)`", README)))
)
def test_every_path_it_names_is_there(path: str) -> None:
    assert (settings.BASE_DIR / path).exists()


def test_every_make_target_it_names_exists() -> None:
    makefile = (settings.BASE_DIR / "Makefile").read_text()
    for target in set(re.findall(r"`make ([a-z-]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
