"""Searches that nobody means kindly, as words and as every filter, on pages, feed and API: there is
always an answer, it holds no tag of a stranger's, and the house does not grow by it."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pytest
from django.test import Client

from archive import catalogue, questions
from archive.models.work import Job
from tests import factories
from tests.search import strange

LISTS = (*questions.FILTERS, "without")  # take several values
SINGLE = ("from", "to", "sort", "page", "literal")
Asked = dict[str, str | list[str]]
GROWN_MOST = 50  # megabytes (safety.md C6)


@pytest.fixture
def furnished(either_engine: str, db: None) -> None:
    """Some stories that the searches find, words of the attacks among them."""
    catalogue.ensure()
    theme = factories.theme(words_en=["alert", "the box"])
    with factories.committed():
        for title in ("<script>alert(1)</script>", "A box & visits", "Año 1994"):
            factories.published(
                factories.telling(
                    title=title,
                    body=f"{title}: the onerror of visits to the box, javascript and all.",
                    place=factories.place("attica"),
                    year_from=1994,
                ),
                themes=[theme],
            )


def searches(words: Sequence[str]) -> Iterator[Asked]:
    """Each word as `q`; as every single parameter at once, and as one filter in its turn, beside a
    word that finds something; and every filter with all of them, as many as it takes at a time."""
    for number, word in enumerate(words):
        yield {"q": word}
        yield {"q": "visits", LISTS[number % len(LISTS)]: word, **dict.fromkeys(SINGLE, word)}
    for start in range(0, len(words), questions.MAX_VALUES):
        some = list(words[start : start + questions.MAX_VALUES])
        for name in LISTS:
            yield {name: some}


def ask_everything(words: Sequence[str], *, every: int = 1) -> int:
    """Ask all of it, or each so manieth; how often was asked."""
    client = Client()
    harmless = client.get("/stories/?q=a+harmless+word").content.decode()
    count = 0
    for count, asked in enumerate(islice(searches(words), 0, None, every), start=1):
        page = client.get("/es/stories/" if count % 9 == 0 else "/stories/", asked)
        assert page.status_code == 200, asked
        assert_harmless(page.content.decode(), asked, harmless)
        assert client.get("/api/v1/stories/", asked).status_code == 200, asked
        if "q" in asked:
            assert client.get("/api/v1/suggest/", asked).status_code == 200, asked
        if count % 5 == 0:
            assert client.get("/stories/feed.atom", asked).status_code == 200, asked
    assert not Job.objects.filter(kind="catalogue.rebuild").exists(), "the index was given up"
    return count


def assert_harmless(page: str, asked: Asked, harmless: str) -> None:
    """What was asked stands in the page as text only: as many tags and scripts as without it."""
    foreign = re.findall(r"<(?:iframe|object|embed|img|svg onload|script(?! src=\"/static/))", page)
    assert not foreign, asked
    unmarked = page.replace("<mark>", "").replace("</mark>", "")
    for value in asked.values():
        for word in [value] if isinstance(value, str) else value:
            if "<" in word and word not in harmless:
                assert word not in unmarked, asked


def memory() -> float:
    """Megabytes that this process holds now."""
    gc.collect()
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    pytest.skip("This machine does not say what a process holds.")


def test_some_hostile_searches_find_a_harmless_page(furnished: None, shared_data: Path) -> None:
    ask_everything(strange.payloads(shared_data)[::60], every=3)
    ask_everything(list(strange.two_thousand())[::60], every=3)


@pytest.mark.slow
@pytest.mark.timeout(7200)  # some minutes, on a machine that does nothing else
def test_every_hostile_search_finds_a_harmless_page_and_leaves_nothing_behind(
    furnished: None, shared_data: Path
) -> None:
    words = [*strange.two_thousand(), *strange.payloads(shared_data)]
    ask_everything(words[::10])  # by then every cache is full
    before = memory()

    assert ask_everything(words) > 2 * len(words)

    assert memory() - before < GROWN_MOST
