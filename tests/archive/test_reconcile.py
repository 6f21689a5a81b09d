"""`reconcile`: what it says, how it ends, and what happens by itself every day."""

from __future__ import annotations

import logging
import os
import time

import pytest
from django.core.management import CommandError, call_command

from archive import jobs, reconciling
from archive.models.submission import Submission
from media import photos
from media.models import Picture
from media.storage import DAY, Store, gallery, vault
from tests import factories, pictures

pytestmark = pytest.mark.django_db


def hung() -> Submission:
    with factories.committed():
        piece = factories.in_public(enclosed=[factories.enclosed()])
    jobs.run_due()
    return piece


def orphan(store: Store) -> str:
    with store.draft() as draft:
        draft.handle.write(pictures.jpeg())
        name = store.keep(draft, ".jpg")
    moment = time.time() - 3 * DAY
    os.utime(store.path(name), (moment, moment))
    return name


def test_a_house_in_order_is_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    hung()
    call_command("reconcile")
    call_command("reconcile", "--fix")
    assert capsys.readouterr().out == "rows and files agree\n" * 2


def test_every_difference_is_a_sentence_and_an_exit_code() -> None:
    piece = hung()
    vault().delete(piece.enclosures.get().photo.name)
    orphan(vault())
    orphan(gallery())
    with pytest.raises(CommandError) as told:
        call_command("reconcile")
    assert told.value.returncode == 1
    said = str(told.value)
    assert f"1 photographs without their file (row {piece.enclosures.get().photo_id})" in said
    assert "1 files in the vault that no row speaks of" in said
    assert "reconcile --fix" in said


def test_fix_sweeps_makes_again_and_tells_what_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    hung()
    swept = orphan(vault())
    gallery().delete(Picture.objects.get().renditions.all()[0].name)
    call_command("reconcile", "--fix")
    assert capsys.readouterr().out.startswith("mended: 1 public pictures that miss a file")
    assert not Picture.objects.get().ready
    jobs.run_due()
    assert Picture.objects.get().ready, "it was made again"
    assert swept not in {file.name for file in vault().files()}
    assert not photos.reconcile()


def test_what_is_lost_is_told_every_day_and_never_deleted(caplog: pytest.LogCaptureFixture) -> None:
    piece = hung()
    vault().delete(piece.enclosures.get().photo.name)
    with caplog.at_level(logging.ERROR):
        reconciling.mend_daily({})
    assert "Bring these back from a backup: 1 photographs without their file" in caplog.text
    with pytest.raises(CommandError, match="Bring these back"):
        call_command("reconcile", "--fix")
    assert piece.enclosures.exists()
