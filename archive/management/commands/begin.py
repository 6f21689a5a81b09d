"""Make the archive ready to be served: what `make run` does before `serve`."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError

from archive import schema
from archive.models.person import Person
from archive.models.story import Story
from archive.models.submission import Submission


class Command(BaseCommand):
    """Migrates, compiles translations, and furnishes an empty archive with the sample."""

    help = "Prepare the database and the translations; furnish the sample the first time."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("compile_catalogues", verbosity=0)
        try:
            self._migrate()
        except DatabaseError as problem:
            raise CommandError(f"The database cannot be prepared: {problem}") from problem
        if is_empty():
            self.stdout.write("Furnishing the sample archive, once")
            call_command("sample", no_accounts=True, stdout=self.stdout, stderr=self.stderr)

    def _migrate(self) -> None:
        owed = schema.steps_owed()
        if owed:
            self.stdout.write(f"Preparing the database ({owed} steps)")
            call_command("migrate", interactive=False, verbosity=0)


def is_empty() -> bool:
    """Nobody works here, nothing came in, nothing is published."""
    return not any(model.objects.exists() for model in (Person, Submission, Story))
