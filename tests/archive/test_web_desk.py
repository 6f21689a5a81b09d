"""The desk: who sees it, who may act, and what never stands on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archive import catalogue, moderation
from archive.models.review import LedgerEntry
from archive.models.story import Story
from archive.models.submission import State, Submission
from tests import factories
from tests.conftest import Cast

SECRETS = {
    "first": "Marker-First-Name",
    "full": "Marker Full-Name",
    "email": "marker-contact@example.org",
}


@pytest.fixture
def piece(db: None) -> Submission:
    """A piece that waits, with a photograph, names and an address that nobody may see."""
    return factories.submission(
        names={"chosen": "Denise from Queens", "first": SECRETS["first"], "full": SECRETS["full"]},
        contact={"email": SECRETS["email"]},
        enclosed=[factories.enclosed()],
    )


def at(piece: Submission) -> str:
    return reverse("desk_piece", args=[piece.reference])


def act(client: Client, piece: Submission, verb: str, **said: Any) -> Any:
    return client.post(at(piece), {"verb": verb, "version": 1, **said})


def state_of(piece: Submission) -> str:
    return Submission.objects.get(pk=piece.pk).state


SAID: dict[str, dict[str, Any]] = {
    "ask": {"question": "Which prison was it?"},
    "decline": {"reason": "others"},
    "edit": {"title": "T", "body": "B", "summary": "", "reason": "spelling"},
    "note": {"note": "Read with care."},
}
DESK = ("claim", "accept", "decline", "ask", "edit", "note", "withdraw")


def test_a_guest_may_read_and_not_act(client: Client, cast: Cast, piece: Submission) -> None:
    client.force_login(cast.wren)
    for address in (reverse("desk"), at(piece), reverse("desk_themes")):
        assert client.get(address).status_code == 200
    page = client.get(at(piece)).content.decode()
    assert 'name="verb"' not in page, "a guest is offered nothing"
    before = LedgerEntry.objects.count()
    for verb in (*DESK, "publish"):
        response = act(client, piece, verb, **SAID.get(verb, {}))
        assert response.status_code == 409, verb
        assert "Your role does not allow this" in response.content.decode(), verb
    client.post(reverse("desk_next"))
    enclosure = piece.enclosures.get()
    here = reverse("desk_photograph", args=[piece.reference, enclosure.pk])
    client.post(here, {"verb": "describe", "alt": "changed"})
    enclosure.refresh_from_db()
    assert enclosure.alt != "changed"
    assert state_of(piece) == State.WAITING
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize("verb", DESK)
def test_a_moderator_may(client: Client, cast: Cast, piece: Submission, verb: str) -> None:
    client.force_login(cast.ines)
    response = act(client, piece, verb, **SAID.get(verb, {}))
    assert (response.status_code, response.headers.get("Location")) == (302, at(piece))
    entry = LedgerEntry.objects.filter(piece=piece.reference).latest("pk")
    assert (entry.verb, entry.actor) == (verb, cast.ines)


def test_a_moderator_may_not_publish_and_an_editor_may(
    client: Client, cast: Cast, piece: Submission
) -> None:
    catalogue.ensure()
    factories.theme("visits")
    factories.theme("letters")
    client.force_login(cast.ines)
    act(client, piece, "accept")
    assert 'value="publish"' not in client.get(at(piece)).content.decode()
    refused = act(client, piece, "publish", themes=["visits"])
    assert refused.status_code == 409
    assert state_of(piece) == State.ACCEPTED
    client.force_login(cast.ruth)
    assert 'value="publish"' in client.get(at(piece)).content.decode()
    with factories.committed():
        done = act(client, piece, "publish", themes=["visits", "letters"])
    assert done.status_code == 302
    story = Story.objects.public().get()
    assert {theme.slug for theme in story.themes.all()} == {"visits", "letters"}
    assert story.get_absolute_url() in client.get(at(piece)).content.decode()


def test_a_theme_that_is_none_of_ours_is_refused(
    client: Client, cast: Cast, piece: Submission
) -> None:
    client.force_login(cast.ruth)
    response = act(client, piece, "accept", themes=["' OR 1=1"])
    assert response.status_code == 422
    assert "is not one of our themes" in response.content.decode()


@pytest.mark.parametrize("verb", ["erase", "send", "__init__", "", "publish\x00"])
def test_what_is_no_verb_of_the_desk_is_refused(
    client: Client, cast: Cast, piece: Submission, verb: str
) -> None:
    client.force_login(cast.odell)
    response = client.post(at(piece), {"verb": verb, "version": 1}, follow=True)
    assert "not something that can be done here" in response.content.decode()
    assert state_of(piece) == State.WAITING


def test_fields_that_nobody_asked_for_change_nothing(
    client: Client, cast: Cast, piece: Submission
) -> None:
    client.force_login(cast.ines)
    act(client, piece, "note", note="x", state="published", story="1", accepted_version="1")
    now = Submission.objects.get(pk=piece.pk)
    assert (now.state, now.story, now.accepted_version) == (State.WAITING, None, None)


# --- two people -------------------------------------------------------------------------------------


def test_a_decision_on_an_older_version_is_refused_in_a_sentence(
    client: Client, cast: Cast, piece: Submission
) -> None:
    """Inés has the page open; Ruth corrects a word; Inés accepts what she can no longer see."""
    client.force_login(cast.ines)
    assert client.get(at(piece)).status_code == 200
    moderation.edit(piece, version=1, by=cast.ruth, reason="spelling", title="Another title")
    late = act(client, piece, "accept")
    assert late.status_code == 409
    assert "This piece has changed since you opened it" in late.content.decode()
    assert state_of(piece) == State.WAITING
    assert 'name="version" value="2"' in late.content.decode(), "the page shows the new version"


def test_a_piece_in_somebodys_hands_is_left_to_them(
    client: Client, cast: Cast, piece: Submission
) -> None:
    moderation.claim(piece, by=cast.ines)
    client.force_login(cast.ruth)
    response = act(client, piece, "decline", reason="others")
    assert response.status_code == 409
    assert "Inés is reading this piece until" in response.content.decode()
    assert state_of(piece) == State.WAITING


def test_the_next_one_goes_to_one_person(client: Client, cast: Cast, piece: Submission) -> None:
    client.force_login(cast.ines)
    assert client.post(reverse("desk_next"))["Location"] == at(piece)
    client.force_login(cast.ruth)
    nothing = client.post(reverse("desk_next"), follow=True)
    assert "Nothing waits that nobody has" in nothing.content.decode()


@pytest.mark.parametrize("version", ["", "x", "-1", "99", "1e9", "9" * 50])
def test_a_version_that_makes_no_sense_decides_nothing(
    client: Client, cast: Cast, piece: Submission, version: str
) -> None:
    client.force_login(cast.ines)
    response = act(client, piece, "accept", version=version)
    assert response.status_code in (409, 422)
    assert state_of(piece) == State.WAITING


# --- what never stands on a page --------------------------------------------------------------------


def test_contact_and_names_never_reach_the_desk(
    client: Client, cast: Cast, piece: Submission
) -> None:
    client.force_login(cast.odell)
    moderation.accept(piece, version=1, by=cast.ines)
    for address in (
        reverse("desk"),
        *(f"{reverse('desk')}?state={state}" for state in State.values),
        at(piece),
    ):
        page = client.get(address).content.decode()
        for secret in SECRETS.values():
            assert secret not in page, address
    assert "Denise from Queens" in client.get(at(piece)).content.decode(), "the name as consented"


def test_a_draft_and_an_erased_piece_are_not_there(client: Client, cast: Cast) -> None:
    catalogue.ensure()
    with factories.committed():
        gone = factories.erased()
    client.force_login(cast.odell)
    for address in (at(gone), reverse("desk_piece", args=["0000000000"])):
        assert client.get(address).status_code == 404
        assert client.post(address, {"verb": "note", "note": "x"}).status_code == 404


def test_hostile_words_are_words_at_the_desk(client: Client, cast: Cast) -> None:
    attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    piece = factories.submission(
        factories.telling(title=attack, body=attack, place_text=attack), names={"chosen": attack}
    )
    client.force_login(cast.ines)
    act(client, piece, "note", note=attack)
    act(client, piece, "ask", question=attack)
    for address in (at(piece), f"{reverse('desk')}?state=asked"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


# --- photographs ------------------------------------------------------------------------------------


def _preview(piece: Submission, width: int = 240) -> str:
    return reverse("desk_photo", args=[piece.reference, piece.enclosures.get().pk, width])


def test_a_preview_is_for_eyes_at_the_desk(client: Client, cast: Cast, piece: Submission) -> None:
    assert client.get(_preview(piece)).status_code == 302
    client.force_login(cast.wren)
    response = client.get(_preview(piece))
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert response.content.startswith(b"\xff\xd8")
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_preview_comes_in_our_sizes_and_from_its_own_piece(
    client: Client, cast: Cast, piece: Submission
) -> None:
    other = factories.submission(factories.telling(title="Another"))
    client.force_login(cast.odell)
    for address in (
        _preview(piece, 241),
        _preview(piece, 0),
        _preview(piece).replace(piece.reference, other.reference),
        _preview(piece).replace(piece.reference, "0000000000"),
    ):
        assert client.get(address).status_code == 404


def test_the_preview_of_an_erased_piece_is_gone(client: Client, cast: Cast) -> None:
    catalogue.ensure()
    with factories.committed():
        piece = factories.in_public(enclosed=[factories.enclosed()])
    address = _preview(piece)
    client.force_login(cast.ines)
    assert client.get(address).status_code == 200
    with factories.committed():
        factories.publication.erase(piece, by=factories.contributor(piece))
    assert client.get(address).status_code == 404


# --- coming in --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "next_url",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "\t//evil.example",
    ],
)
def test_a_sign_in_leads_nowhere_else(
    client: Client, cast: Cast, next_url: str, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    sent = {"login": "ruth", "password": "ruth of the desk", "next": next_url}
    response = client.post("/desk/account/login/", sent)
    assert (response.status_code, response["Location"]) == (302, "/desk/")


def test_a_sign_in_leads_back_to_where_it_was_asked(client: Client, cast: Cast) -> None:
    asked = client.get("/desk/themes/")["Location"]
    sent = {"login": "ruth", "password": "ruth of the desk", "next": "/desk/themes/"}
    assert asked == "/desk/account/login/?next=/desk/themes/"
    assert client.post(asked, sent)["Location"] == "/desk/themes/"
    assert client.session.get_expiry_age() <= 30 * 60


def test_nobody_signs_up(client: Client, db: None) -> None:
    sent = {
        "username": "mallory",
        "password1": "a long pass phrase",
        "password2": "a long pass phrase",
    }
    page = client.post("/desk/account/signup/", sent)
    assert "closed" in page.content.decode().lower()
    assert not LedgerEntry.objects.model.actor.field.related_model.objects.exists()


def test_there_is_no_other_back_door(client: Client, odell: Any) -> None:
    client.force_login(odell)
    for path in ("/admin/", "/django-admin/", "/api-auth/", "/accounts/login/", "/silk/"):
        assert client.get(path).status_code == 404


def test_a_wrong_password_says_nothing_about_who_exists(
    client: Client, cast: Cast, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = False

    def said(login: str) -> str:
        sent = {"login": login, "password": "wrong wrong wrong"}
        page: str = client.post("/desk/account/login/", sent).content.decode()
        return _without_keys(page.replace(login, ""))

    assert said("ruth") == said("nobody-here")


_without_keys: Callable[[str], str] = lambda page: "\n".join(  # noqa: E731
    line for line in page.splitlines() if "csrfmiddlewaretoken" not in line
)


def test_the_desk_greets_people_by_name(client: Client, cast: Cast, piece: Submission) -> None:
    client.force_login(cast.ruth)
    page = client.get(at(piece)).content.decode()
    assert "<span>Ruth</span>" in page
    assert str(timezone.localdate().year) in page, "the ledger says when"
