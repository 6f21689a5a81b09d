"""Campaigns: five minutes at the desk without a script, and a page that speaks both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from archive import editing
from archive.models.editorial import Report
from archive.models.person import Person
from archive.models.vocabulary import Campaign
from archive.refusals import NotAllowed
from tests.archive.told import hide, tell
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%\xe2\xe3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
LISTS = ("demands", "dates", "calls", "partners")


@pytest.fixture(autouse=True)
def _own_reports(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def desk(client: Client, ruth: Person) -> Client:
    client.force_login(ruth)
    return client


def sheet(**said: Any) -> dict[str, Any]:
    """The campaign's form as a browser would post it, with one row typed in each list."""
    seen = editing.version(Campaign.objects.first())
    typed: dict[str, Any] = {"title_en": "A door that opens", "shown": "on", "seen": seen}
    for name in LISTS:
        typed |= {f"{name}-TOTAL_FORMS": "2", f"{name}-INITIAL_FORMS": "0"}
    typed |= {"calls-1-kind": "petition"}
    typed |= {
        "demands-0-en": "Fifteen days, no more.",
        "demands-0-es": "Quince días, no más.",
        "dates-0-when": "2026-12-10",
        "dates-0-label_en": "A bus to Albany",
        "dates-0-label_es": "Un autobús a Albany",
        "calls-0-kind": "petition",
        "calls-0-label_en": "Sign the petition",
        "calls-0-label_es": "Firmar la petición",
        "calls-0-url": "https://doors.example.org/sign",
        "calls-0-when": "2027-03-31",
        "partners-0-name": "Families of the North",
        "partners-0-url": "north.example.org",
        "partners-0-join_en": "Come on a Tuesday.",
    }
    return typed | said


def begin(desk: Client, **said: Any) -> Campaign:
    response = desk.post("/desk/campaigns/new/", sheet(**said))
    assert response.status_code == 302, response.content.decode()
    return Campaign.objects.get()


def page(client: Client, path: str = "/campaigns/a-door-that-opens/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_an_editor_begins_a_campaign_with_plain_fields(desk: Client) -> None:
    kept = begin(desk)
    assert kept.slug == "a-door-that-opens"
    assert kept.demands == [{"en": "Fifteen days, no more.", "es": "Quince días, no más."}]
    assert kept.dates[0]["when"] == "2026-12-10"
    assert kept.calls[0]["kind"] == "petition"
    assert kept.partners[0]["url"] == "https://north.example.org"


def test_a_title_is_all_that_is_needed(desk: Client) -> None:
    bare = {"title_en": "Bare", "shown": "on"}
    for name in LISTS:
        bare |= {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"}
    assert desk.post("/desk/campaigns/new/", bare).status_code == 302
    assert "Bare" in page(desk, "/campaigns/bare/")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "/campaigns/a-door-that-opens/",
            ["Fifteen days", "Dec. 10, 2026", "Sign the petition", "Petition", "March 31, 2027"],
        ),
        (
            "/es/campaigns/a-door-that-opens/",
            ["Quince días", "10 de diciembre de 2026", "Firmar la petición", "31 de marzo de 2027"],
        ),
    ],
)
def test_the_page_speaks_the_readers_language(desk: Client, path: str, said: list[str]) -> None:
    begin(desk)
    text = page(desk, path)
    for words in said:
        assert words in text


def test_links_to_other_sites_are_marked(desk: Client) -> None:
    begin(desk, **{"calls-1-label_en": "Share yours", "calls-1-url": "/share/"})
    calls = page(desk).split("call-list", 1)[1].split("</ul>", 1)[0]
    outside, ours = calls.split("</li>")[:2]
    assert 'rel="noopener noreferrer external"' in outside
    assert "another site" in outside
    assert "external" not in ours


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("a.example/x", "https://a.example/x"),
        ("/share/", "/share/"),
        ("+1 (716) 555-0100", "tel:+17165550100"),
        ("senator@example.org", "mailto:senator@example.org"),
    ],
)
def test_a_call_leads_where_it_was_meant_to(desk: Client, typed: str, kept: str) -> None:
    assert begin(desk, **{"calls-0-url": typed}).calls[0]["url"] == kept


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "JAVASCRIPT://%0aalert(1)",
        "x y",
    ],
)
def test_a_call_leads_to_no_script(desk: Client, typed: str) -> None:
    response = desk.post("/desk/campaigns/new/", sheet(**{"calls-0-url": typed}))
    assert response.status_code == 422
    assert not Campaign.objects.exists()
    assert "Fifteen days" in response.content.decode(), "nothing that was typed is lost"


def test_more_rows_keep_what_was_typed_and_save_nothing(desk: Client) -> None:
    response = desk.post("/desk/campaigns/new/", sheet(more="demands"))
    text = response.content.decode()
    assert response.status_code == 200
    assert 'name="demands-3-en"' in text
    assert "Fifteen days" in text
    assert not Campaign.objects.exists()


def test_a_row_that_is_emptied_is_gone_and_the_others_stay(desk: Client) -> None:
    kept = begin(desk, **{"demands-1-en": "A window."})
    emptied = sheet(
        **{
            "demands-TOTAL_FORMS": "4",
            "demands-INITIAL_FORMS": "2",
            "demands-0-en": "",
            "demands-0-es": "",
            "demands-1-en": "A window.",
        }
    )
    response = desk.post(f"/desk/campaigns/{kept.slug}/", emptied)
    assert response.status_code == 302
    kept.refresh_from_db()
    assert kept.demands == [{"en": "A window."}]


def test_the_form_shows_what_is_kept(desk: Client) -> None:
    begin(desk)
    text = page(desk, "/desk/campaigns/a-door-that-opens/")
    for words in ("Fifteen days, no more.", 'value="2026-12-10"', "Come on a Tuesday."):
        assert words in text


def test_two_campaigns_of_one_title_have_two_addresses(cast: Cast) -> None:
    words = editing.CampaignWords(title_en="A door")
    slugs = [editing.save_campaign(None, words, by=cast.ruth).slug for _each in range(3)]
    assert slugs == ["a-door", "a-door-2", "a-door-3"]


def test_a_new_title_leaves_the_address_alone(cast: Cast) -> None:
    kept = editing.save_campaign(None, editing.CampaignWords(title_en="A door"), by=cast.ruth)
    editing.save_campaign(kept, editing.CampaignWords(title_en="A window"), by=cast.ruth)
    assert Campaign.objects.get().slug == "a-door"


def test_who_saves_second_over_a_changed_campaign_is_told_and_keeps_her_words(
    desk: Client, ruth: Person
) -> None:
    kept = begin(desk)
    opened = sheet(title_en="Hers")
    editing.save_campaign(kept, editing.CampaignWords(title_en="His"), by=ruth)
    refused = desk.post(f"/desk/campaigns/{kept.slug}/", opened)
    told = refused.content.decode()
    assert refused.status_code == 409
    assert "Somebody else has changed this" in told
    assert 'value="Hers"' in told
    assert Campaign.objects.get().title_en == "His"
    seen = editing.version(Campaign.objects.get())
    assert f'name="seen" value="{seen}"' in told, "keeping it again is her own choice"
    assert desk.post(f"/desk/campaigns/{kept.slug}/", {**opened, "seen": seen}).status_code == 302
    assert Campaign.objects.get().title_en == "Hers"


def test_readers_see_a_change_at_once_and_a_hidden_campaign_never(desk: Client) -> None:
    begin(desk)
    assert "Fifteen days" in page(desk)
    desk.post("/desk/campaigns/a-door-that-opens/", sheet(**{"demands-0-en": "Ten days."}))
    assert "Ten days." in page(desk)
    hidden = sheet()
    del hidden["shown"]
    desk.post("/desk/campaigns/a-door-that-opens/", hidden)
    assert desk.get("/campaigns/a-door-that-opens/").status_code == 404
    assert "A door that opens" not in page(desk, "/campaigns/")
    assert "A door that opens" not in page(desk, "/")


@pytest.mark.parametrize("who", ["ines", "wren"])
def test_only_editors_write(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))
    response = client.post("/desk/campaigns/new/", sheet())
    assert response.status_code == 403
    assert "Your role does not allow this" in response.content.decode()
    assert not Campaign.objects.exists()


def test_a_withdrawn_story_leaves_its_campaign_at_once(desk: Client) -> None:
    campaign = begin(desk)
    bus = tell()
    bus.campaigns.add(campaign)
    tell("another")
    assert "The bus to Malone" in page(desk)
    hide(bus)
    assert "The bus to Malone" not in page(desk)


# --- reports --------------------------------------------------------------------------------------


def send(desk: Client, content: bytes = PDF, name: str = "Report.PDF") -> Any:
    return desk.post(
        "/desk/campaigns/a-door-that-opens/reports/",
        {
            "title_en": "Fifteen days: a count",
            "title_es": "Quince días: una cuenta",
            "language": "es",
            "file": SimpleUploadedFile(name, content, "application/pdf"),
        },
        follow=True,
    )


def test_a_report_can_be_downloaded_in_a_sandbox(desk: Client) -> None:
    begin(desk)
    send(desk)
    (row,) = Report.objects.all()
    assert row.get_absolute_url() in page(desk)
    response = desk.get(row.get_absolute_url())
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Content-Disposition"] == 'attachment; filename="fifteen-days-a-count-es.pdf"'


def test_a_report_lies_under_a_name_that_says_nothing(desk: Client) -> None:
    begin(desk)
    send(desk, name="names of witnesses.pdf")
    (file,) = (settings.DATA_DIR / "reports").iterdir()
    assert "witnesses" not in file.name
    assert file.name == Report.objects.get().file_name
    assert file.name not in page(desk)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>%PDF-</html>", "no PDF"),
        (b"MZ%PDF-1.4", "no PDF"),
        (b"%PD", "no PDF"),
        (b"", "no PDF"),
        (PDF + bytes(2_000), "larger"),
    ],
    ids=["page", "program", "cut", "empty", "large"],
)
def test_what_is_no_report_is_refused_and_leaves_nothing(
    desk: Client, settings: Settings, content: bytes, said: str
) -> None:
    settings.REPORT_MAX_BYTES = 1_000
    begin(desk)
    assert said in send(desk, content).content.decode()
    assert not Report.objects.exists()
    assert not list((settings.DATA_DIR / "reports").iterdir())


@pytest.mark.django_db(transaction=True)
def test_a_report_that_is_taken_away_takes_its_file_along(desk: Client) -> None:
    begin(desk)
    send(desk)
    row = Report.objects.get()
    desk.post(f"/desk/campaigns/a-door-that-opens/reports/{row.public_id}/")
    assert desk.get(row.get_absolute_url()).status_code == 404
    assert not list((settings.DATA_DIR / "reports").iterdir())


def test_the_report_of_a_hidden_campaign_is_not_there(desk: Client) -> None:
    campaign = begin(desk)
    send(desk)
    Campaign.objects.filter(pk=campaign.pk).update(shown=False)
    assert desk.get(Report.objects.get().get_absolute_url()).status_code == 404


@pytest.mark.parametrize("who", ["ines", "wren"])
def test_only_editors_bring_and_take_reports(desk: Client, cast: Cast, who: str) -> None:
    begin(desk)
    send(desk)
    row = Report.objects.get()
    with pytest.raises(NotAllowed):
        editing.remove_report(row, by=getattr(cast, who))
    desk.force_login(getattr(cast, who))
    send(desk)
    assert Report.objects.count() == 1
