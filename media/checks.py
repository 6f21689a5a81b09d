"""Explains a broken installation before a photograph is lost to it (`manage.py check`).

Owns the checks of folders, decoders and keys, each with an id and a hint.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib import metadata, util
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

# Pillow 12.3 closed five memory errors in decoders (safety.md, E3u); libheif 1.22 two more, which
# is what pillow-heif 1.3 carries (E4u).
LEAST_PILLOW = (12, 3)
LEAST_PILLOW_HEIF = (1, 3)


@register(Tags.files)
def folders(**_: Any) -> list[CheckMessage]:
    """The vault must be private, and both folders must take files."""
    vault, gallery = Path(settings.VAULT_DIR), Path(settings.GALLERY_DIR)
    found: list[CheckMessage] = []
    found += _vault_apart(vault, [gallery, Path(settings.STATIC_ROOT or gallery)])
    found += [_not_writable(each) for each in (vault, gallery) if not _writable(each)]
    if vault.is_dir() and vault.stat().st_mode & 0o077:
        found.append(
            Warning(
                "Other accounts on this machine can look into the vault of photographs.",
                hint=f"Run `chmod 700 {vault}`.",
                id="media.W002",
            )
        )
    return found


def _vault_apart(vault: Path, public: Iterable[Path]) -> list[CheckMessage]:
    for folder in public:
        if vault.resolve().is_relative_to(folder.resolve()):
            return [
                Error(
                    f"The vault of private photographs lies inside {folder}, which is served.",
                    hint="Point STORAGE_URL, or STATIC_ROOT, at another folder.",
                    id="media.E001",
                )
            ]
    return []


def _writable(folder: Path) -> bool:
    """Whether files can be put there, now or once it is made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK | os.X_OK)


def _not_writable(folder: Path) -> CheckMessage:
    return Error(
        f"Photographs cannot be written to {folder}.",
        hint="Give the account that runs the archive this folder, or change STORAGE_URL.",
        id="media.E002",
    )


@register(Tags.compatibility)
def decoders(**_: Any) -> list[CheckMessage]:
    """Pillow must be new enough to be trusted with strangers' files; HEIC should be there."""
    found: list[CheckMessage] = []
    if _version("pillow") < LEAST_PILLOW:
        found.append(
            Error(
                "This version of Pillow has known holes in its decoders.",
                hint="Install the versions of requirements/, by `make run`.",
                id="media.E003",
            )
        )
    if util.find_spec("pillow_heif") is None:
        found.append(
            Warning(
                "Photographs from iPhones (HEIC) will be refused with a sentence.",
                hint="Install pillow-heif, as requirements/ does.",
                id="media.W001",
            )
        )
    elif _version("pillow-heif") < LEAST_PILLOW_HEIF:
        found.append(
            Error(
                "This version of pillow-heif carries a libheif with known holes.",
                hint="Install the versions of requirements/, by `make run`.",
                id="media.E004",
            )
        )
    return found


def _version(package: str) -> tuple[int, ...]:
    parts = metadata.version(package).split(".")[:2]
    return tuple(int(part) for part in parts if part.isdigit())


@register(Tags.security)
def keys(**_: Any) -> list[CheckMessage]:
    """Without a key nothing can be kept as received."""
    if settings.CONTACT_KEYS:
        return []
    return [
        Error(
            "There is no key to encrypt what is kept of the files as received.",
            hint="Set CONTACT_KEYS, or remove the empty setting so that one is made.",
            id="media.E005",
        )
    ]
