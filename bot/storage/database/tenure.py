"""A process's time as the holder of a part of the work, and the check that it has not ended.

A part is work that only one process at a time may do, such as sending the posts of a platform. Each tenure has a
number, its epoch. The next holder increments it. A process that was stopped for a while, or that has lost its
connection, still has the old number, so it cannot write.
"""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database.inline import InlineConnection
from bot.storage.database.statements import upsert
from bot.storage.database.tables import part

#: The row is locked until the end of the transaction, so that the next tenure begins after it. A transaction whose
#: process has stopped or died must not hold up that process's successor: the server ends it soon.
_CONFIRM = (
    select(part.c.epoch, func.set_config("idle_in_transaction_session_timeout", "4s", True))
    .where(part.c.name == bindparam("part"))
    .with_for_update(read=True)
)


@dataclass(eq=False)
class Tenure:
    """A process's time as the holder of a part.

    Attributes:
        epoch: The number of this tenure. The next one has the next number.
        ended: Set when the work must end, since another process may have the part or asks for it.
        until: The moment of `time.monotonic` up to which no other process can have taken the part.
    """

    part: str
    epoch: int
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    until: float = math.inf

    @property
    def is_current(self) -> bool:
        """Whether this process surely holds the part."""
        return time.monotonic() < self.until

    def suspend(self) -> None:
        """Forbids writing and sending until the election has confirmed the tenure again."""
        self.until = -math.inf

    def hand_over(self) -> None:
        """Asks the work to end, so that another process gets the part. Until then it may write and send."""
        self.ended.set()

    def end(self) -> None:
        """Forbids writing and sending for good."""
        self.suspend()
        self.ended.set()


async def begin_tenure(connection: AsyncConnection | InlineConnection, name: str, holder: str, now: datetime) -> int:
    """Stores a new holder of a part. Waits for the transactions of the former holder.

    Returns:
        The epoch of the new tenure.
    """
    adding = upsert(connection.dialect.name, part).values(name=name, epoch=1, holder=holder, since=now)
    changed = {"epoch": part.c.epoch + 1, "holder": holder, "since": now}
    adding = adding.on_conflict_do_update(index_elements=["name"], set_=changed)
    return int((await connection.execute(adding.returning(part.c.epoch))).scalar_one())


async def is_in_office(connection: AsyncConnection | InlineConnection, tenure: Tenure) -> bool:
    """Whether a tenure lasts at least until the end of this transaction. Needs PostgreSQL."""
    return bool((await connection.execute(_CONFIRM, {"part": tenure.part})).scalar() == tenure.epoch)
