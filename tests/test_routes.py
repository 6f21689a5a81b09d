"""The route matrix: every address, every role, every state, and what each of them gets.

Deny by default: an address that stands in no row fails the suite. The rows are written by hand
from what the house promises, never computed from the views.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from archive import moves, receipts
from archive.models.person import Person, Role
from archive.models.review import LedgerEntry, Review
from archive.models.story import Story
from archive.models.submission import Consent, Revision, State, Submission
from archive.web import desk_piece
from archive.web.desk_acts import ACTS
from tests import factories
from tests.archive.ground import rows_of
from tests.archive.test_web_addresses import Ground, ground, names, url
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
__all__ = ["ground"]  # the fixture

# Columns: nobody signed in, guest, moderator, editor, administrator, a contributor with a receipt.
# "in" is the way to the sign-in page; "=" as in the column before; a number the status of a GET.
WHO = ("nobody", "guest", "moderator", "editor", "administrator", "contributor")
MATRIX = """
healthz                               200  =    =    =    =    =
robots                                200  =    =    =    =    =
sitemap                               200  =    =    =    =    =
favicon                               302  =    =    =    =    =
rendition                             200  =    =    =    =    =
api-stories                           200  =    =    =    =    =
api-story                             200  =    =    =    =    =
api-themes                            200  =    =    =    =    =
api-places                            200  =    =    =    =    =
api-campaigns                         200  =    =    =    =    =
api-suggest                           200  =    =    =    =    =
api-submissions                       405  =    =    =    =    =
api-schema                            200  =    =    =    =    =
api-docs                              200  =    =    =    =    =
home                                  200  =    =    =    =    =
stories                               200  =    =    =    =    =
feed                                  200  =    =    =    =    =
story_card                            200  =    =    =    =    =
story_bare                            302  =    =    =    =    =
plate_bare                            302  =    =    =    =    =
plate                                 200  =    =    =    =    =
story                                 200  =    =    =    =    =
themes                                200  =    =    =    =    =
theme                                 200  =    =    =    =    =
places                                200  =    =    =    =    =
place                                 200  =    =    =    =    =
campaigns                             200  =    =    =    =    =
campaign                              200  =    =    =    =    =
search_help                           200  =    =    =    =    =
page                                  200  =    =    =    =    =
news                                  200  =    =    =    =    =
newsletter                            200  =    =    =    =    =
newsletter_asked                      200  =    =    =    =    =
newsletter_confirm                    404  =    =    =    =    =
newsletter_leave                      404  =    =    =    =    =
report                                404  =    =    =    =    =
story_concern                         200  =    =    =    =    =
share                                 200  =    =    =    =    =
share_story                           200  =    =    =    =    =
share_photos                          200  =    =    =    =    =
receipt                               200  =    =    =    =    =
share_leave                           200  =    =    =    =    =
desk                                  in   200  =    =    =    in
desk_views                            in   200  =    =    =    in
desk_next                             in   302  =    =    =    in
desk_many                             in   302  =    =    =    in
desk_many_undo                        in   302  =    =    =    in
desk_themes                           in   200  =    =    =    in
desk_reasons                          in   200  =    =    =    in
desk_theme_new                        in   200  =    =    =    in
desk_theme                            in   200  =    =    =    in
desk_theme_act                        in   302  =    =    =    in
desk_places                           in   200  =    =    =    in
desk_place                            in   200  =    =    =    in
desk_campaigns                        in   200  =    =    =    in
desk_campaign_new                     in   200  =    =    =    in
desk_campaign                         in   200  =    =    =    in
desk_report_add                       in   302  =    =    =    in
desk_report_remove                    in   302  =    =    =    in
desk_news                             in   200  =    =    =    in
desk_note_new                         in   200  =    =    =    in
desk_note                             in   404  =    =    =    in
desk_note_remove                      in   302  =    =    =    in
desk_pages                            in   200  =    =    =    in
desk_page                             in   200  =    =    =    in
desk_newsletter                       in   200  =    =    =    in
desk_newsletter_export                in   302  =    =    =    in
desk_concerns                         in   200  =    =    =    in
desk_concern                          in   302  =    =    =    in
desk_morning                          in   200  =    =    =    in
desk_ledger                           in   200  =    =    =    in
desk_ledger_export                    in   302  =    =    =    in
desk_people                           in   403  =    =    200  in
desk_invited                          410  =    =    =    =    =
desk_care                             in   200  =    =    =    in
desk_components                       in   200  =    =    =    in
desk_piece                            in   200  =    =    =    in
desk_compare                          in   200  =    =    =    in
desk_contact                          in   302  =    =    =    in
desk_photographs                      in   200  =    =    =    in
desk_photograph                       in   200  =    =    =    in
desk_photo_bare                       in   404  200  =    =    in
desk_photo                            in   200  =    =    =    in
account_login                         200  302  =    =    =    200
account_logout                        302  200  =    =    =    302
account_signup                        200  302  =    =    =    200
account_inactive                      200  =    =    =    =    =
account_reauthenticate                in   200  =    =    =    in
account_email                         in   200  =    =    =    in
account_email_verification_sent       200  =    =    =    =    =
account_confirm_email                 200  =    =    =    =    =
account_change_password               in   200  =    =    =    in
account_set_password                  in   302  =    =    =    in
account_reset_password                200  =    =    =    =    =
account_reset_password_done           200  =    =    =    =    =
account_reset_password_from_key       200  =    =    =    =    =
account_reset_password_from_key_done  200  =    =    =    =    =
account_confirm_login_code            302  =    =    =    =    =
mfa_index                             in   200  =    =    =    in
mfa_authenticate                      302  =    =    =    =    =
mfa_reauthenticate                    in   302  =    =    =    in
mfa_activate_totp                     in   302  =    =    =    in
mfa_deactivate_totp                   in   404  =    =    =    in
mfa_view_recovery_codes               in   404  =    =    =    in
mfa_generate_recovery_codes           in   302  =    =    =    in
mfa_download_recovery_codes           in   404  =    =    =    in
mfa_list_webauthn                     in   200  =    =    =    in
mfa_add_webauthn                      in   302  =    =    =    in
mfa_edit_webauthn                     in   302  =    =    =    in
mfa_remove_webauthn                   in   302  =    =    =    in
mfa_reauthenticate_webauthn           in   302  =    =    =    in
mfa_login_webauthn                    302  =    =    =    =    =
"""
LOGIN = "/desk/account/login/?next="


def read_matrix() -> dict[str, dict[str, str]]:
    """address -> {who: what they get}"""
    rows = {}
    for line in MATRIX.strip().splitlines():
        name, *cells = line.split()
        for at, cell in enumerate(cells):
            cells[at] = cells[at - 1] if cell == "=" else cell
        rows[name] = dict(zip(WHO, cells, strict=True))
    return rows


ROUTES = read_matrix()


def test_no_route_is_missing_from_the_matrix() -> None:
    assert sorted(set(names())) == sorted(ROUTES)


def as_who(who: str, cast: Cast, code: str = "") -> Client:
    """A browser in the hands of one of them."""
    client = Client()
    person = {
        "guest": cast.wren, "moderator": cast.ines, "editor": cast.ruth, "administrator": cast.odell
    }.get(who)  # fmt: skip
    if person is not None:
        client.force_login(person)
    if who == "contributor":
        client.post("/share/receipt/", {"code": code})
    return client


def got(response: Any) -> str:
    is_door = response.status_code == 302 and LOGIN in response["Location"]
    return "in" if is_door else str(response.status_code)


def rows() -> Any:
    return rows_of(Submission, Revision, Consent, Review, Story, LedgerEntry)


@pytest.mark.parametrize("who", WHO)
def test_everybody_gets_what_the_matrix_says_and_looking_changes_nothing(
    who: str, ground: Ground, cast: Cast
) -> None:
    received = factories.received()
    before = rows()
    client = as_who(who, cast, received.code)
    for name, cells in ROUTES.items():
        here = url(name, ground)
        assert got(client.get(here)) == cells[who], f"{name} for {who}"
        assert got(client.head(here)) == cells[who], f"HEAD {name} for {who}"
        assert client.options(here).status_code < 500, name
        if name == "share_leave":  # it ends every session, and is meant to
            client = as_who(who, cast, received.code)
    assert rows() == before


# --- states ---------------------------------------------------------------------------------------
ABOUT_A_PIECE = ("desk_piece", "desk_compare")
NOT_AT_THE_DESK = (State.DRAFT, State.ERASED)


@pytest.mark.parametrize("state", State.values)
def test_a_piece_is_seen_by_the_desk_alone_in_whatever_state(state: State, cast: Cast) -> None:
    if state == State.DRAFT:
        piece = factories.submission()
        Submission.objects.filter(pk=piece.pk).update(state=State.DRAFT)
    else:
        piece = factories.IN_STATE[state]()
    for who in WHO:
        client = as_who(who, cast)
        wanted = "404" if state in NOT_AT_THE_DESK else "200"
        for path in ("", "compare/"):
            here = f"/desk/pieces/{piece.reference}/{path}"
            outside = who in ("nobody", "contributor")
            assert got(client.get(here)) == ("in" if outside else wanted), (state, who, path)
        opened = client.post(f"/desk/pieces/{piece.reference}/contact/", {"reason": "safety"})
        contact = {"nobody": "in", "contributor": "in", "guest": "409"}.get(who, "200")
        if state in NOT_AT_THE_DESK and contact != "in":
            contact = "404"
        assert got(opened) == contact, (state, who)


# One function of the stage: which of the two is meant, the state tells.
SAME = {"accept": {"accept", "approve"}, "approve": {"accept", "approve"}}
TYPED = {
    "question": "Which year?", "note": "A note.", "title": "A title", "body": "Some words.",
    "reason": "safety", "words": "Nobody", "marks": ["case"],
}  # fmt: skip


@pytest.mark.parametrize("state", factories.IN_STATE)
def test_every_act_of_every_role_in_every_state(
    state: State, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the table of moves allows is done, whatever else is a sentence, and a GET does nothing."""
    if state in NOT_AT_THE_DESK:
        return  # there is no page: see above
    if state != State.WAITING:  # the page of a refusal is drawn in one state; it cost half a minute
        monkeypatch.setattr(desk_piece, "_page", unseen_page)
    piece = factories.IN_STATE[state]()
    here = f"/desk/pieces/{piece.reference}/"
    roles = {"guest": Role.GUEST, "moderator": Role.MODERATOR, "editor": Role.EDITOR, "administrator": Role.ADMINISTRATOR}  # fmt: skip
    for who in WHO:
        client = as_who(who, cast)
        for name, act in ACTS.items():
            with transaction.atomic():
                before = rows()
                posted = {"verb": name, "version": 1, **TYPED}
                if name == "decline":
                    posted["reason"] = "safety"
                answer = got(client.post(here, posted))
                if who in ("nobody", "contributor"):
                    assert answer == "in", (name, who)
                    assert rows() == before, (name, who)
                else:
                    role = Person(role=roles[who])
                    verbs = SAME.get(name, {act.verb or name})
                    may = any(moves.permits(verb, piece, role) for verb in verbs)
                    cell = f"{name} of {state} by {who}"
                    assert answer in ("302", "409"), cell
                    # Nothing newer was accepted, nothing was planned: some allowed acts have no ground.
                    assert may or answer == "409", cell
                    assert (answer == "302") == (rows() != before), cell
                    assert (
                        answer == "302"
                        or name in ("amend", "approve", "widen", "leave narrow")
                        or not may
                    ), cell
                transaction.set_rollback(True)


def unseen_page(*_given: object, status: int = 200, **_more: object) -> HttpResponse:
    """The status of a page without the page."""
    return HttpResponse(status=status)


def test_a_posted_state_or_owner_changes_nothing(cast: Cast) -> None:
    piece = factories.submission()
    client = as_who("moderator", cast)
    client.post(
        f"/desk/pieces/{piece.reference}/",
        {"verb": "note", "note": "Hm.", "state": "published", "status": "published",
         "accepted_by": cast.ines.pk, "accepted_version": 1, "role": "administrator"},
    )  # fmt: skip
    now = Submission.objects.get()
    assert (now.state, now.accepted_by, now.accepted_version) == (State.WAITING, None, None)
    assert Person.objects.get(pk=cast.ines.pk).role == Role.MODERATOR


def test_a_role_that_is_taken_away_ends_with_the_next_click(cast: Cast) -> None:
    piece = factories.accepted()
    client = as_who("editor", cast)
    assert 'value="publish"' in client.get(f"/desk/pieces/{piece.reference}/").content.decode()
    Person.objects.filter(pk=cast.ruth.pk).update(role=Role.GUEST)
    answer = client.post(f"/desk/pieces/{piece.reference}/", {"verb": "publish", "version": 1})
    assert got(answer) == "409"
    assert not Story.objects.exists()


def test_two_hundred_themes_and_an_unknown_one_are_sentences(cast: Cast) -> None:
    piece = factories.submission()
    known = [factories.theme(f"theme-{number}").slug for number in range(200)]
    client = as_who("editor", cast)
    here = f"/desk/pieces/{piece.reference}/"
    wrong = client.post(here, {"verb": "accept", "version": 1, "themes": ["nobodys"]})
    assert got(wrong) == "422"
    assert "is not one of our themes" in wrong.content.decode()
    assert Submission.objects.get().state == State.WAITING
    many = client.post(here, {"verb": "accept", "version": 1, "themes": known})
    assert got(many) == "422"
    assert "at most" in many.content.decode()
    assert Submission.objects.get().state == State.WAITING


def test_receipts_open_nothing_at_the_desk(cast: Cast) -> None:
    received = factories.received()
    client = as_who("contributor", cast, received.code)
    assert receipts.shown(received.code)
    assert got(client.get(f"/desk/pieces/{received.submission.reference}/")) == "in"
