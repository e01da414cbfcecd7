"""The size of kill and storm tests: a seeded sample in `make test`, the full size in `make soak`.

The tests of several machines run in `make soak` only. `make endurance` runs them with thousands of posts, for up to an
hour.
"""

from __future__ import annotations

import os

import pytest

_SIZE = os.environ.get("NUTGRAF_SOAK", "")

#: The marks of a test that needs all processors for minutes.
SOAK_ONLY = [pytest.mark.soak, pytest.mark.skipif(not _SIZE, reason="takes minutes: make soak")]


def sample(quick: int, full: int) -> int:
    """The count of a test: ``quick`` in `make test`, ``full`` in `make soak`."""
    return full if _SIZE else quick


def endured(full: int, endurance: int) -> int:
    """The count of a test of several machines: ``full`` in `make soak`, ``endurance`` in `make endurance`."""
    return endurance if _SIZE == "endurance" else full
