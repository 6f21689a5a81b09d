"""How often something happened within the hour, so that a flood can be told from a crowd.

Owns the counting, which is the cache's: nothing of it is kept longer than the hour, nor anywhere
else. Ground floor; what is too often, and what follows from it, whoever counts decides.
"""

from __future__ import annotations

from django.core.cache import cache

HOUR = 3600  # seconds


def count(what: str) -> int:
    """Count one more; how often it was within the hour, this time included."""
    cache.add(what, 0, timeout=HOUR)
    try:
        return int(cache.incr(what))
    except ValueError:  # it ran out in between
        return 1


def counted(what: str) -> int:
    """How often it was within the hour."""
    return int(cache.get(what, 0))
