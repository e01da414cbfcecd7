"""The size of kill and storm tests: a seeded sample in `make test`, the full size in `make soak`.

The tests of several machines have a third size, `make endurance`, which takes the better part of an hour.
"""

from __future__ import annotations

import os

_SIZE = os.environ.get("NUTGRAF_SOAK", "")


def sample(quick: int, full: int, endurance: int | None = None) -> int:
    """The count of a test: ``quick`` in `make test`, ``full`` in `make soak`, ``endurance`` in `make endurance`."""
    if _SIZE == "endurance" and endurance is not None:
        return endurance
    return full if _SIZE else quick
