"""What the page of one piece shows: its words, its consent, its history, and what can be done.

Reads, and reads little: a piece with many versions costs the same few queries as one with one.
Contact details never come from here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from django import forms
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from archive import (
    catalogue,
    changing,
    claims,
    consent,
    gazetteer,
    languages,
    moves,
    permission,
    planning,
    publication,
    register,
    riskfinder,
    safeguards,
    suggestions,
    terms,
    text,
)
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.models.story import Story
from archive.models.submission import Enclosure, Revision, State, Submission
from archive.models.vocabulary import Campaign, Theme
from archive.web import desk_warnings
from archive.web.desk_acts import ACTS
from archive.web.desk_comparison import differences
from archive.web.desk_forms import (
    ContactForm,
    EditForm,
    MarkForm,
    TagForm,
    Vocabulary,
)

Context = dict[str, Any]

# Verbs of the ledger by which a piece comes to have letters, and readings of colleagues.
WRITTEN = frozenset({"ask", "answer", "write"})
READ = frozenset({"accept", "approve", "ask", "decline", "note", "refer"})


def find(reference: str) -> Submission:
    """The piece with what its page needs; 404 for drafts, which are their contributor's alone."""
    rows = Submission.objects.select_related(
        "wish", "current__place", "story", "claimed_by", "contact", "handling__assigned_to"
    )
    row = (
        rows.at_the_desk()
        .filter(reference=reference)
        .prefetch_related(
            "consents", Prefetch("enclosures", Enclosure.objects.select_related("photo"))
        )
        .first()
    )
    if row is None or row.current is None:
        raise Http404
    return row


# --- what can be done -----------------------------------------------------------------------------


def possible(row: Submission, person: Person) -> dict[str, forms.Form]:
    """A form, filled with what the piece says now, for each act that this person can do."""
    words = vocabulary(row)
    return {name: blank(name, row, words) for name in ACTS if name in _allowed(row, person)}


def _allowed(row: Submission, person: Person) -> set[str]:
    """Acts that neither the table nor a safeguard nor the consent rules out, and that make sense."""
    found = {
        name
        for name, act in ACTS.items()
        if moves.permits(act.verb or name, row, person)
        and safeguards.permits(act.verb or name, row, person)
    }
    mine = row.claimed and row.claimed_by_id == person.pk
    found -= {"claim"} if mine else {"extend", "yield"}
    if not consent.may_publish(row.consent_in_force):
        found.discard("publish")  # the page says why under "Its limits"
    if row.accepted_version != row.version or row.accepted_version == row.published_version:
        found.discard("amend")
    if row.accepted_version == row.version:
        found.discard("approve")
    if not planning.planned(row):
        found.discard("unplan")
    if not changing.wished(row):
        found -= {"widen", "leave narrow"}
    if safeguards.is_conflicted(row, person):
        found.discard("recuse")
    return found


def vocabulary(row: Submission) -> Vocabulary:
    """What the piece can be tagged with, and what it is tagged with; two queries."""
    body = row.current.body if row.current else ""
    alike = Story.objects.public().filter(public_id__in=catalogue.near(body))
    tagged = Submission.themes.through.objects.filter(submission=row, theme=OuterRef("pk"))
    joined = Submission.campaigns.through.objects.filter(submission=row, campaign=OuterRef("pk"))
    themes = Theme.objects.annotate(
        chosen=Exists(tagged), near=Count("stories", filter=Q(stories__in=alike), distinct=True)
    ).filter(Q(retired=False) | Q(chosen=True))
    return Vocabulary(
        themes=_likeliest_first(list(themes), body),
        campaigns=list(Campaign.objects.annotate(chosen=Exists(joined))),
    )


def _likeliest_first(themes: list[Theme], body: str) -> list[Theme]:
    """Suggested themes before the others, each saying why and by which key it is taken."""
    suggested = suggestions.suggest((each for each in themes if not each.retired), body)
    for number, each in enumerate(suggested, start=1):
        each.theme.key = number  # type: ignore[attr-defined]
        each.theme.means = (  # type: ignore[attr-defined]
            _("Suggested: it says “%s”.") % each.said
            if each.said
            else _("Suggested: similar stories bear it.")
        )
    first = [each.theme for each in suggested]
    return [*first, *(theme for theme in themes if theme not in first)]


def blank(name: str, row: Submission, words: Vocabulary) -> forms.Form:
    """The form of an act as it stands before anything is typed."""
    kind = ACTS[name].form
    seen: dict[str, Any] = {"version": row.version}
    more: dict[str, Any] = {}
    if issubclass(kind, TagForm):
        more["vocabulary"] = words
        for tagged in ("themes", "campaigns"):
            entries = getattr(words, tagged)
            seen[tagged] = [entry.slug for entry in entries if entry.chosen]
    if issubclass(kind, MarkForm):
        seen["marks"] = safeguards.reasons(row)
    if issubclass(kind, EditForm) and row.current:
        now = row.current
        seen |= {"title": now.title, "summary": now.summary, "body": now.body}
    return kind(initial=seen, auto_id=_auto_id(name), **more)


def typed(name: str, data: Any, row: Submission) -> forms.Form:
    """The form of an act with what was typed."""
    kind = ACTS[name].form
    more: dict[str, Any] = {"vocabulary": vocabulary(row)} if issubclass(kind, TagForm) else {}
    return kind(data, auto_id=_auto_id(name), **more)


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


def page(
    row: Submission,
    by_name: dict[str, forms.Form],
    *,
    person: Person,
    seen: int | None = None,
    unveiled: bool = False,
) -> Context:
    """Everything that the template takes.

    `seen` is the version that somebody decided on in vain; `unveiled` says that she asked to see
    photographs that the content notes veil.
    """
    revisions = list(row.revisions.select_related("made_by"))
    allowed = row.consent_in_force
    enclosures = list(row.enclosures.all())
    lines = list(LedgerEntry.objects.filter(piece=row.reference).select_related("actor"))
    risks = _risks(row)
    done = {line.verb for line in lines}  # what was never done left no rows to look for
    return {
        "piece": _piece(row),
        "revision": row.current,
        "content_notes": terms.labels_of_notes(row.current.content_notes if row.current else []),
        "warnings": desk_warnings.of(row, lines, enclosures, person),
        "next_url": _next(row, person),
        "risks": risks,
        "contact_form": ContactForm(auto_id="id_contact_%s") if by_name else None,
        "changed": _changed(revisions, row, seen),
        **_columns(row, revisions, [risk.hit for risk in risks]),
        "versions": _versions(row, revisions),
        "consent_sentences": consent.sentences(allowed),
        "forbids": consent.forbids(allowed),
        "photos": [
            _photo(row, each, unveiled=unveiled, editable="edit" in by_name) for each in enclosures
        ],
        "veiled": bool(enclosures) and veils(row) and not unveiled,
        "letters": row.messages.select_related("author") if done & WRITTEN else [],
        "reviews": row.reviews.select_related("reviewer") if done & READ else [],
        "ledger": register.told(lines),
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
        "language_label": languages.name(revision.language) if revision else "",
        "assigned_to": str(claims.given_to(row) or ""),
        "words": revision.words if revision else 0,
        "state_label": row.get_state_display(),
        "claimed_by": row.claimed_by.shown if row.claimed and row.claimed_by else "",
        "claimed_until": time_format(timezone.localtime(row.claimed_until)) if row.claimed else "",
        "story_url": row.story.get_absolute_url() if public and row.story else "",
    }


def _columns(row: Submission, revisions: list[Revision], risky: list[str]) -> Context:
    """The newest that the contributor wrote beside what readers would see, its risky words marked."""
    sent = next((each for each in reversed(revisions) if each.made_by is None), revisions[0])
    now = revisions[-1]
    return {
        "as_sent": {
            **_column(sent, _("As it was sent")),
            "same": (sent.title, sent.body) == (now.title, now.body),
        },
        "as_it_will_appear": {
            **_column(now, _("As it will appear"), risky),
            "byline": publication.byline_of(row) or _("No name"),
        },
    }


def _column(revision: Revision, label: str, risky: Sequence[str] = ()) -> Context:
    return {
        "label": label,
        "title": revision.title,
        "language": revision.language,
        "html": mark_safe(_marked(text.to_html(revision.body), risky)),  # noqa: S308 - archive.text made it
    }


def _marked(html: str, risky: Sequence[str]) -> str:
    """The same with these words marked; they are names and numbers, and no tag of ours is."""
    if not risky:
        return html
    longest_first = sorted((escape(each, quote=False) for each in risky), key=len, reverse=True)
    words = "|".join(map(re.escape, longest_first))
    return re.sub(rf"(?<![\w<&/])(?:{words})(?![\w>])", r"<mark>\g<0></mark>", html)


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


def _next(row: Submission, person: Person) -> str:
    """Where another piece is asked for, once there is nothing to do for her here."""
    hers = row.claimed and row.claimed_by_id == person.pk
    free = row.state == State.WAITING and not row.claimed
    return "" if hers or free or person.role not in permission.DESK else reverse("desk_next")


def _risks(row: Submission) -> list[Any]:
    """Places of the text that could hurt somebody, as the contributor was shown them too."""
    if row.current is None:
        return []
    said = f"{row.current.title}\n\n{row.current.body}"
    return list(riskfinder.excerpts(said, known=gazetteer.names()))


def veils(row: Submission) -> bool:
    """Whether photographs stay blurred until somebody asks to see them."""
    return bool(row.current and row.current.content_notes)


def _photo(row: Submission, enclosure: Enclosure, *, unveiled: bool, editable: bool) -> Context:
    def address(width: int) -> str:
        here = reverse("desk_photo", args=[row.reference, enclosure.pk, width])
        return f"{here}?seen=yes" if unveiled else here

    return {
        "url": address(960),
        "preview_url": address(240),
        "alt": enclosure.alt,
        "caption": enclosure.caption,
        "withheld": enclosure.withheld,
        "edit_url": reverse("desk_photograph", args=[row.reference, enclosure.pk])
        if editable
        else "",
    }
