"""`sample`: furnishes an invented archive, through the same verbs as a real one.

Stories in every state, photo projects, drawn photographs, themes, campaigns and the cast of the
desk. The seeds are fixed, the network is not used, and every text says that it is invented.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from tqdm import tqdm

from archive import catalogue, consent, gazetteer, intake, moderation, publication
from archive.actors import Contributor
from archive.identifiers import ALPHABET
from archive.models.editorial import News
from archive.models.person import Person
from archive.models.story import Kind, Story
from archive.models.submission import Consent, Enclosure, Submission
from archive.models.vocabulary import Campaign, Place, Theme
from media import photos

FOLDER = Path(__file__).resolve().parent.parent.parent / "sample"


class Command(BaseCommand):
    help = "Furnish an empty archive with invented stories, drawn photographs and accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fresh", action="store_true", help="throw the present sample away and begin again"
        )
        parser.add_argument(
            "--no-accounts", action="store_true", help="leave saying them to `serve`"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = settings.DATA_DIR / "sample-accounts.txt"
        if options["fresh"]:
            if not accounts.exists() and Submission.objects.exists():
                raise CommandError("This archive holds what is no sample. Nothing was touched.")
            _clear()
        elif Submission.objects.exists() or Person.objects.exists():
            raise CommandError("This archive is furnished already; --fresh begins a sample again.")
        gazetteer.seed()
        catalogue.ensure()
        with translation.override("en"):
            lines = _cast(accounts)
            _vocabulary()
            Furnisher(quiet=options["verbosity"] == 0).furnish()
        if options["verbosity"]:
            self.stdout.write("The sample archive stands. Everything in it is invented.")
            for line in [] if options["no_accounts"] else lines:
                self.stdout.write(line)


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text())


def _clear() -> None:
    """An empty archive: rows, photographs and index."""
    call_command("flush", interactive=False, verbosity=0)
    for folder in (settings.VAULT_DIR, settings.GALLERY_DIR):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
    catalogue.rebuild()


def _cast(accounts: Path) -> list[str]:
    """The people of the desk, each with a password made for this copy alone and shown once."""
    lines = []
    for row in _read("cast.json")["people"]:
        password = "-".join(
            "".join(secrets.choice(ALPHABET) for _ in range(5)) for _group in range(3)
        )
        Person.objects.create_user(
            username=row["username"],
            password=password,
            first_name=row["display_name"],
            role=row["role"],
            is_staff=row["role"] == "administrator",
        )
        lines.append(f"{row['username']:<14} {password}   {row['display_name']}, {row['role']}")
    with open(os.open(accounts, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write("\n".join(lines) + "\n")
    return lines


def _vocabulary() -> None:
    rows = _read("vocabulary.json")["themes"]
    themes = {
        row["slug"]: Theme.objects.create(
            **{name: value for name, value in row.items() if name != "parent"}
        )
        for row in rows
    }
    for row in rows:
        if row["parent"]:
            themes[row["slug"]].parent = themes[row["parent"]]
            themes[row["slug"]].save()
    for row in _read("campaigns.json")["campaigns"]:
        Campaign.objects.create(**row)
    for row in _read("news.json")["news"]:
        News.objects.create(**row)


class Furnisher:
    """Brings in every piece and takes it to the state that the sample gives it."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.moderator = Person.objects.get(username="moderator")
        self.editor = Person.objects.get(username="editor")
        self.places = {
            place.slug: place for place in Place.objects.select_related("parent__parent__parent")
        }
        self.themes = {theme.slug: theme for theme in Theme.objects.all()}
        self.campaigns = {campaign.slug: campaign for campaign in Campaign.objects.all()}
        self.published: dict[str, Story] = {}

    def furnish(self) -> None:
        """Originals before translations; oldest first, as they would have come."""
        rows = [*_read("stories.json")["stories"], *_read("projects.json")["projects"]]
        rows.sort(key=lambda row: (bool(row.get("translation_of")), row.get("published_on") or "9"))
        for row in tqdm(rows, unit=" pieces", disable=self.quiet or None):
            self._furnish_one(row)

    def _furnish_one(self, row: dict[str, Any]) -> None:
        if row["state"] == "draft":
            return  # a draft is its contributor's alone; drafts begin with the receipt
        place = self.places.get(row.get("place") or "")
        telling = intake.Telling(
            body=row.get("body") or row["statement"],
            title=row["title"],
            summary=row.get("summary", ""),
            language=row["language"],
            place=place,
            year_from=row.get("year_from"),
            year_to=row.get("year_to"),
            season=row.get("season") or "",
            content_notes=row.get("content_notes", ()),
            pull_quotes=row.get("pull_quotes", ()),
        )
        received = intake.receive(
            telling,
            _allowed(row),
            token=f"sample:{row['id']}",
            kind=row.get("kind", Kind.STORY),
            names={row["name_shown"]: row["byline"]},
            enclosed=_plates(row) if row.get("plates") else _pictures(row),
            suspicion=row.get("held_reason") or ("links" if row["state"] == "held" else ""),
        )
        piece = received.submission
        days = row.get("received_days_ago")
        if days is not None:
            arrived = timezone.localdate() - timedelta(days=days)
            Submission.objects.filter(pk=piece.pk).update(received_on=arrived)
        getattr(self, f"_{row['state']}")(piece, row)

    def _waiting(self, piece: Submission, row: dict[str, Any]) -> None:
        """It stands where it came in."""

    _held = _waiting

    def _asked(self, piece: Submission, row: dict[str, Any]) -> None:
        question = row["question"]["text"]
        moderation.ask(piece, question, version=piece.version, by=self.moderator)

    def _declined(self, piece: Submission, row: dict[str, Any]) -> None:
        reason = row["decline_reason"]
        moderation.decline(piece, reason=reason, version=piece.version, by=self.moderator)

    def _accepted(self, piece: Submission, row: dict[str, Any]) -> Submission:
        themes = [self.themes[slug] for slug in row["themes"]]
        return moderation.accept(piece, version=piece.version, themes=themes, by=self.moderator)

    def _published(self, piece: Submission, row: dict[str, Any]) -> None:
        piece = self._accepted(piece, row)
        campaign = self.campaigns.get(row.get("campaign") or "")
        self.published[row["id"]] = publication.publish(
            piece,
            version=piece.version,
            themes=[self.themes[slug] for slug in row["themes"]],
            campaigns=[campaign] if campaign else [],
            translation_of=self.published.get(row.get("translation_of") or ""),
            published_on=date.fromisoformat(row["published_on"]) if row["published_on"] else None,
            by=self.editor,
        )

    def _withdrawn(self, piece: Submission, row: dict[str, Any]) -> None:
        self._published(piece, {**row, "published_on": row.get("published_on")})
        publication.withdraw(piece, by=Contributor(piece.reference))


def _allowed(row: dict[str, Any]) -> intake.Allowed:
    return intake.Allowed(
        wording="Invented for the sample archive.",
        wording_version=consent.WORDING_VERSION,
        audience=row["audience"],
        name_shown=row["name_shown"],
        place_shown=row["place_shown"],
        search_engines=row["search_engines"],
        uses=tuple(row["uses"]),
        adult=True,
        photos_published=True,
        editing=Consent.Editing.SPELLING,
    )


def _pictures(row: dict[str, Any]) -> list[intake.Enclosed]:
    return [
        intake.Enclosed(
            upload=photos.sketch(each["scene"], each["seed"]),
            alt=each["alt"],
            caption=each["caption"],
            credit=each["credit"],
            recognisable=Enclosure.Recognisable.NOBODY,
        )
        for each in row.get("photos", ())
    ]


def _plates(row: dict[str, Any]) -> list[intake.Enclosed]:
    """Portrait and page of each plate, in order."""
    enclosed = []
    for number, plate in enumerate(row["plates"], start=1):
        portrait, page = plate["portrait"], plate["page"]
        words = {"caption": plate["caption"], "sitter": plate["sitter"], "credit": row["credit"]}
        enclosed.append(
            intake.Enclosed(
                upload=photos.sketch(portrait["scene"], portrait["seed"]),
                alt=plate["alt"],
                part=Enclosure.Part.PORTRAIT,
                plate=number,
                recognisable=Enclosure.Recognisable.AGREED,
                **words,
            )
        )
        enclosed.append(
            intake.Enclosed(
                upload=photos.sketch(page["scene"], page["seed"], lines=page["lines"]),
                alt=page["alt"],
                transcript=plate["transcript"],
                part=Enclosure.Part.PAGE,
                plate=number,
                sitter=plate["sitter"],
                recognisable=Enclosure.Recognisable.NOBODY,
            )
        )
    return enclosed
