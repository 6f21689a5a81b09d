"""The words that editors hold to be equivalent, as search takes them.

Read anew whenever anything public changes: a word added at the desk works in the next search.
"""

from __future__ import annotations

from functools import lru_cache

from archive.models.story import Generation
from archive.models.vocabulary import Place, Theme
from search.query import Synonyms


def synonyms() -> tuple[Synonyms, ...]:
    """The editors' words in force: each theme's and each place's names are equivalent to one
    another."""
    return _at(Generation.now())


@lru_cache(maxsize=2)
def _at(_generation: str) -> tuple[Synonyms, ...]:
    themes = [tuple(theme.words) for theme in Theme.objects.all()]
    places = [(place.name, *place.aliases) for place in Place.objects.exclude(aliases=[])]
    return tuple(Synonyms(words) for words in (*themes, *places) if len(words) > 1)
