"""What was taken away is remembered outside the database, in the right order, and nothing is said."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest
from django.conf import settings as live
from django.db import transaction
from pytest_django import Settings

from archive import enclosures, invitations, jobs, publication, tombstones
from archive.actors import SYSTEM
from archive.models.submission import State, Submission
from archive.tombstones import Fate
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def list_of_ours(settings: Settings, tmp_path: Path) -> Path:
    settings.TOMBSTONES = tmp_path / "tombstones"
    return settings.TOMBSTONES


def fate(thing: str) -> Fate | None:
    return tombstones.read(Path(live.TOMBSTONES)).of(thing)


def test_the_last_word_on_a_piece_counts_and_erasing_is_for_good() -> None:
    piece = factories.in_public()
    thing = tombstones.piece(piece.reference)
    assert fate(thing) is None
    publication.withdraw(piece, by=factories.contributor(piece))
    assert fate(thing) == Fate(hidden=True)
    with factories.committed():
        publication.restore(piece, by=factories.contributor(piece))
        assert fate(thing) == Fate(hidden=True), "shown again only once that is committed"
    assert fate(thing) == Fate()
    publication.erase(piece, by=factories.contributor(piece))
    assert fate(thing) == Fate(erased=True)


def test_it_is_on_the_disk_before_the_withdrawal_is() -> None:
    piece = factories.in_public()
    with transaction.atomic():
        publication.withdraw(piece, by=SYSTEM)
        transaction.set_rollback(True)  # the plug is pulled
    assert Submission.objects.get(pk=piece.pk).state == State.PUBLISHED
    assert fate(tombstones.piece(piece.reference)) == Fate(hidden=True), (
        "too much, never too little"
    )


def test_photographs_and_accounts_are_remembered_too(cast: Cast) -> None:
    piece = factories.accepted(enclosed=[factories.enclosed()])
    row = piece.enclosures.select_related("photo").get()
    photograph = tombstones.photograph(row.photo.name)
    enclosures.leave_out(piece, row.pk, by=cast.ines)
    assert fate(photograph) == Fate(hidden=True)
    with factories.committed():
        enclosures.take_in(piece, row.pk, by=cast.ines)
    assert fate(photograph) == Fate()
    with factories.committed():
        publication.publish(piece, version=1, by=cast.ruth, themes=[])
    publication.take_down(piece, plate=1, by=cast.ruth)
    assert fate(photograph) == Fate(hidden=True)
    invitations.leave(cast.wren, by=cast.odell)
    assert fate(tombstones.account("wren")) == Fate(hidden=True)


def test_a_full_disk_keeps_nobody_from_taking_a_story_down(monkeypatch: pytest.MonkeyPatch) -> None:
    piece = factories.in_public()
    with monkeypatch.context() as full:

        def refuse(*_given: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        full.setattr(tombstones, "_append", refuse)
        publication.withdraw(piece, by=factories.contributor(piece))
    assert Submission.objects.get(pk=piece.pk).state == State.WITHDRAWN
    assert fate(tombstones.piece(piece.reference)) is None
    jobs.run_due()
    assert fate(tombstones.piece(piece.reference)) == Fate(hidden=True), (
        "written when there is room"
    )


def test_a_line_cut_short_spoils_neither_itself_nor_the_next(list_of_ours: Path) -> None:
    tombstones.hide("piece:one")
    with list_of_ours.open("ab") as file:
        file.write(b'{"verb": "hide", "thi')
    tombstones.erase("piece:two")
    assert fate("piece:one") == Fate(hidden=True)
    assert fate("piece:two") == Fate(erased=True)
    assert b"piece:" not in list_of_ours.read_bytes(), "hashes, and no name of anything"
    assert list_of_ours.stat().st_mode & 0o777 == 0o600


def test_copies_of_one_list_count_once_and_lists_begun_apart_both(
    list_of_ours: Path, settings: Settings, tmp_path: Path
) -> None:
    tombstones.hide("piece:one")
    copy = tmp_path / "copy"
    copy.write_bytes(list_of_ours.read_bytes())
    with factories.committed():
        tombstones.show("piece:one")
    settings.TOMBSTONES = copy
    tombstones.hide("piece:three")
    other = settings.TOMBSTONES = tmp_path / "other"
    tombstones.erase("piece:two")
    merged = tombstones.merged(copy, list_of_ours, other, tmp_path / "absent")
    both = tombstones.Tombstones(merged)
    assert both.of("piece:one") == Fate(), "the longer list knows that it was shown again"
    assert both.of("piece:two") == Fate(erased=True)
    assert both.of("piece:three") == Fate(hidden=True), "said in a copy that went its own way"
    assert [set(json.loads(line)) for line in merged.splitlines()].count({"salt"}) == 2
