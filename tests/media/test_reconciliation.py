"""Rows and files compared, and what was left behind swept, never too early."""

from __future__ import annotations

import os
import time

import pytest

from media import photos
from media.models import Photo, Picture, Rendition
from media.storage import DAY, Store, gallery, vault
from tests import pictures

pytestmark = pytest.mark.django_db


def kept(store: Store, days_old: float) -> str:
    """A file without a row, as work leaves it that was killed between the two."""
    with store.draft() as draft:
        draft.handle.write(pictures.jpeg())
        name = store.keep(draft, ".jpg")
    moment = time.time() - days_old * DAY
    os.utime(store.path(name), (moment, moment))
    return name


def abandoned(store: Store, days_old: float) -> str:
    path = store.incoming() / f"{'0' * 32}.part"
    path.write_bytes(b"half a photograph")
    moment = time.time() - days_old * DAY
    os.utime(path, (moment, moment))
    return path.name


def hung() -> tuple[Photo, Picture]:
    photo = photos.admit(pictures.jpeg(), keep_original=True).photo
    picture = photos.release(photo)
    photos.develop(photo.pk, picture.pk)
    return photo, picture


def test_a_house_in_order_shows_no_drift() -> None:
    hung()
    assert not photos.reconcile()
    assert not photos.reconcile(fix=True)
    assert len(list(vault().files())) == 2


def test_every_kind_of_drift_is_found() -> None:
    photo, picture = hung()
    other, _ = hung()
    vault().delete(photo.name)
    vault().delete(other.original_name)
    gallery().delete(picture.renditions.all()[0].name)
    orphans = kept(vault(), 3), kept(gallery(), 3)
    drift = photos.reconcile()
    assert drift.photos_without_file == [photo.pk]
    assert drift.originals_without_file == [other.pk]
    assert drift.pictures_without_file == [picture.pk]
    assert (drift.orphans_in_vault, drift.orphans_in_gallery) == ([orphans[0]], [orphans[1]])
    assert drift


def test_looking_changes_nothing() -> None:
    name, draft = kept(vault(), 3), abandoned(vault(), 3)
    photos.reconcile()
    assert vault().read(name)
    assert (vault().incoming() / draft).exists()


@pytest.mark.parametrize("store", [vault, gallery])
def test_an_orphan_is_swept_after_a_day_and_not_before(store: type[Store]) -> None:
    old, young = kept(store(), 2.1), kept(store(), 0.9)
    photos.reconcile(fix=True)
    assert {file.name for file in store().files()} == {young}
    assert old


@pytest.mark.parametrize(("days", "stays"), [(0.9, True), (2.1, False)])
def test_half_an_upload_is_swept_after_a_day(days: float, stays: bool) -> None:
    draft = abandoned(vault(), days)
    photos.reconcile(fix=True)
    assert (vault().incoming() / draft).exists() == stays


def test_a_row_without_its_file_is_told_and_never_deleted() -> None:
    photo, _ = hung()
    vault().delete(photo.name)
    photos.reconcile(fix=True)
    assert Photo.objects.filter(pk=photo.pk).exists()
    assert photos.reconcile().photos_without_file == [photo.pk]


def test_a_picture_that_lost_a_file_is_taken_out_and_can_be_developed_again() -> None:
    photo, picture = hung()
    gallery().delete(picture.renditions.all()[0].name)
    photos.reconcile(fix=True)
    assert not Picture.objects.get().ready
    assert not Rendition.objects.exists()
    photos.develop(photo.pk, picture.pk)
    assert Picture.objects.get().ready
    assert not photos.reconcile()


def test_a_stranger_s_file_in_the_folder_is_left_alone() -> None:
    """Only names of ours are ever deleted; a person may have put the other there."""
    folder = vault().path("a" * 32 + ".jpg").parent
    folder.mkdir(parents=True)
    note = folder / "README"
    note.write_text("do not delete")
    os.utime(note, (0, 0))
    photos.reconcile(fix=True)
    assert note.exists()
