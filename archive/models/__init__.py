"""The records of the archive, one module a room; import them from their module, never from here.

This file only makes Django see them. A name re-exported here would walk round the wall between
submissions and stories (see tests/test_architecture.py).
"""

from archive.models import (  # noqa: F401
    concern,
    editorial,
    missed,
    newsletter,
    person,
    review,
    story,
    submission,
    vocabulary,
    work,
)
