"""The folder in which an embedded index lies: who may write, which generation counts, is it whole.

    index/lock        held (flock) by whoever writes; dies with its process, so it is never stale
    index/current     the name of the generation that readers open
    index/gen-…/      one complete index; a rebuild makes a new one beside it and then switches

Each generation holds `seal.json`: sizes and checksums of its files as they were written. Engines
map these files into memory, where a file that shrinks kills the process; so a reader looks at the
seal first. Used by the two embedded engines; knows nothing of what the files mean.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from search.engines.base import IndexBusy, IndexUnavailable

SHAPE = 4  # raise whenever fields or analysis change: an older index then asks to be rebuilt
SETTLE_TRIES = 20  # a writer may end a merge, and remove its parts, while a reader looks
SETTLE_SECONDS = 0.02
_POLL_SECONDS = 0.01
_SEAL = "seal.json"
_REBUILDING = b"rebuild"


@dataclass(frozen=True, slots=True)
class Make:
    """What an engine tells about its files. `files` names the living ones of a generation, `state`
    changes with every commit, `open` and `reload` give something to search with."""

    name: str
    files: Callable[[Path], set[str]]
    state: Callable[[Path], object]
    open: Callable[[Path], Any]
    reload: Callable[[Any], Any]


class Shelf:
    """One index folder."""

    def __init__(self, folder: Path, make: Make) -> None:
        self.folder = folder
        self.make = make
        self._reader: _Reader | None = None
        self._opening = threading.Lock()

    # --- reading ------------------------------------------------------------------------------
    def handle(self) -> Any:
        """What this process searches with: kept open, reloaded or reopened after a write."""
        reader = self._reader
        if reader is None or not reader.is_fresh():
            with self._opening:
                reader = self._reader
                if reader is None or not reader.refresh():
                    self._reader = None
                    self._reader = reader = self._opened()
        return reader.handle

    def _opened(self) -> _Reader:
        """A reader of what counts now; tried again where a writer went on while files were read."""
        for _ in range(SETTLE_TRIES):
            before = self._moment()
            try:
                return _Reader(self)
            except IndexUnavailable:
                if self._moment() == before:
                    raise
                time.sleep(SETTLE_SECONDS)
        return _Reader(self)

    def _moment(self) -> object:
        """What differs after every commit and switch; None where no index can be told."""
        try:
            return self.pointer_state(), self.make.state(self.current())
        except (IndexUnavailable, OSError, ValueError):
            return None

    # --- which generation ------------------------------------------------------------------------
    def current(self) -> Path:
        """The folder of the generation that counts. Raises IndexUnavailable without one."""
        try:
            name = (self.folder / "current").read_text(encoding="ascii").strip()
        except (OSError, ValueError) as problem:
            raise IndexUnavailable(f"There is no index in {self.folder}: rebuild it.") from problem
        if not name.startswith("gen-") or "/" in name:
            raise IndexUnavailable(f"{self.folder}/current names no generation: rebuild the index.")
        return self.folder / name

    def pointer_state(self) -> tuple[int, int]:
        """Changes whenever the current generation does; cheap enough for every search."""
        try:
            status = os.stat(self.folder / "current")
        except OSError as problem:
            raise IndexUnavailable(f"There is no index in {self.folder}: rebuild it.") from problem
        return status.st_mtime_ns, status.st_ino

    @contextmanager
    def new_generation(self) -> Iterator[Path]:
        """A fresh folder to build in; becomes current when the block ends well, is thrown away
        otherwise. Leftovers of builds that were killed go too: the caller holds the lock."""
        keep = self._current_name()
        self._sweep(keep)
        building = self.folder / f"gen-{secrets.token_hex(8)}"
        building.mkdir(mode=0o700)
        try:
            yield building
            self._point_at(building.name)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        self._sweep(building.name)

    def _current_name(self) -> str:
        try:
            return self.current().name
        except IndexUnavailable:
            return ""

    def _point_at(self, name: str) -> None:
        _write_safely(self.folder / "current", name.encode("ascii"))

    def _sweep(self, keep: str) -> None:
        for path in self.folder.glob("gen-*"):
            if path.name != keep:
                shutil.rmtree(path, ignore_errors=True)

    # --- who writes ------------------------------------------------------------------------------
    @contextmanager
    def writing(self, *, rebuild: bool = False) -> Iterator[None]:
        """Holds the lock. Raises IndexBusy at once during a rebuild, else after SEARCH_LOCK_SECONDS."""
        with refusing(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._take(handle)
            os.ftruncate(handle, 0)
            if rebuild:
                os.pwrite(handle, _REBUILDING, 0)
            yield
            os.ftruncate(handle, 0)
        finally:
            os.close(handle)

    def _take(self, handle: int) -> None:
        deadline = time.monotonic() + settings.SEARCH_LOCK_SECONDS
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                rebuilding = os.pread(handle, len(_REBUILDING), 0) == _REBUILDING
                if rebuilding or time.monotonic() >= deadline:
                    doing = "rebuilt" if rebuilding else "written"
                    raise IndexBusy(f"The index is being {doing} by somebody else.") from None
                time.sleep(_POLL_SECONDS)
            else:
                return

    # --- is it whole -----------------------------------------------------------------------------
    def seal(self, generation: Path) -> None:
        """Writes down what the living files of a generation are; reads only those not yet sealed.

        A writer killed just before this leaves files without a seal, which are taken as they are.
        """
        try:
            known = _read_seal(generation)["files"]
        except (OSError, ValueError, KeyError):
            known = {}
        names = sorted(self.make.files(generation))
        files = {name: known.get(name) or _seal_of(generation / name) for name in names}
        record = {"engine": self.make.name, "shape": SHAPE, "files": files}
        _write_safely(generation / _SEAL, json.dumps(record).encode())

    def inspect(self, generation: Path, *, sums: bool = True) -> Watch:
        """Compares the living files with the seal: the checksum of every file where `sums` asks
        for it, else of those whose size or date is not what it was.

        Raises IndexUnavailable when something is missing, cut, changed, or of another make."""
        try:
            record = _read_seal(generation)
            if (record["engine"], record["shape"]) != (self.make.name, SHAPE):
                raise IndexUnavailable("The index is of another make: rebuild it.")
            watch = Watch(generation, self.make.files(generation))
            for name in watch.names & record["files"].keys():
                size, changed, total = record["files"][name]
                if not sums and watch.state(name) == (size, changed):
                    continue
                if _measure(generation / name) != (size, total):
                    raise IndexUnavailable(f"The index file {name} is damaged: rebuild the index.")
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise IndexUnavailable(f"The index in {generation} cannot be read.") from problem
        return watch


class _Reader:
    """One open index of this process, and what its files looked like when it was opened."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._make = shelf.make
        self._pointer = shelf.pointer_state()
        self._generation = shelf.current()
        self._state = self._make.state(self._generation)
        self._watch = shelf.inspect(self._generation)
        self.handle = self._make.open(self._generation)

    def is_fresh(self) -> bool:
        """Whether nothing was written, switched or damaged since."""
        return not self.is_switched() and self._newest() == self._state and self._watch.is_intact()

    def is_switched(self) -> bool:
        return self._shelf.pointer_state() != self._pointer

    def _newest(self) -> object:
        """The state of the last commit; None where the generation is gone."""
        try:
            return self._make.state(self._generation)
        except OSError:
            return None

    def refresh(self) -> bool:
        """Takes up what somebody else committed. False if this reader is of no use any more."""
        for _ in range(SETTLE_TRIES):
            if self.is_fresh():
                return True
            state = self._newest()
            if self.is_switched() or state in (None, self._state):
                return False  # switched; or nothing was written, and yet a file has changed
            try:
                self._watch = self._shelf.inspect(self._generation, sums=False)
                self.handle = self._make.reload(self.handle)
            except (IndexUnavailable, ValueError, OSError):
                time.sleep(SETTLE_SECONDS)
            else:
                self._state = state
        return False


class Watch:
    """Remembers the files of a generation and notices when one is cut or changed under a reader."""

    def __init__(self, generation: Path, names: set[str]) -> None:
        self._states = {name: _state(generation / name) for name in names}
        self._paths = [(str(generation / name), state) for name, state in self._states.items()]

    @property
    def names(self) -> set[str]:
        return set(self._states)

    def state(self, name: str) -> tuple[int, int]:
        """Size in bytes and time of the last change in nanoseconds."""
        return self._states[name]

    def is_intact(self) -> bool:
        """Whether every file is as it was; about two microseconds for each."""
        try:
            return all(_state(path) == state for path, state in self._paths)
        except OSError:
            return False


def _state(path: str | Path) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_size, status.st_mtime_ns


@contextmanager
def refusing(what: object) -> Iterator[None]:
    """Turns whatever an engine throws into IndexUnavailable, native panics included."""
    try:
        yield
    except IndexUnavailable:
        raise
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except (NameError, TypeError, AttributeError, AssertionError):
        raise  # a mistake in our own code shall be seen as what it is
    except BaseException as problem:  # a panic in native code is no Exception
        raise IndexUnavailable(f"The index could not be used ({what}): {problem}") from problem


def _read_seal(generation: Path) -> dict[str, Any]:
    record = json.loads((generation / _SEAL).read_bytes())
    if not isinstance(record, dict):
        raise ValueError("The seal is no record.")  # noqa: TRY004 - callers expect what json raises
    return record


def _seal_of(path: Path) -> list[int]:
    """Size, time of the last change, CRC-32."""
    size, changed = _state(path)
    return [size, changed, _measure(path)[1]]


def _measure(path: Path) -> tuple[int, int]:
    """Size and CRC-32 of a file, read in pieces."""
    total = size = 0
    with open(path, "rb") as handle:
        while piece := handle.read(1 << 20):
            size += len(piece)
            total = zlib.crc32(piece, total)
    return size, total


def _write_safely(path: Path, content: bytes) -> None:
    """Replaces a file in one step: readers see the old content or the new, never half."""
    made = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with open(made, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(made, path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
