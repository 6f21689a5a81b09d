"""Document: the one shape in which a published story is handed to search.

Built by `archive.catalogue` from public rows, read by `search.entries`. Nothing in here may be
private: what stands in a document can come back as a hit, a count, a suggestion or a correction.
Only keys come back; texts are searched and then forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """One story in one language.

    `group` is shared by a story and its translations, and equals `key` for a story without any;
    a group is one hit. `fingerprint` is the caller's hash of what was handed over: it comes back
    from `search.index.contents` so that drift can be seen. Years are calendar years, both ends
    included; `published` is a day number (`date.toordinal()`), larger is newer.
    """

    key: str
    group: str = ""
    kind: str = "story"
    language: str = "en"
    title: str = ""
    summary: str = ""
    body: str = ""
    byline: str = ""
    places: tuple[str, ...] = ()  # slugs: the place and everything that contains it
    place_text: str = ""  # its names, old names and aliases
    themes: tuple[str, ...] = ()  # slugs
    theme_text: str = ""  # labels and alternative words, in every language
    extra: str = ""  # captions, descriptions and transcripts of photographs
    year_from: int | None = None
    year_to: int | None = None
    content_notes: tuple[str, ...] = ()
    published: int = 0
    sort_title: str = ""
    fingerprint: str = ""

    @property
    def family(self) -> str:
        """What a story and its translations share."""
        return self.group or self.key

    @property
    def decades(self) -> tuple[str, ...]:
        """The decades the story touches, as the year each begins with: `1990`, `2000`."""
        if self.year_from is None and self.year_to is None:
            return ()
        first = self.year_from if self.year_from is not None else self.year_to
        last = self.year_to if self.year_to is not None else self.year_from
        assert first is not None  # noqa: S101 - one of the two is known, see above
        assert last is not None  # noqa: S101
        return tuple(str(year) for year in range(first // 10 * 10, last + 1, 10))
