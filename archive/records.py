"""Reads collections for the import: JSONL or CSV, plain or gzipped, one record at a time.

Owns the form of an import record (contract.md). Checks shape, touches no table; called by the
command `import_stories`.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any

from archive import text

KNOWN = (
    "id", "text", "title", "author", "place", "date", "language", "themes", "kind", "source",
    "licence", "photos", "summary",
)  # fmt: skip
MAX_FIELD = 2_000_000  # characters of one CSV field; the longest narrative we know has 220,000
MAX_NAME = {"id": 200, "source": 300, "licence": 120}  # characters; what the columns hold
_DAY = r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?"
_DATE = re.compile(rf"{_DAY}(?:\s*/\s*{_DAY})?", re.ASCII)
_SEASONS = ("winter", "spring", "summer", "autumn")


class BrokenFile(Exception):
    """The file as a whole cannot be read; the text says where and why."""


class BadRecord(Exception):
    """One record cannot be taken; the text says why."""


@dataclass(frozen=True)
class Photo:
    """A photograph beside the file, and what is said about it."""

    path: Path
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True)
class Record:
    """One record as the contract has it; unknown keys are in `notes`."""

    id: str
    text: str
    title: str = ""
    summary: str = ""
    author: str = ""
    place: str = ""
    year_from: int | None = None
    year_to: int | None = None
    season: str = ""
    language: str = "en"
    themes: tuple[str, ...] = ()
    kind: str = ""
    source: str = ""
    licence: str = ""
    photos: tuple[Photo, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)


def count(path: Path) -> int:
    """How many records the file holds, having read all of it once.

    Raises `BrokenFile` before anything is taken in: a file that breaks off in the middle is
    noticed at the beginning.
    """
    return sum(1 for _raw in raw_records(path))


def raw_records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line, fields) of every record. Raises `BrokenFile`."""
    name = path.name.removesuffix(".gz")
    if not name.endswith((".jsonl", ".csv")):
        raise BrokenFile(f"{path.name} is neither .jsonl nor .csv (nor one of these with .gz).")
    line = 0
    try:
        with _opened(path) as handle:
            read = _csv if name.endswith(".csv") else _jsonl
            for line, fields in read(handle):
                yield line, fields
    except FileNotFoundError:
        raise BrokenFile(f"There is no file {path}.") from None
    except RecursionError:
        raise BrokenFile(
            f"{path.name} cannot be read after line {line}: its brackets are nested too deeply."
        ) from None
    except (OSError, EOFError, zlib.error, csv.Error, ValueError) as problem:
        raise BrokenFile(f"{path.name} cannot be read after line {line}: {problem}.") from problem


def parse(fields: Mapping[str, Any], folder: Path) -> Record:
    """A record from its fields; photographs must lie in `folder`. Raises `BadRecord`."""
    key, body = _text(fields, "id"), _text(fields, "text", strip=False)
    if not key:
        raise BadRecord("it has no id")
    if not body.strip():
        raise BadRecord("it has no text")
    for name, limit in MAX_NAME.items():
        if len(_text(fields, name)) > limit:
            raise BadRecord(f"its {name} is longer than {limit} characters")
    year_from, year_to, season = _date(_text(fields, "date"))
    return Record(
        id=key,
        text=body,
        title=_text(fields, "title"),
        summary=_text(fields, "summary"),
        author=_text(fields, "author"),
        place=_text(fields, "place"),
        year_from=year_from,
        year_to=year_to,
        season=season,
        language=_language(_text(fields, "language")),
        themes=tuple(_list(fields.get("themes"))),
        kind=_text(fields, "kind"),
        source=_text(fields, "source"),
        licence=_text(fields, "licence"),
        photos=tuple(_photo(each, folder) for each in _photos(fields.get("photos"))),
        notes=_harmless(
            {name: fields[name] for name in fields if name not in KNOWN and fields[name]}
        ),
    )


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    with open(path, "rb") as raw:
        unpacked = gzip.GzipFile(fileobj=raw) if path.name.endswith(".gz") else raw
        yield io.TextIOWrapper(unpacked, encoding="utf-8-sig", newline="")  # type: ignore[arg-type]


def _jsonl(handle: IO[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, row in enumerate(handle, start=1):
        if not row.strip():
            continue
        fields = json.loads(row)
        if not isinstance(fields, dict):
            raise ValueError(f"line {number} is not an object")  # noqa: TRY004 - one error for all
        yield number, fields


def _csv(handle: IO[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(MAX_FIELD)
    reader = csv.DictReader(handle, strict=True)
    if "id" not in (reader.fieldnames or ()) or "text" not in (reader.fieldnames or ()):
        raise ValueError("its first line must name the columns, id and text among them")
    if len(set(reader.fieldnames or ())) < len(reader.fieldnames or ()):
        raise ValueError("its first line names a column twice")
    for row in reader:
        if None in row:
            raise ValueError(f"line {reader.line_num} has more fields than the first line names")
        yield reader.line_num, {name: value for name, value in row.items() if value is not None}


def _text(fields: Mapping[str, Any], name: str, *, strip: bool = True) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadRecord(f"its {name} is not a text")
    return text.plain(str(value)).strip() if strip else str(value)


def _list(value: Any) -> list[str]:
    """A list, or a text with commas or semicolons between, as CSV has it."""
    parts = value if isinstance(value, list) else re.split(r"[;,]", str(value or ""))
    return [said for part in parts if (said := text.one_line(str(part)))]


def _harmless(value: Any) -> Any:
    """A value of JSON without the letters that no database holds, in keys as in values."""
    if isinstance(value, str):
        return text.plain(value)
    if isinstance(value, Mapping):
        return {text.plain(str(name)): _harmless(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_harmless(each) for each in value]
    return value


def _date(written: str) -> tuple[int | None, int | None, str]:
    """Year, month, day or a span of years; the month tells the season, the day is not kept."""
    if not written:
        return None, None, ""
    match = _DATE.fullmatch(written)
    if match is None:
        raise BadRecord(f"its date {written!r} is not a year, month, day or 1936/1938")
    first, month, day, last, last_month, last_day = match.groups()
    try:
        date(int(first), int(month or 1), int(day or 1))
        date(int(last or first), int(last_month or 1), int(last_day or 1))
    except ValueError:
        raise BadRecord(f"its date {written!r} is not a year, month, day or 1936/1938") from None
    if last and int(last) < int(first):
        raise BadRecord(f"its date {written!r} ends before it begins")
    season = _SEASONS[int(month) % 12 // 3] if month else ""
    return int(first), int(last or first), season


def _language(written: str) -> str:
    code = (written or "en").lower().replace("_", "-")
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,6})?", code):
        raise BadRecord(f"its language {written!r} is not a code such as en or es")
    return code


def _photos(value: Any) -> list[Any]:
    if value in (None, ""):
        return []
    if isinstance(value, str):
        return [{"path": each} for each in _list(value)]
    if not isinstance(value, list):
        raise BadRecord("its photos are not a list")
    return value


def _photo(value: Any, folder: Path) -> Photo:
    fields = {"path": value} if isinstance(value, str) else value
    if not isinstance(fields, dict) or not fields.get("path"):
        raise BadRecord("one of its photos has no path")
    path = _beside(folder, str(fields["path"]))
    words = {name: str(fields.get(name) or "") for name in ("alt", "caption", "credit")}
    return Photo(path=path, **words)


def _beside(folder: Path, name: str) -> Path:
    """The file of this name in the folder, wherever links in it lead. Raises `BadRecord`."""
    try:
        path = (folder / name).resolve()
        inside, there = path.is_relative_to(folder.resolve()), path.is_file()
    except (OSError, ValueError, RuntimeError):  # too long, a zero byte, links in a circle
        raise BadRecord(f"its photo {name[:100]!r} is not there") from None
    if not inside:
        raise BadRecord(f"its photo {name[:100]!r} lies outside the folder of the file")
    if not there:
        raise BadRecord(f"its photo {name[:100]!r} is not there")
    return path
