"""From typed text to the tree: the grammar by tables, and that nothing typed is ever an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as draw

from search import index, language, snippets, words
from search.language import (
    LEADING_WILDCARD,
    TOO_LONG,
    TOO_MANY_WORDS,
    parse,
    write,
)
from search.query import (
    And,
    Everything,
    Fuzzy,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Synonyms,
    Term,
)
from tests.search.strange import SIGNS, payloads, two_thousand

A, B, C = Term("a"), Term("b"), Term("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        ("   ", Everything()),
        ("Visits", Term("visits")),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a and b", And((A, Term("and"), B))),
        ("a OR b", Or((A, B))),
        ("a OR b c", And((Or((A, B)), C))),
        ("(a b) OR c", Or((And((A, B)), C))),
        ("-a", Not(A)),
        ("NOT a", Not(A)),
        ("b -a", And((B, Not(A)))),
        ("-(a b)", Not(And((A, B)))),
        ("- a", A),
        ("a-b", Phrase(("a", "b"))),
        ('"the box"', Phrase(("the", "box"))),
        ('-"the box"', Not(Phrase(("the", "box")))),
        ("“the box”", And((Term("the"), Term("box")))),
        ('"unclosed box', And((Term("unclosed"), Term("box")))),
        ("begin*", Prefix("begin")),
        ("(begin*)", Prefix("begin")),
        ("rough~", Fuzzy("rough", 1)),
        ("rough~2", Fuzzy("rough", 2)),
        ("rough~9", Fuzzy("rough", 2)),
        ("title:box", Term("box", "title")),
        ("TITLE:box", Term("box", "title")),
        ("título:caja", Term("caja", "title")),
        ("title:(red box)", And((Term("red", "title"), Term("box", "title")))),
        ('by:"ana maria"', Phrase(("ana", "maria"), "by")),
        ("place:at*", Prefix("at", "place")),
        ("theme:family-visits", Phrase(("family", "visits"), "theme")),
        ("language:Español", Term("es", "language")),
        ("year:1994", Range(1994, 1994)),
        ("year:1990-95", Range(1990, 1995)),
        ("año:1994", Range(1994, 1994)),
        ("year:[1990 TO 2000]", Range(1990, 2000)),
        ("year:[TO 2000]", Range(None, 2000)),
        ("year:[1990 TO]", Range(1990, None)),
        ("year:abc", Nothing()),
        ("year:99999", Nothing()),
        ("year:[2000 TO 1990]", Range(2000, 1990)),
        ("http://a/b", Phrase(("http", "a", "b"))),
        ("12:30", Phrase(("12", "30"))),
        ("Attica's don't O’Neil", And((Term("attica"), Term("dont"), Term("oneil")))),
        ("AÑO", Term("año")),
        ("an\u0303o", Term("año")),
        ("((((a))))", A),
        (")(", Everything()),
        ("a\x00b", And((A, B))),
    ],
)
def test_the_grammar(text: str, tree: Node) -> None:
    assert parse(text).tree == tree


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("*ing", LEADING_WILDCARD),
        ("a ?b", LEADING_WILDCARD),
        ("title:*box", LEADING_WILDCARD),
        ("x" * 300, TOO_LONG),
        (" ".join(f"word{number}" for number in range(20)), TOO_MANY_WORDS),
    ],
)
def test_what_had_to_be_cut_is_said(text: str, note: str) -> None:
    assert note in parse(text).notes


def test_a_leading_wildcard_is_searched_as_the_plain_word() -> None:
    assert parse("*visit").tree == Term("visit")
    assert parse("what is it?").notes == ()


def test_the_first_words_are_kept_and_light_ones_do_not_count() -> None:
    text = "the of " + " ".join(f"w{number}" for number in range(20))
    tree = parse(text).tree
    assert isinstance(tree, And)
    assert tree.parts[:3] == (Term("the"), Term("of"), Term("w0"))
    assert tree.parts[-1] == Term(f"w{settings.QUERY_MAX_WORDS - 1}")


@pytest.mark.parametrize(
    "text",
    ['visits "the box" -attica', "(a b) OR (c -d)", "title:bo* by:ana year:1994", "rough~2 x~",
     "year:[1990 TO 2000] year:[ TO 1990]", "-(a OR b) c", "theme:family-visits"],
)  # fmt: skip
def test_a_tree_is_written_as_text_that_parses_to_it(text: str) -> None:
    tree = parse(text).tree
    assert parse(write(tree)).tree == tree


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a b",
        "AND",
        "a AND b",
        "a TO b",
        "a OR b OR c",
        "a OR b c",
        "a OR OR b",
        "OR OR a OR ",
        "a OR a OR AND",
        "a  b",
        "Año 1994",
        "straße",
        "x" * 70,
        "a_b",
        "don’t",
    ],
)
def test_plain_words_are_read_as_the_grammar_would(text: str) -> None:
    assert parse(text).tree == language._parsed(text)


# --- whatever people type ---------------------------------------------------------------------------
QUIET: dict[str, Any] = {"suppress_health_check": list(HealthCheck)}
pieces = draw.one_of(draw.sampled_from(SIGNS), draw.text(max_size=12))
typed = draw.lists(pieces, max_size=40).map("".join)


def depth(node: Node) -> int:
    match node:
        case And(parts) | Or(parts):
            return 1 + max(map(depth, parts))
        case Not(part):
            return 1 + depth(part)
    return 0


def answer(text: str) -> None:
    """Everything that a search page does with what was typed."""
    asked = parse(text)
    assert depth(asked.tree) <= 10
    parse(write(asked.tree))
    synonyms = (Synonyms((text[:40], "the box")),)
    results = index.find(
        Query(asked.tree, synonyms=synonyms, filters={"theme": (text,), "place": (text,)})
    )
    assert results.total == 0 or text in ("solitary", "money", "letters")
    results = index.find(Query(asked.tree, synonyms=synonyms))
    assert results.total >= len(results.hits)
    index.correct(asked.tree)
    index.suggest(text)
    for passage in snippets.cut(f"{text}. The box. {text}", results.searched, "en"):
        shown = snippets.html(passage).replace("<mark>", "").replace("</mark>", "")
        assert "<" not in shown


@given(typed)
@example("(" * settings.QUERY_MAX_CHARACTERS)
@example("NOT " * 50 + "a")
@example("-" * settings.QUERY_MAX_CHARACTERS)
@example('"' * settings.QUERY_MAX_CHARACTERS)
@example("a OR " * 40)
@example("((((((((a OR b) c) OR d) e) OR f) g) OR h) i)")
@example("year:[" * 20)
@example("x" * 100_000)
@hypothesis_settings(max_examples=200, **QUIET)
def test_nothing_typed_is_an_error_to_the_parser(text: str) -> None:
    understood(text)


def test_two_thousand_searches_are_no_error_to_the_parser() -> None:
    for text in two_thousand():
        understood(text)


def understood(text: str) -> None:
    """Bounds hold, what is written parses again, and the short road leads to the same tree."""
    tree = parse(text).tree
    assert depth(tree) <= 10
    parse(write(tree))
    if (quickly := language._read_quickly(text)) is not None:
        assert quickly == language._parsed(text)
    assert words.tokens(text) == words.tokens(" ".join(words.tokens(text)))


@given(typed)
@hypothesis_settings(max_examples=60, **QUIET)
def test_nothing_typed_is_an_error_to_an_engine(stocked: str, text: str) -> None:
    answer(text)


@pytest.mark.slow
def test_two_thousand_searches_are_no_error_to_an_engine(stocked: str) -> None:
    for text in two_thousand():
        answer(text)


@pytest.mark.parametrize("every", [60, pytest.param(1, marks=pytest.mark.slow)])
def test_no_hostile_line_is_an_error(stocked: str, every: int, shared_data: Path) -> None:
    for line in payloads(shared_data)[::every]:
        answer(line)
