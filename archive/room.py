"""Whether there is room for a promise: a receipt must outlive a full disk (safety.md A6).

Owns the refusal that both faces make of a full disk and of a database that does not answer. Asked
before anything is taken in; keeps and counts nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError

from archive.refusals import Refusal


class NoRoom(Refusal):
    """The disk is full or the database does not answer: nothing was kept."""


@contextmanager
def wanted(otherwise: str) -> Iterator[None]:
    """What is kept within is kept whole, or `NoRoom` is raised, before it or in the midst of it.

    `otherwise` is the sentence for whoever sent it.
    """
    if shutil.disk_usage(settings.DATA_DIR).free < settings.REFUSE_BELOW_FREE_BYTES:
        raise NoRoom(otherwise)
    try:
        yield
    except (OperationalError, OSError) as problem:
        raise NoRoom(otherwise) from problem
