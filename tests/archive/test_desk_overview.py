"""The ledger's page and file, and the morning page."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from archive import moderation, planning, register
from archive.backups import facts
from archive.models.person import Person
from archive.models.review import LedgerEntry
from archive.models.story import Story
from archive.refusals import NotAllowed
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_ledger_is_read_whole_or_by_piece_and_by_verb(client: Client, ines: Person) -> None:
    one, other = factories.submission(), factories.submission()
    moderation.remark(one, "Hm.", by=ines)
    client.force_login(ines)
    assert len(client.get("/desk/ledger/").context["entries"]) == 3
    assert len(client.get(f"/desk/ledger/?piece={one.reference}").context["entries"]) == 2
    assert len(client.get("/desk/ledger/?verb=note").context["entries"]) == 1
    page = client.get("/desk/ledger/").content.decode()
    assert other.reference in page
    assert "bus" not in page.partition("<table")[2].partition("</table>")[0]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx"])
def test_no_cell_of_the_file_is_a_formula(name: str, ruth: Person) -> None:
    Person.objects.filter(pk=ruth.pk).update(username=name)
    moderation.remark(factories.submission(), "Hm.", by=ruth)
    lines = list(csv.DictReader(io.StringIO(register.export(by=ruth), newline="")))
    assert lines[-1]["verb"] == "note"
    assert lines[-1]["actor"] == f"'{name}"


def test_carrying_the_ledger_away_is_a_line_in_it_and_no_guests_work(
    client: Client, ruth: Person, wren: Person, ines: Person
) -> None:
    factories.submission()
    client.force_login(ruth)
    answer = client.post("/desk/ledger/export/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    assert LedgerEntry.objects.filter(verb="export", actor=ruth).count() == 1
    for person in (wren, ines):
        with pytest.raises(NotAllowed):
            register.export(by=person)


def test_the_morning_says_what_waits_and_what_is_owed(
    client: Client, ruth: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    later = timezone.now() + datetime.timedelta(days=2)
    held_back = factories.allowed(public_from=timezone.localdate() + datetime.timedelta(days=9))
    factories.submission(factories.telling(title="Not before her birthday"), held_back)
    factories.held()
    piece = factories.accepted()
    planning.publish(piece, version=1, by=ruth, themes=(), at=later)
    story = factories.published()
    Story.objects.filter(pk=story.pk).update(visible_until=later.date())
    client.force_login(ruth)
    client.get("/desk/care/")
    with django_assert_max_num_queries(14):
        answer = client.get("/desk/morning/")
    assert [row["pieces"] for row in answer.context["waiting"]] == [1, 1, 1]
    page = answer.content.decode()
    assert "allowed until" in page
    assert "1, since today" in page
    assert "Not before her birthday" in page.partition("Embargoes")[2].partition("</section>")[0]
    assert "Ruth" not in page.partition("<main")[2], "nothing that counts people"


@pytest.mark.parametrize(
    ("backup", "proof", "said", "unsaid"),
    [
        (None, None, ["none yet", "what this machine loses is lost"], ["drill"]),
        (0, None, ["pieces 48 · stories 40 · photographs 70", "for a drill"], ["days old"]),
        (1, 34, ["48"], ["days old", "drill", "none yet"]),
        (2, 35, ["is 2 days old", "35 days since a restore was proven"], ["none yet"]),
    ],
)
def test_the_morning_speaks_of_backups_where_somebody_must_act(
    backup: int | None,
    proof: int | None,
    said: list[str],
    unsaid: list[str],
    client: Client,
    ines: Person,
    settings: Settings,
    tmp_path: Path,
) -> None:
    settings.DATA_DIR = tmp_path
    for kind, days in ((facts.BACKUP, backup), (facts.PROOF, proof)):
        if days is not None:
            moment = timezone.now() - datetime.timedelta(days=days, minutes=1)
            facts.note(kind, facts.Fact(moment.isoformat(), 48, 40, 70))
    client.force_login(ines)
    page = client.get("/desk/morning/").content.decode()
    backups = page.partition("<h2>Backups</h2>")[2].partition("</section>")[0]
    assert all(each in backups for each in said), backups
    assert not any(each in backups for each in unsaid), backups
    assert str(tmp_path) not in page


FORGED = '{"backup": {"at": "today", "pieces": 1, "stories": 1, "photographs": 1}}'


def test_facts_that_are_no_longer_ours_to_read_are_none(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    for content in ("", "[]", '{"backup": {"at": "2026"}}', '{"backup": 1}', "\0", FORGED):
        (tmp_path / facts.FILE).write_text(content)
        assert facts.last(facts.BACKUP) is None
