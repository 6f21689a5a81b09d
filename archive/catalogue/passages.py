"""What of a story answers a search: passages for a list, the best plate, marks on its own page.

Works on the words that the index says were searched, and on rows that are shown anyway. Everything
that comes out is safe HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from django.utils.safestring import SafeString, mark_safe

from archive.catalogue import wording
from archive.models.story import Story
from search import index, language, snippets
from search.index import IndexUnavailable
from search.query import Everything, Node, Query

_TAG = re.compile(r"(<[^<>]+>)")


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
                synonyms=wording.synonyms(),
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


def of(story: Story, searched: Node) -> SafeString | str:
    """What of the text answers the search, marked; "" where the search asked for no words."""
    if isinstance(searched, Everything):
        return ""
    cut = snippets.cut(_texts(story), searched, story.language)
    parts = [
        # What is left out between two passages is said once, by the join.
        each.removeprefix("…" if at else "").removesuffix("…" if at < len(cut) - 1 else "")
        for at, each in enumerate(cut)
    ]
    return mark_safe(" … ".join(snippets.html(each) for each in parts))  # noqa: S308


def has_mark(snippet: str) -> bool:
    """Whether any word of a passage answers the search."""
    return "<mark>" in snippet


def in_translations(
    stories: Iterable[Story], searched: Node
) -> dict[int, tuple[Story, SafeString | str]]:
    """By the root of a family, the first other telling that answers the search, and its passage.

    For stories that do not: found by a word of their translation, a reader must see which.
    """
    known = {story.pk: story.root_id for story in stories}
    others = Story.objects.public().in_families(known.values()).exclude(pk__in=known)
    found: dict[int, tuple[Story, SafeString | str]] = {}
    for other in others.defer("body_html").prefetch_related("photos").order_by("language", "pk"):
        if other.root_id not in found and has_mark(passage := of(other, searched)):
            found[other.root_id] = (other, passage)
    return found


def best_plate(story: Story, searched: Node) -> int | None:
    """The number of the plate where most of what was searched stands, if it is more than in the
    text itself."""
    photos = [photo for photo in story.photos.all() if photo.picture.ready]
    if isinstance(searched, Everything) or not photos:
        return None

    def answered(text: str) -> int:
        return len(snippets.matches(text, searched, story.language)) if text.strip() else 0

    best, most = None, answered(story.body)
    for photo in photos:
        here = answered(f"{photo.sitter}\n{photo.caption}\n{photo.transcript}")
        if here > most:
            best, most = photo.position, here
    return best


def _texts(story: Story) -> str:
    """What a snippet may be cut from: the text, and the words that stand at its photographs."""
    beside = [text for photo in story.photos.all() for text in (photo.caption, photo.transcript)]
    return "\n\n".join([story.body, *filter(None, beside)])
