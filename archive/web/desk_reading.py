"""What the page of one piece shows: its words, its consent, its history, and what can be done.

Reads, and reads little: a piece with many versions costs the same few queries as one with one.
Contact details never come from here.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from archive import consent, moves, publication, terms, text
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.models.submission import Consent, Enclosure, Revision, State, Submission
from archive.web.desk_acts import ACTS
from archive.web.desk_comparison import differences
from archive.web.desk_forms import EditForm, PhotoForm, ThemesForm

Context = dict[str, Any]


def find(reference: str) -> Submission:
    """The piece with what its page needs; 404 for drafts, which are their contributor's alone."""
    rows = Submission.objects.select_related("current__place", "story", "claimed_by", "contact")
    row = (
        rows.filter(reference=reference)
        .exclude(state__in=[State.DRAFT, State.ERASED])
        .prefetch_related("consents")
        .first()
    )
    if row is None or row.current is None:
        raise Http404
    return row


def newest_consent(row: Submission) -> Consent:
    """The consent in force, of the rows already at hand."""
    return max(row.consents.all(), key=lambda each: each.number)


# --- what can be done -----------------------------------------------------------------------------


def possible(row: Submission, person: Person) -> dict[str, forms.Form]:
    """A form, filled with what the piece says now, for each act that this person can do."""
    mine = row.claimed and row.claimed_by_id == person.pk
    allowed = {name for name, act in ACTS.items() if moves.permits(act.verb or name, row, person)}
    allowed -= {"claim"} if mine else {"extend", "yield"}
    if not consent.may_publish(newest_consent(row)):
        allowed.discard("publish")  # the page says why under "What is not"
    if row.accepted_version != row.version or row.accepted_version == row.published_version:
        allowed -= {"amend"}
    if row.accepted_version == row.version:
        allowed -= {"approve"}
    return {name: blank(name, row) for name in ACTS if name in allowed}


def blank(name: str, row: Submission) -> forms.Form:
    """The form of an act as it stands before anything is typed."""
    kind = ACTS[name].form
    seen: dict[str, Any] = {"version": row.version}
    if issubclass(kind, ThemesForm):
        seen["themes"] = [theme.slug for theme in row.themes.all()]
        seen["campaigns"] = [campaign.slug for campaign in row.campaigns.all()]
    if issubclass(kind, EditForm) and row.current:
        now = row.current
        seen |= {"title": now.title, "summary": now.summary, "body": now.body}
    return kind(initial=seen, auto_id=_auto_id(name))


def typed(name: str, data: Any) -> forms.Form:
    """The form of an act with what was typed."""
    return ACTS[name].form(data, auto_id=_auto_id(name))


def _auto_id(name: str) -> str:
    """Several forms on one page share field names."""
    return f"id_{name.replace(' ', '_')}_%s"


def _acts(by_name: dict[str, forms.Form]) -> dict[str, list[Context]]:
    """The acts of the page: those beside the title, and those in the margin."""
    first = next(
        (name for name in ("publish", "amend", "accept", "approve") if name in by_name), ""
    )
    places: dict[str, list[Context]] = {"head": [], "margin": []}
    for name, form in by_name.items():
        act = ACTS[name]
        title = act.title or (act.words if name == "accept" and first != "accept" else "")
        places["head" if act.head else "margin"].append(
            {
                "name": name,
                "words": act.words,
                "means": act.means,
                "title": title,
                "key": act.key,
                "form": form,
                "main": name == first,
                "open": bool(form.errors),
            }
        )
    return places


# --- what is shown --------------------------------------------------------------------------------


def page(row: Submission, by_name: dict[str, forms.Form], seen: int | None = None) -> Context:
    """Everything that the template takes. `seen` is the version that somebody decided on in vain."""
    revisions = list(row.revisions.select_related("made_by"))
    allowed = newest_consent(row)
    enclosures = list(row.enclosures.select_related("photo"))
    return {
        "piece": _piece(row),
        "revision": row.current,
        "content_notes": terms.labels_of_notes(row.current.content_notes if row.current else []),
        "warnings": _warnings(row, enclosures),
        "changed": _changed(revisions, row, seen),
        **_columns(row, revisions),
        "versions": _versions(row, revisions),
        "consent_sentences": consent.sentences(allowed),
        "forbids": consent.forbids(allowed),
        "photos": [_photo(row, each) for each in enclosures],
        "letters": row.messages.select_related("author"),
        "reviews": row.reviews.select_related("reviewer"),
        "ledger": LedgerEntry.objects.filter(piece=row.reference).select_related("actor"),
        "acts": _acts(by_name),
        "section": "queue",
    }


def _piece(row: Submission) -> Context:
    revision = row.current
    public = row.story is not None and row.state == State.PUBLISHED
    return {
        "reference": row.reference,
        "title": revision.title if revision else "",
        "language": revision.language if revision else "",
        "words": revision.words if revision else 0,
        "state_label": row.get_state_display(),
        "claimed_by": row.claimed_by.shown if row.claimed and row.claimed_by else "",
        "claimed_until": time_format(timezone.localtime(row.claimed_until)) if row.claimed else "",
        "story_url": row.story.get_absolute_url() if public and row.story else "",
    }


def _columns(row: Submission, revisions: list[Revision]) -> Context:
    """The newest that the contributor wrote beside what readers would see."""
    sent = next((each for each in reversed(revisions) if each.made_by is None), revisions[0])
    now = revisions[-1]
    return {
        "as_sent": _column(sent, _("As it was sent")),
        "as_it_will_appear": {
            **_column(now, _("As it will appear")),
            "byline": publication.byline_of(row) or _("No name"),
        },
    }


def _column(revision: Revision, label: str) -> Context:
    return {
        "label": label,
        "title": revision.title,
        "language": revision.language,
        "html": mark_safe(text.to_html(revision.body)),  # noqa: S308 - archive.text made it
    }


def _versions(row: Submission, revisions: list[Revision]) -> list[Context]:
    """Every version with who made it, and the address that compares it with the one before."""
    address = reverse("desk_compare", args=[row.reference])
    return [
        {
            "number": each.number,
            "by": each.made_by.shown if each.made_by else _("Contributor"),
            "on": each.made_on,
            "reason": each.reason,
            "url": f"{address}?from={max(1, each.number - 1)}&to={each.number}",
        }
        for each in revisions
    ]


def _changed(revisions: list[Revision], row: Submission, seen: int | None) -> list[Context]:
    """What has changed since the version that was decided on."""
    before = next((each for each in revisions if each.number == seen), None)
    if before is None or row.current is None:
        return []
    return differences(before, row.current)


def _warnings(row: Submission, enclosures: list[Enclosure]) -> list[str]:
    """What somebody should know before deciding."""
    said = []
    if row.state == State.HELD:
        said.append(_("Held as possible spam (%s). A person decides.") % row.suspicion)
    if row.accepted_version and row.accepted_version != row.version:
        said.append(_("What was accepted is an older version. This one must be accepted again."))
    if any(not each.alt.strip() and not each.withheld for each in enclosures):
        said.append(_("Photographs still need a description before they can be published."))
    return said


def _photo(row: Submission, enclosure: Enclosure) -> Context:
    def address(width: int) -> str:
        return reverse("desk_photo", args=[row.reference, enclosure.pk, width])

    words = {"enclosure": enclosure.pk, "alt": enclosure.alt, "withheld": enclosure.withheld}
    return {
        "url": address(960),
        "preview_url": address(240),
        "alt": enclosure.alt,
        "caption": enclosure.caption,
        "withheld": enclosure.withheld,
        "form": PhotoForm(initial=words, auto_id=f"id_photo_{enclosure.pk}_%s"),
    }
