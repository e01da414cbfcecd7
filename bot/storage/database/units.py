"""The state of a unit of work: all writes of a task in one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database.inline import InlineConnection

AnyConnection = AsyncConnection | InlineConnection


@dataclass
class Unit:
    """The state of one `bot.storage.database.engine.Database.unit_of_work`.

    Attributes:
        connection: The connection of its transaction, or None before its first write.
        afterwards: Functions to call after the commit.
    """

    stack: AsyncExitStack
    connection: AnyConnection | None = None
    afterwards: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    def end(self) -> None:
        """Detaches tasks that were started within the unit, so that they do not write to a finished transaction."""
        self.connection = None
