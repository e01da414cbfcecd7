"""The size of long tests, as of kills, storms and hostile inputs: a sample in `make test`, all in `make soak`.

The tests of several machines run in `make soak` and `make soak-only`. `make endurance` runs them with thousands of
posts, in about a quarter of an hour.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TypeVar

import pytest

_Case = TypeVar("_Case")
_SIZE = os.environ.get("NUTGRAF_SOAK", "")
#: Seconds that a test of that kind may take, unless it has a limit of its own.
_PATIENCE = 900 if _SIZE else 300

#: The marks of a test that needs all processors for minutes.
SOAK_ONLY = [pytest.mark.soak, pytest.mark.soak_only, pytest.mark.skipif(not _SIZE, reason="takes minutes: make soak")]


def give_time(tests: Iterable[pytest.Item]) -> None:
    """Gives long tests more time."""
    for test in tests:
        if test.get_closest_marker("soak") and not test.get_closest_marker("timeout"):
            test.add_marker(pytest.mark.timeout(_PATIENCE))


def sample(quick: int, full: int) -> int:
    """The count of a test: ``quick`` in `make test`, ``full`` in `make soak`."""
    return full if _SIZE else quick


def some(cases: Sequence[_Case], every: int) -> Sequence[_Case]:
    """Returns each ``every``-th case in `make test`, and all cases in `make soak`."""
    return cases[:: sample(every, 1)]


def endured(full: int, endurance: int) -> int:
    """The count of a test of several machines: ``full`` in `make soak`, ``endurance`` in `make endurance`."""
    return endurance if _SIZE == "endurance" else full
