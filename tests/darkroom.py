"""Develops each picture once in a process of the suite, however many tests bring the same one.

The darkroom is a pure function: the same order over the same bytes gives the same bytes (the sample's
and the renditions' own tests hold that). Most tests are about something else and bring the same small
photograph; starting a decoder for each was a third of the suite's time. `tests/media`, which is about
the darkroom itself, always has the real one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import IO, Any

Run = Callable[..., dict[str, Any]]
_LARGEST = 1_000_000  # bytes of one answer that are remembered
_known: dict[tuple[str, str, str], tuple[str, list[bytes]]] = {}


def remembering(real: Run) -> Run:
    """`media.sandbox.run`, which answers from memory where it has answered before."""

    def run(
        task: str, source: IO[bytes], targets: Sequence[IO[bytes]], **order: Any
    ) -> dict[str, Any]:
        source.seek(0)
        digest = hashlib.sha256(source.read()).hexdigest()
        key = task, digest, json.dumps(order, sort_keys=True)
        if key not in _known:
            report = real(task, source, targets, **order)
            made = [_written(target) for target in targets]
            if sum(map(len, made)) <= _LARGEST:
                _known[key] = json.dumps(report), made
            return report
        said, made = _known[key]
        for target, content in zip(targets, made, strict=True):
            target.write(content)
            target.flush()
        report = json.loads(said)
        assert isinstance(report, dict)
        return report

    return run


def _written(target: IO[bytes]) -> bytes:
    target.seek(0)
    return target.read()
