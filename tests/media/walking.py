"""Walks every rendition that the suite ever makes, whichever test made it.

`watch` is called once in every process; from then on whatever is kept in the gallery is noted, and
`found_since` reads it with the two readers of `traces` when the test is over. The same bytes are
read once. What processes of their own have made (`tests.processes`) is walked when they are closed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from media.storage import Draft, Gallery, Store
from tests.media import traces

_made: list[bytes] = []
_read: set[bytes] = set()


def watch() -> None:
    """Note the bytes of all that is kept in the gallery from now on."""
    keep = Store.keep

    def noted(self: Store, draft: Draft, suffix: str) -> str:
        if isinstance(self, Gallery):
            _made.append(draft.path.read_bytes())
        return keep(self, draft, suffix)

    Store.keep = noted  # type: ignore[method-assign]


def found_since() -> list[str]:
    """What the renditions made since the last call carry beside pixels; nothing is good."""
    made, _made[:] = list(_made), []
    return [trace for content in made for trace in _traces(content)]


def found_below(folder: Path) -> list[str]:
    """The same of every file in a gallery that another process has filled."""
    kept = [path for path in folder.glob("??/??/*") if path.is_file()]
    return [trace for path in kept for trace in _traces(path.read_bytes())]


def _traces(content: bytes) -> list[str]:
    digest = hashlib.sha256(content).digest()
    if digest in _read:
        return []
    _read.add(digest)
    return traces.found(content)
