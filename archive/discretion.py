"""What may be written into a log: which error, and where in our code; never what it said.

The message of an exception may quote a story, a query or an address, and so may the path of a
request (safety.md G6, H7). Owns the wording of errors in logs. Used by the log settings, by the web
server and by the job queue.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from types import TracebackType

# These loggers put paths, queries and addresses into their messages.
INDISCREET = ("django.request", "django.security", "gunicorn")
FRAMES = 6  # innermost frames; enough to see which page and which verb


def where(problem: BaseException) -> str:
    """File and line where an exception was raised: `intake.py:120`."""
    return _steps(problem.__traceback__)[-1:][0] if problem.__traceback__ else "an unknown place"


def _steps(trace: TracebackType | None) -> list[str]:
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(trace)]


class Formatter(logging.Formatter):
    """Writes exceptions as class and place, and drops the messages of indiscreet loggers."""

    def format(self, record: logging.LogRecord) -> str:
        if record.exc_info and record.name.startswith(INDISCREET):
            record = logging.makeLogRecord({**record.__dict__, "msg": "failed", "args": None})
        return super().format(record)

    def formatException(self, exc_info: object) -> str:  # noqa: N802, the library's name
        kind, _problem, trace = exc_info  # type: ignore[misc]
        return f"  {kind.__name__} at {' > '.join(_steps(trace)[-FRAMES:])}"
