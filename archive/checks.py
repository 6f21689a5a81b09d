"""What is wrong with this installation, said before it matters (`manage.py check`).

Owns the checks of the archive as a whole; `media.checks` has those of photographs. Every message
has an id and a hint. Those that look at the machine rather than at the settings are deployment
checks: `serve` and `check --deploy` show them, other commands stay quiet.
"""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connection

from archive import sealing
from archive.backups import envelopes
from archive.backups.sets import BackupRefused
from archive.models.submission import Contact

# Before this two connections that write and checkpoint at once can, rarely, corrupt the file
# (sqlite.org/changes, "Fix the WAL-reset database corruption bug").
SOUND_SQLITE = (3, 51, 3)
# SQLite's locks do not hold on these.
NETWORK_FILESYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "9p", "afs", "fuse.sshfs", "fuse.glusterfs"}
)
MOUNTS = Path("/proc/mounts")
# The versions that were tried together and had no known hole then (requirements/run.txt).
KNOWN_GOOD = {"Django": "5.2.19", "pillow": "13.0.0", "pillow-heif": "1.8.1", "nh3": "0.3.0"}
LEAST_FREE_BYTES = 1_000_000_000  # a hundred submissions with photographs, and room to act


def _on_sqlite() -> bool:
    return connection.vendor == "sqlite"


@register("archive", deploy=True)
def sqlite_is_sound(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """B3: the WAL-reset bug."""
    if not _on_sqlite() or sqlite3.sqlite_version_info >= SOUND_SQLITE:
        return []
    return [
        Warning(
            f"SQLite {sqlite3.sqlite_version} has a rare bug that can damage the database.",
            hint=(
                "Use a Python with SQLite 3.51.3 or later, or PostgreSQL (DATABASE_URL). Until "
                "then run `backup` often, and keep to one `serve`."
            ),
            id="archive.W001",
        )
    ]


@register("archive")
def data_lies_on_this_machine(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """B5: SQLite's locks mean nothing across a network."""
    kind = filesystem_of(settings.DATA_DIR)
    if not _on_sqlite() or kind not in NETWORK_FILESYSTEMS:
        return []
    return [
        Error(
            f"DATA_DIR lies on a network file system ({kind}), where SQLite loses data.",
            hint="Move DATA_DIR to a disk of this machine, or use PostgreSQL (DATABASE_URL).",
            id="archive.E002",
        )
    ]


def filesystem_of(folder: Path) -> str:
    """The kind of file system a folder lies on, by the longest mount point above it; or ""."""
    try:
        lines = MOUNTS.read_text().splitlines()
    except OSError:
        return ""  # not Linux: nothing to go by
    above = {str(folder), *map(str, folder.parents)}
    mounts = [fields[1:3] for fields in map(str.split, lines) if len(fields) > 2]
    holding = [(point, kind) for point, kind in mounts if point in above]
    return max(holding, key=lambda mount: len(mount[0]))[1] if holding else ""


@register("archive")
def keys_are_private(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """The kept keys are readable by their owner alone."""
    return [
        Warning(
            f"{path.name} in DATA_DIR can be read by other accounts of this machine.",
            hint=f"Run `chmod 600 {path}`.",
            id="archive.W003",
        )
        for path in sorted(settings.DATA_DIR.glob("*.key"))
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]


@register(Tags.database)
def contacts_can_be_opened(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> Sequence[CheckMessage]:
    """D8: the newest contact opens with the keys at hand; otherwise we would seal under others."""
    if not databases:
        return []
    try:
        newest = Contact.objects.order_by("-pk").first()
        if newest is not None:
            sealing.unseal(newest.sealed)
    except DatabaseError:
        return []  # no tables yet; `serve` speaks of migrations itself
    except sealing.WrongKey as problem:
        return [
            Error(
                str(problem),
                hint="The key was kept in DATA_DIR/contact.key, or stood in CONTACT_KEYS.",
                id="archive.E004",
            )
        ]
    return []


@register("archive")
def backups_can_be_sealed(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """D4: a key copied wrongly is noticed at the start, and not by the first backup that fails."""
    try:
        envelopes.recipient()
    except BackupRefused as problem:
        return [Error(str(problem), hint="Unset it for plain backups.", id="archive.E009")]
    return []


@register("archive")
def debug_stays_at_home(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """DEBUG shows whoever looks what the archive has in hand."""
    if not settings.DEBUG or set(settings.ALLOWED_HOSTS) <= set(settings.LOOPBACK):
        return []
    return [
        Error(
            "DEBUG=1 would show visitors the inside of the archive.",
            hint="Unset DEBUG, or unset ALLOWED_HOSTS so that only this machine is served.",
            id="archive.E005",
        )
    ]


@register("archive", deploy=True)
def parts_are_known_good(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """I10: parts that read what strangers send are not older than what we tried."""
    return [
        Warning(
            f"{name} {found} is older than {wanted}, the version this release was tried with.",
            hint="Run `make run` once to install what requirements/run.txt pins.",
            id="archive.W006",
        )
        for name, wanted in KNOWN_GOOD.items()
        if (found := _version(name)) and _numbers(found) < _numbers(wanted)
    ]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""  # an extra that was left out


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


@register("archive", deploy=True)
def disk_has_room(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """A6: a full disk is better met before it is full."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free >= LEAST_FREE_BYTES:
        return []
    return [
        Warning(
            f"Only {free // 1_000_000} MB are free where DATA_DIR lies.",
            hint="Make room: below 1 GB a submission with photographs may find no place.",
            id="archive.W007",
        )
    ]


@register("archive")
def site_knows_its_name(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Links in feeds and mails lead to SITE_URL: it must be one of the names we answer to."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    hosts = settings.ALLOWED_HOSTS
    answered = any(
        pattern in ("*", host, f"[{host}]") or (pattern[:1] == "." and host.endswith(pattern[1:]))
        for pattern in hosts
    )
    if answered:
        return []
    return [
        Warning(
            f"SITE_URL names {host}, which is not in ALLOWED_HOSTS: our own links would be refused.",
            hint=f"Set ALLOWED_HOSTS={host}, or set SITE_URL to a name that is in it.",
            id="archive.W008",
        )
    ]
