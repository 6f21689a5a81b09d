"""Passages and marks: cut at sentences, marked as the search found them, safe as HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as draw

from search import snippets, words
from search.language import parse
from search.query import Either, Phrase, Term
from search.snippets import MARK, UNMARK

TEXT = (
    "The bus left at four. Mr. Ortiz drove it, as always. We had sandwiches and a blanket. "
    + "Nothing happened for a long while, and nobody spoke. " * 12
    + "They put my brother in the box that winter. He wrote to us every week. "
    + "Other things were said that I shall not repeat here. " * 12
    + "In spring the visits began again, and the box was not mentioned."
)


def marked(text: str, query: str, language: str = "en") -> list[str]:
    """The words that are marked in the whole text."""
    shown = snippets.mark(text, parse(query).tree, language)
    return [piece.partition(UNMARK)[0] for piece in shown.split(MARK)[1:]]


@pytest.mark.parametrize(
    ("text", "query", "language", "expected"),
    [
        ("We visited. Visits! visitor", "visit", "en", ["visited", "Visits"]),
        ("El año, el ano", "ano", "es", ["año", "ano"]),
        ("Visitamos la cárcel", "visitar carcel", "es", ["Visitamos", "cárcel"]),
        ("the box, the big box", '"the box"', "en", ["the box"]),
        ("The\nbox", '"the box"', "en", ["The\nbox"]),
        ("O’Neil's oneil", "o'neil", "en", ["O’Neil's", "oneil"]),
        ("begin beginning began", "begin*", "en", ["begin", "beginning"]),
        ("rough rouhg ruff", "rough~", "en", ["rough", "rouhg"]),
        ("a box but no bus", "box -bus", "en", ["box"]),
        ("a box by Ana", "by:ana box", "en", ["box"]),
        ("a box or a bus", "box OR bus", "en", ["box", "bus"]),
        ("Éxito éxito", "exito", "es", ["Éxito", "éxito"]),
        ("nothing here", "absent", "en", []),
        ("inbox boxes", "box", "en", ["boxes"]),
    ],
)
def test_marks(text: str, query: str, language: str, expected: list[str]) -> None:
    assert marked(text, query, language) == expected


@given(
    draw.text(alphabet="abceiñáßæ'’ .-_“”ŁA\u0301\n", max_size=60),
    draw.sets(draw.text(alphabet="abcein", min_size=1, max_size=3), min_size=1, max_size=3),
)
def test_the_quick_road_finds_the_same_words(text: str, heads: set[str]) -> None:
    plainly = snippets._words_beginning(frozenset(heads))
    found = list(snippets._Read(text).words_beginning(heads))
    assert found == [match.span() for match in plainly.finditer(text)]


@pytest.mark.parametrize(
    ("word", "asked"),
    [("dying", "die"), ("hoping", "hope"), ("children", "child's"), ("skies", "sky")],
)
def test_marks_agree_with_stems(word: str, asked: str) -> None:
    same = words.stem(word, "en") == words.stem(*words.tokens(asked), "en")
    assert marked(f"They were {word} there.", asked) == [word] * same


def test_editors_words_are_marked_too() -> None:
    tree = Either(Term("solitary"), (Phrase(("the", "box")),))
    assert f"{MARK}the box{UNMARK}" in snippets.mark(TEXT, tree, "en")


def test_a_passage_begins_with_its_sentence_and_covers_the_search() -> None:
    found = snippets.cut(TEXT, parse("box visits").tree, "en")
    assert len(found) == 2
    assert found[0].startswith("They put my brother in the")
    assert found[1].startswith(f"In spring the {MARK}visits{UNMARK}")
    assert all(len(passage) < snippets.LENGTH + 150 for passage in found)


def test_the_words_that_were_typed_are_shown_before_their_equivalents() -> None:
    tree = Either(Term("bus"), (Term("visits"), Phrase(("the", "box"))))
    (first, _second) = snippets.cut(TEXT, tree, "en")
    assert first.startswith(f"The {MARK}bus{UNMARK} left")


def test_a_caption_does_not_run_into_the_next() -> None:
    (passage,) = snippets.cut("Ana, white blouse\n\nIroned twice.", parse("blouse").tree, "en")
    assert passage == f"Ana, white {MARK}blouse{UNMARK} · Ironed twice."


def test_an_abbreviation_ends_no_sentence() -> None:
    assert snippets.cut(TEXT, parse("Ortiz").tree, "en")[0].startswith(f"Mr. {MARK}Ortiz{UNMARK}")


def test_without_a_match_the_opening_is_shown() -> None:
    (opening,) = snippets.cut(TEXT, parse("absent").tree, "en")
    assert opening.startswith("The bus left at four.")
    assert MARK not in opening
    assert snippets.cut("  \n ", parse("absent").tree, "en") == []


def test_a_cut_in_mid_sentence_is_shown_as_one() -> None:
    text = "word " * 200 + "needle " + "word " * 200
    (passage,) = snippets.cut(text, parse("needle").tree, "en")
    assert passage.startswith("…word")
    assert passage.endswith("word…")


@pytest.mark.parametrize(
    "text",
    ["<script>box</script>", "a & box <b>", f"{MARK}<img src=x>{UNMARK} box", f"b{MARK}ox box",
     '"box" onmouseover="x"'],
)  # fmt: skip
def test_nothing_but_mark_survives_as_markup(text: str) -> None:
    for passage in snippets.cut(text, parse("box").tree, "en"):
        shown = snippets.html(passage)
        bare = shown.replace("<mark>", "").replace("</mark>", "")
        assert shown.count("<mark>") == shown.count("</mark>") == 1 + text.count(f"b{MARK}ox")
        assert not set(bare) & set("<>\"'")
