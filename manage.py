#!/usr/bin/env python
"""The command line of the archive: `python manage.py help` lists what it can do."""

import os
import sys


def main() -> None:
    """Run one management command; a broken setting is one sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.exit(f"testimonio: {problem}")


if __name__ == "__main__":
    main()
