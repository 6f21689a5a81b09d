"""How text becomes words, and that the quick road gives the same words as the plain one."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as draw

from search import spelling, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Box", ["the", "box"]),
        ("Attica's walls", ["attica", "walls"]),
        ("O’Neil's don't", ["oneil", "dont"]),
        ("co-op_ed 1994.5", ["co", "op", "ed", "1994", "5"]),
        ("“Año”—¿qué?…", ["año", "qué"]),
        ("an\u0303o", ["año"]),
        ("字 x", ["字", "x"]),
        ("", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert words.tokens(text) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("año", "ano"), ("straße", "strasse"), ("ærø", "aero"), ("prisión", "prision"), ("字", "字")],
)
def test_fold(word: str, expected: str) -> None:
    assert words.fold(word) == expected


def test_a_long_run_of_letters_is_cut_into_words() -> None:
    assert [len(word) for word in words.tokens("x" * 150 + " é")] == [64, 64, 22, 1]


@given(draw.text(max_size=200) | draw.text(alphabet="aSs'’_ éßİ\u212a—", max_size=40))
def test_the_quick_road_finds_the_same_words(text: str) -> None:
    lower = unicodedata.normalize("NFC", text.lower()).replace("’", "'")
    plainly = re.findall(r"[^\W_]{1,64}", re.sub(r"'s\b", "", lower).replace("'", ""))
    found = words.tokens(text)
    assert found == plainly
    assert words.fold_all(words.spaced(text)).split() == list(map(words.fold, found))
    assert words.stems(words.spaced(text), "es").split() == [words.stem(w, "es") for w in found]


@given(draw.text(alphabet="abcáéñüßæ½²ªⅧ⑴㎏ﬁ𝐓 ", max_size=60))
def test_folding_all_at_once_is_folding_each(text: str) -> None:
    found = words.tokens(text)
    assert words.fold_all(words.spaced(text)).split() == list(map(words.fold, found))


def test_no_light_word_is_heavy_in_the_other_language() -> None:
    assert not {"son", "sin", "once", "has", "come", "solo", "era", "ten"} & words.LIGHT
    assert all(word == words.fold(word) for word in words.LIGHT)


@pytest.mark.parametrize(
    ("code", "expected"), [("en", "en"), ("en-US", "en"), ("ES", "es"), ("fr", "xx"), ("", "xx")]
)
def test_base(code: str, expected: str) -> None:
    assert words.base(code) == expected


@given(draw.text(alphabet="abc", max_size=5), draw.text(alphabet="abc", max_size=5))
def test_slips_are_counted_as_by_hand(one: str, other: str) -> None:
    def slips(a: str, b: str) -> int:
        if not a or not b:
            return len(a) + len(b)
        found = [slips(a[1:], b) + 1, slips(a, b[1:]) + 1, slips(a[1:], b[1:]) + (a[0] != b[0])]
        if a[:2] == b[1::-1] and len(a) > 1 < len(b):
            found.append(slips(a[2:], b[2:]) + 1)
        return min(found)

    for limit in (1, 2):
        assert spelling.distance(one, other, limit) == min(slips(one, other), limit + 1)
