"""The ledger read and carried away: who did what to which piece, in words and as CSV.

Reads the ledger; writes one line into it, when it is exported. Called by the desk. The lines hold
ids and verbs and no word of a story, and so does the file.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive import ledger, permission, spreadsheets
from archive.models.person import Person
from archive.models.review import LedgerEntry

# What each verb is called by those who read. The file keeps the verb: it is for programs.
WORDS = {
    "accept": gettext_lazy("accepted"),
    "add app": gettext_lazy("set up an app that makes codes"),
    "add passkey": gettext_lazy("added a passkey"),
    "agree": gettext_lazy("the contributor agreed"),
    "amend": gettext_lazy("replaced what was public"),
    "answer": gettext_lazy("answered"),
    "approve": gettext_lazy("accepted a new version"),
    "arrange": gettext_lazy("put photographs in order"),
    "ask": gettext_lazy("asked a question"),
    "ask erasure": gettext_lazy("asked to erase it"),
    "assign": gettext_lazy("gave it to somebody"),
    "claim": gettext_lazy("took it"),
    "clear": gettext_lazy("said it is no spam"),
    "consent": gettext_lazy("changed what is allowed"),
    "contact opened": gettext_lazy("opened the contact details"),
    "cover": gettext_lazy("covered faces"),
    "decline": gettext_lazy("declined"),
    "describe": gettext_lazy("described a photograph"),
    "edit": gettext_lazy("edited"),
    "erase": gettext_lazy("erased"),
    "export": gettext_lazy("exported"),
    "hold": gettext_lazy("held as possible spam"),
    "invite": gettext_lazy("invited somebody"),
    "join": gettext_lazy("came to the desk"),
    "keep": gettext_lazy("kept it after all"),
    "leave": gettext_lazy("left the desk"),
    "leave narrow": gettext_lazy("left it as it was allowed"),
    "leave out": gettext_lazy("left a photograph out"),
    "make codes": gettext_lazy("made new recovery codes"),
    "many assign": gettext_lazy("gave many to somebody"),
    "many tag": gettext_lazy("gave many a theme"),
    "many untag": gettext_lazy("took a theme off many"),
    "mark": gettext_lazy("marked for two pairs of eyes"),
    "merge": gettext_lazy("merged two themes"),
    "move app": gettext_lazy("moved the app that makes codes to another phone"),
    "note": gettext_lazy("left a note"),
    "object": gettext_lazy("the contributor put their words back"),
    "place": gettext_lazy("changed a place"),
    "plan": gettext_lazy("planned"),
    "publish": gettext_lazy("published"),
    "reason": gettext_lazy("worded a reason"),
    "reconsider": gettext_lazy("showed it as is allowed now"),
    "recuse": gettext_lazy("said it is of the family"),
    "redact": gettext_lazy("took names out"),
    "refer": gettext_lazy("referred"),
    "remove passkey": gettext_lazy("removed a passkey"),
    "restore": gettext_lazy("restored"),
    "retag": gettext_lazy("changed its themes"),
    "retire": gettext_lazy("retired a theme"),
    "revive": gettext_lazy("took a theme up again"),
    "role": gettext_lazy("changed a role"),
    "save": gettext_lazy("kept a draft"),
    "send": gettext_lazy("sent it"),
    "stop app": gettext_lazy("stopped using the app that makes codes"),
    "tag": gettext_lazy("changed its themes"),
    "take back": gettext_lazy("took it back to the queue"),
    "take down": gettext_lazy("took a photograph down"),
    "take in": gettext_lazy("took a photograph in again"),
    "theme": gettext_lazy("changed a theme"),
    "uninvite": gettext_lazy("took an invitation back"),
    "unplan": gettext_lazy("took the plan back"),
    "widen": gettext_lazy("let what was wished be in force"),
    "withdraw": gettext_lazy("withdrew"),
    "write": gettext_lazy("wrote"),
    "yield": gettext_lazy("handed it on"),
}
ROLES = {
    "contributor": gettext_lazy("the contributor"),
    "system": gettext_lazy("the archive itself"),
}

COLUMNS = ("at", "verb", "piece", "about", "version", "actor", "role", "reason")


class Line(NamedTuple):
    """One line in words. `batch` names the deed done to many that it belongs to, or is empty."""

    at: datetime.datetime
    said: str
    who: str
    piece: str
    about: str
    version: int | None
    reason: str
    batch: str
    day_only: bool  # of what a contributor does no hour is kept


def told(entries: Iterable[LedgerEntry]) -> list[Line]:
    """These entries in the reader's language."""
    return [
        Line(
            at=row.at,
            said=said(row.verb),
            who=row.actor.shown if row.actor else str(ROLES.get(row.actor_role, row.actor_role)),
            piece=row.piece,
            about=row.about.partition(" ")[2] if row.about.startswith("batch:") else row.about,
            version=row.version,
            reason=row.reason,
            batch=_batch_of(row.about),
            day_only=row.actor_role == "contributor",
        )
        for row in entries
    ]


def said(verb: str) -> str:
    """A verb in words; one that is not ours any more names itself."""
    return str(WORDS.get(verb, verb))


def _batch_of(about: str) -> str:
    return about.partition(" ")[0].removeprefix("batch:") if about.startswith("batch:") else ""


def rows(*, piece: str = "", verb: str = "", about: str = "") -> QuerySet[LedgerEntry]:
    """Lines of the ledger, newest first; all, or those where what is given stands."""
    given = {"piece": piece, "verb": verb, "about": about}
    asked = {name: value for name, value in given.items() if value}
    return LedgerEntry.objects.select_related("actor").filter(**asked).order_by("-pk")


def verbs() -> list[tuple[str, str]]:
    """Every verb that stands in it, with its words, in the order of the words."""
    found = LedgerEntry.objects.order_by().values_list("verb", flat=True).distinct()
    return sorted(((verb, said(verb)) for verb in found), key=lambda each: each[1])


@transaction.atomic
def export(*, by: Person, piece: str = "", verb: str = "", about: str = "") -> str:
    """The lines as CSV, oldest first; that they were carried away is a line too."""
    permission.require(by, permission.EDITORS, _("Editors and administrators export the ledger."))
    found = rows(piece=piece, verb=verb, about=about).reverse().iterator(chunk_size=2000)
    table = spreadsheets.table(COLUMNS, map(_cells, found))
    ledger.write_about("export", "ledger", by=by)
    return table


def _cells(row: LedgerEntry) -> tuple[object, ...]:
    """One line, by `COLUMNS`."""
    return (
        row.at.isoformat(), row.verb, row.piece, row.about, row.version or "",
        row.actor.username if row.actor else "", row.actor_role, row.reason,
    )  # fmt: skip
