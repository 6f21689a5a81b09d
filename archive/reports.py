"""The files of reports: PDFs under opaque names in a folder of their own below DATA_DIR.

Owns the folder and what may lie in it; the rows are `archive.editing`'s. Nothing is decoded here
or shown in a page: a report is handed out as a download, in a sandbox.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from archive.refusals import Refusal

_BEGINNING = b"%PDF-"


class NotAReport(Refusal):
    """The file is no PDF, or larger than a report may be."""


class Upload(Protocol):
    """What of an uploaded file is looked at; never its name or declared type."""

    def chunks(self) -> Iterable[bytes]: ...


def keep(upload: Upload) -> tuple[str, int]:
    """Keep a document; its opaque name and its size in bytes. Raises `NotAReport`."""
    folder = settings.DATA_DIR / "reports"
    folder.mkdir(mode=0o700, exist_ok=True)
    name = f"{secrets.token_hex(16)}.pdf"
    part = folder / f".{name}.part"
    try:
        with open(part, "xb") as kept:
            size = _copy(upload, kept)
            kept.flush()
            os.fsync(kept.fileno())
        part.rename(folder / name)
    finally:
        part.unlink(missing_ok=True)
    return name, size


def _copy(upload: Upload, kept: IO[bytes]) -> int:
    size, beginning = 0, b""
    for chunk in upload.chunks():
        size += len(chunk)
        beginning = (beginning + chunk[:8])[:8] if size < 8 or not beginning else beginning
        if size > settings.REPORT_MAX_BYTES:
            raise NotAReport(
                _("The file is larger than %s megabytes. Make it smaller and try again.")
                % (settings.REPORT_MAX_BYTES // 1_000_000)
            )
        kept.write(chunk)
    if not beginning.startswith(_BEGINNING):
        raise NotAReport(_("This is no PDF file. Save the report as a PDF and choose it again."))
    return size


def path(name: str) -> Path:
    """Where a document lies. `name` comes from our own row, never from an address."""
    folder: Path = settings.DATA_DIR / "reports"
    return folder / name


def discard(name: str) -> None:
    """Take a document away; gone already is as good."""
    path(name).unlink(missing_ok=True)
