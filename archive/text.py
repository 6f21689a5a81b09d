"""Strangers' text into safe HTML and plain text. The only sanitiser of the archive.

Owns the use of nh3 (bleach, named first, has ended; it stays in the tests as a second opinion).
Contributors write plain text, where a blank line makes a paragraph; editors' pages are Markdown.
Pure: text in, text out.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import nh3
from django.utils.html import escape
from markdown_it import MarkdownIt

# Characters that do no good in a story: controls, and marks that turn the direction of what
# follows on a page that is not theirs (the "Trojan source" set).
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ue000-\uf8ff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BREAK = re.compile(r"^\s*(?:\*\s?){3,}$|^\s*(?:-\s?){3,}$|^\s*(?:_\s?){3,}$|^\s*[⁂❦§]\s*$")
FULL_LINE = range(50, 86)  # characters of a line that was ended because it was full
FULL_LINES = 5  # so many, and three in four of all, make a text one that was wrapped at a width
_EDITOR_TAGS = {
    "p", "h2", "h3", "ul", "ol", "li", "blockquote", "em", "strong", "a", "br", "hr",
}  # fmt: skip


def plain(raw: str) -> str:
    """What was typed, made uniform and harmless: NFC, `\\n`, no controls; no word is lost."""
    text = _LINE_ENDS.sub("\n", _SURROGATES.sub("\ufffd", raw))
    # In this order: an unwanted mark may stand between a letter and its accent.
    text = unicodedata.normalize("NFC", _UNWANTED.sub("", text))
    lines = [line.rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def one_line(raw: str) -> str:
    """The same for titles and names: white space of any kind becomes one space."""
    return " ".join(plain(raw).split())


def paragraphs(body: str) -> list[str]:
    """The parts of a text between blank lines."""
    return [part for part in re.split(r"\n\s*\n", plain(body)) if part.strip()]


def to_html(body: str) -> str:
    """A contributor's plain text as paragraphs; a line of asterisks is a section break.

    Line ends are kept, but those of a file that was wrapped at a width: they are nobody's.
    """
    parts = paragraphs(body)
    wrapped = _is_wrapped(parts)
    rendered = [_paragraph(_unwrapped(part) if wrapped else part) for part in parts]
    return nh3.clean(
        "\n".join(rendered),
        tags={"p", "br", "hr"},
        attributes={},
        link_rel=None,
    )


def _is_wrapped(parts: list[str]) -> bool:
    """Whether the lines of a text are so alike in length that a machine must have ended them."""
    ended = [line for part in parts for line in part.split("\n")[:-1]]
    full = sum(len(line) in FULL_LINE for line in ended)
    return full >= FULL_LINES and full >= 0.75 * len(ended)


def _unwrapped(part: str) -> str:
    """A paragraph on one line; a verse in it, whose lines are short, stays as it is."""
    *ended, _last = part.split("\n")
    return part.replace("\n", " ") if all(len(line) in FULL_LINE for line in ended) else part


def _paragraph(part: str) -> str:
    if _BREAK.match(part):
        return "<hr>"
    return f"<p>{escape(part).replace(chr(10), '<br>')}</p>"


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable("image")


def from_markdown(source: str) -> str:
    """An editor's page as HTML; links lead where they say and take no opener with them."""
    return nh3.clean(
        _markdown().render(plain(source)),
        tags=_EDITOR_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
