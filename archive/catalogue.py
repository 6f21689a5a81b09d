"""The only door to search: tells the index what is public, and asks it what readers ask.

Owns the debt of the index and the shape of what is indexed. `publication` calls `owe` and
`forget`; public pages, feeds and the API call `find`, `suggest` and `similar`. Reads nothing that
is not public: hits are keys, and every row comes back through `Story.objects.public()`.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from html import unescape
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from archive import jobs, misses
from archive.models.story import Generation, Story
from archive.models.vocabulary import Place, Theme
from archive.questions import Question
from search import index, language, snippets
from search.document import Document
from search.index import IndexUnavailable
from search.query import Everything, Facet, Node, Query, Range, Results, Synonyms

logger = logging.getLogger(__name__)

CALENDAR_DAYS = 7  # a worker may have slept for so long, and still notices what came due
BATCH = 200  # stories held in memory at once while the index is paid or rebuilt


@dataclass(frozen=True)
class Result:
    """One story found, with the passages that matched as safe HTML ("" where nothing to mark)."""

    story: Story
    snippet: SafeString | str


@dataclass(frozen=True)
class Correction:
    """What was searched instead of a word that is nowhere, and what had been typed."""

    searched: str
    typed: str


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


# --- what readers ask ---------------------------------------------------------------------------


def find(question: Question, *, per_page: int | None = None) -> Found:
    """The stories that answer a question: newest, or best, first. Never raises.

    Where a word is found nowhere, its nearest neighbours in the archive are searched instead,
    unless `question.literal`. Where the index cannot answer, titles and texts are searched in the
    database, without counts, and a note says so.
    """
    parsed = language.parse(question.q)
    notes = [*question.notes, *(_NOTES[code]() for code in parsed.notes if code in _NOTES)]
    limit = per_page or settings.RESULTS_PER_PAGE
    try:
        asked = _ask(question, _query(question, parsed.tree, limit))
    except IndexUnavailable as problem:
        logger.warning("The index cannot answer (%s); the database does", type(problem).__name__)
        jobs.enqueue("catalogue.rebuild")
        return _find_plainly(question, notes, limit)
    if asked.loosened:
        notes.append(_told_loosely(asked.whole))
    if question.q and not question.narrows and (asked.mended or not asked.whole):
        misses.count(question.q)
    answer, mended = asked.answer, asked.mended
    return Found(
        question=question,
        total=answer.total,
        results=_results(answer),
        facets=answer.facets,
        correction=Correction(mended, question.q) if mended and answer.total else None,
        did_you_mean=mended,
        notes=notes,
    )


@dataclass(frozen=True)
class _Asked:
    """What was answered in the end; what was searched instead, as one would type it, or "";
    how many stories have all the words; whether others, which have some, stand beside them."""

    answer: Results
    mended: str
    whole: int
    loosened: bool


def _ask(question: Question, query: Query) -> _Asked:
    """The answer to the letter; where there is none, to the nearest words the archive has; where
    there is still none, or next to none for a question in many words, to some of the words."""
    answer, mended, typed = index.find(query), "", query.tree
    if not question.q or question.literal:
        return _Asked(answer, mended, answer.total, loosened=False)
    if not answer.total and (better := index.correct(query.tree)) is not None:
        mended = language.write(better)
        query = replace(query, tree=better)
        answer = index.find(query)
    whole = answer.total
    looser = _looser(query, whole, typed)
    if looser is not None:
        answer = index.find(replace(query, tree=looser))
    return _Asked(answer, mended, whole, loosened=answer.total > whole)


def _looser(query: Query, whole: int, typed: Node) -> Node | None:
    """The search that asks for less where so many have all the words; None to leave it.

    One search finds both, so its total and its facets describe what is shown. Whoever asks in few
    words, with signs, or in an order that is not by match, wants to count: those are left alone.
    """
    if not whole:
        return index.relax(query.tree, typed)
    if whole < settings.RESULTS_PER_PAGE and query.sort == "relevance":
        return index.fill(query.tree)
    return None


def _told_loosely(whole: int) -> str:
    if not whole:
        return _("No story has all of these words. These have some of them.")
    return ngettext(
        "%(count)s of these stories has all of your words; the others have some of them.",
        "%(count)s of these stories have all of your words; the others have some of them.",
        whole,
    ) % {"count": whole}


def marked(story: Story, asked: str) -> SafeString:
    """The text of a story with the words of a search marked, the first one as `id="found"`.

    Marks what stands between the tags that `archive.text` wrote, so the page stays as safe as it
    was. Unmarked where the index cannot answer: it is a help, not the text.
    """
    if not asked.strip():
        return story.html
    try:
        searched = index.find(
            Query(
                tree=language.parse(asked).tree,
                limit=0,
                facets=(),
                synonyms=_synonyms(Generation.now()),
            )
        ).searched
    except IndexUnavailable:
        return story.html
    pieces = _TAG.split(story.body_html)
    shown = "".join(
        piece
        if _TAG.fullmatch(piece)
        else str(snippets.html(snippets.mark(unescape(piece), searched, story.language)))
        for piece in pieces
    )
    return mark_safe(shown.replace("<mark>", '<mark id="found">', 1))  # noqa: S308


_TAG = re.compile(r"(<[^<>]+>)")


def suggest(typed: str, *, limit: int = 8) -> list[dict[str, str]]:
    """Completions for what is being typed: themes, places, titles, words; `text kind url`."""
    start = " ".join(typed.split())[:60].casefold()
    if not start:
        return []
    search_page = reverse("stories")
    themes = [
        {"text": theme.label, "kind": "theme", "url": theme.get_absolute_url()}
        for theme in _themes_in_use()
        if any(_begins(word, start) for word in theme.words)
    ]
    places = [
        {"text": place.name, "kind": "place", "url": place.get_absolute_url()}
        for place in _places_in_use()
        if any(_begins(word, start) for word in (place.name, *place.aliases))
    ]
    titles = [
        {"text": story.title, "kind": "title", "url": story.get_absolute_url()}
        for story in Story.objects.public()
        .filter(title__istartswith=start)
        .defer("body", "body_html")[:3]
    ]
    try:
        words = [
            {"text": each.word, "kind": "word", "url": f"{search_page}?q={quote(each.word)}"}
            for each in index.suggest(typed, limit=4)
        ]
    except IndexUnavailable:
        words = []
    return [*themes[:3], *places[:3], *titles, *words][:limit]


def similar(story: Story, *, limit: int = 3) -> list[Story]:
    """Stories that speak of the same, never this one nor its translation."""
    try:
        keys = index.similar(story.public_id, limit=limit, reader=(get_language() or "en")[:2])
    except IndexUnavailable:
        return []
    # An opening without picture and themes: neither is fetched.
    near = Story.objects.public().select_related("place")
    rows = near.in_bulk([hit.key for hit in keys], field_name="public_id")
    return [rows[hit.key] for hit in keys if hit.key in rows][:limit]


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
        reader=(get_language() or "en")[:2],
        synonyms=_synonyms(Generation.now()),
    )


def _results(answer: Results) -> list[Result]:
    rows = _rows([hit.key for hit in answer.hits])
    return [Result(story, _passages(story, answer.searched)) for story in rows]


def _passages(story: Story, searched: Node) -> SafeString | str:
    """What of the text answers the search, marked; "" where the search asked for no words."""
    if isinstance(searched, Everything):
        return ""
    cut = snippets.cut(_texts(story), searched, story.language)
    parts = [
        # What is left out between two passages is said once, by the join.
        each.removeprefix("…" if at else "").removesuffix("…" if at < len(cut) - 1 else "")
        for at, each in enumerate(cut)
    ]
    return format_html_join(" … ", "{}", ((snippets.html(each),) for each in parts))


def _texts(story: Story) -> str:
    """What a snippet may be cut from: the text, and the words that stand at its photographs."""
    beside = [f"{photo.caption} {photo.transcript}" for photo in story.photos.all()]
    return "\n\n".join([story.body, *beside])


def _rows(keys: Sequence[str]) -> list[Story]:
    """The public stories behind these keys, in their order; what is not public drops out."""
    rows = {
        story.public_id: story
        for story in Story.objects.public()
        .for_lists()
        .defer("body_html")  # as long as the text again, and no list shows it
        .filter(public_id__in=keys)
    }
    return [rows[key] for key in keys if key in rows]


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


@lru_cache(maxsize=2)
def _synonyms(_generation: str) -> tuple[Synonyms, ...]:
    """The editors' words: each theme's and each place's names are equivalent to one another."""
    themes = [tuple(theme.words) for theme in Theme.objects.all()]
    places = [(place.name, *place.aliases) for place in Place.objects.exclude(aliases=[])]
    return tuple(Synonyms(words) for words in (*themes, *places) if len(words) > 1)


def _begins(words: str, start: str) -> bool:
    folded = words.casefold()
    return folded.startswith(start) or f" {start}" in folded


def _themes_in_use() -> list[Theme]:
    used = Theme.objects.filter(stories__in=Story.objects.public())
    return list(used.distinct())


def _places_in_use() -> list[Place]:
    used = Story.objects.public().exclude(place=None).values("place")
    return list(Place.objects.filter(pk__in=used))


# --- what the index is told ---------------------------------------------------------------------


def owe(story: Story) -> None:
    """Say, in the caller's transaction, that the index must hear of this story; tried on commit."""
    owe_all([story])


def owe_all(stories: Iterable[Story]) -> None:
    """The same for many stories, tried once."""
    pks = [story.pk for story in stories]
    Story.objects.filter(pk__in=pks).update(index_debt=F("index_debt") + 1)
    transaction.on_commit(_try_to_settle)


def forget(story: Story) -> None:
    """Say that this story is about to be no more: out of the index now, its bytes with a rebuild."""
    key = story.public_id
    for other in Story.objects.filter(_in_family({story.translation_of_id or story.pk})):
        owe(other)  # a translation shares the entry that is about to go
    jobs.enqueue("catalogue.drop", key=key, payload={"key": key})
    jobs.enqueue("catalogue.rebuild")
    transaction.on_commit(_try_to_drop(key))


def settle() -> int:
    """Pay what the index owes; how many stories it heard of. Raises `IndexUnavailable`.

    Under a lock, so that an older text never overtakes a newer one. A story that changes meanwhile
    has a higher debt than the one that was read, and stays owed.
    """
    paid = 0
    if not Story.objects.filter(index_debt__gt=0).exists():
        return paid
    with _alone():
        while owed := list(Story.objects.filter(index_debt__gt=0).order_by("pk")[:BATCH]):
            families = {story.translation_of_id or story.pk for story in owed}
            shown = list(_families(Story.objects.public().filter(_in_family(families))))
            public = {story.pk for story in shown}
            index.drop([story.public_id for story in owed if story.pk not in public])
            index.put(map(describe, shown))
            _mark_paid({story.pk: story.index_debt for story in owed})
            paid += len(owed)
    return paid


def ensure() -> None:
    """See to it that there is an index; the engine makes none by itself, lest a lost one be
    mistaken for an empty archive. Called where an archive is set up."""
    try:
        index.find(Query(limit=0, facets=()))
    except IndexUnavailable:
        rebuild()


def rebuild(progress: Callable[[int, int], None] | None = None) -> int:
    """Build the index beside the one in use, from everything public, and switch; how many stories.

    `progress` is called with (done, total).
    """
    with _alone():
        stories = _families(Story.objects.public())
        total = stories.count()
        debts = dict(Story.objects.filter(index_debt__gt=0).values_list("pk", "index_debt"))

        def documents() -> Iterator[Document]:
            for done, story in enumerate(stories.iterator(chunk_size=BATCH), start=1):
                yield describe(story)
                if progress:
                    progress(done, total)

        index.rebuild(documents())
        _mark_paid(debts)
    return total


def _mark_paid(debts: dict[int, int]) -> None:
    """Nothing is owed any more for these stories, unless one has changed since it was read."""
    by_debt: dict[int, list[int]] = {}
    for pk, debt in debts.items():
        by_debt.setdefault(debt, []).append(pk)
    with transaction.atomic():
        for debt, pks in by_debt.items():
            for start in range(0, len(pks), BATCH):
                some = pks[start : start + BATCH]
                Story.objects.filter(pk__in=some, index_debt=debt).update(index_debt=0)


@dataclass(frozen=True)
class Drift:
    """Where index and database disagree; public ids."""

    missing: Sequence[str]
    surplus: Sequence[str]
    stale: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus or self.stale)


def compare() -> Drift:
    """What the index lacks, has too much, or holds in an older form."""
    held = index.contents()
    stories = _families(Story.objects.public()).iterator(chunk_size=BATCH)
    wanted = {story.public_id: describe(story).fingerprint for story in stories}
    return Drift(
        missing=sorted(wanted.keys() - held.keys()),
        surplus=sorted(held.keys() - wanted.keys()),
        stale=sorted(key for key in wanted.keys() & held.keys() if wanted[key] != held[key]),
    )


def describe(story: Story) -> Document:
    """A public story as the index stores it."""
    lineage = story.place.lineage() if story.place else []
    themes = list(story.themes.all())
    photographs = [
        f"{photo.caption} {photo.alt} {photo.transcript} {photo.sitter}"
        for photo in story.photos.all()
    ]
    document = Document(
        key=story.public_id,
        group=story.family,
        kind=story.kind,
        language=story.language,
        title=story.title,
        summary=story.summary,
        body=story.body,
        byline=story.byline,
        places=tuple(place.slug for place in lineage),
        place_text=" ".join(
            [
                story.place_text,
                *(word for place in lineage for word in (place.name, *place.aliases)),
            ]
        ),
        themes=tuple(theme.slug for theme in themes),
        theme_text=" ".join(word for theme in themes for word in theme.words),
        extra=" ".join(photographs),
        year_from=story.year_from,
        year_to=story.year_to,
        content_notes=tuple(story.content_notes),
        published=story.published_on.toordinal(),
        sort_title=story.title.casefold(),
    )
    digest = hashlib.sha256(repr(document).encode()).hexdigest()[:32]
    return replace(document, fingerprint=digest)


@jobs.every("catalogue.settle", hours=1 / 60)
def _settle_job(_payload: dict[str, str]) -> None:
    ensure()
    settle()


@jobs.every("catalogue.calendar", hours=1 / 4)
def _calendar_job(_payload: dict[str, str]) -> None:
    """Owe what begins or ceases to be public by its date alone: nobody touches its row that day.

    Looks back over `CALENDAR_DAYS`; whoever had no worker for longer runs `reindex`.
    """
    today = timezone.localdate()
    first, day = today - timedelta(days=CALENDAR_DAYS), timedelta(days=1)
    begun = Q(visible_from__gt=F("published_on"), visible_from__range=(first, today))
    ended = Q(visible_until__range=(first - day, today - day))
    owe_all(Story.objects.filter(begun | ended, withdrawn=False))


@jobs.handles("catalogue.drop")
def _drop_job(payload: dict[str, str]) -> None:
    index.drop([payload["key"]])


@jobs.handles("catalogue.rebuild")
def _rebuild_job(_payload: dict[str, str]) -> None:
    rebuild()


def _families(stories: QuerySet[Story]) -> QuerySet[Story]:
    """With what `describe` reads, a story next to its translations: they are one entry."""
    return (
        stories.select_related("place__parent__parent__parent", "translation_of")
        .prefetch_related("themes", "photos")
        .order_by(Coalesce("translation_of_id", "pk"), "pk")
    )


def _in_family(roots: set[int]) -> Q:
    return Q(pk__in=roots) | Q(translation_of_id__in=roots)


def _try_to_settle() -> None:
    """Once, on commit. What fails stays owed, and the worker pays it: publishing never fails here."""
    try:
        settle()
    except (IndexUnavailable, OSError) as problem:
        logger.warning("The index was not told (%s); the worker will", type(problem).__name__)


def _try_to_drop(key: str) -> Callable[[], None]:
    def attempt() -> None:
        try:
            index.drop([key])
        except (IndexUnavailable, OSError) as problem:
            logger.warning("The index was not told (%s); the worker will", type(problem).__name__)

    return attempt


@contextmanager
def _alone() -> Iterator[None]:
    """One process and thread at a time reads what is owed and tells the index."""
    with open(settings.DATA_DIR / "catalogue.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
