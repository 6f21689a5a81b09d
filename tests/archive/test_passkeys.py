"""Passkeys: added beside the code, used after the password or alone, refused when anything is bent."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from archive import ledger
from archive.models.person import Person
from archive.models.review import LedgerEntry
from tests.passkey import Device

pytestmark = pytest.mark.django_db
MFA = "/desk/account/mfa"
ADD, LIST, ALONE, SECOND = (
    f"{MFA}/webauthn/add/", f"{MFA}/webauthn/", f"{MFA}/webauthn/login/", f"{MFA}/authenticate/",
)  # fmt: skip
NOT_ACCEPTED = "This passkey was not accepted"
BENT: dict[str, dict[str, Any]] = {
    "nobody was verified": {"verified": False},
    "another site": {"origin": "https://desk.evil.example"},
    "another name": {"host": "evil.example"},
    "an old challenge": {"challenge": "b2xk"},
}
BROKEN = ("", "{}", "[]", "7", "null", '"x"', "{", '{"id": 5}', '{"id": "eA", "rawId": "eA"}',
          '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {}}',
          '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"userHandle": "__"}}')  # fmt: skip


@pytest.fixture(autouse=True)
def _strict(settings: Settings) -> None:
    """As in life, and nobody is limited by what another test has tried."""
    settings.DESK_REQUIRE_TOTP = True
    cache.clear()


def at_the_account(person: Person) -> Client:
    """Signed in, and the password said once more, as allauth asks before the account is touched."""
    client = Client()
    client.force_login(person)
    said = {"password": f"{person.username} of the desk"}
    assert client.post("/desk/account/reauthenticate/", said).status_code == 302
    return client


def add(person: Person, name: str = "my phone") -> tuple[Client, Device]:
    client, device = at_the_account(person), Device()
    options = client.get(ADD).context["js_data"]["creation_options"]
    answer = client.post(ADD, {"name": name, "credential": device.make(options)})
    assert answer.status_code == 302
    return client, device


def begin_alone(client: Client) -> Any:
    """What the sign-in page asks for when its button is pressed."""
    return client.get(ALONE, headers={"Accept": "application/json"}).json()["request_options"]


def enter(person: Person) -> tuple[Client, Any]:
    """The password was right; what the second factor is asked with."""
    client = Client()
    said = {"login": person.username, "password": f"{person.username} of the desk"}
    assert client.post("/desk/account/login/", said)["Location"] == SECOND
    return client, client.get(SECOND).context["js_data"]["request_options"]


def is_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


def test_a_passkey_is_added_named_renamed_and_seen(ines: Person) -> None:
    client, _device = add(ines, "  my \n phone ")
    assert Authenticator.objects.filter(user=ines, type="recovery_codes").exists()
    assert "my phone" in client.get(LIST).content.decode()
    row = Authenticator.objects.get(type="webauthn")
    edit = f"{MFA}/webauthn/keys/{row.pk}/edit/"
    for wrong in ("", "  ", "x" * 61):
        assert "wrong-words" in client.post(edit, {"name": wrong}).content.decode()
    assert client.post(edit, {"name": "the blue key"}).status_code == 302
    assert "the blue key" in client.get(LIST).content.decode()
    assert "the blue key" in client.get(f"{MFA}/").content.decode()
    assert is_in(client)


def test_a_passkey_alone_opens_the_desk_where_a_second_factor_is_asked_for(ines: Person) -> None:
    _client, device = add(ines)
    stranger = Client()
    options = begin_alone(stranger)
    assert options["publicKey"]["userVerification"] == "required"
    assert options["publicKey"]["rpId"] == "localhost"
    assert not options["publicKey"]["allowCredentials"], "nobody is told who has a passkey"
    shown = device.show(options)
    answer = stranger.post(ALONE, {"credential": shown, "next": "/desk/care/"})
    assert answer["Location"] == "/desk/care/"
    assert is_in(stranger)
    again = Client()
    begin_alone(again)
    again.post(ALONE, {"credential": shown})
    assert not is_in(again), "a challenge opens once"


def test_a_passkey_is_the_second_factor_after_the_password(ines: Person) -> None:
    _client, device = add(ines)
    client, options = enter(ines)
    assert not is_in(client)
    assert "Use my passkey" in client.get(SECOND).content.decode()
    client, options = enter(ines)
    assert client.post(SECOND, {"credential": device.show(options)}).status_code == 302
    assert is_in(client)


@pytest.mark.parametrize("how", BENT)
def test_what_is_bent_is_refused_in_every_ceremony(how: str, ines: Person) -> None:
    _client, device = add(ines)
    client, other = at_the_account(ines), Device()
    options = client.get(ADD).context["js_data"]["creation_options"]
    answer = client.post(ADD, {"name": "x", "credential": other.make(options, **BENT[how])})
    assert NOT_ACCEPTED in answer.content.decode()
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    client, options = enter(ines)
    answer = client.post(SECOND, {"credential": device.show(options, **BENT[how])})
    assert NOT_ACCEPTED in answer.content.decode()
    assert not is_in(client)
    client = Client()
    shown = device.show(begin_alone(client), **BENT[how])
    assert NOT_ACCEPTED in client.post(ALONE, {"credential": shown}, follow=True).content.decode()
    assert not is_in(client)


def test_a_passkey_proves_it_once_more_before_the_account_is_changed(ines: Person) -> None:
    _client, device = add(ines)
    client, again = Client(), f"{MFA}/webauthn/reauthenticate/"
    client.force_login(ines)
    assert client.get(ADD).status_code == 302
    options = client.get(again).context["js_data"]["request_options"]
    refused = client.post(again, {"credential": device.show(options, verified=False), "next": ADD})
    assert NOT_ACCEPTED in refused.content.decode()
    options = refused.context["js_data"]["request_options"]
    done = client.post(again, {"credential": device.show(options), "next": ADD})
    assert done["Location"] == ADD
    assert client.get(ADD).status_code == 200


@pytest.mark.parametrize("broken", BROKEN)
def test_whatever_is_posted_is_a_sentence(broken: str, ines: Person) -> None:
    client = at_the_account(ines)
    client.get(ADD)
    assert client.post(ADD, {"name": "x", "credential": broken}).status_code == 200
    client = Client()
    begin_alone(client)
    assert client.post(ALONE, {"credential": broken})["Location"] == "/desk/account/login/"
    assert not is_in(client)


def test_nobody_comes_in_with_a_key_that_is_not_theirs(ines: Person, ruth: Person) -> None:
    """A colleague who found Inés's key and cannot unlock it: not with her own challenge either."""
    _client, found = add(ines)
    _client, own = add(ruth)
    thief, options = enter(ruth)
    unlocked = found.show(options, verified=False)
    assert thief.post(ALONE, {"credential": unlocked}).status_code == 302
    options = thief.get(SECOND).context["js_data"]["request_options"]
    thief.post(SECOND, {"credential": found.show(options, verified=False)})
    assert not is_in(thief)
    thief = Client()
    assert thief.post(ALONE, {"credential": own.show(begin_alone(thief), owner=found.owner)})
    assert not is_in(thief)
    Person.objects.filter(pk=ines.pk).update(is_active=False)
    gone = Client()
    gone.post(ALONE, {"credential": found.show(begin_alone(gone))})
    assert not is_in(gone)


def test_the_last_second_factor_stays(ines: Person) -> None:
    client, _device = add(ines)
    row = Authenticator.objects.get(type="webauthn")
    remove = f"{MFA}/webauthn/keys/{row.pk}/remove/"
    for ask in (client.get, client.post):
        assert "This is your last second factor" in ask(remove, follow=True).content.decode()
    totp = Authenticator.objects.create(user=ines, type="totp", data={"secret": "x"})
    assert "opens the desk no more" in client.get(remove).content.decode()
    assert client.post(remove).status_code == 302
    assert not Authenticator.objects.filter(type="webauthn").exists()
    page = client.post(f"{MFA}/totp/deactivate/").content.decode()
    assert "This is your last second factor" in page
    assert Authenticator.objects.filter(pk=totp.pk).exists()


def test_the_app_moves_to_another_phone_in_one_step(ines: Person) -> None:
    """Her only factor, and never a moment without one."""
    Authenticator.objects.create(user=ines, type="totp", data={"secret": "x"})
    client = at_the_account(ines)
    activate = f"{MFA}/totp/activate/"
    secret = client.get(activate).context["form"].secret
    assert client.post(activate, {"code": "000000x"}).status_code == 200
    assert Authenticator.objects.get(type="totp").data == {"secret": "x"}
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post(activate, {"code": code}).status_code == 302
    assert Authenticator.objects.get(type="totp").data["secret"] == secret
    assert Authenticator.objects.filter(type="recovery_codes").count() == 1


def test_nobody_touches_the_passkeys_of_another(ines: Person, ruth: Person) -> None:
    add(ines)
    row = Authenticator.objects.get(user=ines, type="webauthn")
    client = at_the_account(ruth)
    for deed in ("remove", "edit"):
        address = f"{MFA}/webauthn/keys/{row.pk}/{deed}/"
        assert (
            client.get(address).status_code
            == client.post(address, {"name": "x"}).status_code
            == 404
        )
    assert Authenticator.objects.filter(pk=row.pk).exists()


def test_there_are_only_so_many(ines: Person, settings: Settings) -> None:
    settings.PASSKEYS_MAX = 1
    client, _device = add(ines)
    page = client.get(ADD, follow=True).content.decode()
    assert "as many passkeys as one can have" in page


# --- the ledger -----------------------------------------------------------------------------------
def set_up_the_app(client: Client) -> int:
    activate = f"{MFA}/totp/activate/"
    secret = client.get(activate).context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return client.post(activate, {"code": code}).status_code


def test_every_change_of_a_factor_is_a_line_in_the_ledger(ines: Person, odell: Person) -> None:
    client, whose = at_the_account(ines), f"person:{ines.pk}"

    known: list[int] = []

    def lines() -> list[tuple[str, str]]:
        """What the ledger gained since this was asked: each verb, and which passkey."""
        new = LedgerEntry.objects.exclude(pk__in=known)
        assert {(row.about, row.actor) for row in new} <= {(whose, ines)}
        known.extend(row.pk for row in new)
        return [(row.verb, row.reason) for row in new]

    set_up_the_app(client)
    assert lines() == [("make codes", ""), ("add app", "")]
    set_up_the_app(client)
    assert lines() == [("make codes", ""), ("move app", "")], "codes of an only factor go with it"
    client.post(f"{MFA}/recovery-codes/generate/")
    assert lines() == [("make codes", "")]
    options = client.get(ADD).context["js_data"]["creation_options"]
    client.post(ADD, {"name": "Rosalba's phone", "credential": Device().make(options)})
    key = Authenticator.objects.get(type="webauthn").pk
    assert lines() == [("add passkey", f"passkey:{key}")]
    client.post(f"{MFA}/totp/deactivate/")
    assert lines() == [("stop app", "")]
    client.post(f"{MFA}/totp/deactivate/")
    client.post(f"{MFA}/webauthn/keys/{key}/remove/")
    assert lines() == [], "what was refused is no line"
    set_up_the_app(client)
    client.post(f"{MFA}/webauthn/keys/{key}/remove/")
    assert lines() == [("add app", ""), ("remove passkey", f"passkey:{key}")]
    Authenticator.objects.create(user=odell, type="totp", data={"secret": "x"})
    client.force_login(odell)
    people = client.get("/desk/people/").content.decode()
    assert f"/desk/ledger/?about={whose}" in people
    page = client.get(f"/desk/ledger/?about={whose}").content.decode()
    assert "removed a passkey" in page
    assert f"Only what concerns {ines}" in page
    assert "Rosalba" not in page
    assert not client.get("/desk/ledger/?about=person:0").context["entries"]


def test_no_factor_without_its_line(ines: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the ledger cannot be written to, nothing has changed."""
    client, _device = add(ines)
    held = list(Authenticator.objects.order_by("pk").values("pk", "type", "data"))

    def refuse(*_words: object, **_names: object) -> None:
        raise RuntimeError("no room in the ledger")

    monkeypatch.setattr(ledger, "write_about", refuse)
    with pytest.raises(RuntimeError, match="no room"):
        client.post(f"{MFA}/recovery-codes/generate/")
    with pytest.raises(RuntimeError, match="no room"):
        set_up_the_app(client)
    options = client.get(ADD).context["js_data"]["creation_options"]
    with pytest.raises(RuntimeError, match="no room"):
        client.post(ADD, {"name": "x", "credential": Device().make(options)})
    assert list(Authenticator.objects.order_by("pk").values("pk", "type", "data")) == held
