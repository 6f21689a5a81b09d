"""How far the tables are behind the code: asked before anything is served, and before it is prepared."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def steps_owed() -> int:
    """How many migrations are yet to be made. Raises `DatabaseError` where nothing answers."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
