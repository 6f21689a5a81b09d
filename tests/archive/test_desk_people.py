"""Who comes to the desk, by which link, with which second factor, and how they leave it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import signing
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from archive import invitations, moderation, permission
from archive.models.person import Invitation, Person, Role
from archive.models.review import LedgerEntry
from archive.models.submission import Submission
from archive.refusals import Incomplete, NotAllowed, WrongState
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
CHOSEN = {"username": "mina", "password": "a bus at four in the morning"}


# --- invitations ----------------------------------------------------------------------------------
def test_an_invitation_is_looked_at_often_and_used_once(client: Client, odell: Person) -> None:
    client.force_login(odell)
    page = client.post("/desk/people/", {"verb": "invite", "name": "Mina", "role": "moderator"})
    link = re.search(r"/desk/invited/[^/<\s]+/", page.content.decode())
    assert link is not None
    assert link[0] not in client.get("/desk/people/").content.decode(), "shown once"
    stranger = Client()
    for _ in range(20):  # scanners of letter boxes
        assert stranger.get(link[0]).status_code == 200
        assert stranger.head(link[0]).status_code == 200
    assert stranger.post(link[0], {"username": "ruth", "password": "short"}).status_code == 422
    assert stranger.post(link[0], CHOSEN).status_code == 302
    mina = Person.objects.get(username="mina")
    assert (mina.role, mina.shown, mina.is_staff) == (Role.MODERATOR, "Mina", False)
    assert stranger.get(link[0]).status_code == 410
    assert stranger.post(link[0], {**CHOSEN, "username": "other"}).status_code == 410
    assert Person.objects.filter(username="other").count() == 0
    assert set(LedgerEntry.objects.values_list("verb", flat=True)) == {"invite", "join"}


def test_old_forged_and_withdrawn_links_open_nothing(odell: Person, settings: Settings) -> None:
    token = invitations.invite("Mina", Role.EDITOR, by=odell)
    row = Invitation.objects.get()
    for forged in ("", "x", token[:-1], token + "x", signing.dumps(row.nonce), row.nonce):
        with pytest.raises(WrongState):
            invitations.read(forged)
    late = timezone.now() + timedelta(days=settings.INVITATION_DAYS, minutes=1)
    with time_machine.travel(late), pytest.raises(WrongState):
        invitations.accept(token, **CHOSEN)
    invitations.take_back(row, by=odell)
    with pytest.raises(WrongState):
        invitations.accept(token, **CHOSEN)
    assert not Person.objects.filter(username="mina").exists()


@pytest.mark.parametrize("who", ["wren", "ines", "ruth"])
def test_administrators_alone_invite_and_change_roles(
    who: str, client: Client, request: pytest.FixtureRequest, odell: Person
) -> None:
    by = request.getfixturevalue(who)
    for deed in (
        lambda: invitations.invite("Mina", Role.GUEST, by=by),
        lambda: invitations.give_role(by, Role.ADMINISTRATOR, by=by),
        lambda: invitations.leave(odell, by=by),
    ):
        with pytest.raises(NotAllowed):
            deed()
    client.force_login(by)
    posted = {"verb": "role", "person": by.pk, "role": "administrator"}
    assert client.post("/desk/people/", posted).status_code == 403
    by.refresh_from_db()
    assert by.role != Role.ADMINISTRATOR


def test_the_last_administrator_stays_one(odell: Person, ruth: Person) -> None:
    for deed in (
        lambda: invitations.give_role(odell, Role.GUEST, by=odell),
        lambda: invitations.leave(odell, by=odell),
    ):
        with pytest.raises(NotAllowed):
            deed()
    invitations.give_role(ruth, Role.ADMINISTRATOR, by=odell)
    invitations.leave(odell, by=odell)


def test_no_role_that_there_is_not(odell: Person, ruth: Person) -> None:
    for role in ("", "root", "Editor"):
        with pytest.raises(Incomplete):
            invitations.give_role(ruth, role, by=odell)


# --- leaving --------------------------------------------------------------------------------------
def test_whoever_leaves_is_out_with_the_next_click_and_lets_go(
    client: Client, odell: Person, ines: Person
) -> None:
    piece = moderation.claim(factories.submission(), by=ines)
    Authenticator.objects.create(user=ines, type=Authenticator.Type.TOTP, data={})
    client.force_login(ines)
    assert client.get("/desk/").status_code == 200
    boss = Client()
    boss.force_login(odell)
    boss.post("/desk/people/", {"verb": "leave", "person": ines.pk})
    assert client.get("/desk/").status_code == 302
    answer = client.post(f"/desk/pieces/{piece.reference}/", {"verb": "accept", "version": 1})
    assert "/desk/account/login/" in answer["Location"]
    assert Submission.objects.get().claimed_by is None
    assert not Authenticator.objects.exists()
    assert not Client().login(username="ines", password="ines of the desk")


# --- sessions -------------------------------------------------------------------------------------
def test_a_session_ends_after_half_an_hour_without_a_click(client: Client, ines: Person) -> None:
    with time_machine.travel("2026-11-21 09:00:00+00:00", tick=False) as clock:
        client.force_login(ines)
        for _ in range(6):  # two hours of work
            clock.shift(20 * 60)
            assert client.get("/desk/").status_code == 200
        clock.shift(30 * 60 + 1)
        assert client.get("/desk/").status_code == 302


def test_a_session_ends_after_a_long_day(client: Client, ines: Person) -> None:
    with time_machine.travel("2026-11-21 06:00:00+00:00", tick=False) as clock:
        client.force_login(ines)
        for _ in range(36):
            clock.shift(20 * 60 - 1)
            assert client.get("/desk/").status_code == 200
        clock.shift(25 * 60)
        assert client.get("/desk/").status_code == 302


# --- the second factor ----------------------------------------------------------------------------
def test_without_a_second_factor_the_desk_is_its_set_up_page(
    client: Client, ines: Person, settings: Settings
) -> None:
    settings.DESK_REQUIRE_TOTP = True
    piece = factories.submission()
    client.force_login(ines)
    for address in ("/desk/", f"/desk/pieces/{piece.reference}/", "/desk/themes/", "/desk/care/"):
        assert client.get(address)["Location"] == "/desk/account/mfa/totp/activate/"
    posted = client.post(f"/desk/pieces/{piece.reference}/", {"verb": "accept", "version": 1})
    assert posted["Location"] == "/desk/account/mfa/totp/activate/"
    assert Submission.objects.get().accepted_version is None
    Authenticator.objects.create(user=ines, type=Authenticator.Type.TOTP, data={})
    assert client.get("/desk/").status_code == 200


def test_who_comes_for_the_first_time_is_not_asked_twice_for_her_password(
    ines: Person, settings: Settings
) -> None:
    settings.DESK_REQUIRE_TOTP = True
    said = {"login": "ines", "password": "ines of the desk"}
    first = Client()
    set_up = first.post("/desk/account/login/", said, follow=True)
    assert set_up.redirect_chain[-1][0] == "/desk/account/mfa/totp/activate/"
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        later = first.get("/desk/account/mfa/totp/activate/")
    assert "/reauthenticate/" in later["Location"]


def test_the_password_alone_opens_nothing_once_there_is_a_second_factor(
    client: Client, ines: Person, settings: Settings
) -> None:
    settings.DESK_REQUIRE_TOTP = True
    Authenticator.objects.create(user=ines, type=Authenticator.Type.TOTP, data={"secret": "x"})
    answer = client.post("/desk/account/login/", {"login": "ines", "password": "ines of the desk"})
    assert answer["Location"].startswith("/desk/account/mfa/authenticate/")
    assert "/desk/account/login/" in client.get("/desk/")["Location"]


@pytest.mark.parametrize("who", ["wren", "ines", "ruth", "odell"])
def test_the_rooms_of_editors_say_so_before_anybody_writes_in_vain(
    client: Client, cast: Cast, who: str
) -> None:
    person = getattr(cast, who)
    factories.theme("visits")
    factories.campaign()
    client.force_login(person)
    assert person.edits is (person.role in permission.EDITORS)
    for address in (
        "/desk/themes/visits/", "/desk/places/attica/", "/desk/pages/about/", "/desk/news/new/",
        "/desk/campaigns/closer-to-home/",
    ):  # fmt: skip
        page = client.get(address).content.decode()
        assert ("You can read it." in page) is not person.edits, address
        assert ('<fieldset class="reading" disabled>' in page) is not person.edits, address
    assert ("Keep these words" in client.get("/desk/reasons/?code=twice").content.decode()) is (
        person.edits
    )


# --- care -----------------------------------------------------------------------------------------
def test_enough_is_enough_when_she_says_so(client: Client, ines: Person) -> None:
    for _ in range(3):
        factories.submission()
    client.force_login(ines)
    client.post("/desk/care/", {"daily_limit": "2", "greyscale": "on"})
    ines.refresh_from_db()
    assert (ines.greyscale, ines.daily_limit) == (True, 2)
    for _ in range(3):
        answer = client.post("/desk/next/", follow=True)
    assert "enough for today" in answer.content.decode()
    assert Submission.objects.filter(claimed_by=ines).count() == 2
    assert client.post("/desk/care/", {"daily_limit": "-1"}).status_code == 422
    assert not LedgerEntry.objects.filter(about__startswith="person").exists()
