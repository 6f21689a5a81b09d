"""Lists that leave the desk as files. What stands in them is the stages' affair."""

from __future__ import annotations

from django.http import HttpResponse


def csv_file(name: str, table: str) -> HttpResponse:
    """The table as a file that a browser saves as `name`.csv."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(table, content_type="text/csv; charset=utf-8", headers=headers)
