"""The filters over one shelf of the queue: what was asked, which rows pass, how many would.

One query counts for every filter at once, so that a number beside a filter is right without a
query for each. Searches the database alone: what waits is in no index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf.locale import LANG_INFO
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    TextField,
)
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from archive import languages, terms
from archive.models.person import Person
from archive.models.story import Kind
from archive.models.submission import Enclosure, State, Submission
from archive.refusals import Incomplete

MOST_WORDS = 8  # of a search; each is a pass over the shelf


# The lists of the queue; suspected spam stands apart, at the end of what is open.
SHELVES = (
    State.WAITING, State.ASKED, State.REFERRED, State.ACCEPTED, State.PUBLISHED, State.DECLINED,
    State.WITHDRAWN, State.HELD,
)  # fmt: skip


class Group(NamedTuple):
    """What pieces that the filters cannot tell apart have in common, and how many they are."""

    language: str
    kind: str
    photos: bool
    holder: int | None
    reader: int | None
    notes: tuple[str, ...]
    pieces: int


class Sieve:
    """What was asked of one shelf. `given` is the query of the page."""

    NAMES = ("language", "kind", "photos", "note", "who", "given")

    def __init__(self, given: Mapping[str, Any], *, shelf: str, person: Person) -> None:
        self.shelf, self.person = shelf, person
        self.q = " ".join(str(given.get("q", "")).split())[:200]
        self.chosen = {name: str(given[name]) for name in self.NAMES if given.get(name)}

    # --- rows -------------------------------------------------------------------------------------

    def _searched(self) -> QuerySet[Submission]:
        rows = Submission.objects.filter(state=self.shelf)
        for word in self.q.split()[:MOST_WORDS]:
            rows = rows.filter(
                Q(current__title__icontains=word)
                | Q(current__body__icontains=word)
                | Q(reference=word.lower())
            )
        enclosed = Enclosure.objects.filter(submission=OuterRef("pk"))
        return rows.annotate(with_photos=Exists(enclosed))

    def rows(self) -> QuerySet[Submission]:
        """What passes, oldest first, with what a line of the queue shows."""
        rows = self._searched()
        for name, value in self.chosen.items():
            rows = rows.filter(getattr(self, f"_{name}")(value))
        return (
            rows.select_related("current", "claimed_by", "handling__assigned_to")
            .prefetch_related(
                "consents", Prefetch("enclosures", Enclosure.objects.select_related("photo"))
            )
            .order_by("received_on", "pk")
        )

    def _language(self, value: str) -> Q:
        return Q(current__language=value)

    def _kind(self, value: str) -> Q:
        return Q(kind=value)

    def _photos(self, value: str) -> Q:
        return Q(with_photos=value == "yes")

    def _note(self, value: str) -> Q:
        if value == "none":
            return Q(current__content_notes=[])
        return Q(pk__in=_with_note(value))

    def _who(self, value: str) -> Q:
        now = timezone.now()
        if value == "mine":
            return Q(claimed_by=self.person, claimed_until__gt=now)
        if value == "nobody":
            return Q(claimed_until=None) | Q(claimed_until__lte=now)
        return Q(claimed_until__gt=now) & ~Q(claimed_by=self.person)

    def _given(self, value: str) -> Q:
        if value == "me":
            return Q(handling__assigned_to=self.person)
        nobody = Q(handling__assigned_to=None)  # also of a piece that nobody has handled yet
        return nobody if value == "nobody" else ~nobody & ~Q(handling__assigned_to=self.person)

    # --- counts -----------------------------------------------------------------------------------

    @cached_property
    def groups(self) -> list[Group]:
        """The shelf in groups that the filters cannot tell apart; one query."""
        taken = ExpressionWrapper(Q(claimed_until__gt=timezone.now()), BooleanField())
        rows = self._searched().annotate(taken=taken).order_by()
        # The newest version by way of all versions of the piece: the index that has their language
        # and notes answers alone, and ten thousand bodies stay unread. "+ 0" keeps SQLite from
        # going by the key, which would lead it through the bodies.
        newest = rows.filter(current=F("revisions__pk") + 0)
        found = newest.values_list(
            "revisions__language",
            "kind",
            "with_photos",
            "claimed_by",
            "taken",
            "handling__assigned_to",
            "revisions__content_notes",
        ).annotate(n=Count("pk"))
        return [
            Group(
                language or "",
                kind,
                photos,
                holder if taken else None,
                reader,
                tuple(notes or ()),
                n,
            )
            for language, kind, photos, holder, taken, reader, notes, n in found
        ]

    @cached_property
    def total(self) -> int:
        """How many pieces pass every filter."""
        return sum(group.pieces for group in self.groups if self._passes(group))

    def _passes(self, group: Group, but: str = "") -> bool:
        return all(
            value in self._values(group, name) for name, value in self.chosen.items() if name != but
        )

    def _values(self, group: Group, name: str) -> tuple[str, ...]:
        """What a group is, in the terms of one filter."""
        if name == "note":
            return group.notes or ("none",)
        if name == "photos":
            return ("yes" if group.photos else "no",)
        if name == "who":
            return (self._whose(group.holder, "mine"),)
        if name == "given":
            return (self._whose(group.reader, "me"),)
        return (str(getattr(group, name)),)

    def _whose(self, number: int | None, hers: str) -> str:
        if number is None:
            return "nobody"
        return hers if number == self.person.pk else "others"

    @cached_property
    def facets(self) -> list[dict[str, Any]]:
        """Each filter with its values, their numbers, and the address that puts them on or off."""
        labels = _labels()
        out = []
        for name, label in _names().items():
            counts: Counter[str] = Counter()
            for group in self.groups:
                if self._passes(group, but=name):
                    for value in self._values(group, name):
                        counts[value] += group.pieces
            if self.chosen.get(name):
                counts[self.chosen[name]] += 0  # shown although nothing is left of it
            options = [
                self._option(name, value, labels(name, value), count)
                for value, count in counts.most_common()
            ]
            if len(options) > 1 or name in self.chosen:
                out.append({"name": name, "label": label, "options": options})
        return out

    def _option(self, name: str, value: str, label: str, count: int) -> dict[str, Any]:
        selected = self.chosen.get(name) == value
        return {
            "label": label,
            "count": count,
            "selected": selected,
            "url": self.url(**{name: "" if selected else value}),
        }

    # --- addresses --------------------------------------------------------------------------------

    @property
    def asked(self) -> dict[str, str]:
        """Everything that was asked, as fields of a form."""
        return {"state": self.shelf, "q": self.q, **self.chosen}

    def url(self, **changed: object) -> str:
        """The address of this view with something changed; "" takes a filter off."""
        return address({**self.asked, **{name: str(value) for name, value in changed.items()}})


def address(asked: Mapping[str, str]) -> str:
    """Where the queue is looked at so: shelf, filters, search."""
    order = ("state", "q", *Sieve.NAMES, "page")
    kept = {name: asked[name] for name in order if asked.get(name)}
    return f"{reverse('desk')}?{urlencode(kept)}"


def worth_keeping(posted: Mapping[str, str]) -> dict[str, str]:
    """The shelf and the filters of a view, without the words of a search.

    Raises `Incomplete` where something is asked that the queue does not know, and where no filter
    is chosen: the shelves have their own links.
    """
    known = {name: posted[name] for name in ("state", *Sieve.NAMES) if posted.get(name)}
    chosen = {name: value for name, value in known.items() if name != "state"}
    strange = set(posted) - {"state", *Sieve.NAMES}
    if strange or not all(_is_known(name, value) for name, value in known.items()):
        raise Incomplete(
            {"": [_("The queue does not know one of these filters. Choose them there.")]}
        )
    if not chosen:
        raise Incomplete(
            {"": [_("Choose a filter in the queue first. The words of a search are not kept.")]}
        )
    return {"state": SHELVES[0].value, **known}


def _is_known(name: str, value: str) -> bool:
    if name == "state":
        return value in SHELVES
    if name == "language":
        return value == "other" or value in LANG_INFO
    return value in _values_of()[name]


def _with_note(code: str) -> QuerySet[Any, Any]:
    """Pieces whose newest version bears this note. As text: SQLite looks into no JSON list."""
    said = Submission.objects.annotate(said=Cast("current__content_notes", TextField()))
    return said.filter(said__contains=f'"{code}"').values("pk")


def _names() -> dict[str, str]:
    return {
        "language": _("Language"),
        "kind": _("Kind"),
        "photos": _("Photographs"),
        "who": _("With"),
        "given": _("Given to"),
        "note": _("Content note"),
    }


def _labels() -> Any:
    """Names of the values: (filter, value) -> what a person calls it."""
    known = _values_of()

    def label(name: str, value: str) -> str:
        if name == "language":
            return languages.name(value)
        return str(known[name].get(value, value))

    return label


def _values_of() -> dict[str, dict[str, Any]]:
    """The values of each filter that has a list of them, with their labels."""
    return {
        "kind": dict(Kind.choices),
        "photos": {"yes": _("with photographs"), "no": _("without")},
        "who": {"mine": _("me"), "nobody": _("nobody"), "others": _("a colleague")},
        "given": {"me": _("me"), "nobody": _("nobody"), "others": _("a colleague")},
        "note": {"none": _("none"), **terms.CONTENT_NOTES},
    }
