"""The worker: does what the job queue owes, one piece after the other, until told to stop.

Called by the commands `work` and `serve`. Whoever does a kind of work has said so when
the app was loaded (archive/apps.py).
"""

from __future__ import annotations

import logging
import signal
import time
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, connection

from archive import jobs

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 5  # after the database refused


class Worker:
    """One loop. It stops between two jobs, never inside one."""

    def __init__(self) -> None:
        self.stopping = False

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Finish the job in hand, then leave; fit to be a signal handler."""
        self.stopping = True

    def run(self) -> None:
        """Work until told to stop. A database that is away for a while is waited for."""
        planned = False
        while not self.stopping:
            try:
                if not planned:
                    jobs.plan_recurring()
                    planned = True
                busy = jobs.run_one()
            except DatabaseError as problem:
                logger.warning("the database refused (%s)", type(problem).__name__)
                connection.close()
                time.sleep(PAUSE_SECONDS)
                continue
            if not busy and not self.stopping:
                time.sleep(settings.JOB_POLL_SECONDS)


def run() -> None:
    """Work in this process until SIGTERM or Ctrl-C."""
    worker = Worker()
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    worker.run()
