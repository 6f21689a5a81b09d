"""What can be done with a piece at the desk: each act with its words, its form and its verb.

Owns the table `ACTS`, which the page of a piece is built from and which its posts are looked up
in. The rules are the stages': an act that stands here is still refused where they say no.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from archive import changing, moderation, planning, publication, safeguards, text
from archive.models.person import Person
from archive.models.review import Handling
from archive.models.submission import Submission
from archive.refusals import Refusal
from archive.web import desk_forms

Words = str | Promise
Data = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """One thing that can be done. `key` is its letter; a `folded` act opens before it can be sent."""

    words: Words
    done: Words | Callable[[Any], str]  # said afterwards; may look at what the verb gave back
    do: Callable[[Submission, Data, Person], Any]
    form: type[forms.Form] = desk_forms.DecisionForm
    means: Words = ""
    title: Words = ""  # of a folded act, on its lid
    key: str = ""
    verb: str = ""  # of archive.moves, where it bears another name than the act
    head: bool = False  # stands beside the title


def _edit(row: Submission, data: Data, by: Person) -> object:
    changed = {
        "title": text.one_line(data["title"]),
        "summary": text.plain(data["summary"]),
        "body": text.plain(data["body"]),
    }
    if data["version"] == row.version and all(
        getattr(row.current, name) == said for name, said in changed.items()
    ):
        raise Refusal(_("Nothing is different yet. Change the words, then keep them."))
    reason = text.one_line(data["reason"])
    return moderation.edit(row, version=data["version"], by=by, reason=reason, **changed)


def _accepted(made: Submission) -> str:
    if safeguards.reasons(made):
        return gettext("Accepted. It needs two pairs of eyes: another editor can publish it now.")
    return gettext("Accepted. An editor can publish it now.")


def _publish(row: Submission, data: Data, by: Person) -> object:
    at = None
    if data["day"]:
        at = planning.moment(data["day"], data["hour"] or datetime.time(9))
    return planning.publish(
        row,
        version=data["version"],
        themes=data["themes"],
        campaigns=data["campaigns"],
        at=at,
        by=by,
    )


def _published(made: Any) -> str:
    if isinstance(made, Handling) and made.plan_at:
        when = date_format(timezone.localtime(made.plan_at), "DATETIME_FORMAT")
        return gettext("On %s it will be published.") % when  # a time may end in a stop
    return gettext("It is public now.")


def _redacted(made: Any) -> str:
    if made is None:
        return gettext("None of these words stands in it now. They are kept out of what comes.")
    return gettext("The words are taken out, in a new version that must be accepted.")


def _hers(made: Any) -> str:
    return ngettext(
        "From now on this piece is yours for %(minutes)s minute.",
        "From now on this piece is yours for %(minutes)s minutes.",
        settings.CLAIM_MINUTES,
    ) % {"minutes": settings.CLAIM_MINUTES}


def _can_be_restored() -> str:
    return ngettext(
        "It leaves every page, list and search at once, and can be restored for %(days)s day.",
        "It leaves every page, list and search at once, and can be restored for %(days)s days.",
        settings.WITHDRAWN_KEPT_DAYS,
    ) % {"days": settings.WITHDRAWN_KEPT_DAYS}


# In the order of the page. What decides comes first, what is seldom done last.
ACTS: dict[str, Act] = {
    "claim": Act(
        words=_("Take it"),
        done=_hers,
        do=lambda row, data, by: moderation.claim(row, by=by),
        key="c",
        head=True,
    ),
    "extend": Act(
        words=_("Keep it longer"),
        done=_hers,
        do=lambda row, data, by: moderation.claim(row, by=by),
        verb="claim",
        key="c",
        head=True,
    ),
    "yield": Act(
        words=_("Hand it on"),
        done=_("It is back in the queue."),
        do=lambda row, data, by: moderation.give_back(row, by=by),
        key="h",
        head=True,
    ),
    "clear": Act(
        words=_("This is no spam"),
        means=_("It goes to the queue with the others."),
        done=_("It is in the queue with the others."),
        do=lambda row, data, by: moderation.clear(row, by=by),
    ),
    "publish": Act(
        words=_("Publish"),
        means=_(
            "On its day it is on the public pages and in the search within seconds: now, where you "
            "give none, and never before the day that its contributor wished."
        ),
        done=_published,
        do=_publish,
        form=desk_forms.PublishForm,
        key="p",
    ),
    "unplan": Act(
        words=_("Take the plan back"),
        means=_("It stays accepted and is not published until somebody says so."),
        done=_("Nothing is planned any more."),
        do=lambda row, data, by: planning.unplan(row, by=by),
        key="u",
    ),
    "amend": Act(
        words=_("Replace what is public"),
        means=_("The accepted version takes the place of the one that readers see now."),
        done=_("Readers see the new version."),
        do=lambda row, data, by: publication.amend(row, version=data["version"], by=by),
        key="p",
    ),
    "accept": Act(
        words=_("Accept this version"),
        means=_("An editor can then publish it. The contributor sees that it was accepted."),
        done=_accepted,
        do=lambda row, data, by: moderation.accept(
            row, version=data["version"], themes=data["themes"], by=by
        ),
        form=desk_forms.ThemesForm,
        key="a",
    ),
    "approve": Act(
        words=_("Accept the new version"),
        means=_("What is public stays up until an editor replaces it by this version."),
        done=_("Accepted. An editor can replace what is public."),
        do=lambda row, data, by: moderation.accept(row, version=data["version"], by=by),
        key="a",
    ),
    "widen": Act(
        words=_("Let it be so"),
        means=_("What the contributor wishes comes into force, and what is public is shown so."),
        done=_("What the contributor wishes is in force now."),
        do=lambda row, data, by: changing.widen(row, by=by),
    ),
    "leave narrow": Act(
        words=_("Leave it as it was"),
        means=_("The wish is laid aside. What was allowed before stays in force."),
        done=_("What was allowed before stays as it was."),
        do=lambda row, data, by: changing.leave_narrow(row, by=by),
    ),
    "ask": Act(
        title=_("Ask the contributor"),
        words=_("Send the question"),
        means=_("They find it with their receipt. The piece waits for their answer."),
        done=_("Your question is there for the contributor to find."),
        do=lambda row, data, by: moderation.ask(
            row, data["question"], version=data["version"], by=by
        ),
        form=desk_forms.AskForm,
        key="q",
    ),
    "edit": Act(
        title=_("Edit"),
        words=_("Keep as a new version"),
        means=_("What was sent stays as it is, beside yours. It must be accepted again."),
        done=_("Kept as a new version."),
        do=_edit,
        form=desk_forms.EditForm,
        key="e",
    ),
    "redact": Act(
        title=_("Take names out"),
        words=_("Take these words out"),
        means=_("A new version without them. The version that was sent stays as it is, unseen."),
        done=_redacted,
        do=lambda row, data, by: moderation.redact(
            row, data["words"].splitlines(), version=data["version"], by=by
        ),
        form=desk_forms.RedactForm,
        key="x",
    ),
    "decline": Act(
        title=_("Decline"),
        words=_("Decline with this reason"),
        means=_("The contributor reads the reason and what they can do next."),
        done=_("Declined. The contributor will read your reason."),
        do=lambda row, data, by: moderation.decline(
            row, version=data["version"], reason=data["reason"], note=data["note"], by=by
        ),
        form=desk_forms.DeclineForm,
        key="d",
    ),
    "refer": Act(
        title=_("Refer it to someone"),
        words=_("Refer it"),
        means=_("It leaves the queue and stands among what was referred, with your note."),
        done=_("It stands among what was referred."),
        do=lambda row, data, by: moderation.refer(
            row, data["note"], version=data["version"], to=data["to"], by=by
        ),
        form=desk_forms.ReferForm,
        key="r",
    ),
    "take back": Act(
        words=_("Take it back to the queue"),
        means=_("It waits to be read again; what was decided stays in the ledger."),
        done=_("It waits again."),
        do=lambda row, data, by: moderation.take_back(row, by=by),
    ),
    "note": Act(
        title=_("Note for colleagues"),
        words=_("Keep the note"),
        means=_("The contributor never sees it."),
        done=_("Your note is kept."),
        do=lambda row, data, by: moderation.remark(row, data["note"], by=by),
        form=desk_forms.NoteForm,
        key="m",
    ),
    "mark": Act(
        title=_("Two pairs of eyes"),
        words=_("Keep these marks"),
        means=_("Whoever accepts a marked piece cannot publish it; a colleague does."),
        done=_("The marks are kept."),
        do=lambda row, data, by: moderation.mark(row, data["marks"], by=by),
        form=desk_forms.MarkForm,
        key="y",
    ),
    "recuse": Act(
        title=_("This is my family"),
        words=_("A colleague shall decide"),
        means=_("You will not decide about this piece any more. It cannot be undone here."),
        done=_("Thank you for saying so. A colleague decides about it."),
        do=lambda row, data, by: moderation.recuse(row, by=by),
        form=desk_forms.EmptyForm,
    ),
    "retag": Act(
        title=_("Change its themes"),
        words=_("Keep these themes"),
        means=_("Lists, search and theme pages follow within seconds."),
        done=_("The themes are changed."),
        do=lambda row, data, by: publication.retag(row, themes=data["themes"], by=by),
        form=desk_forms.TagForm,
        verb="amend",
        key="t",
    ),
    "withdraw": Act(
        title=_("Withdraw"),
        words=_("Withdraw it now"),
        means=lazy(_can_be_restored, str)(),
        done=_("It is hidden everywhere."),
        do=lambda row, data, by: publication.withdraw(row, by=by),
        key="w",
    ),
    "restore": Act(
        words=_("Restore it"),
        means=_("It stands again where it stood before it was withdrawn."),
        done=_("It is back where it was."),
        do=lambda row, data, by: publication.restore(row, by=by),
        key="u",
    ),
}
