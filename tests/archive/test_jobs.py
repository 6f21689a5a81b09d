"""The queue's promises: in the caller's transaction, once per matter, at least once, never lost."""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from pytest_django import Settings

from archive import jobs
from archive.apps import STARTED
from archive.models.work import Job
from tests.processes import PATIENCE

pytestmark = pytest.mark.django_db

Payload = dict[str, Any]


@pytest.fixture(autouse=True)
def _no_other_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the handlers of the test at hand."""
    monkeypatch.setattr(jobs, "_handlers", {})
    monkeypatch.setattr(jobs, "_recurring", {})


@pytest.fixture
def done() -> list[Payload]:
    """What the handler of "note" was given, in order."""
    given: list[Payload] = []
    jobs.handles("note")(given.append)
    return given


def let_time_pass() -> None:
    """Make everything due, and every lease run out."""
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.update(run_at=past)
    Job.objects.exclude(leased_until=None).update(leased_until=past)


def failing(*problems: Exception | None) -> Callable[[Payload], None]:
    """A handler that raises these one after the other; None is a success."""
    left = list(problems)

    def handler(payload: Payload) -> None:
        problem = left.pop(0)
        if problem is not None:
            raise problem

    return handler


# --- asking ------------------------------------------------------------------------------------


def test_work_is_done_and_its_row_goes(done: list[Payload]) -> None:
    jobs.enqueue("note", payload={"story": 7})
    assert jobs.run_due() == 1
    assert done == [{"story": 7}]
    assert not Job.objects.exists()


def test_work_is_owed_only_if_its_cause_was_committed(done: list[Payload]) -> None:
    class Regret(Exception):
        pass

    def ask_and_regret() -> None:
        with transaction.atomic():
            jobs.enqueue("note")
            raise Regret

    with pytest.raises(Regret):
        ask_and_regret()
    assert jobs.run_due() == 0


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ([{"key": "a"}, {"key": "a"}], 1),
        ([{"key": "a"}, {"key": "b"}], 2),
        ([{}, {}], 1),
        ([{"payload": {"story": 1, "photo": 2}}, {"payload": {"photo": 2, "story": 1}}], 1),
        ([{"payload": {"story": 1}}, {"payload": {"story": 2}}], 2),
        ([{"key": "a", "payload": {"story": 1}}, {"key": "a", "payload": {"story": 2}}], 1),
    ],
)
def test_one_row_for_each_matter(asked: list[dict[str, Any]], rows: int) -> None:
    for each in asked:
        jobs.enqueue("note", **each)
    assert Job.objects.count() == rows


def test_the_newest_word_counts(done: list[Payload]) -> None:
    jobs.enqueue("note", "a", {"story": 1})
    jobs.enqueue("note", "a", {"story": 2}, run_at=timezone.now() + timedelta(hours=1))
    assert jobs.run_due() == 0
    jobs.enqueue("note", "a", {"story": 3})
    assert jobs.run_due() == 1
    assert done == [{"story": 3}]


def test_asked_again_while_it_runs_it_runs_once_more() -> None:
    runs: list[Payload] = []

    @jobs.handles("note")
    def note(payload: Payload) -> None:
        runs.append(payload)
        if len(runs) == 1:
            jobs.enqueue("note", "a", {"story": 2})
            jobs.enqueue("note", "a", {"story": 3})
            assert not jobs.run_one(), "nobody else may take what is in hand"

    jobs.enqueue("note", "a", {"story": 1})
    assert jobs.run_due() == 2
    assert runs == [{"story": 1}, {"story": 3}]
    assert not Job.objects.exists()


def test_asked_again_while_it_fails_it_starts_afresh() -> None:
    @jobs.handles("note")
    def note(payload: Payload) -> None:
        jobs.enqueue("note", "a")
        raise OSError

    jobs.enqueue("note", "a")
    jobs.run_one()
    job = Job.objects.get()
    assert (job.attempts, job.failed_at) == (0, None)
    assert job.run_at <= timezone.now()


def test_oldest_first_and_nothing_before_its_time(done: list[Payload]) -> None:
    now = timezone.now()
    jobs.enqueue("note", payload={"at": "later"}, run_at=now + timedelta(minutes=1))
    jobs.enqueue("note", payload={"at": "second"}, run_at=now - timedelta(minutes=1))
    jobs.enqueue("note", payload={"at": "first"}, run_at=now - timedelta(minutes=2))
    jobs.run_due()
    assert [each["at"] for each in done] == ["first", "second"]


def test_run_due_stops_at_its_limit(done: list[Payload]) -> None:
    for number in range(5):
        jobs.enqueue("note", payload={"number": number})
    assert jobs.run_due(limit=3) == 3
    assert Job.objects.count() == 2


# --- failing -----------------------------------------------------------------------------------


def test_a_failure_is_tried_again_later_and_named_without_content(
    caplog: pytest.LogCaptureFixture,
) -> None:
    jobs.handles("note")(failing(ValueError("a word of a story"), None))
    jobs.enqueue("note", "a")
    with caplog.at_level(logging.INFO):
        jobs.run_one()
    job = Job.objects.get()
    assert job.last_error == "ValueError"
    assert timedelta(seconds=4) < job.run_at - timezone.now() < timedelta(seconds=16)
    assert "ValueError at test_jobs.py:" in caplog.text
    assert "a word of a story" not in caplog.text
    assert not jobs.run_one()
    let_time_pass()
    assert jobs.run_one()
    assert not Job.objects.exists()


def test_waits_grow_to_an_hour() -> None:
    waits = [jobs._delay(Job(kind="note", attempts=attempt)) for attempt in range(1, 40)]
    assert waits[0] <= jobs.FIRST_RETRY * 1.5
    assert all(jobs.LONGEST_RETRY * 0.5 <= wait <= jobs.LONGEST_RETRY * 1.5 for wait in waits[9:])


def test_it_is_given_up_at_last_and_stays_visible_until_asked_again(settings: Settings) -> None:
    settings.JOB_ATTEMPTS = 3
    jobs.handles("note")(failing(OSError(), OSError(), OSError(), None))
    jobs.enqueue("note", "a")
    for _attempt in range(3):
        assert jobs.run_one()
        let_time_pass()
    assert not jobs.run_one()
    assert jobs.given_up().get().attempts == 3
    assert not jobs.waiting().exists()
    jobs.enqueue("note", "a")
    assert jobs.run_one()
    assert not Job.objects.exists()


def test_an_unknown_kind_waits_for_a_release_that_knows_it(done: list[Payload]) -> None:
    jobs.enqueue("novelty")
    jobs.enqueue("note")
    assert jobs.run_due() == 2
    assert Job.objects.get().last_error == "UnknownKind"
    assert done == [{}]


# --- leases ------------------------------------------------------------------------------------


def test_a_worker_that_lost_its_lease_cannot_end_the_job() -> None:
    @jobs.handles("note")
    def note(payload: Payload) -> None:
        Job.objects.update(lease_token="somebody else's")

    jobs.enqueue("note")
    jobs.run_one()
    job = Job.objects.get()
    assert job.lease_token == "somebody else's"
    assert job.leased_until is not None


def test_a_job_that_kills_its_workers_is_given_up(settings: Settings, done: list[Payload]) -> None:
    settings.JOB_ATTEMPTS = 2
    jobs.enqueue("note")
    for _death in range(2):
        assert jobs._lease()  # taken, and never heard of again
        let_time_pass()
    jobs.run_one()
    assert jobs.given_up().get().last_error == "WorkerDied"
    assert not done


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_the_work_takes_long(settings: Settings) -> None:
    settings.JOB_LEASE_SECONDS = 1
    ends = []

    @jobs.handles("note")
    def note(payload: Payload) -> None:
        deadline = time.monotonic() + PATIENCE
        while len(set(ends)) < 3 and time.monotonic() < deadline:
            ends.append(Job.objects.get().leased_until)
            time.sleep(0.02)

    jobs.enqueue("note")
    jobs.run_one()
    assert len(set(ends)) == 3
    assert ends == sorted(ends)


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_share_the_work_and_double_nothing() -> None:
    taken: list[int] = []
    jobs.handles("note")(lambda payload: taken.append(payload["number"]))
    for number in range(40):
        jobs.enqueue("note", payload={"number": number})

    def work() -> None:
        try:
            while jobs.run_one():
                pass
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == list(range(40))
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_work_survives_its_worker_being_killed(done: list[Payload]) -> None:
    """A real process, a real kill -9 in the middle of the handler."""
    jobs.enqueue("note", payload={"story": 7})
    connections.close_all()  # nothing of ours may be shared with the child
    context = multiprocessing.get_context("fork")
    begun = context.Event()

    def work_and_hang() -> None:
        def hang(payload: Payload) -> None:
            begun.set()
            time.sleep(10 * PATIENCE)

        jobs.handles("note")(hang)
        jobs.run_one()

    worker = context.Process(target=work_and_hang)
    worker.start()
    assert begun.wait(PATIENCE)
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    assert not jobs.run_one(), "the lease of the dead still runs"
    let_time_pass()
    assert jobs.run_one()
    assert done == [{"story": 7}]
    assert not Job.objects.exists()


# --- what comes round by itself ----------------------------------------------------------------


def test_recurring_work_comes_round() -> None:
    runs: list[Payload] = []
    jobs.every("sweep", hours=24)(runs.append)
    jobs.plan_recurring()
    jobs.plan_recurring()
    assert jobs.run_due() == 1
    assert len(runs) == 1
    wait = Job.objects.get().run_at - timezone.now()
    assert timedelta(hours=23) < wait <= timedelta(hours=24)
    let_time_pass()
    assert jobs.run_due() == 1


def test_recurring_work_never_gives_up(settings: Settings) -> None:
    settings.JOB_ATTEMPTS = 1
    jobs.every("sweep", hours=1 / 360)(failing(OSError(), OSError(), None))
    jobs.plan_recurring()
    for _failure in range(2):
        assert jobs.run_one()
        assert Job.objects.get().run_at - timezone.now() < timedelta(seconds=16)
        let_time_pass()
    assert jobs.run_one()
    job = Job.objects.get()
    assert (job.attempts, job.last_error, job.failed_at) == (0, "", None)


def test_recurring_work_can_be_asked_for_in_between() -> None:
    runs: list[Payload] = []
    jobs.every("sweep", hours=24)(runs.append)
    jobs.plan_recurring()
    jobs.run_due()
    jobs.enqueue("sweep")
    assert jobs.run_due() == 1
    assert Job.objects.count() == 1


def test_the_app_loads_whatever_does_work() -> None:
    """A worker has loaded the app and no page of it: what is missing here would be given up."""
    doing = {
        path.parent.name if path.parent.name == "catalogue" else path.stem
        for path in (Path(__file__).parents[2] / "archive").rglob("*.py")
        if re.search(r"^@jobs\.(every|handles)\(", path.read_text(), re.MULTILINE)
    }
    assert doing
    assert doing <= set(STARTED)
