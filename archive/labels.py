"""Names of facet values in the reader's language, for pages and API alike."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from archive import languages, standing, terms
from archive.catalogue import Found
from archive.models.story import Kind
from archive.models.vocabulary import Place, Theme


class Labels:
    """Names of facets and of their values, in the reader's language."""

    def __init__(self, found: Found) -> None:
        wanted = {
            name: {facet.value for facet in found.facets.get(name, ())}
            | set(getattr(found.question, name))
            for name in ("theme", "place")
        }
        self._themes = {
            theme.slug: theme.label
            for theme in Theme.objects.filter(slug__in=wanted["theme"])
            .order_by()
            .only("slug", "label_en", "label_es")
        }
        self._places = {
            place.slug: place
            for place in Place.objects.filter(slug__in=wanted["place"])
            .order_by()
            .only("slug", "name", "kind", "aliases")
        }
        self._by_name: dict[str, Callable[[str], str]] = {
            "theme": lambda slug: self._themes.get(slug, slug),
            "place": lambda slug: self._places[slug].label if slug in self._places else slug,
            "kind": lambda code: str(dict(Kind.choices).get(code, code)),
            "language": lambda code: capfirst(languages.name(code)),
            "decade": lambda year: _("%ss") % year,
            "content_note": lambda code: str(terms.CONTENT_NOTES.get(code, code)),
        }

    def of(self, name: str, value: str) -> str:
        """The name of one value; an unknown one names itself."""
        return self._by_name[name](value)

    def told(self, name: str, value: str, count: int) -> int | None:
        """The count of one value, or None where a count could point to one person."""
        place = self._places.get(value) if name == "place" else None
        return standing.told(place.kind, count) if place else count
