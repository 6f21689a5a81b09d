"""The API's description is true, and its readable form asks nothing of anybody else."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import hypothesis
import pytest
import schemathesis
import yaml
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from archive import catalogue
from tests import factories

# Not `negative_data_rejection`: by the contract, nothing a visitor asks is an error.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


def test_the_description_is_valid_and_says_no_warning(db: None) -> None:
    said, warned = io.StringIO(), io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=said, stderr=warned)
    described = yaml.safe_load(said.getvalue())
    assert set(described["paths"]) == {
        "/api/v1/stories/",
        "/api/v1/stories/{public_id}/",
        "/api/v1/themes/",
        "/api/v1/places/",
        "/api/v1/campaigns/",
        "/api/v1/suggest/",
        "/api/v1/submissions/",
    }


def test_every_parameter_of_the_pages_is_described(client: Client, db: None) -> None:
    schema = client.get("/api/schema/?format=json").json()
    given = {each["name"] for each in schema["paths"]["/api/v1/stories/"]["get"]["parameters"]}
    assert given >= {
        "q", "theme", "kind", "place", "language", "from", "to", "without", "sort", "page",
    }  # fmt: skip


def test_the_readable_form_lives_here_alone(client: Client, db: None) -> None:
    page = client.get("/api/docs/").content.decode()
    assert not re.findall(r"<style|style=|onload=|<script(?![^>]*\bsrc=)", page)
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert addresses
    for address in addresses:
        assert address.startswith("/"), address
        answer = client.get(address)
        assert answer.status_code == 200, address
        answer.close()  # a static file stays open until then


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A request that ends leaves the test's connection open, as Django's own test client sees to."""
    request_finished.disconnect(close_old_connections)
    request_started.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)
    request_started.connect(close_old_connections)


@pytest.mark.parametrize(
    "examples",
    [25, pytest.param(1700, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])],
)
def test_whatever_is_asked_the_answer_is_as_described(
    db: None, one_connection: None, examples: int
) -> None:
    """`examples` cases for each of six calls, sound and senseless ones, in this very process."""
    catalogue.ensure()
    with factories.committed():
        story = factories.published(themes=[factories.theme()])
    schema = schemathesis.openapi.from_wsgi("/api/schema/", get_wsgi_application())
    count = 0
    for operation in schema.get_all_operations():
        call = operation.ok()

        @hypothesis.given(case=call.as_strategy())
        @hypothesis.settings(
            max_examples=examples,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        def answers_as_described(case: schemathesis.Case) -> None:
            nonlocal count
            count += 1
            if case.path_parameters and count % 2:
                case.path_parameters["public_id"] = story.public_id
            case.call_and_validate(checks=CHECKS)

        answers_as_described()
    assert count > 6 * 10
