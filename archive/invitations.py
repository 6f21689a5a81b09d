"""Who comes to the desk and who leaves it: invitations, accounts, roles.

Owns the rows of people and invitations. Called by the desk, for administrators, and by the page
that an invitation leads to. Every act is in the ledger; none touches a piece, except that whoever
leaves lets go of what she held.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive import ledger, permission, text, tombstones
from archive.models.person import Invitation, Person, Role, SavedView
from archive.models.submission import Submission
from archive.refusals import Incomplete, NotAllowed, WrongState

_SALT = "archive.invitations"


@transaction.atomic
def invite(name: str, role: str, *, by: Person) -> str:
    """Make an invitation; the token of its link, which is shown once and is nowhere else."""
    _demand_administrator(by)
    if role not in Role.values or not text.one_line(name):
        raise Incomplete({"name": [_("Say whom you invite, and as what.")]})
    row = Invitation.objects.create(
        nonce=secrets.token_urlsafe(18), role=role, name=text.one_line(name)[:120], invited_by=by
    )
    ledger.write_about("invite", f"invitation:{row.pk}", by=by, reason=role)
    return signing.dumps(row.nonce, salt=_SALT)


def read(token: str) -> Invitation:
    """The invitation behind a link, while it can be used. Raises `WrongState`; changes nothing."""
    try:
        nonce = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        nonce = ""
    row = Invitation.objects.filter(nonce=nonce, used_at=None, taken_back=False).first()
    oldest = timezone.now() - timedelta(days=settings.INVITATION_DAYS)
    if row is None or row.made_at < oldest:
        raise WrongState(
            _("This invitation was used, taken back, or is too old. Ask for another one.")
        )
    return row


@transaction.atomic
def accept(token: str, *, username: str, password: str) -> Person:
    """Make the account of an invitation; the link is of no use afterwards."""
    row = read(token)
    # The one that marks it first has it: two clicks at once make one account.
    if not Invitation.objects.filter(pk=row.pk, used_at=None).update(used_at=timezone.now()):
        raise WrongState(_("This invitation was used just now."))
    wanted = text.one_line(username)
    if Person.objects.filter(username__iexact=wanted).exists() or not wanted:
        raise Incomplete({"username": [_("Choose another name to sign in with.")]})
    person = Person(username=wanted[:150], first_name=row.name[:150], role=row.role)
    try:
        validate_password(password, person)
    except ValidationError as problem:
        raise Incomplete({"password": list(problem.messages)}) from problem
    person.set_password(password)
    person.save()
    ledger.write_about("join", f"person:{person.pk}", by=person, reason=row.role)
    return person


@transaction.atomic
def take_back(invitation: Invitation, *, by: Person) -> None:
    """Make a link of no use before somebody used it."""
    _demand_administrator(by)
    Invitation.objects.filter(pk=invitation.pk, used_at=None).update(taken_back=True)
    ledger.write_about("uninvite", f"invitation:{invitation.pk}", by=by)


@transaction.atomic
def give_role(person: Person, role: str, *, by: Person) -> Person:
    """Change what a person may do, from the next click on."""
    _demand_administrator(by)
    if role not in Role.values:
        raise Incomplete({"role": [_("This is no role here.")]})
    _keep_an_administrator(person, role)
    person.role = role
    person.is_staff = person.is_superuser = False
    person.save(update_fields=["role", "is_staff", "is_superuser"])
    ledger.write_about("role", f"person:{person.pk}", by=by, reason=role)
    return person


@transaction.atomic
def leave(person: Person, *, by: Person) -> Person:
    """End an account: every session of it at once, its second factor, its views, and what it held."""
    if person.pk != by.pk:
        _demand_administrator(by)
    _keep_an_administrator(person, "")
    person.is_active = False
    person.set_unusable_password()  # and with it the key of every session
    person.save(update_fields=["is_active", "password"])
    Authenticator.objects.filter(user=person).delete()
    SavedView.objects.filter(person=person).delete()
    Submission.objects.filter(claimed_by=person).update(claimed_by=None, claimed_until=None)
    ledger.write_about("leave", f"person:{person.pk}", by=by)
    tombstones.hide(tombstones.account(person.username))
    return person


@transaction.atomic
def take_care(person: Person, *, greyscale: bool, daily_limit: int | None) -> Person:
    """Keep how somebody wants to read; hers alone, and no line in the ledger."""
    person.greyscale, person.daily_limit = greyscale, daily_limit
    person.save(update_fields=["greyscale", "daily_limit"])
    return person


def _demand_administrator(by: Person) -> None:
    whose = _("Accounts are the administrators' work. Ask one of them.")
    permission.require(by, permission.ADMINISTRATORS, whose)


def _keep_an_administrator(person: Person, role: str) -> None:
    others = Person.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=person.pk)
    if role != Role.ADMINISTRATOR and person.role == Role.ADMINISTRATOR and not others.exists():
        raise NotAllowed(_("The archive needs an administrator. Make somebody else one first."))
