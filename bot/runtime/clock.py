"""The clock. Everything else takes a clock as an argument."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def _machine() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # the only place that reads the system clock


class Clock:
    """The clock of this machine, or of the database's server, which processes on several machines agree on."""

    def __init__(self, machine: Callable[[], datetime] = _machine) -> None:
        self._machine = machine
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        """Returns the current time, in UTC."""
        return self._machine() + self._ahead

    def follow(self, time: datetime, margin: timedelta) -> timedelta:
        """Keeps to another clock from now on, if that differs by more than ``margin``.

        Returns:
            By how much this clock was changed.
        """
        difference = time - self()
        if abs(difference) <= margin:
            return timedelta(0)
        self._ahead += difference
        return difference


clock = Clock()
