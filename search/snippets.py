"""Shows where a text answers a search: passages cut at sentences, and marks inside them.

Works on the rows that are shown anyway, with the tree of `Results.searched`; no engine takes part.
Marks are two characters from the private use area, which `html` turns into `<mark>` after it has
escaped everything else: no text of a contributor can ever become markup here.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from html import escape
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from search import spelling, words
from search.query import Fuzzy, Node, Phrase, Prefix, Term, walk

MARK, UNMARK = "\ue000", "\ue001"
PASSAGES = 2
LENGTH = 220  # characters of a passage, about what is read at a glance
_SLACK = 90  # characters by which a passage may begin earlier to begin with its sentence
_MAX_MARKS = 2_000  # in one text; more is a wall of yellow, not a help
_KNOWN_MAX = 5_000  # words that are remembered for one search
_MOST_INSIDE = 50  # marks of one passage that count

_WORD = r"[^\W_]+(?:['’][^\W_]+)*"
_SHORT = ("Mr", "Mrs", "Ms", "Dr", "Dra", "St", "Sr", "Sra", "Rev", "Col", "Capt", "Lt", "Sgt")
_NO_END = "".join(rf"(?<!\b{short}.)" for short in ("[A-Z]", *_SHORT))
# The sign first and then the look back, so that the regex engine skips from sign to sign.
_SENTENCE_END = re.compile(rf"[.!?…\n](?:(?<=\n)\s*\n|(?<!\n){_NO_END}[.!?…]*[\"'”’»)\]]*\s+)")
_SENTENCE_ENDS = re.compile(r"[.!?…][\"'”’»)\]]*\s*$")
# Where a heading or a caption ends without a sign, and another paragraph follows.
_UNENDED = re.compile(rf"(?<=[\w{UNMARK}_*])\s*\n\s*\n\s*")
Span = tuple[int, int]


class _Mark(NamedTuple):
    """A match in a text, and which part of the search it answers."""

    start: int
    end: int
    answers: int


def cut(
    text: str, searched: Node, language: str, *, passages: int = PASSAGES, length: int = LENGTH
) -> list[str]:
    """Up to `passages` passages of about `length` characters, in the order of the text, matches
    between MARK and UNMARK. The opening of the text, unmarked, where nothing in it matches."""
    text = clean(text)
    marks = _find(text, searched, language)
    if not marks:
        opening = _passage(text, 0, 0, length)
        return [_render(text, opening, [])] if text.strip() else []
    typed = _wanted(searched, words.base(language)).typed
    chosen: list[Span] = []
    answered: set[int] = set()
    for _ in range(passages):
        best = _best_window(marks, chosen, answered, length, typed)
        if best is None:
            break
        chosen.append(_passage(text, best[0], best[1], length))
        answered.update(mark.answers for mark in marks if _inside(mark, chosen[-1]))
    return [_render(text, span, marks) for span in _merged(chosen)]


def matches(text: str, searched: Node, language: str) -> set[int]:
    """Which parts of the search this text answers, by their number; empty where none."""
    return {mark.answers for mark in _find(clean(text), searched, language)}


def mark(text: str, searched: Node, language: str) -> str:
    """The whole text, every match between MARK and UNMARK."""
    text = clean(text)
    return _render(text, (0, len(text)), _find(text, searched, language), trim=False)


def html(marked: str) -> SafeString:
    """Marked text as HTML: everything escaped, then `<mark>` put where the marks are."""
    shown = escape(marked).replace(MARK, "<mark>").replace(UNMARK, "</mark>")
    return mark_safe(shown)  # noqa: S308 - escaped in the line above; the marks are ours alone


def clean(text: str) -> str:
    """A text without characters that could pass for our marks."""
    return text.replace(MARK, "").replace(UNMARK, "")


# --- finding ------------------------------------------------------------------------------------
def _find(text: str, searched: Node, language: str) -> list[_Mark]:
    """Every match, in the order of the text, without overlaps."""
    wanted = _wanted(searched, words.base(language))
    read = _Read(text)
    marks = wanted.single(read) + wanted.phrases(read)
    marks.sort(key=lambda mark: (mark.start, -mark.end))
    kept: list[_Mark] = []
    for found in marks:
        if not kept or found.start >= kept[-1].end:
            kept.append(found)
    return kept[:_MAX_MARKS]


@lru_cache(maxsize=16)
def _wanted(searched: Node, language: str) -> _Wanted:
    """Kept for the next texts of the same page: what is looked for is the same in all of them."""
    return _Wanted(searched, language)


class _Wanted:
    """What a search looks for, as tests on single words and as phrases."""

    def __init__(self, searched: Node, language: str) -> None:
        self._language = language
        self._exact: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._tests: list[tuple[int, Callable[[str], bool]]] = []
        self._phrases: list[tuple[int, tuple[str, ...]]] = []
        self._known: dict[str, int | None] = {}
        self._heads: set[str] = set()
        said = set(walk(searched, typed=True))
        self.typed: set[int] = set()  # the parts that the reader asked for in these very words
        for number, leaf in enumerate(walk(searched)):
            self._take(number, leaf)
            if leaf in said:
                self.typed.add(number)

    def _take(self, number: int, leaf: Node) -> None:
        match leaf:
            case Term(word, "" | "title"):
                plain = words.fold(word)
                self._exact.setdefault(plain, number)
                stem = words.stem(word, self._language)
                self._stems.setdefault(stem, number)
                self._heads.add(_shared_head(plain, stem))
            case Phrase(pieces, "" | "title"):
                self._phrases.append((number, tuple(words.fold(piece) for piece in pieces)))
            case Prefix(word, "" | "title"):
                start = words.fold(word)
                self._tests.append((number, lambda other: other.startswith(start)))
                self._heads.add(start)
            case Fuzzy(word, slips, "" | "title"):
                rough = words.fold(word)
                self._tests.append(
                    (number, lambda other: spelling.distance(rough, other, slips) <= slips)
                )
                self._heads.add(rough[:1])

    def single(self, read: _Read) -> list[_Mark]:
        found = []
        for start, end in read.words_beginning(self._heads):
            answers = self._answers(read.text[start:end])
            if answers is not None:
                found.append(_Mark(start, end, answers))
        return found

    def _answers(self, typed: str) -> int | None:
        """Which part of the search a word of the text answers; remembered, for texts repeat."""
        if typed not in self._known:
            if len(self._known) >= _KNOWN_MAX:
                self._known.clear()
            pieces = words.tokens(typed)
            self._known[typed] = self._judge(pieces[0]) if pieces else None
        return self._known[typed]

    def _judge(self, word: str) -> int | None:
        plain = words.fold(word)
        if plain in self._exact:
            return self._exact[plain]
        stem = words.stem(word, self._language)
        if stem in self._stems:
            return self._stems[stem]
        return next((number for number, test in self._tests if test(plain)), None)

    def phrases(self, read: _Read) -> list[_Mark]:
        marks = []
        for number, phrase in self._phrases:
            for start, _end in read.words_beginning({phrase[0]}):
                end = _phrase_end(read.text, start, phrase)
                if end is not None:
                    marks.append(_Mark(start, end, number))
        return marks


def _shared_head(plain: str, stem: str) -> str:
    """How every word begins that has this stem. Stemmers change the last letters at the most
    (`hoping` is `hope`, `dying` is `die`): tried on the 160,000 words of our corpora."""
    kept = stem[: max(2, len(stem) - 2)] if not stem.endswith("ie") else stem[:1]
    while not plain.startswith(kept):
        kept = kept[:-1]
    return kept


class _Read:
    """A text, read for the words that begin in one of a few ways."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._plain = _plainly(text)

    def words_beginning(self, heads: set[str]) -> Iterator[Span]:
        """Where each such word begins and ends, accents and capitals or not."""
        if not heads:
            return
        pattern = _words_beginning(frozenset(heads))
        if self._plain is None:
            yield from (match.span() for match in pattern.finditer(self.text))
            return
        for start in sorted({at for head in heads for at in self._places(head)}):
            match = pattern.match(self.text, start)
            if match:
                yield match.span()

    def _places(self, head: str) -> Iterator[int]:
        """Where these letters stand first in a word, also with an apostrophe among them (`O'Neil`)
        or before them; of the latter the pattern knows which begin one."""
        plain, closed = self._plain or b"", self._apostrophes
        letters = head.encode("ascii", "replace")
        written = [b" " + letters]
        for at in range(1, len(letters)) if closed else ():
            if letters[at - 1 : at] + b"'" + letters[at : at + 1] in closed:
                written.append(b" " + letters[:at] + b"'" + letters[at:])
        if closed and not closed.isdisjoint((b" '" + letters[:1], b"'" + letters[:1])):
            written += [b"'" + each[1:] for each in written]
        for each in written:
            at = plain.find(each)
            while at >= 0:
                yield at
                at = plain.find(each, at + 1)

    @cached_property
    def _apostrophes(self) -> set[bytes]:
        """Each apostrophe with its neighbours: few of the ways to write a word need be looked for."""
        pieces = (self._plain or b"").split(b"'")
        return {before[-1:] + b"'" + after[:1] for before, after in pairwise(pieces)}


def _plainly(text: str) -> bytes | None:
    """A space, then one byte for each character: the small letter without its accent, a space for
    a sign. None where letters stand beyond those of English and Spanish: then the regex engine
    reads the text, ten times slower."""
    try:
        plain = text.encode("latin-1")
    except UnicodeEncodeError:
        for sign in words.TYPOGRAPHIC:
            text = text.replace(sign, " ")
        try:
            plain = text.replace("’", "'").encode("latin-1")
        except UnicodeEncodeError:
            return None
    plain = plain.translate(_FOLDED)
    return None if b"\0" in plain else b" " + plain


def _folded_letter(code: int) -> int:
    """0 for a letter that folds to two, which would move the rest of the text."""
    folded = words.fold(chr(code).lower())
    if len(folded) > 1:
        return 0
    return ord(folded) if folded.isascii() and (folded.isalnum() or folded == "'") else 32


_FOLDED = bytes(_folded_letter(code) for code in range(256))


def _phrase_end(text: str, start: int, phrase: tuple[str, ...]) -> int | None:
    """Where a phrase that begins at `start` ends, if it does."""
    end = start
    for wanted in phrase:
        match = _ANY_WORD.search(text, end)
        if match is None or _plain_word(match.group()) != wanted:
            return None
        end = match.end()
    return end


@lru_cache(maxsize=_KNOWN_MAX)
def _plain_word(typed: str) -> str:
    """A word of a text as it is looked for; "" where it is none."""
    pieces = words.tokens(typed)
    return words.fold(pieces[0]) if pieces else ""


_ANY_WORD = re.compile(_WORD)


@lru_cache(maxsize=256)
def _words_beginning(heads: frozenset[str]) -> re.Pattern[str]:
    """Words with one of these folded beginnings, accents and capitals included."""
    begun = "|".join(map(_beginning, sorted(heads)))
    return re.compile(rf"(?:{begun})[^\W_]*(?:['’][^\W_]+)*")


def _beginning(head: str) -> str:
    """A letter first and then the look back: the regex engine skips to letters quickly."""
    first, *more = (f"[{_variants(letter)}]" for letter in head)
    return first + r"(?<![^\W_].)(?<!\w['’].)" + "".join(f"['’]?{letter}" for letter in more)


@lru_cache(maxsize=256)
def _variants(head: str) -> str:
    """Every letter of the Latin alphabets that folds to something beginning with `head`."""
    return "".join(sorted({head, head.upper()[:1], *_LATIN.get(head, ())}))


def _fold_alphabet() -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for code in range(0xC0, 0x250):
        letter = chr(code)
        if unicodedata.category(letter).startswith("L"):
            table.setdefault(words.fold(letter.lower())[:1], []).append(letter)
    return table


_LATIN = _fold_alphabet()


# --- cutting ------------------------------------------------------------------------------------
_start = attrgetter("start")


def _inside(mark: _Mark, span: Span) -> bool:
    return span[0] <= mark.start and mark.end <= span[1]


def _best_window(
    marks: list[_Mark], chosen: list[Span], answered: set[int], length: int, typed: set[int]
) -> Span | None:
    """The stretch that answers most parts of the search which no passage answers yet, the words
    that were `typed` before what editors hold to be equivalent."""
    ends = [mark.end for mark in marks]
    every = {mark.answers for mark in marks}
    fresh = every - answered
    most = (len(fresh & typed), len(fresh), len(every))
    best: tuple[int, int, int, int] | None = None
    span: Span | None = None
    for at, first in enumerate(marks):
        # Marks do not overlap: those that end within the length follow one another.
        stop = min(bisect_right(ends, first.start + length, at), at + _MOST_INSIDE)
        if best is not None and (*most, stop - at) <= best:
            continue  # whatever it answers, it is no better
        if chosen and any(start - length < first.start < end for start, end in chosen):
            continue
        parts = {mark.answers for mark in marks[at:stop]} or {first.answers}
        fresh = parts - answered
        score = (len(fresh & typed), len(fresh), len(parts), stop - at)
        if best is None or score > best:
            best, span = score, (first.start, max(first.end, ends[stop - 1] if stop > at else 0))
    return span


def _passage(text: str, start: int, end: int, length: int) -> Span:
    """A stretch widened to the beginning of its sentence, and to the end of one or of a word."""
    before = text[max(0, start - _SLACK - 1) : start]
    sentences = [match.end() for match in _SENTENCE_END.finditer(before)]
    if sentences:
        begin = start - len(before) + sentences[-1]
    elif start <= _SLACK:
        begin = 0
    else:
        begin = _word_edge(text, max(0, start - _SLACK // 2), start)
    stop = max(end, min(len(text), begin + length))
    if stop >= len(text):
        return begin, len(text)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, end, min(len(text), stop + 40))]
    if ends:
        return begin, ends[-1]
    space = text.rfind(" ", end, stop)
    return begin, space if space > begin else stop


def _word_edge(text: str, at: int, limit: int) -> int:
    space = text.find(" ", at, limit)
    return limit if space < 0 else space + 1


def _merged(spans: list[Span]) -> list[Span]:
    """Passages in the order of the text; two that touch become one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _render(text: str, span: Span, marks: list[_Mark], *, trim: bool = True) -> str:
    start, end = span
    pieces: list[str] = []
    at = start
    for found in marks[bisect_left(marks, start, key=_start) :]:
        if found.start >= end:
            break
        if not _inside(found, span):
            continue
        pieces += [text[at : found.start], MARK, text[found.start : found.end], UNMARK]
        at = found.end
    pieces.append(text[at:end])
    shown = "".join(pieces)
    if not trim:
        return shown
    shown = " ".join(_UNENDED.sub(" · ", shown.strip()).split())
    before = "" if start == 0 or _ends_sentence(text, start) else "…"
    after = "" if end >= len(text) or _ends_sentence(text, end) else "…"
    return f"{before}{shown}{after}"


def _ends_sentence(text: str, at: int) -> bool:
    """Whether what stands before this place ends a sentence."""
    tail = text[max(0, at - 12) : at]
    return tail.endswith("\n") or _SENTENCE_ENDS.search(tail) is not None
