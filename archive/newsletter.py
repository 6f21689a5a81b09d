"""The newsletter's list: ask, confirm, leave, and hand the list to the mailing tool.

Owns every row of `models.newsletter`, the sealed addresses in them and the letters that confirm
them. An address is on the list once its owner has said so from a letter; one that nobody confirms
is forgotten. Links carry a signed name of the row, never an address. Called by `web.newsletter`
and the desk; never sends the newsletter itself and never looks at contributors.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Count, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from archive import jobs, permission, rates, sealing, spreadsheets, tombstones
from archive.models.newsletter import Subscriber
from archive.models.person import Person
from archive.models.vocabulary import Theme
from archive.refusals import Refusal

_CONFIRM = signing.TimestampSigner(salt="archive.newsletter.confirm", sep=".")
_LEAVE = signing.Signer(salt="archive.newsletter.leave", sep=".")

COLUMNS = ("email", "language", "themes", "confirmed", "leave_url")


class UnknownLink(Refusal):
    """A link of ours that was cut short, has run out, or speaks of nobody any more."""


class TooManyLetters(Refusal):
    """More addresses were given this hour than people give."""


# --- joining and leaving --------------------------------------------------------------------------


@transaction.atomic
def ask(address: str, *, language: str, themes: Iterable[Theme] = ()) -> None:
    """Write to an address to confirm that it wants the newsletter, in `language` ("en" or "es").

    Does the same, and says the same, whether the address is known or not. A wish that is not
    confirmed yet is replaced by the newer one; one that is confirmed stays as it is, since
    anybody may type an address. Raises `TooManyLetters`.
    """
    _count_letter()
    sealed = sealing.seal({"email": address})
    row = Subscriber.objects.filter(address_hash__in=_hashes(address)).first()
    if row is None:
        row = Subscriber(address=sealed, address_hash=_hashes(address)[0])
    if not row.confirmed_on:
        row.language, row.asked_at = language, timezone.now()
        row.save()
        row.themes.set(themes)
    _owe_letter(row)


def confirm(token: str) -> None:
    """Put an address on the list; again, if need be. Raises `UnknownLink`."""
    waiting = _subscriber(_CONFIRM, token).filter(confirmed_on=None)
    if not waiting.update(confirmed_on=timezone.localdate()):
        _exists_or_refuse(_CONFIRM, token)


def leave(token: str) -> None:
    """Forget an address at once; having left already is as good. Raises `UnknownLink`."""
    with transaction.atomic():
        row = _subscriber(_LEAVE, token).first()
        if row is not None:
            row.delete()
            tombstones.erase(tombstones.subscription(row.public_id))


def check_confirm(token: str) -> None:
    """Raise `UnknownLink` where a link to confirm leads nowhere; changes nothing."""
    _exists_or_refuse(_CONFIRM, token)


def check_leave(token: str) -> None:
    """Raise `UnknownLink` where a link to leave was cut short; changes nothing."""
    _subscriber(_LEAVE, token)


def _subscriber(signer: signing.Signer, token: str) -> QuerySet[Subscriber]:
    """The row that a link speaks of, if it is still there."""
    lasting = {"max_age": timedelta(days=settings.NEWSLETTER_CONFIRM_DAYS)}
    try:
        public_id = signer.unsign(token, **(lasting if signer is _CONFIRM else {}))
    except signing.BadSignature as problem:
        raise _unknown() from problem
    return Subscriber.objects.filter(public_id=public_id)


def _exists_or_refuse(signer: signing.Signer, token: str) -> None:
    if not _subscriber(signer, token).exists():
        raise _unknown()


def _unknown() -> UnknownLink:
    return UnknownLink(
        _("This link is not whole, or has run out. You can sign up again at any time.")
    )


def _hashes(address: str) -> list[str]:
    """How an address is recognised: under the newest key first, then under those before it."""
    said = b"newsletter:" + address.casefold().encode()
    return [hmac.digest(key.encode(), said, "sha256").hex() for key in settings.CONTACT_KEYS]


def _count_letter() -> None:
    """Refuse once more was asked for within the hour than people ask."""
    if rates.count("newsletter:letters") > settings.NEWSLETTER_LETTERS_PER_HOUR:
        raise TooManyLetters(
            _("Very many addresses are coming in just now. Please try again in an hour.")
        )


# --- the letter -----------------------------------------------------------------------------------


def _owe_letter(row: Subscriber) -> None:
    """One letter, unless the last went out within the hour: nobody is to be flooded through us."""
    now = timezone.now()
    lately = now - timedelta(minutes=settings.NEWSLETTER_AGAIN_MINUTES)
    if row.mailed_at and row.mailed_at > lately:
        return
    Subscriber.objects.filter(pk=row.pk).update(mailed_at=now)
    jobs.enqueue("newsletter.letter", key=row.public_id, payload={"id": row.pk})


@jobs.handles("newsletter.letter")
def _letter_job(payload: dict[str, int]) -> None:
    row = Subscriber.objects.filter(pk=payload["id"]).first()
    if row is not None:  # has left meanwhile
        _letter(row).send()


def _letter(row: Subscriber) -> EmailMessage:
    """What an address is asked, in its language; the same way out as every later letter has."""
    with translation.override(row.language):
        token = _CONFIRM.sign(row.public_id)
        words = {
            "archive_name": settings.ARCHIVE_NAME,
            "known": bool(row.confirmed_on),
            "confirm_url": settings.SITE_URL + reverse("newsletter_confirm", args=[token]),
            "leave_url": _leave_url(row),
            "days": settings.NEWSLETTER_CONFIRM_DAYS,
        }
        return EmailMessage(
            subject=_("Your newsletter from %s") % settings.ARCHIVE_NAME,
            body=render_to_string("emails/newsletter_confirm.txt", words),
            to=[sealing.unseal(row.address)["email"]],
            headers={
                # RFC 8058: the reader's mail program shows a button and posts to this address.
                "List-Unsubscribe": f"<{words['leave_url']}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )


def _leave_url(row: Subscriber) -> str:
    with translation.override(row.language):
        return settings.SITE_URL + reverse("newsletter_leave", args=[_LEAVE.sign(row.public_id)])


@jobs.every("newsletter.sweep", hours=24)
def _sweep_job(_payload: dict[str, int]) -> None:
    """Forget the addresses that nobody confirmed."""
    old = timezone.now() - timedelta(days=settings.NEWSLETTER_CONFIRM_DAYS)
    Subscriber.objects.filter(confirmed_on=None, asked_at__lt=old).delete()


# --- for the desk ---------------------------------------------------------------------------------


def counts() -> dict[str, int]:
    """How many are on the list, by language; no address is opened for it."""
    rows = Subscriber.objects.exclude(confirmed_on=None).order_by()
    return dict(rows.values_list("language").annotate(n=Count("pk")))


def export(*, by: Person) -> str:
    """The list as CSV for the mailing tool: email, language, themes, confirmed, leave_url.

    `leave_url` belongs into each letter's List-Unsubscribe header. No cell begins as a formula.
    Raises `NotAllowed` for everybody but administrators.
    """
    permission.require(by, permission.ADMINISTRATORS)
    rows = Subscriber.objects.exclude(confirmed_on=None).prefetch_related("themes")
    return spreadsheets.table(COLUMNS, map(_cells, rows))


def _cells(row: Subscriber) -> tuple[object, ...]:
    """One subscriber, by `COLUMNS`."""
    themes = " ".join(theme.slug for theme in row.themes.all())
    address = sealing.unseal(row.address)["email"]
    return address, row.language, themes, row.confirmed_on, _leave_url(row)
