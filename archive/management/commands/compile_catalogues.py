"""Turn translations from what translators edit (.po) into what Django reads (.mo).

With polib instead of gettext's msgfmt, so that `make run` needs nothing but Python.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management import BaseCommand, CommandError


class Command(BaseCommand):
    """Compiles every catalogue whose source is newer than what was made of it."""

    help = "Compile the translations that have changed."
    requires_system_checks: list[str] = []  # runs before there is anything to check

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                if self._compile(source) and options["verbosity"]:
                    self.stdout.write(f"Compiled {source.relative_to(settings.BASE_DIR)}")

    def _compile(self, source: Path) -> bool:
        """Whether there was anything to do."""
        made = source.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime >= source.stat().st_mtime:
            return False
        try:
            catalogue = polib.pofile(str(source))
        except (OSError, UnicodeDecodeError) as problem:
            raise CommandError(f"{source} cannot be compiled: {problem}.") from problem
        beside = made.with_name(f".{made.name}.{os.getpid()}")
        catalogue.save_as_mofile(str(beside))
        beside.replace(made)  # a reader sees the old catalogue or the new one
        return True
