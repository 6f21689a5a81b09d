"""Edit against approve, at the same moment and on a database file: no unread text becomes public."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from archive import catalogue, moderation, publication
from archive.models.person import Person, Role
from archive.models.story import Story
from archive.models.submission import Submission
from archive.refusals import Refusal
from tests import factories
from tests.processes import PATIENCE

READ, UNREAD = "A bus, as it was read.", "A bus, and a sentence that nobody has read."


def at_once(*deeds: Callable[[], object]) -> None:
    """Each in a thread and a connection of its own, let go together. Refusals are no accident."""
    start, accidents = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], object]) -> None:
        try:
            start.wait(timeout=PATIENCE)
            deed()
        except Refusal:
            pass
        except Exception as accident:
            accidents.append(accident)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE)
    assert not accidents, accidents
    assert not [thread for thread in threads if thread.is_alive()]


def race(times: int) -> None:
    catalogue.ensure()
    ines = Person.objects.create_user(username="ines", role=Role.MODERATOR)
    ruth = Person.objects.create_user(username="ruth", role=Role.EDITOR)
    outcomes: Counter[tuple[str, int]] = Counter()
    for _ in range(times):
        piece = factories.submission(factories.telling(body=READ))

        def edit(piece: Submission = piece) -> None:
            moderation.edit(piece, version=1, body=UNREAD, reason="", by=ines)

        def approve(piece: Submission = piece) -> None:
            moderation.accept(piece, version=1, by=ruth)
            publication.publish(piece, version=1, by=ruth, themes=())

        at_once(edit, approve)
        now = Submission.objects.select_related("current", "story").get(pk=piece.pk)
        if now.story is not None:
            assert now.story.body == READ
            assert now.published_version == now.accepted_version == 1
        outcomes[now.state, now.version] += 1
    assert not Story.objects.filter(body__contains="nobody has read").exists()
    print(dict(outcomes))  # noqa: T201 - how often either was first; shown with -s


@pytest.mark.django_db(transaction=True)
def test_no_unread_text_becomes_public() -> None:
    race(10)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.django_db(transaction=True)
def test_no_unread_text_becomes_public_in_five_hundred_races() -> None:
    race(500)
