"""A courier with a real database and the real sender, and what can go wrong on the way to a platform."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from aiohttp import web

from bot.chats import Destination
from bot.delivery.courier import Courier, Timing
from bot.delivery.model import Delivery, Sender, State
from bot.delivery.pacing import UNLIMITED, Pacing
from bot.delivery.retry import RetryPolicy
from bot.storage.database.engine import Database
from bot.storage.ledger import Deliveries
from bot.storage.occasions import Occasions
from tests.fakes import NOON, OpenGate
from tests.faults.far_side import ScaledTime
from tests.telegram.server import Fault

AnySender = TypeVar("AnySender", bound=Sender)

#: How much faster the clock of these tests is.
FACTOR = 20


def abort(request: web.Request) -> web.StreamResponse:
    """The connection is reset without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def raw(request: web.Request, answer: bytes) -> web.StreamResponse:
    """Sends bytes that are no valid answer, and closes the connection."""
    assert request.transport is not None
    request.transport.write(answer)
    request.transport.close()
    return web.Response()


def before(make: Callable[[web.Request], web.StreamResponse]) -> Fault:
    """The fault comes before the message was accepted."""
    return lambda request, is_taken: None if is_taken else make(request)


def after(make: Callable[[web.Request], web.StreamResponse]) -> Fault:
    """The fault comes after the message was accepted."""
    return lambda request, is_taken: make(request) if is_taken else None


def answer(status: int, body: str, **headers: str) -> Callable[[web.Request], web.StreamResponse]:
    return lambda _: web.Response(status=status, text=body, headers=headers)


@dataclass
class Postman(Generic[AnySender]):
    """A courier with a database, the real sender, and a fast clock.

    Attributes:
        is_private: Whether all chats are private.
    """

    platform: str
    database: Database
    clock: ScaledTime
    sender: AnySender
    is_private: bool

    @property
    def ledger(self) -> Deliveries:
        return Deliveries(self.database, OpenGate())

    async def enqueue(self, payloads: Sequence[tuple[int, str]], *, first: int = 1, resends: bool = False) -> None:
        """Enqueues one post for each chat and payload, with numbers from ``first``."""
        posts = [
            Delivery(
                0,
                f"{number}:x:1",
                1,
                Destination(self.platform, str(chat)),
                payload,
                NOON,
                NOON + timedelta(days=1),
                occasion=number,
                resends=resends,
            )
            for number, (chat, payload) in enumerate(payloads, start=first)
        ]
        await Occasions(self.database).enqueue(posts, NOON)

    def courier(self, policy: RetryPolicy = RetryPolicy(attempts=4), *, request: float = 30) -> Courier:  # noqa: B008  # frozen
        """Returns a courier that waits ``request`` seconds of the fast clock for an answer."""
        return Courier(
            self.platform,
            self.ledger,
            self.sender,
            pacing=Pacing(UNLIMITED),
            policy=policy,
            timing=Timing(self.clock, self.clock.sleep, beat=0.5, request=request, farewell=0.5),
            is_private=lambda _: self.is_private,
        )

    async def settle(
        self, courier: Courier | None = None, is_over: Callable[[list[Delivery]], bool] | None = None
    ) -> list[Delivery]:
        """Runs a courier until no post is being sent, or ``is_over``. Returns the deliveries afterwards."""
        courier = courier or self.courier()
        working = asyncio.create_task(courier.run())
        for _ in range(900):
            posts = await self.ledger.latest(99)
            waiting = any(one.state in {State.PENDING, State.SENDING} for one in posts)
            if (is_over(posts) if is_over else not waiting) or working.done():
                break
            await asyncio.sleep(0.02)
        courier.stop()
        await working
        return sorted(await self.ledger.latest(99), key=lambda one: one.id)
