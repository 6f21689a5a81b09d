"""Asks a question the way a reader means it: to the letter, then mended, then with some of its words.

Owns the order in which help is tried. Called by the catalogue, and by the benchmark, which measures
what readers wait for. Raises IndexUnavailable as `search.index` does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings

from search import index, language
from search.query import Either, Node, Query, Results


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered in the end, and how it came about.

    `typed` counts the stories that have the words as they were typed. `mended` is what was
    searched instead, as one would type it, or "": `beside` what was typed, where a few stories
    have that. `offered` is what may have been meant, where stories enough were found to leave the
    search as it is, or "". `whole` counts those that have all of the words; where the answer was `loosened`,
    others stand among them that have some.
    """

    results: Results
    typed: int
    mended: str = ""
    beside: bool = False
    offered: str = ""
    whole: int = 0
    loosened: bool = False


def ask(query: Query, *, literal: bool = False) -> Answer:
    """The answer to a search. Where it has no or few stories, the nearest words that the archive
    has are tried; where there are still none, or too few for a question in many words, some of
    the words are enough. `literal` asks for what was typed and for nothing else."""
    answer = index.find(query)
    typed = answer.total
    if literal:
        return Answer(answer, typed, whole=typed)
    tree, mended = query.tree, ""
    if typed <= index.FEW and (better := index.correct(query.tree)) is not None:
        mended = language.write(better)
        tree = Either(query.tree, (better,)) if typed else better
        answer = index.find(replace(query, tree=tree))
    offered = None
    if index.FEW < typed < settings.RESULTS_PER_PAGE:
        offered = index.offer(query.tree)
    whole = answer.total
    looser = _looser(replace(query, tree=tree), whole, typed=query.tree)
    if looser is not None:
        answer = index.find(replace(query, tree=looser))
    beside = bool(mended and typed)
    proposed = language.write(offered) if offered else ""
    return Answer(answer, typed, mended, beside, proposed, whole, loosened=answer.total > whole)


def _looser(query: Query, whole: int, *, typed: Node) -> Node | None:
    """The search that asks for less where so many have all the words; None to leave it.

    One search finds both, so its total and its facets describe what is shown. Whoever asks in few
    words, with signs, or in an order that is not by match, wants to count: those are left alone.
    """
    if not whole:
        return index.relax(query.tree, typed)
    if whole < settings.RESULTS_PER_PAGE and query.sort == "relevance":
        return index.fill(query.tree)
    return None
