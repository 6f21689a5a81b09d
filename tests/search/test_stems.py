"""What tantivy stems by itself is what `words.stem` says, which the other engine and queries go by."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

from search import index, words
from search.document import Document
from search.engines.tantivy import STEMMERS
from tests.search.corpus import STORIES

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"
BEGINNINGS = (  # noqa: SIM905
    "visit run happi generat national skat fl cr try aislad escrib carcel herman prision lle "
    "habl yo gu qu tr commun aren inn past univers y 19 x"
).split()
ENDINGS = (  # noqa: SIM905
    " s es ed ing ly y ies ied edly ingly ness fulness ational tional izer ation ative ment ful "
    "ousness able ible e ee ll sses us eed ado ada idos ando iendo amente mente idad ista ismo "
    "anza ico oso cion uciones logia ar er ir aba aban ieron aremos me selo arte yendo en"
).split(" ")


def unlike(language: str, known: list[str]) -> dict[str, str]:
    """Words of plain letters that tantivy stems otherwise, and how."""
    plain = [word for word in known if word.isascii()]
    stems = STEMMERS[language].analyze(" ".join(plain))
    told = zip(plain, stems, strict=True)
    return {word: stem for word, stem in told if stem != words.stem(word, language)}


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_both_engines_know_the_same_stems(language: str) -> None:
    known = ["".join(parts) for parts in product(BEGINNINGS, ENDINGS)]
    stemmed = [word for word in known if words.stem(word, language) != word]
    assert len(stemmed) > len(known) / 3, "These words hardly try a stemmer."
    assert unlike(language, known) == {}


@pytest.mark.slow
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_both_engines_know_the_same_stems_of_all_testimony(language: str) -> None:
    files = sorted(DATA.glob("testimony-*/*.jsonl.gz"))
    if not files:
        pytest.skip("../shared/data is not there.")
    known: set[str] = set()
    for file in files:
        with gzip.open(file, "rt") as lines:
            for line in lines:
                known.update(words.tokens(line))
    assert len(known) > 50_000
    assert unlike(language, sorted(known)) == {}


@pytest.mark.parametrize("most", [1, 100_000])
def test_long_texts_are_not_all_kept_waiting(
    open_index: Callable[[str], Path], settings: object, most: int
) -> None:
    """Where more characters wait than may, the engine finishes what it has: here, each story."""
    settings.SEARCH_WAITING_CHARACTERS = most  # type: ignore[attr-defined]
    folder = open_index("tantivy")
    stories = [story for story in STORIES if not story.group][:3]
    index.rebuild([*stories, Document(key="last", body="The last of them.")])
    assert set(index.contents()) == {*(story.key for story in stories), "last"}
    segments = len(list(folder.glob("gen-*/*.store")))
    assert segments == 4 if most == 1 else segments <= 2
