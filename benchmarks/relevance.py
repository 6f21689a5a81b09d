"""How well `catalogue.find` ranks, beside a plain BM25 over the same texts; says it as JSON.

    python -m benchmarks.relevance files LANGUAGE FOLDER     writes two files to import
    python -m benchmarks.relevance judge LANGUAGE FOLDER     asks the archive that took them in

Called by `benchmarks.search`, in an archive of its own for each language. XQuAD's paragraphs are
mixed into 2,000 other texts of the language, and its questions are asked as they are. Plain BM25:
k1 0.9, b 0.4, Snowball stems, title and text as one.
"""

from __future__ import annotations

import csv
import gzip
import itertools
import json
import lzma
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import Stemmer

from benchmarks import ground

OTHERS = 2_000
STRETCH = 500  # words of a narrative that make one text
K1, B = 0.9, 0.4


# --- texts ----------------------------------------------------------------------------------------
def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with (lzma.open if path.suffix == ".xz" else gzip.open)(path, "rt") as lines:
        yield from map(json.loads, lines)


def judged(language: str) -> list[dict[str, Any]]:
    """The paragraphs that XQuAD asks about."""
    return list(_lines(ground.DATA / "relevance" / f"xquad-{language}" / "corpus.jsonl.gz"))


def others(language: str) -> list[dict[str, Any]]:
    """As many texts of the same language that it does not ask about."""
    if language == "en":
        return list(itertools.islice(_lines(ground.DATA / "scale" / "docs-1of4.jsonl.xz"), OTHERS))
    return list(itertools.islice(_stretches(), OTHERS))


def _stretches() -> Iterator[dict[str, Any]]:
    path = ground.DATA / "testimony-es" / "spanish-narratives.jsonl.gz"
    for book in _lines(path):
        words = book["text"].split(" ")
        for at in range(0, len(words), STRETCH):
            text = " ".join(words[at : at + STRETCH])
            yield {"id": f"{book['id']}-{at}", "title": book["title"], "text": text}


def write_files(language: str, folder: Path) -> None:
    """`xquad.jsonl` and `others.jsonl`, as `import_stories` takes them."""
    for name, rows in (("xquad", judged(language)), ("others", others(language))):
        with (folder / f"{name}.jsonl").open("w") as file:
            for row in rows:
                told = {name: row[name] for name in ("id", "title", "text")}
                file.write(json.dumps({**told, "language": language}) + "\n")


# --- judgements -----------------------------------------------------------------------------------
def questions(language: str) -> Iterator[tuple[str, set[str]]]:
    """Each question, and the ids of the paragraphs that answer it."""
    folder = ground.DATA / "relevance" / f"xquad-{language}"
    relevant: dict[str, set[str]] = defaultdict(set)
    with (folder / "qrels.tsv").open() as file:
        for question, paragraph, _score in itertools.islice(
            csv.reader(file, delimiter="\t"), 1, None
        ):
            relevant[question].add(paragraph)
    for line in (folder / "queries.tsv").read_text().splitlines():
        number, text = line.split("\t")
        yield text, relevant[number]


def ndcg(ranked: list[str], relevant: set[str]) -> float:
    """nDCG at 10."""
    gain = sum(1 / math.log2(at + 2) for at, key in enumerate(ranked[:10]) if key in relevant)
    return gain / sum(1 / math.log2(at + 2) for at in range(min(10, len(relevant))))


class PlainBm25:
    """What any textbook builds."""

    def __init__(self, rows: list[dict[str, Any]], language: str) -> None:
        self._stemmer = Stemmer.Stemmer({"en": "english", "es": "spanish"}[language])
        self._ids = [row["id"] for row in rows]
        self._holding: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._lengths: list[int] = []
        for number, row in enumerate(rows):
            words = self._words(f"{row['title']} {row['text']}")
            self._lengths.append(len(words))
            for word, count in Counter(words).items():
                self._holding[word].append((number, count))
        self._average = sum(self._lengths) / len(rows)

    def _words(self, text: str) -> list[str]:
        return self._stemmer.stemWords(re.findall(r"\w+", text.lower()))

    def top(self, asked: str) -> list[str]:
        scores: dict[int, float] = defaultdict(float)
        for word in self._words(asked):
            held = self._holding.get(word, [])
            rarity = math.log(1 + (len(self._ids) - len(held) + 0.5) / (len(held) + 0.5))
            for number, count in held:
                length = 1 - B + B * self._lengths[number] / self._average
                scores[number] += rarity * count * (K1 + 1) / (count + K1 * length)
        return [self._ids[number] for number in sorted(scores, key=lambda n: -scores[n])[:10]]


def judge(language: str) -> dict[str, float]:
    """nDCG@10 of the archive and of plain BM25, over all questions."""
    from django.utils import translation

    from archive import catalogue
    from archive.models.submission import Submission
    from archive.questions import Question

    known = dict(
        Submission.objects.filter(source="xquad").values_list("story__public_id", "source_key")
    )
    plain = PlainBm25(judged(language) + others(language), language)
    scores: dict[str, list[float]] = {"ours": [], "plain": []}
    with translation.override(language):
        for text, relevant in questions(language):
            found = catalogue.find(Question(q=text), per_page=10)
            ranked = [known.get(result.story.public_id, "") for result in found.results]
            scores["ours"].append(ndcg(ranked, relevant))
            scores["plain"].append(ndcg(plain.top(text), relevant))
    return {name: sum(each) / len(each) for name, each in scores.items()}


def main() -> None:
    """Do one half of the work for one language."""
    what, language, folder = sys.argv[1:]
    if what == "files":
        write_files(language, Path(folder))
        return
    django.setup()
    print(json.dumps(judge(language)))


if __name__ == "__main__":
    main()
