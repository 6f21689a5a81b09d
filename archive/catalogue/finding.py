"""What readers ask and what they get: one page of results, with counts, corrections and notes.

Owns no ranking and no row: `search.asking` decides what is searched, `rows` what may be shown.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive import jobs, languages, misses
from archive.catalogue import passages, rows, wording
from archive.models.story import Story
from archive.questions import Question
from search import asking, language
from search.index import IndexUnavailable
from search.query import Facet, Node, Query, Range, Results

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """One story found, with the passages that matched as safe HTML ("" where nothing to mark).

    Where the words stand in a translation alone, `said_in` is that, and the passages are its.
    """

    story: Story
    snippet: SafeString | str
    plate: int | None = None  # the plate whose words answer better than the text does
    said_in: Story | None = None


@dataclass(frozen=True)
class Correction:
    """What was searched instead of what is nowhere, and what had been typed; `beside` it, where
    a few stories have what was typed."""

    searched: str
    typed: str
    beside: bool = False

    @property
    def words(self) -> str:
        """All that was searched, as one would type it."""
        return f"({self.typed}) OR ({self.searched})" if self.beside else self.searched


@dataclass(frozen=True)
class Found:
    """One page of results. `facets` maps a filter to (value, count), most frequent first."""

    question: Question
    total: int
    results: Sequence[Result]
    facets: Mapping[str, Sequence[Facet]]
    correction: Correction | None = None
    did_you_mean: str = ""
    notes: Sequence[str] = ()

    @property
    def last_page(self) -> int:
        """The number of the last page that can be had."""
        pages = -(-self.total // settings.RESULTS_PER_PAGE)
        return max(1, min(pages, settings.RESULTS_MAX_PAGE))


def find(question: Question, *, per_page: int | None = None) -> Found:
    """The stories that answer a question: newest, or best, first. Never raises.

    Where a word is found nowhere or hardly, its nearest neighbours in the archive are searched
    instead or beside it, unless `question.literal`. Where the index cannot answer, titles and texts
    are searched in the database, without counts, and a note says so.
    """
    parsed = language.parse(question.q)
    notes = [*question.notes, *(_NOTES[code]() for code in parsed.notes if code in _NOTES)]
    limit = per_page or settings.RESULTS_PER_PAGE
    query = _query(question, parsed.tree, limit)
    try:
        answer = asking.ask(query, literal=question.literal or not question.q)
    except IndexUnavailable as problem:
        logger.warning("The index cannot answer (%s); the database does", type(problem).__name__)
        jobs.enqueue("catalogue.rebuild")
        return _find_plainly(question, notes, limit)
    if answer.loosened:
        notes.append(_told_loosely(answer.whole))
    if question.q and not question.narrows and not answer.typed:
        misses.count(question.q)
    results = answer.results
    return Found(
        question=question,
        total=results.total,
        results=_shown(results),
        facets=results.facets,
        correction=_correction(answer, question.q),
        did_you_mean=answer.mended or answer.offered,
        notes=notes,
    )


def _correction(answer: asking.Answer, typed: str) -> Correction | None:
    if not answer.mended or not answer.results.total:
        return None
    return Correction(answer.mended, typed, beside=answer.beside)


def _told_loosely(whole: int) -> str:
    if not whole:
        return _("No story has all of these words. These have some of them.")
    return ngettext(
        "%(count)s of these stories has all of your words; the others have some of them.",
        "%(count)s of these stories have all of your words; the others have some of them.",
        whole,
    ) % {"count": whole}


def _query(question: Question, tree: Node, limit: int) -> Query:
    spans = question.year_from is not None or question.year_to is not None
    return Query(
        tree=tree,
        filters=question.filters,
        years=Range(question.year_from, question.year_to) if spans else None,
        without=question.without,
        sort=question.order,  # type: ignore[arg-type]
        offset=(question.page - 1) * limit,
        limit=limit,
        reader=languages.spoken(),
        synonyms=wording.synonyms(),
    )


def _shown(answer: Results) -> list[Result]:
    searched = answer.searched
    shown = [
        Result(story, passages.of(story, searched), passages.best_plate(story, searched))
        for story in rows.of([hit.key for hit in answer.hits])
    ]
    silent = [each.story for each in shown if each.snippet and not passages.has_mark(each.snippet)]
    if not silent:
        return shown
    elsewhere = passages.in_translations(silent, searched)
    return [
        replace(each, said_in=elsewhere[key][0], snippet=elsewhere[key][1])
        if (key := each.story.root_id) in elsewhere
        else each
        for each in shown
    ]


def _find_plainly(question: Question, notes: list[str], limit: int) -> Found:
    """The answer while there is no index: every word somewhere in the text, newest first."""
    stories = Story.objects.public().for_lists()
    for word in question.q.split()[:12]:
        stories = stories.filter(
            Q(title__icontains=word) | Q(body__icontains=word) | Q(summary__icontains=word)
        )
    if question.theme:
        stories = stories.filter(themes__slug__in=question.theme).distinct()
    for name in ("kind", "language"):
        if getattr(question, name):
            stories = stories.filter(**{f"{name}__in": getattr(question, name)})
    start = (question.page - 1) * limit
    notes.append(_("The search is being mended. Meanwhile it finds plain words, without counts."))
    return Found(
        question=question,
        total=stories.count(),
        results=[Result(story, "") for story in stories[start : start + limit]],
        facets={},
        notes=notes,
    )


_NOTES: dict[str, Callable[[], str]] = {
    language.TOO_LONG: lambda: _("Your search was long; only its beginning was used."),
    language.TOO_MANY_WORDS: lambda: _("Your search held many words; only the first were used."),
    language.LEADING_WILDCARD: lambda: _(
        "A * at the beginning of a word cannot be searched; the word itself was."
    ),
}
