"""Why a piece is not published, in words that its contributor can bear to read, and what comes next.

Owns the reasons to begin with and the editors' own wording of them. `moderation.decline` takes a
code; the contributor's page asks for the words.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from archive import ledger, permission, text
from archive.models.person import Person
from archive.models.review import Reason
from archive.refusals import Incomplete

# To begin with. Editors word them anew and add others; a code never goes, for pieces bear it.
FIRST = {
    "safety": gettext_lazy(
        "We fear that it could hurt someone as it stands. Write to us, and we will look for a way."
    ),
    "others": gettext_lazy(
        "It tells much about another person who may not know. With their word, send it again."
    ),
    "elsewhere": gettext_lazy(
        "It is about something this archive does not collect. We name places that may welcome it."
    ),
    "unreadable": gettext_lazy(
        "We could not read it as it reached us. Please send it again, or ask us for help."
    ),
    "twice": gettext_lazy("It is here already. Nothing is lost, and you need do nothing."),
    "advertising": gettext_lazy(
        "We took it for advertising. If that is wrong, answer here and a person will look again."
    ),
}


def every() -> dict[str, str]:
    """Code -> words in the reader's language, also of those that are no longer given."""
    return _worded(list(Reason.objects.all()))


def given() -> dict[str, str]:
    """The same, of those that can be chosen now."""
    rows = list(Reason.objects.all())
    retired = {row.code for row in rows if row.retired}
    return {code: words for code, words in _worded(rows).items() if code not in retired}


def _worded(rows: list[Reason]) -> dict[str, str]:
    first = {code: str(words) for code, words in FIRST.items()}
    return {**first, **{row.code: row.words for row in rows}}


def first_wording(code: str) -> dict[str, str]:
    """The house's own words of a reason as fields of `Reason`, to begin from; empty for another."""
    if code not in FIRST:
        return {}
    said = {"code": code}
    for language in ("en", "es"):
        with override(language):
            why, _stop, then = str(FIRST[code]).partition(". ")
        said |= {f"why_{language}": f"{why}.", f"next_{language}": then}
    return said


def words(code: str) -> str:
    """What the contributor reads; "" for a code that never was."""
    return every().get(code, "")


@transaction.atomic
def keep(reason: Reason, *, by: Person) -> Reason:
    """Save an editor's wording. Raises `NotAllowed`, or `Incomplete` where nothing is left to read."""
    whose = _("Reasons are worded by editors and administrators.")
    permission.require(by, permission.EDITORS, whose)
    for name in ("why_en", "why_es", "next_en", "next_es"):
        setattr(reason, name, text.plain(getattr(reason, name)).strip())
    lacking = {name: [_("Say it.")] for name in ("why_en", "next_en") if not getattr(reason, name)}
    if lacking:
        raise Incomplete(lacking)
    reason.save()
    ledger.write_about("reason", f"reason:{reason.code}", by=by)
    return reason
