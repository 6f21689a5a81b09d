"""What every test may rely on: thrown-away places, closed sockets, and the cast of the desk.

The settings come from `tests.settings`; sockets to anywhere but this machine are refused by
pytest-socket (pyproject.toml).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings as live_settings
from django.core.cache import caches
from django.utils import translation
from pytest_django import Settings

from archive.models.person import Person, Role
from media import sandbox
from tests import darkroom
from tests.media import walking

# What hypothesis draws is the same in every run, and no draw is too slow: a test must not fail by luck.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long journeys first: begun last, one of them would keep a single core busy at the end."""
    items.sort(key=lambda item: not {"browser", "journeys"} & set(item.path.parts))


@pytest.fixture(autouse=True)
def _own_places(settings: Settings, tmp_path: Path) -> None:
    """An index, a vault and a gallery for each test: what one leaves behind no other finds."""
    settings.SEARCH_URL = f"tantivy://{tmp_path}/index"
    settings.VAULT_DIR = tmp_path / "vault"
    settings.GALLERY_DIR = tmp_path / "gallery"


@pytest.fixture(params=["tantivy", pytest.param("whoosh", marks=pytest.mark.slow)])
def either_engine(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> str:
    """The index of this test is one engine's, then the other's; with Whoosh in the slow suite."""
    settings.SEARCH_URL = f"{request.param}://{tmp_path}/index"
    return str(request.param)


@pytest.fixture(autouse=True)
def _clean_slate() -> Iterator[None]:
    """No page, limit or language left over from the test before."""
    yield
    for cache in caches.all(initialized_only=True):
        cache.clear()
    translation.deactivate()


walking.watch()


@pytest.fixture(autouse=True)
def _each_picture_is_developed_once(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everywhere but in the tests of the darkroom itself."""
    if "/tests/media/" not in request.node.path.as_posix():
        monkeypatch.setattr(sandbox, "run", darkroom.remembering(sandbox.run))


@pytest.fixture(autouse=True)
def _every_rendition_is_bare() -> Iterator[None]:
    """Whatever a test hangs in the gallery carries pixels and nothing else (issue 5)."""
    yield
    assert walking.found_since() == []


@dataclass(frozen=True)
class Cast:
    """The people of the desk, one of each role; tests read as sentences about them."""

    ines: Person  # moderator
    ruth: Person  # editor
    odell: Person  # administrator
    wren: Person  # guest


@pytest.fixture
def cast(db: None) -> Cast:
    """Inés moderates, Ruth edits, Odell administers, Wren may look."""
    return Cast(
        ines=_person("ines", "Inés", Role.MODERATOR),
        ruth=_person("ruth", "Ruth", Role.EDITOR),
        odell=_person("odell", "Odell", Role.ADMINISTRATOR),
        wren=_person("wren", "Wren", Role.GUEST),
    )


def _person(username: str, name: str, role: Role) -> Person:
    return Person.objects.create_user(
        username=username, first_name=name, role=role, password=f"{username} of the desk"
    )


@pytest.fixture
def ines(cast: Cast) -> Person:
    return cast.ines


@pytest.fixture
def ruth(cast: Cast) -> Person:
    return cast.ruth


@pytest.fixture
def odell(cast: Cast) -> Person:
    return cast.odell


@pytest.fixture
def wren(cast: Cast) -> Person:
    return cast.wren


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The corpora beside the working copy; tests that need them skip where they are absent."""
    folder = Path(live_settings.BASE_DIR).parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("The shared test data does not lie beside this working copy.")
    return folder


def pytest_unconfigure() -> None:
    """The process that made the ground takes it away, after its xdist workers have gone."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(live_settings.TEST_GROUND, ignore_errors=True)
