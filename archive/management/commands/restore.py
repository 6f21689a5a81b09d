"""`restore DIR [--into DATA_DIR]`: an archive from a backup; `--verify` tries it and throws it away."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from archive.backups import restoring
from archive.backups.restoring import Restored
from archive.backups.sets import BackupRefused


class Command(BaseCommand):
    help = "Bring an archive back from a backup, or from the newest backup in DIR."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", metavar="DIR", type=Path, help="a backup, or a folder of them"
        )
        where = parser.add_mutually_exclusive_group()
        where.add_argument(
            "--into", metavar="DATA_DIR", type=Path, help="an empty folder; DATA_DIR if left out"
        )
        where.add_argument(
            "--verify", action="store_true", help="the drill: restore, ask, and throw away"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        into = options["into"]
        try:
            if options["verify"]:
                restored = restoring.prove(options["folder"])
            else:
                restored = restoring.bring_back(options["folder"], into)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as problem:  # of a disk that is not full but broken, or not ours
            raise CommandError(f"{problem.filename}: {problem.strerror}.") from problem
        for line in lines(restored):
            self.stdout.write(line)
        if options["verify"]:
            told = restored.replayed
            self.stdout.write(
                f"proven: {told['pages']} pages and {told['searches']} searches answered rightly; "
                "the copy is thrown away"
            )
            return
        self.stdout.write("The index is owed: `reindex` builds it now, the worker by itself.")
        if into:
            self.stdout.write(f"Start the archive with DATA_DIR={into.resolve()}{_without()}.")


def _without() -> str:
    """Settings of this shell by which the new folder would not be looked at."""
    names = ["STORAGE_URL", "SEARCH_URL"]
    if connection.vendor == "sqlite":
        names.append("DATABASE_URL")
    given = [name for name in names if os.environ.get(name)]
    return f" and without {' and '.join(given)}" if given else ""


def lines(restored: Restored) -> list[str]:
    """What came back and what did not, a sentence each."""
    held, told = restored.fact, restored.replayed
    said = [
        f"restored {held.pieces} pieces, {held.stories} stories and {held.photographs} photographs "
        f"of {restored.name}"
    ]
    if not restored.tombstones:
        said.append(
            "No list of what was taken away since was found: if the old DATA_DIR has a file "
            "`tombstones`, throw this away, put the file where DATA_DIR will be, and restore again."
        )
    away = {
        "withdrawn": told["hidden"], "erased": told["erased"],
        "photographs taken down": told["photographs"],
        "newsletter addresses": told["subscriptions"], "accounts": told["accounts"],
    }  # fmt: skip
    if any(away.values()):
        parts = ", ".join(f"{number} {what}" for what, number in away.items() if number)
        said.append(f"taken away again, as it was since: {parts}")
    if told["narrowed"]:
        said.append(
            "hidden until an editor has looked, because their contributors allow less since, or "
            "names were taken out since: " + ", ".join(told["narrowed"])
        )
    if told["plans"]:
        said.append(
            f"{told['plans']} planned publications wait for an editor to plan them again: whether "
            "they were taken back since, the backup does not know"
        )
    if told["accounts_left"]:
        said.append(
            f"{', '.join(told['accounts_left'])} left the desk since, but is the only administrator "
            "of the backup: make another with `createsuperuser`, then end that account"
        )
    return said
