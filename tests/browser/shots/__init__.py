"""Which pages are photographed: one table for each part of the site, in a module of its own.

`tests.browser.pictures` takes them; a table only names pages. `TABLES` is all of them by name.
"""

from __future__ import annotations

from tests.browser.shots import account, desk, photos, public, readme, share
from tests.browser.shots.shot import Shot

TABLES: dict[str, tuple[Shot, ...]] = {
    "readme": readme.SHOTS,
    "public": public.SHOTS,
    "share": share.SHOTS,
    "photos": photos.SHOTS,
    "desk": desk.SHOTS,
    "account": account.SHOTS,
}

__all__ = ["TABLES", "Shot"]
