"""Rows as CSV that can be opened in a spreadsheet: nothing in them is taken for a formula.

Pure. Ground floor: called by whatever hands lists out (`register`, `batches`, `newsletter`), which
decide who may have them and what stands in them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet would take for the beginning of a formula (OWASP, "CSV injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def table(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """The columns' names and the rows below them, each cell as `str` writes it."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(columns)
    writer.writerows([_no_formula(str(cell)) for cell in row] for row in rows)
    return written.getvalue()


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
