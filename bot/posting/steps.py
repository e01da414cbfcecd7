"""Runs the steps of a job. A step that fails does not stop the next one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from bot.storage.database.errors import StorageError

_log = structlog.stdlib.get_logger("nutgraf.schedule")

Step = Callable[[], Awaitable[object]]


class StepFailed(Exception):
    """A step failed because of a mistake of the program. Its traceback is in the log.

    Attributes:
        kind: The error.
    """

    def __init__(self, kind: type[Exception]) -> None:
        super().__init__(kind.__name__)
        self.kind = kind


async def take_all(*steps: Step) -> None:
    """Runs all steps, and logs those that fail because of a mistake of the program.

    Raises:
        StorageError: The database failed in one of them.
        StepFailed: A step failed for another reason.
    """
    failed: list[StorageError] = []
    mistakes: list[Exception] = []
    for step in steps:
        try:
            await step()
        except StorageError as error:
            failed.append(error)
        except Exception as error:  # noqa: BLE001  # one step's trouble is none of the next one's
            _log.exception("step_failed", step=_name(step))
            mistakes.append(error)
    if failed:
        raise failed[0]
    if mistakes:
        raise StepFailed(type(mistakes[0])) from mistakes[0]


def _name(step: Step) -> str:
    function = step.func if isinstance(step, partial) else step
    return str(getattr(function, "__qualname__", function)).lstrip("_")
