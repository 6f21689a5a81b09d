"""Whether a twelve-year-old follows what contributors read: measured on the pages themselves.

English by Flesch and Kincaid's grade (a twelve-year-old is in the sixth or seventh), Spanish by
Fernández Huerta's ease (70 and more is "fairly easy", the seventh grade and below).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest

from archive import changing, moderation
from tests import factories
from tests.archive.journeying import Visitor
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
WHOLE, SENTENCE = 5.0, 9.0  # grades: of all pages together, and of any one sentence
EASE, SENTENCE_EASE = 75.0, 50.0
LONG_ENOUGH = 8  # words; the formulas say nothing of less
INLINE = {"a", "b", "em", "strong", "span", "mark", "code", "kbd", "button"}


class _Said(HTMLParser):
    """What stands in the main part of a page, in pieces that no sentence goes beyond."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.pieces = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "main"
        if tag not in INLINE or "means" in (dict(attrs).get("class") or ""):
            self.pieces.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "main"
        if tag not in INLINE:
            self.pieces.append("")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.pieces[-1] += data


def sentences(page: str) -> Iterator[str]:
    """Every sentence, label and legend in the main part of a page."""
    read = _Said()
    read.feed(page)
    for piece in read.pieces:
        for sentence in re.split(r"(?<=[.?!:;])\s+", " ".join(piece.split())):
            if re.search(r"[a-zñáéíóú]{2}", sentence):
                yield sentence


def words(sentence: str) -> list[str]:
    return re.findall(r"[a-záéíóúüñ]+(?:['’][a-z]+)?", sentence.lower())


def syllables(word: str) -> int:
    """Of an English word, as the usual rule of thumb counts them."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith(("e", "es", "ed")) and not re.search(r"([^aeiouy]l|[td])e[ds]?$", word)
    return max(1, groups - silent)


def silabas(word: str) -> int:
    """Of a Spanish word: a weak vowel beside another makes one sound with it."""
    return max(
        1,
        len(
            re.findall(
                r"[iuü]?[aeoáéíóú][iuy]?(?![aeoáéíóú])|[iuü]?[aeoáéíóú]|[iuüy]+(?![aeoáéíóúiu])",
                word,
            )
        ),
    )


def grade(said: list[str]) -> float:
    """Flesch and Kincaid: the school year in which these sentences are understood."""
    all_words = [word for sentence in said for word in words(sentence)]
    sounds = sum(map(syllables, all_words))
    return 0.39 * len(all_words) / len(said) + 11.8 * sounds / len(all_words) - 15.59


def ease(said: list[str]) -> float:
    """Fernández Huerta: from 0, for scholars, to 100, for the youngest."""
    all_words = [word for sentence in said for word in words(sentence)]
    sounds = sum(map(silabas, all_words))
    return 206.84 - 60 * sounds / len(all_words) - 1.02 * len(all_words) / len(said)


def every_page(prefix: str, cast: Cast) -> Iterator[str]:
    """What a contributor can come to see: each step, in error and not, and all that follows."""
    visitor = Visitor(f"{prefix}/share/")
    yield visitor.text
    visitor = Visitor(f"{prefix}/share/story/")
    for step in ("before", "questions", "photos", "who", "use", "look", "story"):
        yield visitor.press(f"step:{step}").text
    visitor.press(body="My brother Andre Whitfield, 555-201-4477.", language="en")
    yield visitor.text
    yield visitor.press("step:who").press(name_shown="full", year="2099").text
    yield visitor.press("step:use").press(audience="later", contact_ok="on", email="x").text
    yield visitor.press("step:look").text
    yield visitor.press("stop").text
    yield Visitor(f"{prefix}/share/story/").tell("The bus leaves at four.", adult="yes").text
    yield Visitor(f"{prefix}/share/receipt/").text
    got = factories.received(permits=factories.allowed(editing="show", search_engines=False))
    piece = got.submission

    def status() -> Visitor:
        return Visitor().come_back(got.code, f"{prefix}/share/receipt/")

    moderation.ask(piece, "Q", version=1, by=cast.ines)
    yield status().text
    status().do("answer", words="A")
    moderation.edit(piece, version=1, reason="-", title="Other", by=cast.ines)
    moderation.accept(piece, version=2, by=cast.ines)
    yield status().text
    changing.agree(piece, version=2, by=factories.contributor(piece))
    factories.publication.publish(piece, version=2, by=cast.ruth, themes=[])
    yield status().do("change").text
    yield status().do("withdraw").text
    yield status().text
    yield status().do("restore").text
    yield status().do("erase").text
    yield status().text
    yield status().do("erase now").text
    yield status().do("erase now", sure="yes").text


@pytest.mark.parametrize(
    ("prefix", "hard", "most", "most_of_one"),
    [("", grade, WHOLE, SENTENCE), ("/es", lambda said: -ease(said), -EASE, -SENTENCE_EASE)],
    ids=["English", "Spanish"],
)
def test_a_child_of_twelve_follows_every_sentence(
    cast: Cast, prefix: str, hard: Callable[[list[str]], float], most: float, most_of_one: float
) -> None:
    said = list(
        dict.fromkeys(line for page in every_page(prefix, cast) for line in sentences(page))
    )
    assert len(said) > 150
    long_enough = [each for each in said if len(words(each)) >= LONG_ENOUGH]
    too_hard = [f"{hard([each]):.1f} {each}" for each in long_enough if hard([each]) > most_of_one]
    assert not too_hard, "\n".join(sorted(too_hard))
    assert hard(long_enough) <= most, f"{hard(long_enough):.1f}"


def test_the_measure_tells_easy_from_hard() -> None:
    hard = (
        "Participation necessitates comprehensive authorization regarding subsequent utilization."
    )
    assert grade(["You can stop at any time."]) < 3
    assert grade([hard]) > 20
    assert ease(["Puede parar cuando quiera, y no pasa nada."]) > 80
    assert ease(["La participación requiere autorización administrativa complementaria."]) < 20
