"""Starts the darkroom for one order, and gets the report or a refusal out of it, whatever happens.

Owns the bounded process: its limits, its descriptors, how many there are at once, and the reading
of how it ended. Called by `media.photos`. The process that calls never decodes a picture itself.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from media.refusals import SENTENCES, PhotoRefused
from media.storage import vault

_ROOT = Path(__file__).resolve().parent.parent
_PROGRAM = [sys.executable, "-E", "-s", "-m", "media.darkroom"]
_BYTES_PER_PIXEL = 4  # no encoding of ours is larger than the bare pixels
_WAIT_STEP = 0.02  # seconds between two looks for a free place
_WAITS = 4  # times PHOTO_SECONDS that a photo may wait for its turn


def run(task: str, source: IO[bytes], targets: Sequence[IO[bytes]], **order: Any) -> dict[str, Any]:
    """Carry out `task` on `source` into `targets` and return the darkroom's report.

    `order` holds what the task needs (see `media.darkroom`). Raises PhotoRefused, also where the
    process was killed, ran out of memory or time, or said something we do not understand.
    """
    order |= {
        "task": task,
        "source": source.fileno(),
        "targets": [target.fileno() for target in targets],
        "memory": settings.PHOTO_MEMORY,
        "seconds": settings.PHOTO_SECONDS,
        "file_bytes": settings.PHOTO_MAX_PIXELS * _BYTES_PER_PIXEL,
    }
    source.seek(0)
    with _turn():
        code, said = _converse(order)
    return _report(code, said)


def _converse(order: dict[str, Any]) -> tuple[int, bytes]:
    """The exit code of a darkroom given `order`, and what it printed."""
    with subprocess.Popen(  # noqa: S603 - our own program, no word of a stranger in its call
        _PROGRAM,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # decoders chatter about strangers' files; nothing is logged
        cwd=_ROOT,
        env={},
        pass_fds=[order["source"], *order["targets"]],
    ) as process:
        try:
            said, _ = process.communicate(json.dumps(order).encode(), settings.PHOTO_SECONDS)
        except subprocess.TimeoutExpired:
            said = b""
        finally:
            process.kill()  # also where we are ourselves being stopped
    return process.returncode, said


def _report(code: int, said: bytes) -> dict[str, Any]:
    if code in {-signal.SIGKILL, -signal.SIGXCPU}:
        raise PhotoRefused("too_heavy")
    try:
        report: dict[str, Any] = json.loads(said)
    except ValueError:  # it died on the way: a decoder's crash, on a file made to crash it or not
        raise PhotoRefused("damaged") from None
    refused = report.get("refused")
    if refused is not None:
        raise PhotoRefused(refused if refused in SENTENCES else "damaged")
    return report


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    """One of `PHOTO_AT_ONCE` places on this machine, whichever process asks.

    The places are locked files: the kernel frees the place of a process that dies.
    """
    folder = vault().incoming()
    deadline = time.monotonic() + _WAITS * settings.PHOTO_SECONDS
    with contextlib.ExitStack() as stack:
        places = [_place(folder, number, stack) for number in range(settings.PHOTO_AT_ONCE)]
        while not any(_taken(place) for place in places):
            if time.monotonic() > deadline:
                raise PhotoRefused("busy")
            time.sleep(_WAIT_STEP)
        yield


def _place(folder: Path, number: int, stack: contextlib.ExitStack) -> int:
    handle = os.open(folder / f"place-{number}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    stack.callback(os.close, handle)
    return handle


def _taken(place: int) -> bool:
    """Whether the lock on `place` is ours now."""
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
