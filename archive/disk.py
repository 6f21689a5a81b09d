"""Files and folders that outlive a lost current, for their owner alone.

Ground floor: called by what keeps files beside the database (`tombstones`, `backups`). Decides
nothing about what stands in them; photographs are kept by `media`, which knows nothing of us.
"""

from __future__ import annotations

import os
from pathlib import Path


def make_durable(path: Path) -> None:
    """On the disk, file or folder, when this returns. A name is its folder's: sync that as well."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def make_folders(folder: Path) -> list[Path]:
    """Make `folder` with all above it, 0700; what was not there before, innermost first.

    One by one: `mkdir(parents=True)` gives the mode to the last alone. Raises OSError.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700)
    return missing
