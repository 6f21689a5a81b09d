"""A passkey in a real browser: Chromium's own virtual authenticator makes it and signs with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page
from pytest_django import Settings

from archive import ledger, register
from archive.models.person import Person
from tests.browser.arriving import arrive
from tests.browser.audit import InTurn, assert_open_to_everybody
from tests.browser.conftest import OpenPage
from tests.browser.desk import PASSWORD, sign_in

MFA = "/desk/account/mfa/"
NEEDS = "Passkeys need a newer browser"


def plug_in(page: Page) -> Callable[[bool], None]:
    """Give this browser a device with a fingerprint reader; what is returned sets whose finger lies on it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    made = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )

    def finger(hers: bool) -> None:
        session.send(
            "WebAuthn.setUserVerified",
            {"authenticatorId": made["authenticatorId"], "isUserVerified": hers},
        )

    return finger


def say_it_again(page: Page) -> None:
    """The password once more, before something about the account is changed."""
    page.fill("input[name=password]", PASSWORD.format("ines"))
    arrive(page, "main form button")


def test_a_passkey_from_its_making_to_its_end(
    open_page: OpenPage, ines: Person, settings: Settings
) -> None:
    page, dress = open_page(), InTurn()
    finger = plug_in(page)
    sign_in(page, "ines")
    page.goto("/desk/care/")
    arrive(page, f"a[href='{MFA}']")
    arrive(page, "text=Add a passkey")  # her password was typed a moment ago
    page.fill("input[name=name]", "my laptop")
    assert_open_to_everybody(page, "add", dress())
    arrive(page, "text=Make the passkey")
    assert page.url.endswith("/recovery-codes/")
    settings.DESK_REQUIRE_TOTP = True

    page.goto("/desk/account/logout/")
    arrive(page, "main form button")
    page.goto("/desk/")
    finger(False)
    page.click("text=Sign in with a passkey")
    page.locator("[data-said]:not(:empty)").wait_for()
    assert "/account/login/" in page.url
    assert_open_to_everybody(page, "sign in, not verified", dress())
    finger(True)
    page.click("text=Sign in with a passkey")
    page.get_by_role("heading", name="What waits").wait_for()

    page.goto("/desk/account/logout/")
    arrive(page, "main form button")
    page.goto("/desk/")
    page.fill("input[name=login]", "ines")
    page.fill("input[name=password]", PASSWORD.format("ines"))
    arrive(page, "main form button.main")
    assert page.url.endswith("/authenticate/")
    assert_open_to_everybody(page, "second factor", dress())
    page.click("text=Use my passkey")
    page.get_by_role("heading", name="What waits").wait_for()

    Authenticator.objects.create(user=ines, type="totp", data={"secret": "x"})
    page.goto(f"{MFA}webauthn/")
    assert "my laptop" in page.inner_text("main")
    assert_open_to_everybody(page, "passkeys", dress())
    arrive(page, "text=Remove my laptop")
    say_it_again(page)
    arrive(page, "text=Remove it")
    assert page.url.endswith("/webauthn/")
    assert not Authenticator.objects.filter(type="webauthn").exists()


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_every_page_of_the_second_factor_is_open_to_everybody(
    open_page: OpenPage, ines: Person, settings: Settings, prefix: str
) -> None:
    """Each in both languages and every dress; the journey above sees some, in one dress each."""
    account = f"{prefix}/desk/account/"
    page = open_page()

    def look(name: str) -> None:
        assert_open_to_everybody(page, f"{prefix} {name}")

    def visit(name: str, address: str) -> None:
        page.goto(f"{account}{address}")
        assert page.url.endswith(address), f"{name} leads to {page.url}"
        look(name)

    plug_in(page)
    sign_in(page, "ines", prefix)
    visit("none yet", "mfa/")
    # Not asked of her just now, when she has signed in a moment ago: by its own address.
    page.goto(f"{account}reauthenticate/?next={account}mfa/totp/activate/")
    look("once more, by password")
    say_it_again(page)
    visit("set up the app", "mfa/totp/activate/")
    page.fill("input[name=code]", "000000")
    page.click("main form button")
    look("not the right code")
    visit("add a passkey", "mfa/webauthn/add/")
    page.fill("input[name=name]", "my laptop")
    page.click("main form button")
    page.wait_for_url("**/recovery-codes/")
    look("recovery codes")
    Authenticator.objects.create(user=ines, type="totp", data={"secret": "x"})
    passkey = Authenticator.objects.get(type="webauthn").pk
    visit("both", "mfa/")
    visit("new codes", "mfa/recovery-codes/generate/")
    visit("stop using the app", "mfa/totp/deactivate/")
    visit("passkeys", "mfa/webauthn/")
    visit("another name", f"mfa/webauthn/keys/{passkey}/edit/")
    visit("remove it", f"mfa/webauthn/keys/{passkey}/remove/")
    visit("once more, by code", "mfa/reauthenticate/")
    visit("once more, by passkey", "mfa/webauthn/reauthenticate/")
    for verb in register.WORDS:
        ledger.write_about(verb, f"person:{ines.pk}", by=ines, reason="passkey:3")
    page.goto(f"{prefix}/desk/ledger/?about=person:{ines.pk}")
    look("every verb that the ledger knows")
    visit("sign out", "logout/")
    page.click("main form button")
    visit("sign in", "login/")
    page.fill("input[name=login]", "ines")
    page.fill("input[name=password]", PASSWORD.format("ines"))
    page.click("main form button.main")
    page.wait_for_url("**/authenticate/")
    look("the second factor is asked for")


@pytest.mark.parametrize(("scripts", "host"), [(False, "localhost"), (True, "stories.example.org")])
def test_where_it_cannot_be_the_page_says_so_and_leads_to_the_code(
    open_page: OpenPage, db: None, settings: Settings, scripts: bool, host: str
) -> None:
    """Without scripts; and at another name than the site's own, as on an address of numbers."""
    settings.PASSKEY_HOST = host
    page = open_page(java_script_enabled=scripts)
    page.goto("/desk/account/login/")
    assert NEEDS in page.inner_text("main")
    assert not page.locator("text=Sign in with a passkey").is_visible()
