"""`reindex`: builds the index beside the one in use and switches; `--check` compares."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from archive import catalogue


class Command(BaseCommand):
    help = "Build the search index anew, beside the one in use, and switch to it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="compare index and database; exit 1 on drift"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
            return
        with tqdm(unit=" stories", disable=None) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            total = catalogue.rebuild(show)
        self.stdout.write(f"indexed {total}")

    def _check(self) -> None:
        try:
            drift = catalogue.compare()
        except catalogue.IndexUnavailable as problem:
            raise CommandError(f"{problem} Run `reindex` to build it anew.") from problem
        if drift:
            raise CommandError(
                f"The index has drifted: {len(drift.missing)} missing, {len(drift.surplus)} too "
                f"many, {len(drift.stale)} out of date. Run `reindex` to mend it."
            )
        self.stdout.write("index and database agree")
