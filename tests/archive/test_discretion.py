"""Logs say which error and where; never what was said, asked, or by whom."""

from __future__ import annotations

import logging
import sys
from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from archive.discretion import Formatter, where


def fail() -> None:
    raise ValueError("my sister Marta")


def record(logger: str, message: str, *, failing: bool, **extra: object) -> logging.LogRecord:
    exc_info = None
    if failing:
        try:
            fail()
        except ValueError:
            exc_info = sys.exc_info()
    made = logging.LogRecord(logger, logging.ERROR, __file__, 1, message, None, exc_info)
    made.__dict__.update(extra)
    return made


@pytest.mark.parametrize(
    ("logger", "failing"),
    [
        ("django.request", True),
        ("django.security.csrf", True),
        ("gunicorn.error", True),
        ("archive.jobs", True),
    ],
)
def test_an_exception_is_named_by_class_and_place(logger: str, failing: bool) -> None:
    written = Formatter("%(message)s").format(record(logger, "said", failing=failing))
    assert "ValueError at " in written
    assert "test_discretion.py:" in written
    assert "Marta" not in written


def test_a_request_is_named_by_its_page() -> None:
    request = RequestFactory().get("/stories/?q=marta")
    request.resolver_match = SimpleNamespace(view_name="stories")
    failed = record(
        "django.request", "Internal Server Error: /marta", failing=True, request=request
    )
    written = Formatter("%(message)s").format(failed)
    assert "'stories'" in written
    assert "marta" not in written


def test_a_request_that_met_no_page_is_not_quoted() -> None:
    request = RequestFactory().get("/marta")
    failed = record("django.request", "Service Unavailable: /marta", failing=False, request=request)
    assert "marta" not in Formatter("%(message)s").format(failed)


def test_our_own_sentences_stay() -> None:
    assert Formatter("%(message)s").format(record("archive.jobs", "done", failing=False)) == "done"


def test_where_without_a_trace() -> None:
    assert where(ValueError("never raised")) == "an unknown place"
