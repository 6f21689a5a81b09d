"""Which pages are photographed: one table for each part of the site, in a module of its own.

`tests.browser.pictures` takes them; a table only names pages. `TABLES` is all of them by name. What
is reached by doing something, `pictures_desk`, `pictures_contributor` and `pictures_photos` know.
"""

from __future__ import annotations

from tests.browser.shots import account, public, readme
from tests.browser.shots.shot import Shot

TABLES: dict[str, tuple[Shot, ...]] = {
    "readme": readme.SHOTS,
    "public": public.SHOTS,
    "account": account.SHOTS,
}

__all__ = ["TABLES", "Shot"]
