"""What `restore` runs last, in a process that sees nothing but the restored folder."""

from __future__ import annotations

import json
import logging
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core import checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections

from archive import catalogue
from archive.backups import asking, databases, replaying, sets, taking
from archive.backups.sets import BackupDamaged, BackupRefused


class Command(BaseCommand):
    """Counts, brings the tables up to the code, takes away again; tells it in one line of JSON."""

    help = "For `restore` alone: put a restored archive in order before it is opened."
    requires_system_checks: list[str] = []  # made below, once there are tables to look at

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("manifest", type=Path)
        parser.add_argument("--ask", action="store_true", help="build the index and read pages")

    def handle(self, *args: Any, **options: Any) -> None:
        # There is no index here yet, which every withdrawal would complain of.
        logging.getLogger("archive.catalogue").setLevel(logging.ERROR)
        try:
            compare_counts(sets.read(options["manifest"].parent))
            call_command("migrate", interactive=False, verbosity=0)
            refuse_disorder()
            told = asdict(replaying.replay())
            if options["ask"]:
                catalogue.rebuild()  # the index that is owed, for the questions to come
                told |= asdict(asking.ask())
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        connections.close_all()
        self.stdout.write(json.dumps(told))


def refuse_disorder() -> None:
    """Raise `BackupRefused` for the first thing that would keep the archive from being opened."""
    for each in checks.run_checks(databases=["default"]):
        if each.is_serious() and not each.is_silenced():
            raise BackupRefused(f"{each.msg} {each.hint or ''}".strip())


def compare_counts(manifest: sets.Manifest) -> None:
    """Raise `BackupDamaged` where a table has not as many rows as when it was copied."""
    with connection.cursor() as cursor:
        ask = databases.asking(cursor)
        there = set(connection.introspection.table_names(cursor))
        for table, rows in manifest.counts.items():
            if table not in there or taking.rows_in(table, ask) != rows:
                raise BackupDamaged(f"{table} has not the {rows} rows that it was copied with.")
