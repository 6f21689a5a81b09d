"""Every address of the archive: it answers, refuses, and carries the headers that it must.

The table below is the list of addresses. One that is added to `archive/urls.py` and not to the
table fails the test, so that nobody opens a door without saying who may go through it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from archive import catalogue, jobs
from archive.models.story import Story
from archive.models.submission import Enclosure, Submission
from media.models import Rendition
from tests import factories

SIGN_IN = "sign in"  # anonymous visitors are sent to the login page
LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Ground:
    """One of everything that an address can name."""

    story: Story
    waiting: Submission
    enclosure: Enclosure
    rendition: str


@pytest.fixture
def ground(db: None) -> Ground:
    """A public story with a photograph, theme, place and campaign; a piece that waits."""
    catalogue.ensure()
    with factories.committed():
        story = factories.published(
            factories.telling(place=factories.place("attica")),
            themes=[factories.theme()],
            campaigns=[factories.campaign()],
            enclosed=[factories.enclosed()],
        )
    jobs.run_due()
    waiting = factories.submission(enclosed=[factories.enclosed()])
    enclosure = waiting.enclosures.get()
    return Ground(story, waiting, enclosure, Rendition.objects.first().name)


@dataclass(frozen=True)
class Address:
    """What a stranger gets at an address, and with what in its path."""

    status: int | str = 200
    to: str = ""  # where a redirect leads, by the name of an address
    path: Any = None  # Ground -> keyword arguments
    back: str = ""  # only posted to: the address where its button stands

    def arguments(self, ground: Ground) -> Mapping[str, Any]:
        return self.path(ground) if self.path else {}


def _piece(ground: Ground) -> dict[str, Any]:
    return {"reference": ground.waiting.reference}


def _campaign(_ground: Ground) -> dict[str, Any]:
    return {"slug": "closer-to-home"}


ADDRESSES = {
    "healthz": Address(),
    "robots": Address(),
    "sitemap": Address(),
    "favicon": Address(302),
    "rendition": Address(path=lambda ground: {"name": ground.rendition}),
    "api-stories": Address(),
    "api-story": Address(path=lambda ground: {"public_id": ground.story.public_id}),
    "api-themes": Address(),
    "api-places": Address(),
    "api-campaigns": Address(),
    "api-suggest": Address(),
    "api-submissions": Address(405),
    "api-schema": Address(),
    "api-docs": Address(),
    "home": Address(),
    "stories": Address(),
    "feed": Address(),
    "story_bare": Address(
        302, to="story", path=lambda ground: {"public_id": ground.story.public_id}
    ),
    "story": Address(
        path=lambda ground: {"public_id": ground.story.public_id, "slug": ground.story.slug}
    ),
    "plate_bare": Address(
        302, to="plate", path=lambda ground: {"public_id": ground.story.public_id, "number": 1}
    ),
    "plate": Address(
        path=lambda ground: {
            "public_id": ground.story.public_id,
            "slug": ground.story.slug,
            "number": 1,
        }
    ),
    "story_card": Address(path=lambda ground: {"public_id": ground.story.public_id}),
    "story_concern": Address(path=lambda ground: {"public_id": ground.story.public_id}),
    "news": Address(),
    "newsletter": Address(),
    "newsletter_asked": Address(),
    "newsletter_confirm": Address(404, path=lambda ground: {"token": "nobodys"}),
    "newsletter_leave": Address(404, path=lambda ground: {"token": "nobodys"}),
    "themes": Address(),
    "theme": Address(path=lambda ground: {"slug": "visits"}),
    "places": Address(),
    "place": Address(path=lambda ground: {"slug": "attica"}),
    "campaigns": Address(),
    "campaign": Address(path=_campaign),
    "report": Address(404, path=lambda ground: {**_campaign(ground), "public_id": "0000000000"}),
    "search_help": Address(),
    "page": Address(path=lambda ground: {"slug": "about"}),
    "share": Address(),
    "share_story": Address(),
    "share_photos": Address(),
    "receipt": Address(),
    "share_leave": Address(),
    "desk": Address(SIGN_IN),
    "desk_views": Address(SIGN_IN),
    "desk_next": Address(SIGN_IN, back="desk"),
    "desk_many": Address(SIGN_IN, back="desk"),
    "desk_many_undo": Address(SIGN_IN, back="desk_ledger"),
    "desk_themes": Address(SIGN_IN),
    "desk_campaigns": Address(SIGN_IN),
    "desk_campaign_new": Address(SIGN_IN),
    "desk_campaign": Address(SIGN_IN, path=_campaign),
    "desk_report_add": Address(SIGN_IN, back="desk_campaign", path=_campaign),
    "desk_report_remove": Address(
        SIGN_IN,
        back="desk_campaign",
        path=lambda ground: {**_campaign(ground), "public_id": "0000000000"},
    ),
    "desk_news": Address(SIGN_IN),
    "desk_note_new": Address(SIGN_IN),
    "desk_note": Address(SIGN_IN, path=lambda ground: {"number": 1}),
    "desk_note_remove": Address(SIGN_IN, back="desk_news", path=lambda ground: {"number": 1}),
    "desk_pages": Address(SIGN_IN),
    "desk_page": Address(SIGN_IN, path=lambda ground: {"slug": "about"}),
    "desk_newsletter": Address(SIGN_IN),
    "desk_newsletter_export": Address(SIGN_IN, back="desk_newsletter"),
    "desk_concerns": Address(SIGN_IN),
    "desk_concern": Address(SIGN_IN, back="desk_concerns", path=lambda ground: {"number": 1}),
    "desk_components": Address(SIGN_IN),
    "desk_piece": Address(SIGN_IN, path=_piece),
    "desk_compare": Address(SIGN_IN, path=_piece),
    "desk_contact": Address(SIGN_IN, back="desk_piece", path=_piece),
    "desk_reasons": Address(SIGN_IN),
    "desk_morning": Address(SIGN_IN),
    "desk_ledger": Address(SIGN_IN),
    "desk_ledger_export": Address(SIGN_IN, back="desk_ledger"),
    "desk_people": Address(SIGN_IN),
    "desk_invited": Address(410, path=lambda ground: {"token": "nobodys"}),
    "desk_care": Address(SIGN_IN),
    "desk_theme_new": Address(SIGN_IN),
    "desk_theme": Address(SIGN_IN, path=lambda ground: {"slug": "visits"}),
    "desk_theme_act": Address(SIGN_IN, back="desk_theme", path=lambda ground: {"slug": "visits"}),
    "desk_places": Address(SIGN_IN),
    "desk_place": Address(SIGN_IN, path=lambda ground: {"slug": "attica"}),
    "desk_photo": Address(
        SIGN_IN,
        path=lambda ground: {**_piece(ground), "enclosure": ground.enclosure.pk, "width": 240},
    ),
    "desk_photographs": Address(SIGN_IN, path=_piece),
    "desk_photograph": Address(
        SIGN_IN, path=lambda ground: {**_piece(ground), "enclosure": ground.enclosure.pk}
    ),
    "desk_photo_bare": Address(
        SIGN_IN, path=lambda ground: {**_piece(ground), "enclosure": ground.enclosure.pk}
    ),
    # The sign-in library's own. Nobody signs up and nobody confirms an address: people are invited.
    "account_login": Address(),
    "account_logout": Address(302, to="home"),
    "account_signup": Address(),
    "account_inactive": Address(),
    "account_reauthenticate": Address(SIGN_IN),
    "account_email": Address(SIGN_IN),
    "account_email_verification_sent": Address(),
    "account_confirm_email": Address(path=lambda ground: {"key": "nobodys"}),
    "account_change_password": Address(SIGN_IN),
    "account_set_password": Address(SIGN_IN),
    "account_reset_password": Address(),
    "account_reset_password_done": Address(),
    "account_reset_password_from_key": Address(
        path=lambda ground: {"uidb36": "1", "key": "nobodys"}
    ),
    "account_reset_password_from_key_done": Address(),
    "account_confirm_login_code": Address(302, to="account_login"),
    "mfa_index": Address(SIGN_IN),
    "mfa_authenticate": Address(302, to="account_login"),
    "mfa_reauthenticate": Address(SIGN_IN),
    "mfa_activate_totp": Address(SIGN_IN),
    "mfa_deactivate_totp": Address(SIGN_IN),
    "mfa_view_recovery_codes": Address(SIGN_IN),
    "mfa_generate_recovery_codes": Address(SIGN_IN),
    "mfa_download_recovery_codes": Address(SIGN_IN),
    "mfa_list_webauthn": Address(SIGN_IN),
    "mfa_add_webauthn": Address(SIGN_IN),
    "mfa_edit_webauthn": Address(SIGN_IN, path=lambda ground: {"pk": 1}),
    "mfa_remove_webauthn": Address(SIGN_IN, path=lambda ground: {"pk": 1}),
    "mfa_reauthenticate_webauthn": Address(SIGN_IN),
    "mfa_login_webauthn": Address(302, to="account_login"),
}
PUBLIC = (
    "home", "stories", "feed", "story", "themes", "theme", "places", "place", "campaigns",
    "campaign", "search_help", "page", "news", "newsletter", "newsletter_asked",
)  # fmt: skip
PRIVATE = tuple(
    name
    for name in ADDRESSES
    if name.startswith(("share", "desk", "account", "mfa")) or name == "receipt"
)
POSTED_TO = {name: address.back for name, address in ADDRESSES.items() if address.back}
TAKES_A_POST = {"newsletter"}  # of the public pages: no account, no cookie, a letter confirms
# What every answer carries, whatever it answers (safety.md I3).
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def names(resolver: URLResolver | None = None) -> Iterator[str]:
    """The name of every address there is."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLPattern):
            yield each.name or ""
        else:
            yield from names(each)


def url(name: str, ground: Ground, language: str = "en") -> str:
    with translation.override(language):
        return reverse(name, kwargs=ADDRESSES[name].arguments(ground))


def assert_sealed(response: Any) -> None:
    """The headers of every answer are there, and none that tells what we run."""
    for name, value in EVERYWHERE.items():
        assert response.headers.get(name) == value, name
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert not {"Server", "X-Powered-By", "Via"} & set(response.headers)


def test_the_table_names_every_address() -> None:
    assert sorted(set(names())) == sorted(ADDRESSES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranger_gets_what_the_table_says(client: Client, ground: Ground, language: str) -> None:
    for name, address in ADDRESSES.items():
        response = client.get(url(name, ground, language))
        if address.status == SIGN_IN:
            assert response.status_code == 302, name
            assert "/desk/account/login/?next=" in response["Location"], name
        else:
            assert response.status_code == address.status, name
        if address.to:
            owners = {"story": ground.story, "plate": ground.story.photos.first()}
            owner = owners.get(address.to)
            with translation.override(language):
                wanted = owner.get_absolute_url() if owner else reverse(address.to)
            assert response["Location"].partition("?")[0] == wanted, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_head_answers_like_get_without_a_body(
    client: Client, ground: Ground, language: str
) -> None:
    for name in ADDRESSES:
        here = url(name, ground, language)
        asked, whole = client.head(here), client.get(here)
        assert asked.status_code == whole.status_code, name
        assert asked.content == b"", name
        assert asked["Content-Type"] == whole["Content-Type"], name


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_what_changes_something_wants_a_post(
    client: Client, ground: Ground, method: str, odell: Any
) -> None:
    """Whoever only looks is led to where the button stands, with a sentence."""
    client.force_login(odell)
    for name, back in POSTED_TO.items():
        answer = getattr(client, method)(url(name, ground))
        if method in ("put", "delete"):
            assert answer.status_code == 405, name
        else:
            assert answer["Location"] == url(back, ground), name
    if method == "get":
        page = client.get(url("desk_many", ground), follow=True)
        assert "Nothing was done. Press the button here once more." in page.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_public_pages_can_only_be_read(client: Client, ground: Ground, method: str) -> None:
    programs = {"api-stories", "api-story", "api-themes", "rendition", "robots"}
    for name in {*PUBLIC, *programs} - TAKES_A_POST:
        assert getattr(client, method)(url(name, ground)).status_code == 405, name


# --- headers ----------------------------------------------------------------------------------------


def test_every_answer_carries_the_headers(client: Client, ground: Ground) -> None:
    for name in ADDRESSES:
        assert_sealed(client.get(url(name, ground)))


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/nothing/here/", {}, 404),
        ("/stories/0000000000/", {}, 404),
        ("/api/v1/nothing/", {}, 404),
        ("/api/v1/stories/0000000000/", {}, 404),
        ("/gallery/nothing.webp", {}, 404),
        ("/static/nothing.css", {}, 404),
        ("/stories", {}, 301),
        ("/", {"HTTP_HOST": "evil.example"}, 400),
        ("/", {"HTTP_HOST": "evil host\\"}, 400),
        ("/api/v1/stories/", {"HTTP_HOST": "evil.example"}, 400),
    ],
)
def test_errors_carry_the_headers(
    client: Client, db: None, path: str, asked: dict[str, Any], status: int
) -> None:
    response = client.get(path, **asked)
    assert response.status_code == status
    assert_sealed(response)
    assert "evil" not in response.content.decode()


def test_a_strange_host_over_https_carries_the_headers(
    client: Client, db: None, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert_sealed(response)


def test_our_own_mistakes_carry_the_headers_and_say_nothing(
    client: Client, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("planted-4711")

    monkeypatch.setattr("archive.web.public.catalogue.find", break_down)
    client.raise_request_exception = False
    response = client.get("/stories/")
    assert response.status_code == 500
    assert_sealed(response)
    assert "planted-4711" not in response.content.decode()


# --- cookies and caches -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_readers_get_no_cookie_and_pages_do_not_depend_on_one(
    client: Client, ground: Ground, language: str, ruth: Any
) -> None:
    for name in (*PUBLIC, "api-stories", "api-story", "api-docs", "sitemap", "robots", "rendition"):
        response = client.get(url(name, ground, language))
        assert not response.cookies, name
        assert "cookie" not in response.headers.get("Vary", "").lower(), name
    client.force_login(ruth)
    for name in PUBLIC:
        response = client.get(url(name, ground, language))
        assert "cookie" not in response.headers.get("Vary", "").lower(), name


def test_a_page_that_has_not_changed_is_not_sent_again(client: Client, ground: Ground) -> None:
    for name in PUBLIC:
        first = client.get(url(name, ground))
        again = client.get(url(name, ground), HTTP_IF_NONE_MATCH=first["ETag"])
        assert (again.status_code, again.content) == (304, b""), name
        assert_sealed(again)
        assert "no-cache" in first["Cache-Control"], "a copy must be asked about every time"


def test_what_is_published_makes_every_kept_copy_old(client: Client, ground: Ground) -> None:
    before = client.get("/stories/")
    with factories.committed():
        factories.published(factories.telling(title="Another morning"))
    after = client.get("/stories/", HTTP_IF_NONE_MATCH=before["ETag"])
    assert after.status_code == 200
    assert "Another morning" in after.content.decode()


def test_pages_are_packed_for_who_can_unpack_them(client: Client, ground: Ground) -> None:
    plain, packed = client.get("/"), client.get("/", HTTP_ACCEPT_ENCODING="br, gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain
    assert len(packed.content) < len(plain.content) / 2
    assert "Accept-Encoding" in plain["Vary"]


def test_nobody_keeps_what_is_not_public(client: Client, ground: Ground, ruth: Any) -> None:
    for signed_in in (False, True):
        if signed_in:
            client.force_login(ruth)
        for name in PRIVATE:
            if name == "account_logout":
                continue  # a signed-in reader would be signed out
            response = client.get(url(name, ground))
            assert "no-store" in response.headers.get("Cache-Control", ""), (name, signed_in)
            assert "ETag" not in response.headers, name


def test_nobody_keeps_an_answer_that_there_is_nothing(client: Client, db: None) -> None:
    for path in ("/stories/0000000000/", "/nothing/", "/gallery/gone.webp"):
        assert "no-store" in client.get(path).headers.get("Cache-Control", ""), path


# --- search engines ---------------------------------------------------------------------------------


@pytest.mark.parametrize("allowed", [True, False])
def test_search_engines_are_told_what_the_teller_said(
    client: Client, db: None, allowed: bool
) -> None:
    with factories.committed():
        story = factories.published(permits=factories.allowed(search_engines=allowed))
    page = client.get(story.get_absolute_url())
    answer = client.get(reverse("api-story", args=[story.public_id]))
    listed = story.public_id in client.get("/sitemap.xml").content.decode()
    assert ("noindex" in page.headers.get("X-Robots-Tag", "")) is not allowed
    assert ("noindex" in answer.headers.get("X-Robots-Tag", "")) is not allowed
    assert ("application/ld+json" in page.content.decode()) is allowed
    assert listed is allowed


def test_searches_are_not_for_search_engines(client: Client, ground: Ground) -> None:
    assert "noindex" in client.get("/stories/?q=bus")["X-Robots-Tag"]
    assert "X-Robots-Tag" not in client.get("/stories/")
    for name in ("share", "share_story", "receipt", "desk_piece"):
        response = client.get(url(name, ground), follow=False)
        if response.status_code == 200:
            assert "noindex" in response["X-Robots-Tag"], name


# --- addresses that are almost right ----------------------------------------------------------------


def test_an_old_title_in_an_address_leads_to_the_new_one(client: Client, ground: Ground) -> None:
    response = client.get(f"/stories/{ground.story.public_id}/some-older-title/")
    assert response.status_code == 302
    assert response["Location"] == ground.story.get_absolute_url()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_link_leads_somewhere(client: Client, ground: Ground, language: str) -> None:
    here = url("home", ground, language)
    for path in (f"{here}nothing/at/all/", f"{here}stories/0000000000/", f"{here}nothing/"):
        page = client.get(path)
        assert page.status_code == 404
        for each in page.context["languages"]:
            home = each["url"]
            assert home in ("/", "/es/") or home.endswith(path.removeprefix("/es")), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_of_an_address_is_the_language_of_its_page(
    client: Client, ground: Ground, language: str
) -> None:
    other = "es" if language == "en" else "en"
    for name in PUBLIC:
        response = client.get(url(name, ground, language), HTTP_ACCEPT_LANGUAGE=other)
        assert response["Content-Language"] == language, name
        if name != "feed":
            assert f'<html lang="{language}">' in response.content.decode(), name
