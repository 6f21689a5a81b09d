"""The web server: gunicorn, as this archive wants it.

Owns the listening socket and gunicorn's settings. Called by the command `serve`. Writes no access
log: who reads what is nobody's business (safety.md H7).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger

from archive.discretion import Formatter

Application = Callable[..., Any]  # a WSGI application

THREADS = 8  # each a reader at once; a page takes some milliseconds, an upload some seconds
GRACEFUL_SECONDS = 30  # a story under way at a restart is still taken in (safety.md A5)
# Gunicorn's sign of life is a file that it touches every second: in memory where there is such a
# place, since a busy disk would make a healthy process look dead.
SHARED_MEMORY = "/dev/shm"  # noqa: S108, gunicorn makes its file there safely
BACKLOG = 256


def listen(host: str, port: int) -> socket.socket:
    """The socket the archive is served on; port 0 takes any that is free.

    Bound here, before anything else is done, and handed on: the check that the port is free and
    the taking of it are one act. Raises `CommandError` with what to do.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as problem:
        listener.close()
        raise CommandError(_why_not(host, port, problem)) from problem
    return listener


def _why_not(host: str, port: int, problem: Exception) -> str:
    if isinstance(problem, OverflowError):
        return f"{port} is not a port: choose one from 1 to 65535 with --port."
    if isinstance(problem, socket.gaierror) or getattr(problem, "errno", 0) == 99:
        return f"This machine has no address {host}: choose one of its own with --host."
    if isinstance(problem, PermissionError):
        return f"Port {port} is for administrators only: choose one above 1023 with --port."
    return (
        f"Port {port} on {host} is in use, perhaps by another copy of the archive: "
        f"end that one, or choose another port with --port {port + 10}."
    )


def run(
    application: Application, listener: socket.socket, workers: int, at_fork: Callable[[], None]
) -> None:
    """Serve until a signal says stop. `at_fork` is called in each process that gunicorn makes."""
    Server(application, listener, workers, at_fork).run()


class Discreet(Logger):  # type: ignore[misc]
    """Gunicorn's log without its messages about requests, which hold addresses and queries."""

    def setup(self, cfg: Config) -> None:
        """Called by gunicorn when it starts."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Formatter(self.error_fmt, self.datefmt))

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if "Invalid request" not in str(msg):
            super().warning(msg, *args, **kwargs)


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with an application and a socket that exist already."""

    def __init__(
        self,
        application: Application,
        listener: socket.socket,
        workers: int,
        at_fork: Callable[[], None],
    ) -> None:
        self.application = application
        self.listener = listener
        self.workers = workers
        self.at_fork = at_fork
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn; the only place where its settings are set."""
        chosen = {
            "bind": f"fd://{self.listener.fileno()}",
            "workers": self.workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "preload_app": True,
            "post_fork": lambda _arbiter, _worker: self.at_fork(),
            "graceful_timeout": GRACEFUL_SECONDS,
            "timeout": 60,
            "keepalive": 5,
            # Links of a search with every filter set are longer than gunicorn's default of 4094.
            "limit_request_line": 8190,
            "worker_tmp_dir": SHARED_MEMORY if os.path.isdir(SHARED_MEMORY) else None,
            "control_socket_disable": True,
            "accesslog": None,
            "loglevel": "warning",
            "logger_class": Discreet,
            # Only these may say that a visitor came by https; Django reads it from here.
            "forwarded_allow_ips": ",".join(settings.TRUSTED_PROXIES),
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Application:
        """The application, loaded before gunicorn began."""
        return self.application
