"""Records of collections as files hold them: what is read, what is refused, and in which words."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from archive import records
from archive.records import BadRecord, BrokenFile, Record
from tests import pictures

GOOD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "the least": ({}, {"id": "a", "text": "Words.", "language": "en", "notes": {}}),
    "a number for an id": ({"id": 17}, {"id": "17"}),
    "blanks around": ({"id": " a ", "title": " T "}, {"id": "a", "title": "T"}),
    "text as it stands": ({"text": "  In.\n\nOut.  "}, {"text": "  In.\n\nOut.  "}),
    "a year": ({"date": "1937"}, {"year_from": 1937, "year_to": 1937, "season": ""}),
    "a year as a number": ({"date": 1937}, {"year_from": 1937, "year_to": 1937}),
    "a month": ({"date": "1937-02"}, {"year_from": 1937, "season": "winter"}),
    "a day": ({"date": "1937-06-30"}, {"year_from": 1937, "season": "summer"}),
    "december": ({"date": "1937-12-31"}, {"year_to": 1937, "season": "winter"}),
    "a span": ({"date": "1936/1938"}, {"year_from": 1936, "year_to": 1938, "season": ""}),
    "a span of days": ({"date": "1936-05-01 / 1938-01-01"}, {"year_from": 1936, "year_to": 1938}),
    "no date": ({"date": None}, {"year_from": None, "year_to": None}),
    "a language with its country": ({"language": "es_MX"}, {"language": "es-mx"}),
    "themes as a list": ({"themes": ["visits", " ", "money"]}, {"themes": ("visits", "money")}),
    "themes in one text": ({"themes": "visits; money, "}, {"themes": ("visits", "money")}),
    "no photos": ({"photos": None}, {"photos": ()}),
    "unknown keys": (
        {"volume": "I", "age": None, "pages": [1, 2]},
        {"notes": {"volume": "I", "pages": [1, 2]}},
    ),
    "null for text fields": ({"title": None, "author": None}, {"title": "", "author": ""}),
}


@pytest.mark.parametrize("case", GOOD)
def test_a_good_record(case: str, tmp_path: Path) -> None:
    fields, expected = GOOD[case]
    record = records.parse({"id": "a", "text": "Words.", **fields}, tmp_path)
    assert {name: getattr(record, name) for name in expected} == expected


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no id": ({"id": None}, "it has no id"),
    "a blank id": ({"id": " "}, "it has no id"),
    "an endless id": ({"id": "x" * 201}, "its id is longer than 200 characters"),
    "no text": ({"text": None}, "it has no text"),
    "blank text": ({"text": " \n\t"}, "it has no text"),
    "a list for text": ({"text": ["Words."]}, "its text is not a text"),
    "an object for a title": ({"title": {"en": "T"}}, "its title is not a text"),
    "yes for an id": ({"id": True}, "its id is not a text"),
    "a date in words": ({"date": "last year"}, "its date 'last year' is not a year"),
    "a month that is none": ({"date": "1937-13"}, "its date '1937-13' is not a year"),
    "a day that is none": ({"date": "1937-02-31"}, "its date '1937-02-31' is not a year"),
    "a span backwards": ({"date": "1938/1936"}, "ends before it begins"),
    "a language in words": ({"language": "English"}, "its language 'English' is not a code"),
    "a licence without end": ({"licence": "x" * 121}, "its licence is longer than 120 characters"),
    "a source without end": ({"source": "x" * 301}, "its source is longer than 300 characters"),
    "photos that are no list": ({"photos": 7}, "its photos are not a list"),
    "a photo without a path": ({"photos": [{"alt": "A bus"}]}, "one of its photos has no path"),
    "a photo that is a number": ({"photos": [7]}, "one of its photos has no path"),
    "a photo that is not there": ({"photos": ["a.jpg"]}, "its photo 'a.jpg' is not there"),
    "a folder for a photo": ({"photos": ["."]}, "its photo '.' is not there"),
    "a photo with a hidden end": ({"photos": ["a.jpg\0.png"]}, "is not there"),
    "a photo with an endless name": ({"photos": ["a" * 5000]}, "is not there"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_record_is_refused_in_words(case: str, tmp_path: Path) -> None:
    fields, said = BAD[case]
    with pytest.raises(BadRecord) as refusal:
        records.parse({"id": "a", "text": "Words.", **fields}, tmp_path)
    assert said in str(refusal.value)


OUTSIDE = ["../secret.jpg", "a/../../secret.jpg", "/etc/passwd", "link.jpg", "linked/secret.jpg"]


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leaves_the_folder_of_the_file(path: str, tmp_path: Path) -> None:
    folder = tmp_path / "collection"
    folder.mkdir()
    (tmp_path / "secret.jpg").write_bytes(pictures.jpeg(8, 8))
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (folder / "linked").symlink_to(tmp_path)
    with pytest.raises(BadRecord, match="outside the folder"):
        records.parse({"id": "a", "text": "Words.", "photos": [path]}, folder)


def test_a_photo_beside_the_file_is_found_with_its_words(tmp_path: Path) -> None:
    (tmp_path / "album").mkdir()
    (tmp_path / "album" / "bus.jpg").write_bytes(pictures.jpeg(8, 8))
    photos = [{"path": "album/bus.jpg", "alt": "A bus", "caption": None, "shade": "grey"}]
    [photo] = records.parse({"id": "a", "text": "Words.", "photos": photos}, tmp_path).photos
    assert (photo.path, photo.alt, photo.caption) == (tmp_path / "album" / "bus.jpg", "A bus", "")
    [same] = records.parse({"id": "a", "text": "W.", "photos": "album/bus.jpg"}, tmp_path).photos
    assert same.path == photo.path


HOSTILE = ["a\x00b", "a\ud800b", "\u202eab"]


@pytest.mark.parametrize("letters", HOSTILE)
def test_letters_that_no_database_holds_fall_away(letters: str, tmp_path: Path) -> None:
    fields = {
        **dict.fromkeys(["id", "title", "author", "place", "source", "licence"], letters),
        "text": "Words.",
        "extra": {letters: [letters]},
        letters: "key",
    }
    record = records.parse(fields, tmp_path)
    said = repr(record) + json.dumps(record.notes, ensure_ascii=False)
    assert "\\x00" not in said
    assert not any("\ud800" <= letter <= "\udfff" or letter in "\x00\u202e" for letter in said)
    assert "\\ud800" not in said


# --- files ----------------------------------------------------------------------------------------
ROW = {"id": "a", "text": "Words."}


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    raw = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    return path


FINE: dict[str, tuple[str, str | bytes]] = {
    "lines": ("a.jsonl", json.dumps(ROW) + "\n"),
    "lines without the last end": ("a.jsonl", json.dumps(ROW)),
    "lines with blank ones between": ("a.jsonl", f"\n{json.dumps(ROW)}\n\n  \n"),
    "lines of Windows": ("a.jsonl", f"{json.dumps(ROW)}\r\n"),
    "lines behind a byte order mark": ("a.jsonl", b"\xef\xbb\xbf" + json.dumps(ROW).encode()),
    "packed lines": ("a.jsonl.gz", json.dumps(ROW)),
    "a table": ("a.csv", "id,text\na,Words.\n"),
    "a table of Windows behind a mark": ("a.csv", b"\xef\xbb\xbfid,text\r\na,Words.\r\n"),
    "a packed table": ("a.csv.gz", "id,text\na,Words.\n"),
    "columns in another order": ("a.csv", "text,id\nWords.,a\n"),
    "a table with a blank line": ("a.csv", "id,text\n\na,Words.\n"),
}


@pytest.mark.parametrize("case", FINE)
def test_a_file_that_can_be_read(case: str, tmp_path: Path) -> None:
    path = written(tmp_path, *FINE[case])
    assert records.count(path) == 1
    [(line, fields)] = records.raw_records(path)
    assert fields == ROW
    assert line >= 1


def corrupt(content: bytes) -> bytes:
    """Packed bytes with a scratch in their middle: not truncated, not to be unpacked."""
    packed = bytearray(gzip.compress(content * 400))
    middle = len(packed) // 2
    packed[middle : middle + 8] = b"\xff" * 8
    return bytes(packed)


BROKEN: dict[str, tuple[str, str | bytes, str]] = {
    "another kind of file": ("a.txt", "words", "a.txt is neither .jsonl nor .csv"),
    "no JSON": ("a.jsonl", '{"id": "a", "text": "W."}\nid: b\n', "cannot be read after line 1"),
    "half an object": ("a.jsonl", '{"id": "a"', "cannot be read after line 0"),
    "a list": ("a.jsonl", '["a"]', "line 1 is not an object"),
    "a bare word": ("a.jsonl", "null\n", "line 1 is not an object"),
    "a tower of brackets": ("a.jsonl", "[" * 100_000, "cannot be read after line 0"),
    "Latin letters": ("a.jsonl", '{"id": "año"}'.encode("latin-1"), "cannot be read"),
    "the letters of Windows": ("a.csv", "id,text\na,Wörter\n".encode("utf-16"), "cannot be read"),
    "no columns": ("a.csv", "", "must name the columns"),
    "other columns": ("a.csv", "name,words\na,b\n", "must name the columns"),
    "no text column": ("a.csv", "id,body\na,b\n", "must name the columns"),
    "too many fields": ("a.csv", "id,text\na,b\na,b,c\n", "line 3 has more fields"),
    "a quotation without end": ("a.csv", 'id,text\na,"never closed\n', "cannot be read"),
    "an endless field": ("a.csv", f"id,text\na,{'x' * 2_000_001}\n", "cannot be read after line"),
    "two columns of one name": ("a.csv", "id,text,text\na,b,c\n", "names a column twice"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_in_one_sentence_before_anything_is_taken(
    case: str, tmp_path: Path
) -> None:
    name, content, said = BROKEN[case]
    with pytest.raises(BrokenFile) as refusal:
        records.count(written(tmp_path, name, content))
    assert said in str(refusal.value)
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


PACKED = {
    "cut off": lambda raw: gzip.compress(raw * 400)[:-20],
    "not packed at all": lambda raw: raw,
    "scratched": corrupt,
    "empty": lambda raw: b"",
}


@pytest.mark.parametrize("how", PACKED)
def test_a_broken_parcel_is_refused(how: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(PACKED[how]((json.dumps(ROW) + "\n").encode()))
    if how == "empty":
        assert records.count(path) == 0
        return
    with pytest.raises(BrokenFile, match="cannot be read after line"):
        records.count(path)


def test_a_file_that_is_not_there_and_one_that_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile, match="There is no file"):
        records.count(tmp_path / "a.jsonl")
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(BrokenFile, match="cannot be read"):
        records.count(tmp_path / "b.csv")


def test_what_others_read_in_difficult_tables_we_read_too(
    shared_data: Path, tmp_path: Path
) -> None:
    """The edge cases of csv-spectrum, given the columns that we ask for."""
    tables = sorted((shared_data / "csv" / "csv").glob("*.csv"))
    assert tables
    for table in tables:
        expected = json.loads(
            (table.parent.parent / "csv-expected-json" / table.name.replace("csvs__", "json__"))
            .with_suffix(".json")
            .read_text("utf-8")
        )
        with table.open(encoding="utf-8", newline="") as handle:
            head, *rows = list(csv.reader(handle))
        path = tmp_path / table.name
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\r\n" if "crlf" in table.name else "\n")
            writer.writerows([["id", "text", *head], *(["a", "W.", *row] for row in rows)])
        ours = {"id": "a", "text": "W."}
        taken = [fields for _line, fields in records.raw_records(path)]
        assert taken == [{**ours, **row} for row in expected], table.name


def test_the_columns_of_the_contract_are_the_fields_of_a_record() -> None:
    fields = set(Record.__dataclass_fields__)
    read = {"year_from": "date", "year_to": "date", "season": "date"}
    assert {read.get(name, name) for name in fields - {"notes"}} == set(records.KNOWN)
