"""Who can be recognised on a photograph, and what it still lacks before the public may see it.

Pure functions over an enclosure and the consent in force; the rule is issue 5's: whoever has not
agreed is covered, or the photograph stays out. Ground floor: asked by publication, which enforces
it, and by the pages of the desk, which say it beforehand. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.consent import may_show_photos
from archive.models.submission import Consent, Enclosure
from archive.refusals import Incomplete

Who = Enclosure.Recognisable
# People who have agreed themselves, or nobody: nothing needs to be covered for them.
AGREED = frozenset({Who.NOBODY, Who.MYSELF, Who.AGREED})


class Lack(NamedTuple):
    """What is said where something is missing: of one photograph, and of several by number."""

    here: str | Promise
    of: str | Promise


LACKS: dict[str, Lack] = {
    "alt": Lack(
        gettext_lazy("Needs a description for people who do not see it."),
        gettext_lazy("Describe photograph %s for people who do not see it, then publish."),
    ),
    "who": Lack(
        gettext_lazy("Nobody has said who can be recognised here."),
        gettext_lazy("Say who can be recognised in photograph %s, then publish."),
    ),
    "cover": Lack(
        gettext_lazy("Shows somebody who has not agreed. Cover them, or leave it out."),
        gettext_lazy(
            "Photograph %s shows somebody who has not agreed. Cover them or leave it out, "
            "then publish."
        ),
    ),
}


def any_shown(enclosed: Iterable[Enclosure]) -> bool:
    """Whether their contributor lets any of these photographs be published: what a consent says."""
    return any(each.shown != Enclosure.Shown.NO for each in enclosed)


def wanted(enclosure: Enclosure, consent: Consent) -> bool:
    """Whether contributor and desk both mean this photograph to be seen."""
    if enclosure.withheld or enclosure.shown == Enclosure.Shown.NO:
        return False
    return may_show_photos(consent)


def lacking(enclosure: Enclosure, consent: Consent) -> list[str]:
    """Codes of `LACKS` that keep this photograph back.

    A collection that came with its licence has settled at its source who is shown; what somebody
    at the desk answers counts there too.
    """
    asked = consent.method != Consent.Method.IMPORT
    who = enclosure.recognisable
    answers = {
        "alt": not (enclosure.alt.strip() or enclosure.decorative),
        "who": not who and asked,
        "cover": _must_be_covered(enclosure) and not enclosure.photo.redactions,
    }
    return [code for code, missing in answers.items() if missing]


def _must_be_covered(enclosure: Enclosure) -> bool:
    """Somebody has not agreed, or whoever sent it asks that faces be covered."""
    who = enclosure.recognisable
    return (bool(who) and who not in AGREED) or enclosure.shown == Enclosure.Shown.BLURRED


def may_be_seen(enclosure: Enclosure, consent: Consent) -> bool:
    """Wanted, and nothing is missing."""
    return wanted(enclosure, consent) and not lacking(enclosure, consent)


def demand(enclosed: Iterable[Enclosure], consent: Consent) -> None:
    """Raise `Incomplete`, naming the photographs by number, where a wanted one lacks something."""
    found: dict[str, list[str]] = {}
    for each in enclosed:
        for code in lacking(each, consent) if wanted(each, consent) else ():
            found.setdefault(code, []).append(number(each))
    if found:
        sentences = [str(LACKS[code].of) % ", ".join(which) for code, which in found.items()]
        raise Incomplete({"photos": sentences})


def number(enclosure: Enclosure) -> str:
    """How a photograph is named to people: by its place, counted from one."""
    return str(enclosure.position + 1)


def said_of(enclosure: Enclosure, consent: Consent) -> list[str]:
    """What this photograph lacks, one sentence each; for pages."""
    if enclosure.withheld:
        return [_("Left out of what is published.")]
    return [str(LACKS[code].here) for code in lacking(enclosure, consent)]
