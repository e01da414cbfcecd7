"""Folds repeated log lines: a line that comes again within a minute is counted instead of written."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_WINDOW_SECONDS = 60.0
_MOST_REMEMBERED = 200

Key = tuple[object, ...]


@dataclass
class _Seen:
    """A line, the time at which it was written, and how often it came again since."""

    record: logging.LogRecord
    written: float
    repeats: int = 0


class Folding(logging.Filter):
    """Lets each line through once a minute.

    When the minute is over, the count of the repeats is written with the line, at the next line of any kind.
    """

    def __init__(self, handler: logging.Handler, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._handler = handler
        self._clock = clock
        self._seen: OrderedDict[Key, _Seen] = OrderedDict()

    def filter(self, record: logging.LogRecord) -> bool:
        """Returns whether the line is written."""
        now = self._clock()
        self._close(now)
        key = _key(record)
        if (seen := self._seen.get(key)) is not None:
            seen.repeats += 1
            return False
        self._seen[key] = _Seen(record, now)
        return True

    def _close(self, now: float) -> None:
        """Forgets lines whose minute is over, and writes those that were repeated."""
        while self._seen:
            oldest = next(iter(self._seen.values()))
            if now - oldest.written < _WINDOW_SECONDS and len(self._seen) < _MOST_REMEMBERED:
                return
            self._seen.popitem(last=False)
            if oldest.repeats:
                self._handler.handle(_with_count(oldest))


def _key(record: logging.LogRecord) -> Key:
    """Returns equal values for lines that say the same. An error's traceback is not compared."""
    if isinstance(record.msg, dict):
        fields = {name: value for name, value in record.msg.items() if name not in {"timestamp", "exc_info"}}
        return (record.name, record.levelno, repr(sorted(fields.items(), key=lambda field: field[0])))
    return (record.name, record.levelno, record.getMessage())


def _with_count(seen: _Seen) -> logging.LogRecord:
    record = logging.makeLogRecord(seen.record.__dict__)
    if isinstance(record.msg, dict):
        record.msg = {**record.msg, "repeated": seen.repeats}
    else:
        record.msg, record.args = f"{record.getMessage()} (repeated {seen.repeats} times)", ()
    return record
