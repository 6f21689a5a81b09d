"""`backup_key FILE`: a new pair of keys for sealed backups; the private one goes into FILE."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.backups import envelopes

WHAT_NOW = (
    "Set BACKUP_RECIPIENT to this on the machine that makes backups:\n{public}\n"
    "{file} opens every backup that is sealed to it, and nothing else does. Print it, take it off "
    "this machine, and keep it in two places, apart from the backups."
)


class Command(BaseCommand):
    help = "Make the pair of keys of sealed backups; best on another machine than the archive's."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", type=Path, help="for the private key; a new file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        public, private = envelopes.made()
        file: Path = options["file"]
        try:
            with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
                kept.write(f"# public key: {public}\n{private}\n")
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}.") from problem
        self.stdout.write(WHAT_NOW.format(public=public, file=file))
