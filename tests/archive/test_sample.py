"""The invented archive: furnished through the real verbs, never over a real one."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from archive import catalogue, jobs
from archive.management.commands import sample
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.models.story import Kind, Story
from archive.models.submission import State, Submission
from archive.models.vocabulary import Campaign, Theme
from media import photos
from tests import factories, pictures

FURNISHED = {"published", "waiting", "held", "asked", "accepted", "declined", "withdrawn"}


@pytest.fixture
def own_data(settings: Settings, tmp_path: Path) -> Path:
    """A data folder of its own: the list of accounts that is written there marks a sample."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    return settings.DATA_DIR


def shortened(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One of each state, one photograph at the most, and an original with its translation."""
    translation = next(row for row in rows if row.get("translation_of"))
    original = next(row for row in rows if row["id"] == translation["translation_of"])
    states: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row not in (translation, original):
            states.setdefault(row["state"], row)
    kept = [original, translation, *states.values()]
    drawn = next((row for row in kept if row["photos"]), None)
    return [{**row, "photos": row["photos"][:1] if row is drawn else []} for row in kept]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same files with a handful of pieces and plain pictures: drawing takes its second each, and
    has its own tests."""
    folder = tmp_path / "sample"
    folder.mkdir()
    for file in sample.FOLDER.glob("*.json"):
        told = json.loads(file.read_text("utf-8"))
        if "stories" in told:
            told["stories"] = shortened(told["stories"])
        if "projects" in told:
            project = told["projects"][0]
            told["projects"] = [{**project, "plates": project["plates"][:1]}]
        (folder / file.name).write_text(json.dumps(told))
    monkeypatch.setattr(sample, "FOLDER", folder)
    monkeypatch.setattr(photos, "sketch", lambda *_scene, **_more: pictures.jpeg(64, 48))


def furnish(*options: str) -> str:
    said = io.StringIO()
    with factories.committed():
        call_command("sample", *options, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_every_state_stands_there_and_the_accounts_are_shown_once(
    small: None, own_data: Path
) -> None:
    said = furnish()
    assert "Everything in it is invented." in said
    states = set(Submission.objects.values_list("state", flat=True))
    assert states == FURNISHED
    assert {person.role for person in Person.objects.all()} == {
        "guest", "moderator", "editor", "administrator",
    }  # fmt: skip
    assert [person.is_staff for person in Person.objects.order_by("role")].count(True) == 1
    listed = (own_data / "sample-accounts.txt").read_text()
    assert stat.S_IMODE((own_data / "sample-accounts.txt").stat().st_mode) == 0o600
    for line in listed.splitlines():
        name, password, *_rest = line.split()
        assert Person.objects.get(username=name).check_password(password)
        assert line in said
    assert Theme.objects.exists()
    assert Campaign.objects.exists()


@pytest.mark.django_db
def test_it_went_through_the_verbs_and_can_be_read_and_found(small: None, own_data: Path) -> None:
    furnish()
    jobs.run_due()
    for piece in Submission.objects.all():
        verbs = set(
            LedgerEntry.objects.filter(piece=piece.reference).values_list("verb", flat=True)
        )
        assert verbs & {"send", "hold"}
        assert ("publish" in verbs) == (piece.state in ("published", "withdrawn"))
    public = Story.objects.public()
    assert public.filter(translation_of__isnull=False).exists()
    project = public.get(kind=Kind.PHOTO_PROJECT)
    assert project.lead_photo is not None
    assert project.lead_photo.companion is not None
    assert not catalogue.compare()


@pytest.mark.django_db
def test_it_is_never_laid_over_anything(small: None, own_data: Path) -> None:
    piece = factories.submission()
    for options, said in (((), "furnished already"), (("--fresh",), "no sample")):
        with pytest.raises(CommandError, match=said):
            furnish(*options)
    assert Submission.objects.get() == piece
    assert not (own_data / "sample-accounts.txt").exists()


@pytest.mark.django_db(transaction=True)
def test_a_sample_can_be_begun_again_and_nothing_of_the_old_one_is_left(
    small: None, own_data: Path, settings: Settings
) -> None:
    furnish()
    old = {path.name for path in Path(settings.VAULT_DIR).rglob("*.*")}
    assert old
    with pytest.raises(CommandError, match="furnished already"):
        furnish()
    count = Submission.objects.count()
    extra = factories.published()
    furnish("--fresh")
    assert Submission.objects.count() == count
    assert not Story.objects.filter(public_id=extra.public_id).exists()
    assert not old & {path.name for path in Path(settings.VAULT_DIR).rglob("*.*")}
    assert not catalogue.compare()


@pytest.mark.slow  # 49 pieces with some eighty drawn photographs
@pytest.mark.timeout(900)
@pytest.mark.django_db
def test_the_whole_sample_is_as_large_as_it_promises(own_data: Path) -> None:
    furnish()
    jobs.run_due(limit=1000)
    assert set(Submission.objects.values_list("state", flat=True)) == FURNISHED
    public = Story.objects.public()
    assert public.filter(kind=Kind.STORY).count() >= 30
    assert public.filter(kind=Kind.PHOTO_PROJECT).count() == 3
    assert set(public.values_list("language", flat=True)) == {"en", "es"}
    assert not jobs.waiting().exists()
    assert not jobs.given_up().exists()
    assert not catalogue.compare()
    for story in public:
        for photo in story.photos.all():
            assert photo.picture.ready
            assert photo.alt
    assert State.REFERRED not in FURNISHED  # nothing of the sample is with a lawyer
