"""Stories that speak of the same as another, or as a text that is in no index itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from archive import languages
from archive.models.story import Story
from search import index, language
from search.index import IndexUnavailable
from search.query import Query

_TELLING = 10  # words that stand for a text: long ones that come often


def similar(story: Story, siblings: Iterable[Story], *, limit: int = 3) -> list[Story]:
    """Stories that speak of the same, never this one nor its translations, whose words count too."""
    texts = [(told.body, told.language) for told in (story, *siblings)]
    try:
        keys = index.similar(story.family, texts, limit=limit, reader=languages.spoken())
    except IndexUnavailable:
        return []
    # An opening without picture and themes: neither is fetched.
    near = Story.objects.public().select_related("place")
    rows = near.in_bulk([hit.key for hit in keys], field_name="public_id")
    return [rows[hit.key] for hit in keys if hit.key in rows][:limit]


def near(body: str, *, limit: int = 10) -> list[str]:
    """Public ids of stories that speak of the same as a text that is in no index itself."""
    counted = Counter(word for word in re.findall(r"[^\W\d_]{5,}", body.casefold()))
    telling = sorted(counted, key=lambda word: (-counted[word] * len(word), word))[:_TELLING]
    if not telling:
        return []
    asked = Query(tree=language.parse(" OR ".join(telling)).tree, limit=limit, facets=())
    try:
        return [hit.key for hit in index.find(asked).hits]
    except IndexUnavailable:
        return []
