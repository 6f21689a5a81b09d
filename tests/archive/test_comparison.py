"""Two versions word by word: nothing lost, nothing invented, nothing unsafe."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import comparison
from archive.comparison import Run

WORDS = st.text(alphabet="ab é'\n.<&", max_size=60)


@given(WORDS, WORDS)
def test_both_versions_can_be_read_back(before: str, after: str) -> None:
    found = comparison.runs(before, after)
    assert "".join(run.words for run in found if run.kind != "new") == before
    assert "".join(run.words for run in found if run.kind != "gone") == after
    assert all(left.kind != right.kind for left, right in pairwise(found))


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("", "", []),
        ("The bus.", "The bus.", [Run("same", "The bus.")]),
        (
            "My son rode.",
            "My daughter rode.",
            [
                Run("same", "My "),
                Run("gone", "son"),
                Run("new", "daughter"),
                Run("same", " rode."),
            ],
        ),
        ("He didn't.", "He did.", [Run("same", "He "), Run("gone", "didn't"), Run("new", "did"), Run("same", ".")]),
        ("One.\n\nTwo.", "One.\n\nTwo.\n\nThree.", None),
    ],
)  # fmt: skip
def test_words_are_the_unit(before: str, after: str, wanted: list[Run] | None) -> None:
    found = comparison.runs(before, after)
    if wanted is None:
        assert [run.kind for run in found if run.words.strip()][-1] == "new"
        assert "Three." in found[-1].words
    else:
        assert found == wanted


@given(WORDS, WORDS)
def test_the_html_holds_no_tag_but_ours(before: str, after: str) -> None:
    html = comparison.html(before, after)
    bare = re.sub(
        r'</?(?:ins|del)>|<span class="hidden-text">\[[^<]*</span>|<span class="hidden-text">\]</span>',
        "",
        html,
    )
    assert "<" not in bare


def test_a_changed_word_is_said_as_well_as_shown() -> None:
    html = comparison.html("My son.", "My daughter.")
    assert '<del><span class="hidden-text">[taken out: </span>son' in html
    assert '<ins><span class="hidden-text">[put in: </span>daughter' in html


LONG = {
    "the same word, another text each": ("la " * 40_000, "le la " * 20_000),
    "every other of twenty thousand words": (
        " ".join(map(str, range(20_000))),
        " ".join(map(str, range(0, 20_000, 2))),
    ),
    "every other of twenty thousand lines": (
        "\n".join(map(str, range(20_000))),
        "\n".join(map(str, range(0, 20_000, 2))),
    ),
}


@pytest.mark.parametrize("which", LONG)
def test_long_and_repetitive_texts_are_not_compared_to_the_last_word(
    which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would grow with the square of their length; the second took more than a minute."""
    one, other = LONG[which]
    work = []

    def counted(junk: None, old: list[str], new: list[str]) -> SequenceMatcher[str]:
        work.append(len(old) * len(new))
        return SequenceMatcher(junk, old, new)

    monkeypatch.setattr(comparison, "SequenceMatcher", counted)
    found = comparison.runs(one, other)
    assert "".join(run.words for run in found if run.kind != "gone") == other
    assert sum(work) <= comparison.LONGEST**2
