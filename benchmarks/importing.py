"""Taking in 1,645 narratives through the real stages, beside the least that could hold and find them.

    python -m benchmarks.importing

The bare run writes the same texts with `bulk_create` in batches and into a plain tantivy index: no
consent, no review, no ledger, no sanitising. The ratio says what all of that costs.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
import time

from benchmarks import ground

_BARE = """
import datetime, gzip, json, sys, tempfile, time
import django; django.setup()
import tantivy
from django.db import transaction
from archive.models.story import Story
rows = [json.loads(line) for line in gzip.open(sys.argv[1], "rt")]
day = datetime.date(2026, 1, 1)
began = time.perf_counter()
with transaction.atomic():
    for at in range(0, len(rows), 100):
        Story.objects.bulk_create(
            Story(title=row["title"][:200], body=row["text"], byline=row["author"] or "",
                  published_on=day, visible_from=day)
            for row in rows[at : at + 100]
        )
schema = tantivy.SchemaBuilder()
schema.add_text_field("key", stored=True, tokenizer_name="raw")
schema.add_text_field("title", stored=True, tokenizer_name="en_stem")
schema.add_text_field("body", stored=True, tokenizer_name="en_stem")
with tempfile.TemporaryDirectory() as folder:
    index = tantivy.Index(schema.build(), path=folder)
    writer = index.writer()
    for row in rows:
        writer.add_document(tantivy.Document(key=row["id"], title=row["title"], body=row["text"]))
    writer.commit()
    writer.wait_merging_threads()
print(time.perf_counter() - began)
"""


def bare() -> float:
    """Seconds for bulk_create and bare tantivy."""
    with ground.archive() as env:
        command = [sys.executable, "-c", _BARE, str(ground.WPA)]
        done = subprocess.run(command, cwd=ground.ROOT, env=env, check=True, capture_output=True)
        return float(done.stdout)


def ours() -> tuple[float, float]:
    """(seconds, peak megabytes) for `import_stories --publish`, the start of Python included."""
    with ground.archive() as env:
        ground.make_editor(env)
        words = ["import_stories", str(ground.WPA), "--publish", "--by", "editor"]
        began = time.perf_counter()
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", *words],
                cwd=ground.ROOT, env=env, stdout=output, stderr=output,
            )  # fmt: skip
            with ground.PeakMemory(process.pid) as peak:
                if process.wait() != 0:
                    raise SystemExit("import_stories failed")
        return time.perf_counter() - began, peak.megabytes


def main() -> None:
    """Print the table."""
    if not ground.WPA.exists():
        raise SystemExit("../shared/data is not there: nothing to measure with.")
    with gzip.open(ground.WPA, "rt") as handle:
        records = sum(1 for line in handle if json.loads(line))
    bare_seconds = ground.median_of(3, bare)
    runs = [ours() for _run in range(2)]
    seconds, megabytes = min(runs)[0], max(megabytes for _seconds, megabytes in runs)
    ground.table(
        f"import_stories --publish, {records} narratives",
        ["run", "seconds", "records a second", "share of bare", "peak MB"],
        [
            ["bare bulk_create and tantivy", f"{bare_seconds:.2f}", f"{records / bare_seconds:.0f}", "1.00", ""],
            ["through the stages", f"{seconds:.1f}", f"{records / seconds:.0f}", f"{bare_seconds / seconds:.2f}", f"{megabytes:.0f}"],
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
