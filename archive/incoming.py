"""Uploads in flight: the private folder where Django keeps a large file while it arrives.

Owns that it is empty again afterwards. Django deletes its temporary files itself, except after a
kill, and such a file is a photograph with everything hidden in it (safety.md E10u).
"""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from archive import jobs

logger = logging.getLogger(__name__)

OVERDUE_SECONDS = 3600  # no upload takes an hour


def sweep(older_than: float = 0) -> int:
    """Delete what has lain there for that many seconds; how many files it was."""
    limit = time.time() - older_than
    swept = 0
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        if path.is_file() and path.stat().st_mtime <= limit:
            path.unlink(missing_ok=True)
            swept += 1
    if swept:
        logger.warning("swept %d files of uploads that never ended", swept)
    return swept


@jobs.every("incoming.sweep", hours=1)
def sweep_overdue(payload: dict[str, Any]) -> None:
    """Every hour: uploads that ended without our noticing."""
    sweep(OVERDUE_SECONDS)
