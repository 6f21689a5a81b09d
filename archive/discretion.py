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
from typing import Any

# These loggers put paths, queries and addresses into their messages.
INDISCREET = ("django.request", "django.security", "gunicorn")
FRAMES = 6  # innermost frames; enough to see which page and which verb


def where(problem: BaseException) -> str:
    """File and line where an exception was raised: `intake.py:120`."""
    steps = _steps(problem.__traceback__)
    return steps[-1] if steps else "an unknown place"


def _steps(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]


class Formatter(logging.Formatter):
    """Writes exceptions as class and place, and drops the messages of indiscreet loggers."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name.startswith(INDISCREET) and (record.exc_info or hasattr(record, "request")):
            said = f"a request to the page {_page(record)!r} failed"
            record = logging.makeLogRecord({**record.__dict__, "msg": said, "args": None})
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802, the library's name
        kind, _problem, trace = ei
        return f"  {kind.__name__} at {' > '.join(_steps(trace)[-FRAMES:])}"


def _page(record: logging.LogRecord) -> str:
    """The name of the page in our URL map, which says nothing of what was asked there."""
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    return match.view_name if match else "unknown"
