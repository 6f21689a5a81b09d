"""Web server and worker under one roof, as in production."""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core import checks
from django.core.management import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connections
from django.urls import get_resolver

from archive import incoming, roof, schema, webserver, worker

# What installed apps bring along and no page of ours uses: source maps, a second reader for the API's
# description (it fetches fonts elsewhere), the pages of a browsable API.
UNSERVED = ["*.map", "redoc", "rest_framework"]
ACCOUNTS = "sample-accounts.txt"  # written by `sample`, readable by its owner alone


class Command(BaseCommand):
    """Refuses in one sentence what would not work, then serves until told to stop."""

    help = "Serve the archive: web server and worker together."
    requires_system_checks: list[str] = []  # it makes more of them than other commands, itself

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="0 takes any that is free")
        parser.add_argument("--workers", type=int, default=1, help="web processes of eight threads")

    def handle(self, *args: Any, **options: Any) -> None:
        host = options["host"]
        if options["workers"] < 1:
            raise CommandError("--workers must be at least 1.")
        refuse_default_secret(host)
        listener = webserver.listen(host, options["port"])
        refuse_unprepared_database()
        self._say_what_is_wrong()
        gather_static_files()
        incoming.sweep()
        self._announce(host, listener.getsockname()[1])
        sys.exit(open_house(listener, options["workers"]))

    def _say_what_is_wrong(self) -> None:
        """The usual checks, and those that look at the machine; errors stop the start."""
        found = checks.run_checks() + checks.run_checks(
            tags=["archive", checks.Tags.database],
            include_deployment_checks=True,
            databases=["default"],
        )
        wrong = {each.msg: each for each in found if not each.is_silenced()}.values()
        for each in wrong:
            self.stderr.write(f"{each.msg} {each.hint or ''} ({each.id})")
        if any(each.is_serious() for each in wrong):
            raise CommandError("The archive was not opened, for the reason above.")

    def _announce(self, host: str, port: int) -> None:
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{port}"
        lines = [f"{settings.ARCHIVE_NAME} is open at {address}/"]
        accounts = settings.DATA_DIR / ACCOUNTS
        if accounts.exists():
            lines.append(f"The desk is at {address}/desk/; the sample's accounts:")
            lines += [f"    {line}" for line in accounts.read_text().splitlines() if line.strip()]
        else:
            lines.append(f"The desk is at {address}/desk/")
        lines += [f"Everything it keeps lies in {settings.DATA_DIR}", "Ctrl-C ends it."]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def refuse_default_secret(host: str) -> None:
    """Beyond this machine, the key that signs sessions is chosen and kept by the operator."""
    beyond = host not in (*settings.LOOPBACK, "::1")
    if beyond and not settings.DEBUG and not settings.SECRET_KEY_IS_GIVEN:
        raise CommandError(
            f"SECRET_KEY must be set to serve on {host}, beyond this machine. Make one with "
            "`python -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )


def refuse_unprepared_database() -> None:
    """Serve nothing on tables that are missing or older than the code."""
    try:
        owed = schema.steps_owed()
    except DatabaseError as problem:
        raise CommandError(f"The database does not answer: {problem}") from problem
    if owed:
        raise CommandError(
            f"The database is {owed} steps behind the code: run `python manage.py migrate` first."
        )


def gather_static_files() -> None:
    """Collect, fingerprint and compress style sheets and scripts, when they have changed.

    In a process of its own: the compressor takes memory that we should never get back.
    """
    if settings.WHITENOISE_USE_FINDERS:
        return  # in development they are read where they lie
    mark = Path(settings.STATIC_ROOT) / ".gathered"
    now = _fingerprint_of_sources()
    if mark.exists() and mark.read_text() == now:
        return
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "collectstatic"]
    skipped = [f"--ignore={pattern}" for pattern in UNSERVED]
    done = subprocess.run([*command, "--no-input", "--verbosity=0", *skipped])  # noqa: S603
    if done.returncode:
        raise CommandError("The style sheets could not be gathered, for the reason above.")
    mark.write_text(now)  # last, so that a half-done gathering is done again


def _fingerprint_of_sources() -> str:
    seen = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for path in _sources():
        facts = path.stat()
        seen.update(f"{path}:{facts.st_size}:{facts.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def _sources() -> Iterator[Path]:
    for finder in get_finders():
        for name, storage in finder.list(UNSERVED):
            yield Path(storage.path(name))


def open_house(listener: Any, workers: int) -> int:
    """Load everything once, then let the web server and the worker share it; exit status."""
    application = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018, every view is imported before the processes part
    connections.close_all()  # a connection does not survive being shared
    lifeline = roof.Lifeline()
    web = roof.Resident(
        "web server",
        lambda: webserver.run(application, listener, workers, lifeline.follow),
        luggage=listener,
    )
    return roof.keep([web, roof.Resident("worker", worker.run, restarted=True)], lifeline)
