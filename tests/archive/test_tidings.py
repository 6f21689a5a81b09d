"""“There is news”: to who asked for it, once for a while, and never a word of the story."""

from __future__ import annotations

import pytest
from django.core import mail
from django.utils import translation

from archive import jobs, moderation, publication, tidings
from archive.models.work import Job
from tests.archive import ground
from tests.conftest import Cast
from tests.factories import allowed, contributor, received, telling

pytestmark = pytest.mark.django_db


def asked(cast: Cast, *, wanted: bool = True, language: str = "en") -> tuple[object, str]:
    with translation.override(language):
        got = received(
            telling(title="Cassowary"),
            allowed(contact_ok=wanted),
            contact={"email": "d@example.org"},
        )
    moderation.edit(got.submission, version=1, by=cast.ines, reason="spelling", title="Cassowaries")
    moderation.ask(got.submission, "Which year was the cassowary?", version=2, by=cast.ines)
    return got.submission, got.code


def send_all() -> None:
    for job in Job.objects.filter(kind="tidings.tell"):
        tidings.tell(job.payload)


def test_two_things_are_one_mail_that_says_nothing(cast: Cast) -> None:
    _piece, code = asked(cast)
    assert Job.objects.filter(kind="tidings.tell").count() == 1
    send_all()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["d@example.org"], "There is news")
    assert "/share/receipt/" in letter.body
    for secret in ("assowar", "Which year", code, "Denise", "Queens"):
        assert secret not in letter.body
    assert "d@example.org" not in ground.every_value()


def test_in_the_language_they_wrote_in(cast: Cast) -> None:
    asked(cast, language="es")
    send_all()
    assert "/es/share/receipt/" in mail.outbox[0].body


def test_nobody_is_written_to_who_did_not_ask_or_has_gone(cast: Cast) -> None:
    asked(cast, wanted=False)
    assert not Job.objects.filter(kind="tidings.tell").exists()
    piece, _code = asked(cast)
    publication.withdraw(piece, by=contributor(piece))
    send_all()
    assert mail.outbox == []
    assert "tidings.tell" in jobs._handlers
