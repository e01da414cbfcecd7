"""Retries transactions that the server has rolled back because of a conflict."""

from __future__ import annotations

import asyncio
import functools
import inspect
import random
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bot.storage.database.errors import DatabaseConflict

_TRIES = 4
_LONGEST_WAIT = 0.05

Store = TypeVar("Store", bound=type)
Found = TypeVar("Found")


def retries_conflicts(store: Store) -> Store:
    """A class decorator: retries each public coroutine method after a deadlock or a serialisation failure.

    PostgreSQL asks for that (https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html). It is
    safe because the whole transaction was rolled back. Inside a unit of work, the method is part of a larger
    transaction, so the error is passed on. The class needs an attribute ``_database``.
    """
    for name, method in list(vars(store).items()):
        if not name.startswith("_") and inspect.iscoroutinefunction(method):
            setattr(store, name, _retried(method))
    return store


def _retried(method: Callable[..., Awaitable[Found]]) -> Callable[..., Awaitable[Found]]:
    @functools.wraps(method)
    async def call(self: Any, *arguments: Any, **options: Any) -> Found:
        for left in reversed(range(_TRIES)):
            try:
                return await method(self, *arguments, **options)
            except DatabaseConflict:
                if not left or self._database.is_in_unit:  # only the owner of the unit can retry
                    raise
                await asyncio.sleep(random.uniform(0, _LONGEST_WAIT))  # noqa: S311  # no secret
        raise AssertionError("unreachable")

    return call
