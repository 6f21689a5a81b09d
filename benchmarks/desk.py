"""The desk with much to do: 10,000 pieces that wait, and one piece with 20 revisions.

    python -m benchmarks.desk

Furnishes a thrown-away archive and asks for the pages in this process, middleware and templates
included. The time is what this process worked, whatever else the machine did. The aims: at most 12 queries, and no more than twice an empty view's time plus 50 ms.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from typing import Any

from benchmarks import ground

WAITING, REVISIONS, TIMES = 10_000, 20, 15
BODY = "The bus leaves Queens at four in the morning, and my daughter sleeps against my arm. " * 50


def main() -> None:
    """In an archive of its own, and in a process that has loaded nothing else."""
    with ground.archive("benchmarks.settings") as env:
        ground.manage(env, "collectstatic", "--noinput", "-v0")
        subprocess.run([sys.executable, "-m", "benchmarks.desk", "inside"], env=env, check=True)


def inside() -> None:
    """Furnish, ask, print."""
    import django

    django.setup()
    from django.test import Client
    from django.test.utils import setup_test_environment

    setup_test_environment()
    ruth, reference = furnish()
    client = Client()
    client.force_login(ruth)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa"}]
    session.save()
    pages = {
        "empty view": "/empty",
        "queue, nothing there": "/desk/?state=declined",
        "queue, 10,000 waiting": "/desk/",
        "queue, searched and filtered": "/desk/?q=bus&language=en&photos=no",
        "piece, 20 revisions": f"/desk/pieces/{reference}/",
        "two of its versions": f"/desk/pieces/{reference}/compare/",
    }
    empty, rows = 0.0, []
    for name, address in pages.items():
        taken, queries = ask(client, address)
        empty = empty or taken
        aim = 2 * empty + 50
        rows.append(
            [name, str(queries), f"{taken:.1f}", f"{aim:.0f}" if name != "empty view" else ""]
        )
    title = f"The desk, {WAITING} waiting, in this process"
    ground.table(title, ["page", "queries", "ms of work, median", "aim"], rows)


def ask(client: Any, address: str) -> tuple[float, int]:
    """Milliseconds of work (median) and queries of one page."""
    from django.db import connection

    queries = 0

    def count(execute: Any, *given: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*given)

    client.get(address)
    with connection.execute_wrapper(count):
        assert client.get(address).status_code == 200, address
    spans = []
    for _ in range(TIMES):
        start = time.process_time()
        client.get(address)
        spans.append((time.process_time() - start) * 1000)
    return statistics.median(spans), queries


def furnish() -> tuple[Any, str]:
    """The pieces, and somebody to read them; the reference of the one with many versions."""
    from archive import catalogue, intake, moderation
    from archive.actors import SYSTEM
    from archive.models.person import Person, Role
    from archive.models.submission import Submission

    catalogue.ensure()
    ruth = Person.objects.create_user(username="ruth", role=Role.EDITOR)
    allowed = intake.Allowed(wording="Everyone.", wording_version="bench", audience="public")
    for start in range(0, WAITING, 500):
        items = [
            intake.Item(
                intake.Telling(body=BODY, title=f"The bus, {number}"),
                allowed,
                source="bench",
                source_key=str(number),
                names={},
            )
            for number in range(start, start + 500)
        ]
        list(intake.bring_in_all(items, by=SYSTEM))
    piece = Submission.objects.earliest("pk")
    for number in range(1, REVISIONS):
        moderation.edit(piece, version=number, body=f"{BODY}{number}.", reason="", by=ruth)
    return ruth, piece.reference


if __name__ == "__main__":
    inside() if sys.argv[1:] == ["inside"] else main()
