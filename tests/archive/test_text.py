"""Strangers' text as HTML: nothing of theirs becomes markup, and no word of theirs is lost."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import bleach
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import text

STORY_TAGS = {"p", "br", "hr"}
PAGE_TAGS = {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "em", "strong", "a", "br", "hr"}
SCHEMES = ("https:", "http:", "mailto:", "tel:", "/", "#", "?")
# Written together so that a run over all of them takes seconds; found one by one where it fails.
SHEAF = 40


class Reading(HTMLParser):
    """What a browser would see: tags with their attributes, and the words between."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.events: list[tuple[str, object]] = []
        self.strange: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.events.append((tag, sorted(attrs, key=str)))

    def handle_endtag(self, tag: str) -> None:
        self.events.append((f"/{tag}", None))

    def handle_data(self, data: str) -> None:
        if self.events and self.events[-1][0] == "words":
            data = f"{self.events.pop()[1]}{data}"
        self.events.append(("words", data))

    def handle_comment(self, data: str) -> None:
        self.strange.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.strange.append(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self.strange.append(f"<![{data}]>")

    def handle_pi(self, data: str) -> None:
        self.strange.append(f"<?{data}>")

    @property
    def tags(self) -> list[tuple[str, object]]:
        return [(tag, more) for tag, more in self.events if tag != "words" and tag[0] != "/"]

    @property
    def words(self) -> str:
        return " ".join(str(more) for tag, more in self.events if tag == "words")


@pytest.fixture(scope="module")
def payloads(shared_data: Path) -> list[str]:
    file = shared_data / "hostile-text" / "payloads.jsonl"
    if not file.is_file():
        pytest.skip("The hostile payloads do not lie beside this working copy.")
    rows = [json.loads(line)["payload"] for line in file.read_text("utf-8").splitlines()]
    return [row for row in rows if isinstance(row, str)]


def sheaves(payloads: list[str]) -> Iterator[str]:
    for start in range(0, len(payloads), SHEAF):
        yield "\n\n".join(payloads[start : start + SHEAF])


# --- stories --------------------------------------------------------------------------------------
def test_no_payload_becomes_markup_in_a_story(payloads: list[str]) -> None:
    for payload in payloads:
        seen = Reading(text.to_html(payload))
        assert {tag for tag, _attrs in seen.tags} <= STORY_TAGS, payload
        assert not any(attrs for _tag, attrs in seen.tags), payload
        assert not seen.strange, payload


def test_stories_are_clean_to_a_second_sanitiser(payloads: list[str]) -> None:
    for sheaf in sheaves(payloads):
        ours = text.to_html(sheaf)
        theirs = bleach.clean(ours, tags=STORY_TAGS, attributes={})
        assert Reading(theirs).events == Reading(ours).events


def test_no_word_of_a_payload_is_lost_in_a_story(payloads: list[str]) -> None:
    for payload in payloads:
        said = text.plain(payload)
        if any(text._BREAK.match(part) for part in text.paragraphs(said)):
            continue  # a row of asterisks is a break, and says so by its line
        shown = Reading(text.to_html(payload)).words
        assert shown.split() == said.split(), payload


@given(st.text())
def test_rendering_is_stable(body: str) -> None:
    assert text.plain(text.plain(body)) == text.plain(body)
    once = text.to_html(body)
    assert once == text.to_html(text.plain(body))
    assert text.nh3.clean(once, tags=STORY_TAGS, attributes={}, link_rel=None) == once


def test_lines_that_were_ended_at_a_width_are_joined_and_those_of_a_verse_are_not() -> None:
    told = "The bus left at four, and all of us were on it, cold and awake, said"
    wrapped = f"{told}\n{told}\nshe.\n\n{told}\n{told}\n{told}\nshe.\n\nRun, run,\nrun."
    html = text.to_html(wrapped)
    assert html.count("<br>") == 1
    assert f"<p>{told} {told} she.</p>" in html
    assert "<p>Run, run,<br>run.</p>" in html
    by_hand = f"{told}\nI said no.\n{told}\nShe said yes.\n{told}\nWe left."
    assert text.to_html(by_hand).count("<br>") == 5


def test_paragraphs_line_breaks_and_sections() -> None:
    told = "One.\r\nTwo & <three>.\n  \t\n\n\nFour.\n\n* * *\n\nFive."
    assert text.to_html(told) == (
        "<p>One.<br>Two &amp; &lt;three&gt;.</p>\n<p>Four.</p>\n<hr>\n<p>Five.</p>"
    )


@pytest.mark.parametrize("row", ["***", "* * *", "---", "- - -", "___", "⁂", "❦", "§", " *** "])
def test_a_row_of_signs_is_a_section_break(row: str) -> None:
    assert text.to_html(f"One.\n\n{row}\n\nTwo.").count("<hr>") == 1


@pytest.mark.parametrize("row", ["* a star", "--", "-", "...", "* * * and on", "1. First"])
def test_what_only_looks_like_one_is_not(row: str) -> None:
    assert "<hr>" not in text.to_html(f"One.\n\n{row}\n\nTwo.")


# --- plain ----------------------------------------------------------------------------------------
LETTERS = st.characters(categories=["L", "N", "P", "S", "Zs"])


@given(st.text(alphabet=st.one_of(LETTERS, st.sampled_from("\n\t\u202e\x00\ue000"))))
def test_plain_text_loses_no_letter(raw: str) -> None:
    harmless = re.sub("[\u202e\x00\ue000]", "", raw)
    expected = unicodedata.normalize("NFC", harmless).split()
    assert text.plain(raw).split() == expected


KEPT = [
    "Año, señora, coöperate, naïve, Ångström",
    "“Curly” ‘quotes’ — dashes – ellipsis…",
    "عربي and עברית and 漢字",
    "👩\u200d👧 family, with its joiner",
    "soft\u00adhyphen and non\u00a0breaking",
]


@pytest.mark.parametrize("words", KEPT)
def test_honest_letters_stay_as_they_are(words: str) -> None:
    assert text.plain(words) == words


CHANGED = {
    "Trojan source": ("a\u202ebc\u2066d", "abcd"),
    "controls": ("a\x00b\x07c\x1bd\x7fe\x9ff", "abcdef"),
    "decomposed letters": ("man\u0303ana", "mañana"),
    "a mark between letter and accent": ("n\u202e\u0303", "ñ"),
    "half a surrogate pair": ("a\ud800b", "a\ufffdb"),
    "line ends of three kinds": ("a\r\nb\rc\nd", "a\nb\nc\nd"),
    "the line end of old machines": ("a\x85b", "a\nb"),
    "many blank lines": ("a\n \n\t\n\n\nb", "a\n\nb"),
    "blanks at the end": ("a  \nb \t", "a\nb"),
}


@pytest.mark.parametrize("case", CHANGED)
def test_what_does_no_good_falls_away(case: str) -> None:
    raw, made = CHANGED[case]
    assert text.plain(raw) == made


def test_a_line_is_one_line() -> None:
    assert text.one_line(" The\n bus\t at\u2028four\x00 ") == "The bus at four"


# --- editors' pages -------------------------------------------------------------------------------
def test_no_payload_executes_on_an_editors_page(payloads: list[str]) -> None:
    for payload in payloads:
        seen = Reading(text.from_markdown(payload))
        assert not seen.strange, payload
        for tag, attrs in seen.tags:
            assert tag in PAGE_TAGS, payload
            named = dict(attrs)  # type: ignore[call-overload]
            assert set(named) <= ({"href", "rel"} if tag == "a" else set()), payload
            if "href" in named:
                where = re.sub(r"[\x00-\x20]", "", named["href"]).lower()
                assert where.startswith(SCHEMES) or ":" not in where.split("/")[0], payload


def test_pages_are_clean_to_a_second_sanitiser(payloads: list[str]) -> None:
    for sheaf in sheaves(payloads):
        ours = text.from_markdown(sheaf)
        theirs = bleach.clean(
            ours,
            tags=PAGE_TAGS,
            attributes={"a": ["href", "rel"]},
            protocols={"https", "http", "mailto", "tel"},
        )
        assert Reading(theirs).events == Reading(ours).events


MARKDOWN = {
    "## A title": "<h2>A title</h2>",
    "**so** and *so*": "<p><strong>so</strong> and <em>so</em></p>",
    "[us](https://example.org)": (
        '<p><a href="https://example.org" rel="noopener noreferrer">us</a></p>'
    ),
    "[us](javascript:alert(1))": "<p>[us](javascript:alert(1))</p>",
    "<script>alert(1)</script>": "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "![a picture](https://example.org/a.png)": None,  # no picture of another host
}


@pytest.mark.parametrize("source", MARKDOWN)
def test_markdown_is_what_an_editor_expects(source: str) -> None:
    made = text.from_markdown(source).strip()
    if MARKDOWN[source] is None:
        assert "<img" not in made
    else:
        assert made == MARKDOWN[source]
