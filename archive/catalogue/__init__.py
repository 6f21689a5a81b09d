"""The only door to search: tells the index what is public, and asks it what readers ask.

`publication` and `vocabulary` call `owe_all`, `owe` and `forget`; public pages, feeds and the API
call `find`, `marked`, `suggest`, `similar`; the desk calls `near`; commands call `ensure`,
`rebuild` and `compare`. Behind the door each reason has a module, and nobody outside names one:

    describing  what a story is to the index        keeping     the debt of the index, and its jobs
    finding     questions of readers                passages    what of a story answers a question
    prompting   completions while somebody types    kinship     stories that speak of the same
    wording     the editors' equivalents            rows        keys back into public rows
    comparing   drift between index and database

Nothing in here reads what is not public: hits are keys, and every row comes back through
`Story.objects.public()`.
"""

from __future__ import annotations

from archive.catalogue.comparing import Drift, compare
from archive.catalogue.finding import Correction, Found, Result, find
from archive.catalogue.keeping import ensure, forget, owe, owe_all, rebuild, settle
from archive.catalogue.kinship import near, similar
from archive.catalogue.passages import marked
from archive.catalogue.prompting import suggest
from search.index import IndexUnavailable

__all__ = [
    "Correction",
    "Drift",
    "Found",
    "IndexUnavailable",
    "Result",
    "compare",
    "ensure",
    "find",
    "forget",
    "marked",
    "near",
    "owe",
    "owe_all",
    "rebuild",
    "settle",
    "similar",
    "suggest",
]
