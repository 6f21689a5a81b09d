"""“There is news”: a mail to contributors who asked for one, without a word of their story.

Owns when it is owed and what it says. Several things that happen within the same while are one
mail. Called by the stages in their own transaction; the worker sends. The address is unsealed for
as long as it takes to hand the mail over, and stands in no job.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from archive import jobs, sealing
from archive.models.submission import Contact, State, Submission

WORTH_A_MAIL = frozenset({"ask", "edit", "accept", "decline", "publish", "amend", "widen"})
WHILE = timedelta(minutes=20)  # an editor corrects, accepts and publishes in one sitting


def owe(verb: str, piece: Submission) -> None:
    """Owe a mail for what the desk did, if this contributor wants any."""
    if verb not in WORTH_A_MAIL or not _wanted(piece):
        return
    payload = {"submission": piece.pk}
    jobs.enqueue("tidings.tell", piece.reference, payload, run_at=timezone.now() + WHILE)


@jobs.handles("tidings.tell")
def tell(payload: dict[str, Any]) -> None:
    """Send one mail. What was erased or unwished meanwhile is not written about."""
    piece = Submission.objects.filter(pk=payload["submission"]).first()
    if piece is None or piece.state in (State.ERASED, State.WITHDRAWN) or not _wanted(piece):
        return
    row = Contact.objects.filter(submission=piece).first()
    address = sealing.unseal(row.sealed).get("email", "") if row else ""
    if address:
        _letter(piece, address).send()


def _wanted(piece: Submission) -> bool:
    newest = piece.consents.order_by("-number").values_list("contact_ok", flat=True).first()
    return bool(newest)


def _letter(piece: Submission, address: str) -> EmailMessage:
    with translation.override(piece.interface_language):
        words = {"archive_name": settings.ARCHIVE_NAME, "site_url": settings.SITE_URL}
        body = render_to_string("emails/news.txt", words)
        return EmailMessage(subject=_("There is news"), body=body, to=[address])
