"""What may befall an index folder (safety.md C1): never a hang, never another exception than
IndexUnavailable, and always healed by a rebuild."""

from __future__ import annotations

import errno
import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from search import index
from search.document import Document
from search.engines.base import IndexBusy, IndexUnavailable
from search.language import parse
from search.query import Query
from search.shelf import Shelf
from tests.search.conftest import ENGINES
from tests.search.corpus import STORIES

Filled = Callable[[Iterable[Document]], Path]
TOC = {"tantivy": "meta.json", "whoosh": "*.toc"}


def found(text: str = "visits") -> set[str]:
    return {hit.key for hit in index.find(Query(parse(text).tree)).hits}


def generation(folder: Path) -> Path:
    return folder / (folder / "current").read_text()


def largest(folder: Path) -> Path:
    """A file that every search reads."""
    files = [path for path in generation(folder).iterdir() if path.is_file()]
    return max(files, key=lambda path: path.stat().st_size)


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    """With a later date: the clock of a file system may tick slower than these tests run."""
    later = path.stat().st_mtime_ns + 1_000_000_000
    path.write_bytes(change(path.read_bytes()))
    os.utime(path, ns=(later, later))


def remove_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def remove_one_file(folder: Path) -> None:
    largest(folder).unlink()


def cut_one_file(folder: Path) -> None:
    os.truncate(largest(folder), 10)


def random_bytes(folder: Path) -> None:
    noise = random.Random(1).randbytes
    rewrite(largest(folder), lambda content: noise(len(content)))


def one_flipped_bit(folder: Path) -> None:
    rewrite(largest(folder), lambda content: content[:20] + bytes([content[20] ^ 4]) + content[21:])


def empty_contents_table(folder: Path) -> None:
    for pattern in TOC.values():
        for path in generation(folder).glob(pattern):
            path.write_bytes(b"")


def garbled_contents_table(folder: Path) -> None:
    for pattern in TOC.values():
        for path in generation(folder).glob(pattern):
            rewrite(path, lambda content: content[::-1])


def other_version(folder: Path) -> None:
    seal = generation(folder) / "seal.json"
    rewrite(seal, lambda content: content.replace(b'"shape": ', b'"shape": 9'))


def garbled_pointer(folder: Path) -> None:
    rewrite(folder / "current", lambda _: b"\xff../../etc")


def pointer_to_nowhere(folder: Path) -> None:
    rewrite(folder / "current", lambda _: b"gen-0000")


def emptied_folder(folder: Path) -> None:
    for path in generation(folder).iterdir():
        path.unlink()


def folder_is_a_file(folder: Path) -> None:
    shutil.rmtree(generation(folder))
    generation(folder).write_text("not a folder")


DAMAGES = [
    remove_folder,
    remove_one_file,
    cut_one_file,
    random_bytes,
    one_flipped_bit,
    empty_contents_table,
    garbled_contents_table,
    garbled_pointer,
    pointer_to_nowhere,
    emptied_folder,
    folder_is_a_file,
]


@pytest.mark.parametrize("opened", [True, False], ids=["under a reader", "before opening"])
@pytest.mark.parametrize("engine", [ENGINES[0], pytest.param(ENGINES[1], marks=pytest.mark.slow)])
@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_noticed_at_once_and_healed_by_a_rebuild(
    filled: Filled, damage: Callable[[Path], None], opened: bool
) -> None:
    folder = filled(STORIES)
    if opened:
        assert found() == {"rosa", "visiting"}
    else:
        index._engine_at.cache_clear()  # as in a process that has just started
    damage(folder)
    for attempt in (
        found,
        lambda: index.suggest("vi"),
        lambda: index.correct(parse("vizits").tree),
        lambda: index.offer(parse("vizits").tree),
        lambda: index.similar("box", [("The box.", "en")]),
        index.contents,
        lambda: index.put(STORIES[:1]),
        lambda: index.drop(["box"]),
    ):
        with pytest.raises(IndexUnavailable):
            attempt()
    index.rebuild(STORIES)
    assert found() == {"rosa", "visiting"}
    index.put([Document(key="after", body="visits")])
    assert "after" in found()


def test_an_index_of_an_older_make_asks_to_be_rebuilt(filled: Filled) -> None:
    other_version(filled(STORIES))
    index._engine_at.cache_clear()  # as in a process that has just started
    for attempt in (found, lambda: index.put(STORIES[:1])):
        with pytest.raises(IndexUnavailable, match="another make"):
            attempt()
    index.rebuild(STORIES)
    assert found() == {"rosa", "visiting"}


def test_an_archive_without_an_index_says_so(
    engine: str, open_index: Callable[[str], Path]
) -> None:
    open_index(engine)
    for attempt in (found, index.contents, lambda: index.put(STORIES[:1])):
        with pytest.raises(IndexUnavailable, match="There is no index"):
            attempt()
    index.rebuild([])
    assert found() == set()


def test_foreign_files_and_old_locks_do_no_harm(filled: Filled) -> None:
    folder = filled(STORIES)
    (folder / "README").write_text("not ours")
    (folder / "gen-leftover").mkdir()
    (generation(folder) / "stranger.bin").write_bytes(b"\0" * 100)
    (folder / "lock").write_bytes(b"rebuild")  # its process died: the file stays, the lock does not
    index.put([Document(key="new", body="visits")])
    assert found() == {"rosa", "visiting", "new"}
    index.rebuild(STORIES)
    assert not (folder / "gen-leftover").exists()
    assert (folder / "README").exists()


@pytest.mark.parametrize("engine_folder", ENGINES)
def test_an_index_of_the_other_engine_is_not_opened(
    open_index: Callable[[str], Path], engine_folder: str
) -> None:
    folder = open_index(engine_folder)
    index.rebuild(STORIES)
    other = next(name for name in ENGINES if name != engine_folder)
    shutil.copytree(folder, open_index(other))
    with pytest.raises(IndexUnavailable):
        found()
    index.rebuild(STORIES)
    assert found() == {"rosa", "visiting"}


def test_a_rebuild_that_fails_leaves_the_present_index(filled: Filled) -> None:
    folder = filled(STORIES)

    def breaking() -> Iterable[Document]:
        yield STORIES[0]
        raise RuntimeError("The database went away.")

    with pytest.raises(RuntimeError, match="went away"):
        index.rebuild(breaking())
    assert found() == {"rosa", "visiting"}
    assert len(list(folder.glob("gen-*"))) == 1


def test_readers_keep_the_old_index_until_the_switch(filled: Filled) -> None:
    filled(STORIES)
    seen: list[set[str]] = []

    def watched() -> Iterable[Document]:
        for story in STORIES:
            seen.append(found())
            if story.key != "rosa":
                yield story

    index.rebuild(watched())
    assert seen == [{"rosa", "visiting"}] * len(STORIES)
    assert found() == {"visiting"}


def test_a_writer_gives_way_to_a_rebuild_at_once(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(STORIES)
    refused: list[Document] = []

    def no_waiting(seconds: float) -> None:
        raise AssertionError("it waits for a rebuild, which may take minutes")

    def watched() -> Iterable[Document]:
        with monkeypatch.context() as patched:
            patched.setattr("search.shelf.time.sleep", no_waiting)
            with pytest.raises(IndexBusy):
                index.put([STORIES[0]])
        refused.append(STORIES[0])
        yield from STORIES

    index.rebuild(watched())
    assert refused
    assert found() == {"rosa", "visiting"}


def test_a_lock_held_elsewhere_stops_writers_and_not_readers(
    filled: Filled, settings: object
) -> None:
    folder = filled(STORIES)
    settings.SEARCH_LOCK_SECONDS = 0.05  # type: ignore[attr-defined]
    with open(folder / "lock", "r+b") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(IndexBusy):
            index.put([STORIES[0]])
        assert found() == {"rosa", "visiting"}
    index.put([STORIES[0]])


def test_a_full_disk_is_said_and_survived(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(STORIES)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("search.shelf._write_safely", full)
        with pytest.raises(IndexUnavailable):
            index.put([Document(key="new", body="visits")])
        with pytest.raises((IndexUnavailable, OSError)):
            index.rebuild(STORIES)
    assert {"rosa", "visiting"} <= found()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read whatever it likes")
def test_a_folder_that_may_not_be_read(filled: Filled) -> None:
    folder = filled(STORIES)
    folder.chmod(0)
    try:
        with pytest.raises(IndexUnavailable):
            found()
    finally:
        folder.chmod(0o700)
    assert found() == {"rosa", "visiting"}


def test_the_folder_is_for_its_owner_alone(filled: Filled) -> None:
    folder = filled(STORIES)
    assert folder.stat().st_mode & 0o077 == 0
    assert generation(folder).stat().st_mode & 0o077 == 0


def test_several_writers_take_turns(filled: Filled, settings: object) -> None:
    filled(STORIES)
    settings.SEARCH_LOCK_SECONDS = 120.0  # type: ignore[attr-defined]  # chance may pass over one
    failed: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for number in range(5):
                index.put([Document(key=f"{name}{number}", body="visits")])
        except BaseException as problem:
            failed.append(problem)

    writers = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        found()  # a reader meets every state in between
    assert failed == []
    assert len(index.contents()) == len(STORIES) + 20


WRITER = textwrap.dedent(
    """
    import sys
    from django.conf import settings
    settings.configure(SEARCH_URL=sys.argv[1], SEARCH_LOCK_SECONDS=10.0)
    from search import index
    from search.document import Document
    for number in range(10_000):
        index.put([Document(key=f"k{number}", body="visits")])
        print(number, flush=True)
    """
)


@pytest.mark.parametrize("engine", [ENGINES[0], pytest.param(ENGINES[1], marks=pytest.mark.slow)])
def test_a_killed_writer_leaves_a_whole_index(
    filled: Filled, engine: str, settings: object
) -> None:
    folder = filled(STORIES)
    for trial in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, settings.SEARCH_URL],  # type: ignore[attr-defined]
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        acknowledged = [process.stdout.readline() for _ in range(3 + trial)]
        time.sleep(0.013 * trial)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        for line in acknowledged:
            assert f"k{int(line)}" in index.contents()
        index.put([Document(key="after", body="visits")])
        assert {"rosa", "visiting"} <= set(index.contents())
    assert Shelf(folder, index._engine()._shelf.make).current().is_dir()  # type: ignore[attr-defined]


def test_after_a_rebuild_a_withdrawn_word_is_in_no_file(filled: Filled) -> None:
    folder = filled([*STORIES, Document(key="gone", title="Qwxyzword", body="Qwxyzword again.")])
    assert index.drop(["gone"]) == []
    index.rebuild(STORIES)
    for path in folder.rglob("*"):
        if path.is_file():
            assert b"qwxyzword" not in path.read_bytes().lower(), path.name
