"""A worker that is killed, a disk that fills up, a master that is exchanged: while sizes are made."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from media import photos, sandbox, storage
from media.models import Photo, Picture, Rendition
from media.storage import DAY, gallery, vault
from tests import pictures


def released() -> tuple[Photo, Picture]:
    photo = photos.admit(pictures.jpeg(64, 48)).photo
    return photo, photos.release(photo)


# --- killed ---------------------------------------------------------------------------------------
Step = tuple[Any, str]
BEFORE: dict[str, Step] = {
    "the darkroom begins": (sandbox, "run"),
    "the darkroom has answered": (subprocess.Popen, "communicate"),
    "any file has its name": (storage.Store, "keep"),
    "the files are hung": (photos, "_hang"),
}
AFTER: dict[str, Step] = {
    "the darkroom is done": (sandbox, "run"),
    "one file has its name": (storage.Store, "keep"),
    "the rows are written, not committed": (Rendition.objects, "bulk_create"),
    "all is committed": (photos, "_hang"),
}


def dying(step: Step, *, afterwards: bool) -> None:
    """From now on this process is killed at `step`, as the kernel or a power cut does it."""
    owner, name = step
    real: Callable[..., Any] = getattr(owner, name)

    def killed(*given: Any, **more: Any) -> None:
        if afterwards:
            real(*given, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, killed)


def in_a_worker(work: Callable[[], None]) -> int:
    """Do `work` in a process of its own, and say which signal ended it."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(pid, 0)[1])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("step", "afterwards"),
    [(step, False) for step in BEFORE.values()] + [(step, True) for step in AFTER.values()],
    ids=[f"before {name}" for name in BEFORE] + [f"after {name}" for name in AFTER],
)
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # threads of other tests
def test_a_worker_killed_at_any_step_shows_all_or_nothing(step: Step, afterwards: bool) -> None:
    photo, picture = released()

    def work() -> None:
        dying(step, afterwards=afterwards)
        photos.develop(photo.pk, picture.pk)

    assert in_a_worker(work) == signal.SIGKILL
    picture.refresh_from_db()
    assert len(photos.sources(picture)) == (2 if picture.ready else 0)
    photos.develop(photo.pk, picture.pk)  # as the next worker does, when the lease is over
    picture.refresh_from_db()
    assert picture.ready
    assert len(photos.sources(picture)) == 2
    _long_ago()
    photos.reconcile(fix=True)
    assert {file.name for file in gallery().files()} == set(
        Rendition.objects.values_list("name", flat=True)
    )
    assert list(gallery().drafts()) == []
    assert not photos.reconcile()


def _long_ago() -> None:
    moment = time.time() - 3 * DAY
    for path in gallery().root.rglob("*.*"):
        os.utime(path, (moment, moment))


# --- a full disk, another master ------------------------------------------------------------------
@pytest.mark.django_db
def test_a_disk_that_fills_up_between_two_sizes_leaves_neither(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photo, picture = released()
    real, synced = os.fsync, []

    def filling(number: int) -> None:
        synced.append(number)
        if len(synced) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(number)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", filling)
        with pytest.raises((photos.PhotoRefused, OSError)) as caught:
            photos.develop(photo.pk, picture.pk)
    assert getattr(caught.value, "code", "no_room") == "no_room"
    assert list(gallery().files()) == list(gallery().drafts()) == []
    photos.develop(photo.pk, picture.pk)
    assert Picture.objects.get().ready


@pytest.mark.django_db
def test_of_a_master_that_was_exchanged_nothing_is_made() -> None:
    photo, picture = released()
    other = pictures.jpeg(64, 48, quality=40)
    vault().path(photo.name).write_bytes(other)
    with pytest.raises(photos.Altered):
        photos.develop(photo.pk, picture.pk)
    assert not Picture.objects.get().ready
    assert list(gallery().files()) == []
