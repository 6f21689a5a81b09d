"""What was taken away, remembered outside the database, so that no backup brings it back.

Owns one append-only file, `settings.TOMBSTONES`: a line for each piece, photograph, subscription or
account that was hidden, erased, narrowed or shown again, as a salted hash of its random name and a
verb; no word, no name, no day. It is never part of a backup set. Written by the verbs that take
away, read by `archive.backups.replaying` before a restored archive is opened (safety.md D5).

The order of writing is what makes it true. `hide`, `erase` and `narrow` are called inside the
transaction and are on the disk before it commits: whoever read "it is gone" was told so by a
restored archive too. `show` is written after the commit. A crash in between leaves too much hidden,
never too little.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import transaction

from archive import jobs
from archive.disk import make_durable

logger = logging.getLogger(__name__)

HIDE, SHOW, ERASE, NARROW = "hide", "show", "erase", "narrow"
_SALTED = b'{"salt"'  # how `json.dumps` begins the line that begins a section
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass
class Fate:
    """What became of one thing: the last word on whether it is hidden, whether it was erased, and
    how narrow it had become: the number of its newest consent, how many words were taken out of
    it, and a sum of the covers of a photograph."""

    hidden: bool = False
    erased: bool = False
    consent: int = 0
    struck: int = 0
    covers: str = ""


# --- names of things ------------------------------------------------------------------------------


def piece(reference: str) -> str:
    """`Submission.reference`."""
    return f"piece:{reference}"


def photograph(name: str) -> str:
    """`Photo.name`, its file in the vault."""
    return f"photograph:{name}"


def subscription(public_id: str) -> str:
    """`Subscriber.public_id`."""
    return f"subscription:{public_id}"


def account(username: str) -> str:
    """`Person.username`."""
    return f"account:{username}"


def sum_of(covers: object) -> str:
    """What tells one set of covers of a photograph from another."""
    return hashlib.sha256(json.dumps(covers, sort_keys=True).encode()).hexdigest()[:16]


# --- writing --------------------------------------------------------------------------------------


def hide(*things: str) -> None:
    """These are hidden from now on; called at the end of the transaction that hides them."""
    _write_or_owe(HIDE, things)


def erase(*things: str) -> None:
    """These are erased; called at the end of the transaction that erases them."""
    _write_or_owe(ERASE, things)


def narrow(thing: str, *, consent: int = 0, struck: int = 0, covers: str = "") -> None:
    """What knows of less than this may not be shown; called in the transaction that narrows."""
    said = {"consent": consent, "struck": struck, "covers": covers}
    _write_or_owe(NARROW, [thing], {name: value for name, value in said.items() if value})


def show(*things: str) -> None:
    """These may be seen again, once the caller's transaction is committed."""
    transaction.on_commit(lambda: _append(SHOW, things), robust=True)


@jobs.handles("tombstones.write")
def _write_later(payload: dict[str, Any]) -> None:
    _append(payload["verb"], payload["things"], payload["more"])


def _write_or_owe(verb: str, things: Iterable[str], more: Mapping[str, Any] = _NOTHING) -> None:
    """A full disk keeps nobody from taking a story down: then the line is owed, and the worker
    writes it when there is room."""
    named = list(things)
    try:
        _append(verb, named, more)
    except OSError as problem:
        logger.error(  # noqa: TRY400 - the message of the error would name folders
            "A tombstone could not be written (%s); the worker will", type(problem).__name__
        )
        payload = {"verb": verb, "things": named, "more": dict(more)}
        jobs.enqueue("tombstones.write", payload=payload)


def _append(verb: str, things: Sequence[str], more: Mapping[str, Any] = _NOTHING) -> None:
    """Lines at the end of the file, on the disk when this returns. Raises OSError."""
    if not things:
        return
    path = Path(settings.TOMBSTONES)
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(number, "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        content = file.read() or b""
        lines, salt = [], _salt_in_force(content)
        if content and not content.endswith(b"\n"):
            lines.append("")  # a crash cut a line short: it stays short, and ours begins anew
        if not salt:
            salt = secrets.token_hex(16)
            lines.append(json.dumps({"salt": salt}))
        for thing in things:
            lines.append(json.dumps({"verb": verb, "thing": _hash(salt, thing), **more}))
        file.write("".join(f"{line}\n" for line in lines).encode())
        os.fsync(file.fileno())
    if not content:
        make_durable(path.parent)


def _salt_in_force(content: bytes) -> str:
    """The salt of the last section; "" in a new file.

    Such a line is known by how it begins: this runs under the database's lock, where nobody should
    wait until every line that there is was parsed.
    """
    begun = [line for line in content.splitlines() if line.startswith(_SALTED)]
    salts = [line["salt"] for line in _lines(b"\n".join(begun)) if "salt" in line]
    return str(salts[-1]) if salts else ""


def _hash(salt: str, thing: str) -> str:
    return hashlib.sha256(f"{salt}:{thing}".encode()).hexdigest()[:40]


# --- reading --------------------------------------------------------------------------------------


class Tombstones:
    """A whole file of them, to be asked what became of one thing after the other."""

    def __init__(self, content: bytes) -> None:
        self._fates: dict[str, dict[str, Fate]] = {}  # salt -> hash -> fate
        salt = ""
        for line in _lines(content):
            salt = str(line.get("salt", salt))
            if "thing" in line:
                self._count(self._fates.setdefault(salt, {}), line)

    @staticmethod
    def _count(fates: dict[str, Fate], line: dict[str, Any]) -> None:
        fate = fates.setdefault(str(line["thing"]), Fate())
        verb = line.get("verb")
        if verb in (HIDE, SHOW):
            fate.hidden = verb == HIDE
        fate.erased |= verb == ERASE
        fate.consent = max(fate.consent, int(line.get("consent", 0)))
        fate.struck = max(fate.struck, int(line.get("struck", 0)))
        fate.covers = str(line.get("covers", fate.covers))

    def __len__(self) -> int:
        return sum(map(len, self._fates.values()))

    def of(self, thing: str) -> Fate | None:
        """What became of it; None where nothing was ever said. Lists that were begun apart (each
        has its salt) are taken together, and the stricter word counts."""
        found = [fates.get(_hash(salt, thing)) for salt, fates in self._fates.items()]
        said = [fate for fate in found if fate is not None]
        if not said:
            return None
        return Fate(
            hidden=any(fate.hidden for fate in said),
            erased=any(fate.erased for fate in said),
            consent=max(fate.consent for fate in said),
            struck=max(fate.struck for fate in said),
            covers=said[-1].covers,
        )


def read(path: Path) -> Tombstones:
    """The file at `path`; an absent one is empty."""
    return Tombstones(_content(path))


def merged(*paths: Path) -> bytes:
    """One content from several files: each line of each list, and what two copies share once."""
    sections: dict[str, list[bytes]] = {}
    for path in paths:
        for salt, lines in _sections(_content(path)).items():
            sections[salt] = _joined(sections.get(salt, []), lines)
    return b"".join(
        json.dumps({"salt": salt}).encode() + b"\n" + b"".join(line + b"\n" for line in lines)
        for salt, lines in sections.items()
    )


def _joined(one: list[bytes], other: list[bytes]) -> list[bytes]:
    """What both begin with, then what each has for itself, the longer one last."""
    pairs = zip(one, other, strict=False)
    shared = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))
    shorter, longer = sorted((one, other), key=len)
    return [*one[:shared], *shorter[shared:], *longer[shared:]]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _sections(content: bytes) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    salt = ""
    for line in _lines(content):
        salt = str(line.get("salt", salt))
        if "thing" in line:
            found.setdefault(salt, []).append(json.dumps(line).encode())
    return found


def _lines(content: bytes) -> Iterator[dict[str, Any]]:
    """Every whole line. One that a crash cut short belongs to what was never committed."""
    for line in content.splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict):
            yield said
