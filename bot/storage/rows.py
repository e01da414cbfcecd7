"""Reads rows one by one: one that is damaged, or that a newer version wrote, costs itself and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import structlog

_log = structlog.stdlib.get_logger("nutgraf.storage")

Value = TypeVar("Value")

#: What reading raises where a row holds something unexpected: unknown names, JSON that is none, missing fields.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
#: Rows that were reported; each is reported once, since many loops come by again and again.
_REPORTED: set[tuple[str, object]] = set()
_MOST_REPORTED = 10_000


def readable(rows: Iterable[Any], read: Callable[[Any], Value], kind: str) -> list[Value]:
    """Returns the readable rows, converted by ``read``. The others are logged with their ``kind`` and id."""
    found = []
    for row in rows:
        try:
            found.append(read(row))
        except UNREADABLE as error:
            report(kind, row.id, error)
    return found


def report(kind: str, number: object, error: Exception) -> None:
    """Logs once that a row cannot be read."""
    if (kind, number) not in _REPORTED and len(_REPORTED) < _MOST_REPORTED:
        _REPORTED.add((kind, number))
        _log.warning("row_unreadable", kind=kind, id=number, error=type(error).__name__)
