"""The ledger read and carried away: who did what to which piece, as rows and as CSV.

Reads the ledger; writes one line into it, when it is exported. Called by the desk. The lines hold
ids and verbs and no word of a story, and so does the file.
"""

from __future__ import annotations

import csv
import io

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from archive import ledger
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.moves import EDITORS
from archive.refusals import NotAllowed

COLUMNS = ("at", "verb", "piece", "about", "version", "actor", "role", "reason")
# What a spreadsheet would take for the beginning of a formula (OWASP, "CSV injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(*, piece: str = "", verb: str = "") -> QuerySet[LedgerEntry]:
    """Lines of the ledger, newest first."""
    found = LedgerEntry.objects.select_related("actor").order_by("-pk")
    if piece:
        found = found.filter(piece=piece)
    if verb:
        found = found.filter(verb=verb)
    return found


def verbs() -> list[str]:
    """Every verb that stands in it."""
    return list(LedgerEntry.objects.order_by("verb").values_list("verb", flat=True).distinct())


@transaction.atomic
def export(*, by: Person, piece: str = "", verb: str = "") -> str:
    """The lines as CSV, oldest first; that they were carried away is a line too."""
    if by.role not in EDITORS:
        raise NotAllowed(_("Editors and administrators export the ledger."))
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    for row in rows(piece=piece, verb=verb).reverse().iterator(chunk_size=2000):
        cells = [
            row.at.isoformat(), row.verb, row.piece, row.about, row.version or "",
            row.actor.username if row.actor else "", row.actor_role, row.reason,
        ]  # fmt: skip
        writer.writerow([_no_formula(str(cell)) for cell in cells])
    ledger.write_about("export", "ledger", by=by)
    return table.getvalue()


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
