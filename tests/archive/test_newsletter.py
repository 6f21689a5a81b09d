"""The newsletter: nobody is put on it by somebody else, and leaving takes one press."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from archive import jobs, newsletter
from archive.models.newsletter import Subscriber
from archive.models.vocabulary import Theme
from archive.models.work import Job
from archive.refusals import NotAllowed
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

DENISE = "denise@example.org"


def sign_up(client: Client, email: str = DENISE, **said: object) -> None:
    response = client.post("/newsletter/", {"email": email, "language": "en", **said})
    assert response.status_code == 302
    assert response["Location"] == "/newsletter/asked/"


def letters() -> list[mail.EmailMessage]:
    """Everything sent once the worker has done what is owed."""
    jobs.run_due()
    return list(mail.outbox)


def links(letter: mail.EmailMessage) -> dict[str, str]:
    found = re.findall(rf"{re.escape(settings.SITE_URL)}(\S+/(confirm|leave)/\S+)", letter.body)
    return {what: path for path, what in found}


def on_the_list() -> list[Subscriber]:
    return list(Subscriber.objects.exclude(confirmed_on=None))


def join(client: Client, email: str = DENISE, **said: object) -> dict[str, str]:
    sign_up(client, email, **said)
    found = links(letters()[-1])
    client.post(found["confirm"])
    return found


def test_nobody_is_on_the_list_before_the_letter_is_answered(client: Client) -> None:
    sign_up(client)
    assert not on_the_list()
    assert not mail.outbox, "mail is the worker's"
    (letter,) = letters()
    assert letter.to == [DENISE]
    path = links(letter)["confirm"]
    assert client.get(path).status_code == 200
    assert not on_the_list(), "opening a link is what scanners of mail do"
    assert client.post(path).status_code == 200
    assert len(on_the_list()) == 1
    assert client.post(path).status_code == 200, "pressing twice is no mistake"


@pytest.mark.parametrize(
    ("language", "word", "prefix"), [("en", "Hello", "/newsletter"), ("es", "", "/es/newsletter")]
)
def test_the_letter_speaks_the_language_that_was_chosen(
    client: Client, language: str, word: str, prefix: str
) -> None:
    sign_up(client, language=language)
    (letter,) = letters()
    assert word in letter.body
    assert links(letter)["confirm"].startswith(prefix)


def test_leaving_takes_one_press_and_erases(client: Client) -> None:
    path = join(client)["leave"]
    assert client.get(path).status_code == 200
    assert Subscriber.objects.exists()
    assert client.post(path).status_code == 200
    assert not Subscriber.objects.exists()
    assert client.post(path).status_code == 200, "having left is as good"


def test_a_mail_program_can_unsubscribe_by_itself() -> None:
    """RFC 8058: a POST without cookie, session or token of a form."""
    strict = Client(enforce_csrf_checks=True)
    sign_up(strict)
    (letter,) = letters()
    header = letter.extra_headers["List-Unsubscribe"]
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = header.strip("<>").removeprefix(settings.SITE_URL)
    response = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert not response.cookies
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("what", ["confirm", "leave"])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("token", ["x", "0123456789.abc", "{id}", "{id}.1:2.3"])
def test_a_link_that_was_made_up_does_nothing(
    client: Client, what: str, method: str, token: str
) -> None:
    sign_up(client)
    row = Subscriber.objects.get()
    path = f"/newsletter/{what}/{token.format(id=row.public_id)}/"
    assert getattr(client, method)(path).status_code == 404
    row.refresh_from_db()
    assert row.confirmed_on is None


def test_a_link_to_leave_does_not_confirm(client: Client) -> None:
    sign_up(client)
    (letter,) = letters()
    token = links(letter)["leave"].rstrip("/").rsplit("/", 1)[1]
    assert client.post(f"/newsletter/confirm/{token}/").status_code == 404
    assert not on_the_list()


def test_no_address_stands_in_a_link_in_the_database_or_in_a_job(client: Client) -> None:
    sign_up(client)
    job = Job.objects.get(kind="newsletter.letter")
    (letter,) = letters()
    stored = str(list(Subscriber.objects.values())) + str(job.payload) + job.key
    for place in (stored, *links(letter).values()):
        assert "denise" not in place.lower()
        assert "example.org" not in place.lower()


@pytest.mark.parametrize("state", ["unknown", "waiting", "confirmed"])
def test_the_answer_is_the_same_whether_an_address_is_known(client: Client, state: str) -> None:
    if state == "waiting":
        sign_up(client)
    if state == "confirmed":
        join(client)
    response = client.post("/newsletter/", {"email": DENISE, "language": "en"})
    assert (response.status_code, response["Location"]) == (302, "/newsletter/asked/")
    assert Subscriber.objects.count() == 1


@pytest.mark.parametrize("again", [DENISE, "Denise@Example.org", " denise@example.org "])
def test_an_address_stands_once_and_hears_from_us_once_an_hour(client: Client, again: str) -> None:
    sign_up(client)
    sign_up(client, again)
    assert Subscriber.objects.count() == 1
    assert len(letters()) == 1
    hour_ago = timezone.now() - timedelta(minutes=settings.NEWSLETTER_AGAIN_MINUTES + 1)
    Subscriber.objects.update(mailed_at=hour_ago)
    sign_up(client, again)
    assert len(letters()) == 2


def test_a_stranger_cannot_change_what_somebody_confirmed(client: Client) -> None:
    join(client, language="es")
    Subscriber.objects.update(mailed_at=None)
    sign_up(client, language="en")
    assert Subscriber.objects.get().language == "es"
    assert "confirm" not in links(letters()[-1])


def test_the_newer_wish_counts_until_it_is_confirmed(client: Client) -> None:
    bus = Theme.objects.create(slug="the-bus", label_en="The bus")
    sign_up(client)
    sign_up(client, language="es", themes=["the-bus"])
    row = Subscriber.objects.get()
    assert (row.language, list(row.themes.all())) == ("es", [bus])


def test_a_key_that_was_replaced_still_recognises_an_address(
    client: Client, settings: Settings
) -> None:
    sign_up(client)
    settings.CONTACT_KEYS = ["a newer key of the archive, long enough", *settings.CONTACT_KEYS]
    sign_up(client)
    assert Subscriber.objects.count() == 1


def test_what_nobody_confirmed_is_forgotten_after_a_week(client: Client) -> None:
    join(client)
    sign_up(client, "late@example.org")
    sign_up(client, "fresh@example.org")
    week = timezone.now() - timedelta(days=settings.NEWSLETTER_CONFIRM_DAYS, minutes=1)
    late = Subscriber.objects.order_by("pk")[1]
    Subscriber.objects.filter(pk=late.pk).update(asked_at=week)
    Job.objects.all().delete()
    jobs.enqueue("newsletter.sweep")
    jobs.run_due()
    assert not Subscriber.objects.filter(pk=late.pk).exists()
    assert Subscriber.objects.count() == 2


def test_machines_are_thanked_and_forgotten(client: Client) -> None:
    sign_up(client, website="https://buy.example")
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("email", ["", "denise", "denise@", "a@b.c\nBcc: all@example.org"])
def test_what_is_no_address_is_said_in_words(client: Client, email: str) -> None:
    response = client.post("/newsletter/", {"email": email, "language": "en"})
    assert response.status_code == 422
    assert 'href="#id_email"' in response.content.decode()
    assert not Subscriber.objects.exists()


def test_a_flood_is_refused_in_a_sentence(client: Client, settings: Settings) -> None:
    settings.NEWSLETTER_LETTERS_PER_HOUR = 2
    cache.delete("newsletter:letters")
    sign_up(client, "a@example.org")
    sign_up(client, "b@example.org")
    response = client.post("/newsletter/", {"email": "c@example.org", "language": "en"})
    assert response.status_code == 429
    assert "in an hour" in response.content.decode()
    assert Subscriber.objects.count() == 2


def test_readers_get_no_cookie(client: Client) -> None:
    for path in ("/newsletter/", "/newsletter/asked/", "/es/newsletter/"):
        response = client.get(path)
        assert response.status_code == 200
        assert not response.cookies
    assert not client.post("/newsletter/", {"email": DENISE, "language": "en"}).cookies


@pytest.mark.parametrize("start", ["=", "+", "-"])
def test_the_list_for_the_mailing_tool_holds_no_formula(
    client: Client, cast: Cast, start: str
) -> None:
    join(client, f"{start}cmd@example.org")
    (row,) = csv.DictReader(io.StringIO(newsletter.export(by=cast.odell)))
    assert row["email"] == f"'{start}cmd@example.org"


def test_the_list_holds_who_confirmed_and_how_they_leave(client: Client, cast: Cast) -> None:
    Theme.objects.create(slug="the-bus", label_en="The bus")
    join(client, language="es", themes=["the-bus"])
    sign_up(client, "waiting@example.org")
    (row,) = csv.DictReader(io.StringIO(newsletter.export(by=cast.odell)))
    assert (row["email"], row["language"], row["themes"]) == (DENISE, "es", "the-bus")
    assert client.post(row["leave_url"].removeprefix(settings.SITE_URL)).status_code == 200
    assert not on_the_list()


@pytest.mark.parametrize("who", ["ines", "ruth", "wren"])
def test_only_administrators_take_the_list_away(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        newsletter.export(by=getattr(cast, who))


def test_no_column_leads_to_contributors() -> None:
    with connection.cursor() as cursor:
        relations = connection.introspection.get_relations(cursor, Subscriber._meta.db_table)
    assert not relations
