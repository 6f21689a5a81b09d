"""A passkey in a real browser: Chromium's own virtual authenticator makes it and signs with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page
from pytest_django import Settings

from archive.models.person import Person
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
    page.click("main form button")


def test_a_passkey_from_its_making_to_its_end(
    open_page: OpenPage, ines: Person, settings: Settings
) -> None:
    page, dress = open_page(), InTurn()
    finger = plug_in(page)
    sign_in(page, "ines")
    page.goto("/desk/care/")
    page.click(f"a[href='{MFA}']")
    page.click("text=Add a passkey")  # her password was typed a moment ago
    page.fill("input[name=name]", "my laptop")
    assert_open_to_everybody(page, "add", dress())
    page.click("text=Make the passkey")
    page.wait_for_url("**/recovery-codes/")
    settings.DESK_REQUIRE_TOTP = True

    page.goto("/desk/account/logout/")
    page.click("main form button")
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
    page.click("main form button")
    page.goto("/desk/")
    page.fill("input[name=login]", "ines")
    page.fill("input[name=password]", PASSWORD.format("ines"))
    page.click("main form button.main")
    page.wait_for_url("**/authenticate/")
    assert_open_to_everybody(page, "second factor", dress())
    page.click("text=Use my passkey")
    page.get_by_role("heading", name="What waits").wait_for()

    Authenticator.objects.create(user=ines, type="totp", data={"secret": "x"})
    page.goto(f"{MFA}webauthn/")
    assert "my laptop" in page.inner_text("main")
    assert_open_to_everybody(page, "passkeys", dress())
    page.click("text=Remove my laptop")
    say_it_again(page)
    page.click("text=Remove it")
    page.wait_for_url("**/webauthn/")
    assert not Authenticator.objects.filter(type="webauthn").exists()


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
