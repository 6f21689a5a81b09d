"""`import_stories FILE`: takes in a collection, through the same stages as everything else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from tqdm import tqdm

from archive import catalogue, consent, intake, moderation, publication, records
from archive.actors import SYSTEM, Actor
from archive.models.person import Person
from archive.models.story import Kind
from archive.models.submission import Consent, State, Submission
from archive.models.vocabulary import Place, Theme
from archive.refusals import Refusal
from archive.telling import checked
from media import photos

# Records in one transaction: one fsync and one commit of the index for each batch. Larger ones
# gain little and hold SQLite's write lock, for which contributors wait, for longer than a second.
BATCH = 250


class Command(BaseCommand):
    help = "Take in a collection of stories from a JSONL or CSV file, plain or gzipped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true", help="clear and publish what is new")
        parser.add_argument("--by", metavar="USER", help="the editor in whose name it is published")
        parser.add_argument("--source", default="", help="name of the collection")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        by = _editor(options["by"]) if options["publish"] else SYSTEM
        source = options["source"] or path.name.split(".")[0]
        try:
            total = records.count(path)
        except records.BrokenFile as problem:
            raise CommandError(str(problem)) from problem
        catalogue.ensure()
        intake_desk = Import(path.parent, source, by, publish=options["publish"])
        with tqdm(total=total, unit=" records", disable=None) as bar:
            for batch in _batches(records.raw_records(path)):
                intake_desk.take(batch)
                bar.update(len(batch))
        for sentence in intake_desk.refusals:
            self.stderr.write(sentence)
        self.stdout.write(
            f"imported {intake_desk.imported}, unchanged {intake_desk.unchanged}, "
            f"refused {len(intake_desk.refusals)}"
        )
        if intake_desk.refusals:
            raise SystemExit(1)


class _Plain(NamedTuple):
    """A record without photographs, ready to be taken in with others."""

    line: int
    fields: dict[str, Any]
    item: intake.Item
    themes: list[Theme]


class Import:
    """One run: what was taken, what was known, and a sentence for each record refused."""

    def __init__(self, folder: Path, source: str, by: Actor, *, publish: bool) -> None:
        self.folder, self.source, self.by, self.publish = folder, source, by, publish
        self.imported = self.unchanged = 0
        self.refusals: list[str] = []
        self._places = {
            name.casefold(): place
            for place in Place.objects.select_related("parent__parent__parent")
            for name in (place.name, *place.aliases)
        }
        self._themes = {
            name.casefold(): theme
            for theme in Theme.objects.all()
            for name in (theme.slug, *theme.words)
        }

    def take(self, batch: list[tuple[int, dict[str, Any]]]) -> None:
        """A batch in one transaction; records with photographs by themselves, for decoding takes
        its time and nobody shall wait for it."""
        plain: list[_Plain] = []
        for line, fields in batch:
            with self._refusing(line, fields):
                record = records.parse(fields, self.folder)
                item, themes = self._item(record)
                if record.photos:
                    self._take_with_photos(item, themes, record)
                else:
                    item = replace(item, telling=checked(item.telling))
                    plain.append(_Plain(line, fields, item, themes))
        try:
            self._take_plain(plain)
        except Refusal:
            # One that people have decided on or are reading: the others go on without it.
            for each in plain:
                with self._refusing(each.line, each.fields):
                    self._take_plain([each])

    def _take_plain(self, some: list[_Plain]) -> None:
        """Records without photographs, all or none of them."""
        with transaction.atomic():
            taken = intake.bring_in_all([each.item for each in some], by=SYSTEM)
            news = self._publish_all(
                [(*both, each.themes) for both, each in zip(taken, some, strict=True)]
            )
        for new in news:
            self._count(new)

    @contextmanager
    def _refusing(self, line: int, fields: dict[str, Any]) -> Iterator[None]:
        """Turn what stands against one record into its sentence; the others go on."""
        try:
            yield
        except (records.BadRecord, Refusal, photos.PhotoRefused) as problem:
            name = str(fields.get("id") or "without id")[:80]
            self.refusals.append(f"line {line} ({name}) was refused: {_sentence(problem)}")

    def _take_with_photos(
        self, item: intake.Item, themes: list[Theme], record: records.Record
    ) -> None:
        enclosed = [
            intake.Enclosed(photo.path.read_bytes(), photo.alt, photo.caption, photo.credit)
            for photo in record.photos
        ]
        with transaction.atomic():
            piece, new = intake.bring_in(item, by=SYSTEM, enclosed=enclosed)
            self._count(self._publish(piece, themes) or new)

    def _item(self, record: records.Record) -> tuple[intake.Item, list[Theme]]:
        """The record as intake takes it, and those of its themes that are ours."""
        place = self._places.get(record.place.casefold()) if record.place else None
        themes = {name: self._themes.get(name.casefold()) for name in record.themes}
        kind = record.kind if record.kind in Kind.values else ""
        unknown = {
            "themes": [name for name, theme in themes.items() if theme is None],
            "kind": record.kind if not kind else "",
        }
        item = intake.Item(
            telling=intake.Telling(
                body=record.text,
                title=record.title,
                summary=record.summary,
                language=record.language,
                place=place,
                place_text="" if place else record.place,
                year_from=record.year_from,
                year_to=record.year_to,
                season=record.season,
            ),
            allowed=_allowed(record),
            source=record.source or self.source,
            source_key=record.id,
            kind=kind or Kind.STORY,
            names={"chosen": record.author},
            licence=record.licence,
            notes={**record.notes, **{name: value for name, value in unknown.items() if value}},
        )
        return item, [theme for theme in themes.values() if theme]

    def _publish_all(self, taken: list[tuple[Submission, bool, list[Theme]]]) -> list[bool]:
        """What is new and untagged in few statements, the rest one by one; for each, whether there
        was anything to do."""
        together = [
            piece
            for piece, new, themes in taken
            if self.publish and new and not themes and piece.state == State.WAITING
        ]
        if together and isinstance(self.by, Person):
            publication.publish_all(moderation.accept_all(together, by=self.by), by=self.by)
        done = {piece.pk for piece in together}
        return [
            piece.pk in done or self._publish(piece, themes) or new for piece, new, themes in taken
        ]

    def _publish(self, piece: Submission, themes: list[Theme]) -> bool:
        """Clear and publish the version in force; whether there was anything to do."""
        by = self.by
        if not self.publish or not isinstance(by, Person):
            return False
        if piece.published_version == piece.version:
            return False
        if piece.state not in (State.WAITING, State.ACCEPTED, State.PUBLISHED):
            return False  # asked, declined, withdrawn or erased by people: an import respects that
        version = piece.version
        piece = moderation.accept(piece, version=version, by=by)
        if piece.state == State.PUBLISHED:
            publication.amend(piece, version=version, by=by)
        else:
            publication.publish(piece, version=version, by=by, themes=themes)
        return True

    def _count(self, new: bool) -> None:
        self.imported += new
        self.unchanged += not new


def _allowed(record: records.Record) -> intake.Allowed:
    """The consent of a collection is its licence: what is in the public domain may be used."""
    free = record.licence.casefold().startswith(("public domain", "cc0"))
    return intake.Allowed(
        wording=f"Imported. Licence: {record.licence or 'none given'}",
        wording_version=consent.WORDING_VERSION,
        method=Consent.Method.IMPORT,
        audience=Consent.Audience.PUBLIC,
        name_shown=Consent.NameShown.CHOSEN,
        place_shown=Consent.PlaceShown.CITY,
        date_shown=Consent.DateShown.SEASON,
        search_engines=free,
        uses=("quote", "print", "teach", "newsletter", "translate") if free else (),
        editing=Consent.Editing.SPELLING,
        adult=True,
        photos_published=True,
    )


def _editor(name: str | None) -> Person:
    if not name:
        raise CommandError("--publish needs --by USER: the editor in whose name it is published.")
    person = Person.objects.filter(username=name).first()
    if person is None:
        raise CommandError(f"There is nobody called {name!r} at the desk.")
    if person.role not in ("editor", "administrator"):
        raise CommandError(f"{name!r} is no editor, and only editors publish.")
    return person


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _sentence(problem: Exception) -> str:
    text = str(problem)
    return text if text.endswith(".") else f"{text}."
