"""Several processes under one roof: started together, watched, ended together.

Owns processes and signals, and nothing of the archive. Called by the command `serve`, which puts
the web server and the worker here. Forking from one parent that has everything loaded lets them
share its memory.

However the parent ends, even by `kill -9`, its children end at once: each waits on a pipe that
only the parent holds open. Whatever was half done then is what every part of the archive is built
to bear.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

logger = logging.getLogger(__name__)

WATCHED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
GRACE_SECONDS = 35  # the web server's thirty for requests under way, and a little for itself
SHORTEST_LIFE = 10  # seconds; who dies younger waits longer before being started again
LONGEST_PAUSE = 30


@dataclass
class Resident:
    """One process: what it does, and whether it is started again when it dies.

    `luggage` is what it alone takes along, such as a listening socket: closed in the parent once
    the child has it, so that nobody else keeps it open.
    """

    name: str
    live: Callable[[], None]
    restarted: bool = False
    luggage: socket.socket | None = None
    pid: int = field(default=0, init=False)
    born: float = field(default=0.0, init=False)
    pause: float = field(default=1.0, init=False)


class Lifeline:
    """A pipe whose writing end only the parent keeps: its end of file is the parent's death."""

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()

    def hold(self) -> None:
        """In a child: let go of the writing end, and die when the parent does."""
        os.close(self._writing)
        self.follow()

    def follow(self) -> None:
        """In a child of a child, which has no writing end: die when the parent of all does."""
        threading.Thread(target=self._wait, name="lifeline", daemon=True).start()

    def _wait(self) -> None:
        os.read(self._reading, 1)
        os.kill(os.getpid(), signal.SIGKILL)


def keep(residents: Sequence[Resident], lifeline: Lifeline) -> int:
    """Run the residents until a signal says stop, or one that is not restarted ends.

    Returns the exit status: 0 where we were told to stop, 1 where somebody failed.
    """
    # Signals are taken one by one from here on, so that none falls between two steps.
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    gc.collect()
    gc.freeze()  # what is loaded now is never scanned, so its pages stay shared
    for resident in residents:
        _start(resident, lifeline)
    status = 0
    while True:
        if signal.sigwait(WATCHED) != signal.SIGCHLD:
            break
        ended = _reap(residents)
        if any(not resident.restarted for resident in ended):
            status = 1
            break
        for resident in ended:
            _start_again(resident, lifeline)
    _end(residents)
    return status


def _start(resident: Resident, lifeline: Lifeline) -> None:
    resident.born = time.monotonic()
    resident.pid = os.fork()
    if not resident.pid:
        _live(resident, lifeline)
    if resident.luggage:
        resident.luggage.close()


def _live(resident: Resident, lifeline: Lifeline) -> NoReturn:
    """In the child. A group of its own: Ctrl-C reaches only the parent, who ends us well."""
    status = 1
    try:
        os.setpgid(0, 0)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
        lifeline.hold()
        resident.live()
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        logger.exception("%s failed", resident.name)
    finally:
        sys.stdout.flush()
        logging.shutdown()
        os._exit(status)  # not through the parent's clean-up, which we have inherited


def _start_again(resident: Resident, lifeline: Lifeline) -> None:
    lived = time.monotonic() - resident.born
    resident.pause = 1.0 if lived > SHORTEST_LIFE else min(resident.pause * 2, LONGEST_PAUSE)
    logger.warning("%s ended; started again in %.0f s", resident.name, resident.pause)
    time.sleep(resident.pause)
    _start(resident, lifeline)


def _reap(residents: Sequence[Resident]) -> list[Resident]:
    """Residents that have ended since we last looked."""
    ended: list[Resident] = []
    while True:
        try:
            pid, _status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if not pid:
            return ended
        for resident in residents:
            if resident.pid == pid:
                resident.pid = 0
                ended.append(resident)


def _end(residents: Sequence[Resident]) -> None:
    """Ask everybody to finish; whoever has not after the grace is ended."""
    _signal_all(residents, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while any(resident.pid for resident in residents):
        if time.monotonic() > deadline:
            _signal_all(residents, signal.SIGKILL)
            deadline = float("inf")
        time.sleep(0.05)
        _reap(residents)


def _signal_all(residents: Sequence[Resident], number: signal.Signals) -> None:
    for resident in residents:
        if resident.pid:
            os.kill(resident.pid, number)
