"""The system clock. Everything else takes a clock as an argument."""

from datetime import UTC, datetime


def clock() -> datetime:
    """Returns the current time, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  # the only place that reads the system clock
