"""Whether there is room: measured before anything is written, and said where it runs out all the same.

Called by `taking` and `restoring`; writes nothing.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from archive.backups.sets import BackupRefused

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def is_full(problem: OSError) -> bool:
    """Whether this is what a full disk, or a full share of one, answers."""
    return problem.errno in _FULL


def demand(folder: Path, wanted: int, what_for: str) -> None:
    """Raise `BackupRefused` where fewer than `wanted` bytes, and what pages need, are free there.

    `what_for` ends the sentence that begins with "There is no room".
    """
    wanted += settings.REFUSE_BELOW_FREE_BYTES
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise BackupRefused(
            f"There is no room {what_for}: it needs {-(-wanted // 1_000_000)} MB, "
            f"and {free // 1_000_000} MB are free in {folder}."
        )


@contextmanager
def or_refused(sentence: str) -> Iterator[None]:
    """What is written within is written, or `BackupRefused` says so in this sentence."""
    try:
        yield
    except OSError as problem:
        if not is_full(problem):
            raise
        raise BackupRefused(sentence) from problem
