"""The index damaged, or emptied of what is gone, as readers meet it: never a 500, healed by the
worker, and no word left over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import caches
from django.http import QueryDict
from django.test import Client
from pytest_django import Settings

from archive import catalogue, jobs, publication, questions
from archive.models.submission import Submission
from search import entries, index
from tests import factories, unpacking
from tests.factories import committed
from tests.search import test_damage

pytestmark = pytest.mark.django_db


def asked(q: str) -> catalogue.Found:
    params = QueryDict(mutable=True)
    params["q"] = q
    return catalogue.find(questions.read(params))


@pytest.fixture
def folder(either_engine: str, settings: Settings) -> Path:
    return Path(settings.SEARCH_URL.removeprefix(f"{either_engine}://"))


def at_any_time_later() -> None:
    """The worker's next rounds."""
    for cache in caches.all():
        cache.clear()
    with committed():
        jobs.run_due()


@pytest.mark.parametrize(
    "damage", [*test_damage.DAMAGES, test_damage.other_version], ids=lambda damage: damage.__name__
)
def test_a_damaged_index_is_no_error_to_readers_and_heals_itself(
    damage: Callable[[Path], None], folder: Path, client: Client
) -> None:
    catalogue.ensure()
    with committed():
        story = factories.published(factories.telling(body="A quagga stood in the yard."))
    assert asked("quagga").facets["kind"]
    damage(folder)
    index._engine_at.cache_clear()  # as in a process that has just started
    for address in ("/stories/?q=quagga", "/api/v1/stories/?q=quagga"):
        page = client.get(address)
        assert page.status_code == 200
        assert story.title in page.content.decode().replace("&#x27;", "'").replace("’", "'")
    assert client.get("/api/v1/suggest/?q=quag").status_code == 200
    assert client.get(story.get_absolute_url(), {"q": "quagga"}).status_code == 200

    at_any_time_later()

    healed = asked("quagga")
    assert (healed.total, healed.notes) == (1, [])
    assert healed.facets["kind"]
    assert not catalogue.compare()


@pytest.fixture
def telling_quagga(folder: Path) -> Submission:
    """A published piece whose words nobody else uses, beside one that stays."""
    catalogue.ensure()
    with committed():
        factories.in_public(factories.telling(title="Another", body="Another story stays."))
        return factories.in_public(
            factories.telling(
                title="Quaggaword",
                summary="Summaryquagga",
                body="Bodyquagga stood here.",
                year_from=1994,
            ),
            names={"chosen": "Bylinequagga"},
            themes=[factories.theme("quaggatheme", label_en="Themequagga")],
        )


def assert_no_quagga_in_sight() -> None:
    for q in ("quagga", "Bodyquagga", "bylinequagga", "summaryquagga", "themequagga"):
        found = asked(q)
        assert (found.total, found.correction, found.did_you_mean) == (0, None, ""), q
    for typed in ("bodyqu", "quag", "byli", "summ"):
        assert not catalogue.suggest(typed), typed
    for slip in ("bodyquaga", "quaggawrd", "bylinequaga"):
        assert not asked(slip).did_you_mean, slip
    assert "quaggatheme" not in {facet.value for facet in asked("").facets["theme"]}
    assert not asked("").facets["decade"]


def test_withdrawn_words_are_nowhere_in_sight(telling_quagga: Submission) -> None:
    assert asked("bodyquaga").did_you_mean == "bodyquagga"  # what this looks for can be found
    assert catalogue.suggest("bodyqu")

    with committed():
        publication.withdraw(telling_quagga, by=factories.contributor(telling_quagga))

    assert_no_quagga_in_sight()


def held_by_the_index() -> list[str]:
    """Fields that hold a word of the erased, deleted entries and their dictionaries included, and
    what is stored beside them: a file may hold words in pieces or packed, where no grep sees them."""
    said = (
        "quaggaword",
        "summaryquagga",
        "bodyquagga",
        "bylinequagga",
        "themequagga",
        "quaggatheme",
    )
    fields = (*entries.WORD_FIELDS, *entries.STEM_FIELDS, *entries.FACET_FIELDS)
    with index._engine().snapshot() as snapshot:
        stored = snapshot.entries(index.contents())
        return [
            *(field for field in fields for word in said if snapshot.frequency(field, word)),
            *(found.group for found in stored if "quagga" in repr(found)),
        ]


def test_erased_words_are_in_no_file_of_the_index(telling_quagga: Submission, folder: Path) -> None:
    def files() -> bytes:
        return b"".join(data for _name, data in unpacking.files(folder)).lower()

    assert b"quagga" in files()  # what is looked for can be seen
    assert held_by_the_index()

    with committed():
        publication.erase(telling_quagga, by=factories.contributor(telling_quagga))
    assert_no_quagga_in_sight()
    at_any_time_later()

    assert_no_quagga_in_sight()
    assert b"quagga" not in files()
    assert not held_by_the_index()
    assert asked("another").total == 1
