"""SQLite under `trusted_schema=OFF`: Django's own backend, less one CHECK.

With that pragma a database file that somebody has tampered with cannot run functions through its
schema (safety.md B7). SQLite before 3.41 then also refuses the JSON_VALID() that Django writes
into the CHECK of every JSON column, our own and those of installed apps. Only Django writes those
columns, and it writes them through its JSON encoder, so the CHECK is left out. Named as ENGINE in
`config.settings`; nothing else differs.
"""

from __future__ import annotations

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with no CHECK on JSON columns."""

    data_type_check_constraints = {
        field: check
        for field, check in base.DatabaseWrapper.data_type_check_constraints.items()
        if field != "JSONField"
    }
