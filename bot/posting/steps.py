"""Runs the steps of a job. A step that fails does not stop the next one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.storage.database.errors import StorageError

_log = structlog.stdlib.get_logger("nutgraf.schedule")


async def take_all(*steps: Callable[[], Awaitable[object]]) -> None:
    """Runs all steps, and logs those that fail.

    Raises:
        StorageError: The database failed in one of them.
    """
    failed: list[StorageError] = []
    for step in steps:
        try:
            await step()
        except StorageError as error:
            failed.append(error)
        except Exception:  # noqa: BLE001  # one step's trouble is none of the next one's
            _log.exception("step_failed")
    if failed:
        raise failed[0]
