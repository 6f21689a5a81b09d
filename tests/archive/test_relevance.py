"""Judged searches: what readers half remember finds the story they mean, among the first.

The questions stand in `judged.json`, each with the stories it must find (`finds`, by the name that
the sample gives them, or by the record of the collection) and within how many (`within`). They are
asked of the sample archive, furnished through the real verbs, and of narratives that were imported.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import transaction
from django.http import QueryDict
from django.utils import translation
from pytest_django import DjangoDbBlocker, Settings

from archive import catalogue, gazetteer, questions
from archive.catalogue import wording
from archive.management.commands import sample
from archive.models.submission import Submission
from tests import factories

pytestmark = pytest.mark.django_db

JUDGED = json.loads((Path(__file__).parent / "judged.json").read_text("utf-8"))["judged"]
DATA = Path(django_settings.BASE_DIR).parent / "shared" / "data"
NARRATIVES = DATA / "testimony-en" / "wpa-slave-narratives.jsonl.gz"
MANY = 300  # enough to lose a story among, and taken in within seconds

Names = dict[str, str]  # what a judgement calls a story, by its public id
Furnished = dict[str, tuple[str, Names]]
Shelves = Callable[[str], Names]


@pytest.fixture(scope="module", params=["tantivy", pytest.param("whoosh", marks=pytest.mark.slow)])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn answers for the whole module; Whoosh in the slow suite."""
    return str(request.param)


@pytest.fixture(scope="module")
def ground(
    engine: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[pytest.MonkeyPatch]:
    """A database, an index and stores for the whole module, taken back at its end."""
    folder = tmp_path_factory.mktemp("judged")
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
        translation.override("en"),
    ):
        for name in ("DATA_DIR", "VAULT_DIR", "GALLERY_DIR"):
            (folder / name).mkdir()
            patch.setattr(f"django.conf.settings.{name}", folder / name)
        gazetteer.seed()
        sample._cast(folder / "accounts")
        sample._vocabulary()
        yield patch
        transaction.set_rollback(True)
    wording._at.cache_clear()


@pytest.fixture(scope="module")
def furnished(
    engine: str, ground: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Furnished:
    """The two archives, by name: the address of the index, and what is in it."""
    root = tmp_path_factory.mktemp("indexes")
    made = {"sample": (f"{engine}://{root / 'sample'}", _sample(ground))}
    _index(ground, made["sample"][0])
    if NARRATIVES.exists():
        made["wpa"] = (f"{engine}://{root / 'wpa'}", made["sample"][1] | _narratives(root))
        _index(ground, made["wpa"][0])
    return made


def _index(patch: pytest.MonkeyPatch, url: str) -> None:
    patch.setattr("django.conf.settings.SEARCH_URL", url)
    catalogue.rebuild()


@pytest.fixture
def shelves(furnished: Furnished, settings: Settings) -> Shelves:
    """Opens the index of one of the archives, and tells what its stories are called."""

    def opened(name: str) -> Names:
        if name not in furnished:
            pytest.skip("The shared test data does not lie beside this working copy.")
        settings.SEARCH_URL, names = furnished[name]
        return names

    wording._at.cache_clear()  # a rolled back generation may have had the same number
    return opened


def _sample(patch: pytest.MonkeyPatch) -> Names:
    """The sample's stories, without their photographs, which take a second each."""
    read = sample._read
    patch.setattr(sample, "_pictures", lambda row: [])
    patch.setattr(
        sample, "_read", lambda name: {"projects": []} if name == "projects.json" else read(name)
    )
    furnisher = sample.Furnisher(quiet=True)
    furnisher.furnish()
    return {story.public_id: name for name, story in furnisher.published.items()}


def _narratives(folder: Path) -> Names:
    """The first of the WPA narratives, as any collection is imported."""
    part = folder / "narratives.jsonl"
    with gzip.open(NARRATIVES, "rt") as lines:
        part.write_text("".join(islice(lines, MANY)))
    call_command("import_stories", part, publish=True, by="editor", source="wpa", verbosity=0)
    pieces = Submission.objects.filter(story__isnull=False).exclude(source_key="")
    return dict(pieces.values_list("story__public_id", "source_key"))


def asked(judged: dict[str, Any]) -> catalogue.Found:
    params = QueryDict(mutable=True)
    params.update({"q": judged["asks"]} | judged.get("with", {}))
    with translation.override(judged.get("reader", "en")):
        return catalogue.find(questions.read(params))


@pytest.mark.parametrize("judged", JUDGED, ids=lambda judged: judged["asks"])
def test_the_story_that_was_meant_stands_among_the_first(
    judged: dict[str, Any], shelves: Shelves
) -> None:
    names = shelves(judged.get("archive", "sample"))

    found = asked(judged)

    first = [names[result.story.public_id] for result in found.results[: judged["within"]]]
    assert set(judged["finds"]) <= set(first), (judged["why"], first)
    if "corrected" in judged:
        assert found.correction == catalogue.Correction(judged["corrected"], judged["asks"])
        assert found.did_you_mean == judged["corrected"]


def test_a_story_that_says_only_the_box_is_found_by_its_spanish_name(shelves: Shelves) -> None:
    names = shelves("sample")
    found = asked({"asks": "aislamiento"})
    [story] = [r.story for r in found.results if names[r.story.public_id] == "the-bus-to-malone"]
    assert "the box" in story.body.casefold()
    assert "aislamiento" not in (story.title + story.body).casefold()


def test_a_long_question_is_answered_by_what_comes_near_and_counts_stay_honest(
    shelves: Shelves,
) -> None:
    names = shelves("sample")
    question = "garden nurse cousin Erie"

    found = asked({"asks": question})
    strictly = asked({"asks": question, "with": {"literal": "1"}})

    assert 0 < strictly.total < found.total
    assert names[found.results[0].story.public_id] == "my-cousin-the-nurse"
    assert any(str(strictly.total) in note for note in found.notes)
    assert sum(facet.count for facet in found.facets["kind"]) == found.total
    assert not strictly.notes


@pytest.mark.parametrize(
    ("q", "more"),
    [
        ("garden nurse cousin", {}),
        ('"nurse" cousin garden Erie', {}),
        ("garden nurse cousin Erie -box", {}),
        ("garden nurse cousin Erie", {"sort": "newest"}),
    ],
)
def test_few_words_signs_or_another_order_are_counted_to_the_letter(
    q: str, more: dict[str, str], shelves: Shelves
) -> None:
    shelves("sample")
    strictly = asked({"asks": q, "with": {**more, "literal": "1"}})
    found = asked({"asks": q, "with": more})
    assert 0 < strictly.total == found.total
    assert not found.notes


def test_accents_tell_the_rank_and_not_the_reach(shelves: Shelves) -> None:
    shelves("sample")
    with factories.committed():
        for title in ("Quíxto ñandul", "Quixto nandul"):
            factories.in_public(factories.telling(title=title, language="es", body="Palabras."))

    accented, plain = asked({"asks": "ñandul"}), asked({"asks": "nandul"})

    assert [r.story.title for r in accented.results] == ["Quíxto ñandul", "Quixto nandul"]
    assert [r.story.title for r in plain.results] == ["Quixto nandul", "Quíxto ñandul"]
