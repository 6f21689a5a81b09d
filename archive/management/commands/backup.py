"""`backup DIR`: a consistent copy of database, vault and gallery, verified after writing."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from archive.backups import taking
from archive.backups.sets import BackupRefused

KEYS = (
    "The keys are not in it: keep a copy of secret.key and contact.key (or of SECRET_KEY and "
    "CONTACT_KEYS) somewhere else, apart from the backups. Without contact.key nobody can read "
    "who sent a story."
)


class Command(BaseCommand):
    help = "Make a backup below DIR while the archive is used, verify it, and delete old ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="on another disk, if you can")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            taken = taking.take(options["folder"])
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as problem:  # of a disk that is not full but broken, or not ours
            raise CommandError(f"{problem.filename}: {problem.strerror}.") from problem
        self._say(taken)

    def _say(self, taken: taking.Taken) -> None:
        held = taken.fact
        sealed = ", sealed" if taken.manifest.sealed else ""
        self.stdout.write(
            f"backed up {held.pieces} pieces, {held.stories} stories and {held.photographs} "
            f"photographs to {taken.name} ({len(taken.manifest.files)} files, "
            f"{taken.manifest.bytes / 1_000_000:.1f} MB{sealed}), and read it all again"
        )
        if taken.erased:
            self.stdout.write(f"{taken.erased} files were erased meanwhile and are left out")
        if taken.lost:
            self.stderr.write(
                f"{taken.lost} files that rows speak of are nowhere: run `reconcile`, and bring "
                "them back from an older backup"
            )
        if taken.pruned:
            days = settings.BACKUP_KEPT_DAYS
            self.stdout.write(f"deleted {len(taken.pruned)} backups of {days} days or older")
        self.stdout.write(KEYS)
