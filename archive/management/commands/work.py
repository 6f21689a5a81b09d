"""The worker alone, for an installation that runs it beside several web servers."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from archive import worker


class Command(BaseCommand):
    """Does what the job queue owes until SIGTERM or Ctrl-C, finishing the job in hand."""

    help = "Do the archive's work in the background: photographs, mail, the index."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("The worker is at work; Ctrl-C ends it after the job in hand.")
        worker.run()
