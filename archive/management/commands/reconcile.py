"""`reconcile`: rows without files and files without rows; `--fix` mends what can be mended."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from archive import reconciling


class Command(BaseCommand):
    help = "Compare photographs' rows with their files; exit 1 where they do not agree."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fix",
            action="store_true",
            help="sweep what is older than a day and belongs to nothing; have pictures made again",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["fix"]:
            before = reconciling.sentences(reconciling.compare())
            lost = reconciling.sentences(reconciling.mend())
            if lost:
                raise CommandError(f"Bring these back from a backup: {'; '.join(lost)}.")
            mended = "; ".join(before)
            self.stdout.write(f"mended: {mended}" if before else "rows and files agree")
            return
        found = reconciling.sentences(reconciling.compare())
        if found:
            raise CommandError(f"{'; '.join(found)}. Run `reconcile --fix` to mend what can be.")
        self.stdout.write("rows and files agree")
