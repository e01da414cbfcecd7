"""The size of kill and storm tests: a seeded sample in `make test`, the full size in `make soak`."""

from __future__ import annotations

import os

IS_SOAK = os.environ.get("NUTGRAF_SOAK") == "1"


def sample(quick: int, full: int) -> int:
    """The count of a test: ``quick`` in `make test`, ``full`` in `make soak`."""
    return full if IS_SOAK else quick
