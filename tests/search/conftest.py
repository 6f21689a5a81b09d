"""Fixtures for the search tests: an index of one engine in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.test import override_settings

from search import index
from search.document import Document
from tests.search.corpus import STORIES

ENGINES = ("tantivy", "whoosh")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn: whoever asks for this sits the exam twice."""
    return request.param


@pytest.fixture
def open_index(settings: object, tmp_path: Path) -> Callable[[str], Path]:
    """Points SEARCH_URL at a folder of this test; gives the folder back."""

    def opened(engine: str) -> Path:
        folder = tmp_path / engine
        settings.SEARCH_URL = f"{engine}://{folder}"  # type: ignore[attr-defined]
        return folder

    return opened


@pytest.fixture
def filled(engine: str, open_index: Callable[[str], Path]) -> Callable[[Iterable[Document]], Path]:
    """An index of the engine at hand with these stories in it."""

    def made(documents: Iterable[Document]) -> Path:
        folder = open_index(engine)
        index.rebuild(documents)
        return folder

    return made


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The address of an index of one engine with STORIES in it, built when first asked for."""
    addresses: dict[str, str] = {}

    def address(engine: str) -> str:
        if engine not in addresses:
            url = f"{engine}://{tmp_path_factory.mktemp('stocked') / engine}"
            with override_settings(SEARCH_URL=url):
                index.rebuild(STORIES)
            addresses[engine] = url
        return addresses[engine]

    return address


@pytest.fixture
def stocked(engine: str, built: Callable[[str], str], settings: object) -> str:
    """STORIES in an index of the engine at hand, for tests that only ask; the engine's name."""
    settings.SEARCH_URL = built(engine)  # type: ignore[attr-defined]
    return engine
