"""Portraits and pages find each other: by the names of their files, or by their order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive import pairing
from archive.models.submission import Enclosure
from archive.pairing import ALONE, Paired

Part = Enclosure.Part


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("07 portrait.jpg", Paired(Part.PORTRAIT, 7)),
        ("07 text.jpg", Paired(Part.PAGE, 7)),
        ("Portrait_12.HEIC", Paired(Part.PORTRAIT, 12)),
        ("page-003.tif", Paired(Part.PAGE, 3)),
        ("17retrato.jpg", Paired(Part.PORTRAIT, 17)),
        ("17 página.jpg", Paired(Part.PAGE, 17)),
        ("2019-05-07 portrait.jpg", Paired(Part.PORTRAIT, 5)),  # the year is no plate
        ("IMG_4711.jpg", ALONE),
        ("07.jpg", ALONE),
        ("portrait.jpg", ALONE),
        ("07 portrait text.jpg", ALONE),
        ("0 text.jpg", ALONE),
        ("portraiture 7.jpg", ALONE),
        ("", ALONE),
    ],
)
def test_a_name_says_its_plate_or_nothing(name: str, found: Paired) -> None:
    assert pairing.of_name(name) == found


def test_by_order_portrait_comes_before_its_page() -> None:
    assert pairing.by_order(3) == [
        Paired(Part.PORTRAIT, 1),
        Paired(Part.PAGE, 1),
        Paired(Part.PORTRAIT, 2),
    ]


def test_no_plate_takes_two_of_a_kind() -> None:
    one = Paired(Part.PORTRAIT, 1)
    assert pairing.free(one, [one]) == Paired(Part.PORTRAIT)
    assert pairing.free(one, [Paired(Part.PAGE, 1)]) == one
    assert pairing.free(ALONE, [ALONE]) == ALONE


def test_hostile_names_are_read_and_mean_little(shared_data: Path) -> None:
    lines = (shared_data / "hostile-text" / "payloads.jsonl").read_text(encoding="utf-8")
    told = [json.loads(line) for line in lines.splitlines()]
    names = [each["payload"] for each in told if each["kind"] == "filename"]
    assert len(names) > 80
    for name in [*(each["payload"] for each in told), *(f"7 text {name}" for name in names)]:
        found = pairing.of_name(name)
        assert found.plate is None or 0 < found.plate <= pairing.MOST
