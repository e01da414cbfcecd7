"""The courier takes due posts from the ledger, sends them at the allowed pace and writes the outcomes.

It sends in waves: the posts that may leave within the next tenth of a second. One durable transaction marks a wave as
being sent before any of it leaves. After a crash, whatever is marked is in doubt, so no more than one wave is marked
and waits at any time. Outcomes are written together, at each beat.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.chats import Destination
from bot.delivery.exchange import in_a_line
from bot.delivery.model import (
    Delivery,
    Ledger,
    LedgerRefused,
    Outcome,
    Retry,
    Sender,
    Settled,
    State,
    Stopped,
    Uncertain,
)
from bot.delivery.pacing import Pacing
from bot.delivery.retry import RetryPolicy, settle

_log = structlog.stdlib.get_logger("nutgraf.courier")

_WAVE = timedelta(seconds=0.1)
#: A clock that is put back by less is only adjusted.
_ADJUSTED = timedelta(seconds=1)
_MOST_WAITING = 120
#: Seconds between two tries while the database is away, at the most; and how often that is said.
_LONGEST_REST, _TOLD_EVERY = 5.0, 50


@dataclass(frozen=True)
class Timing:
    """Time, as the courier is given it; seconds are those of ``clock``.

    Attributes:
        beat: How often the ledger is asked and written; more often while more posts are due than a wave holds.
        request: How long a request may take; what takes longer is uncertain.
        farewell: How long requests may still take when the courier is told to stop.
    """

    clock: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    beat: float = 0.1
    request: float = 30
    farewell: float = 6


class Courier:
    """Sends the posts of one platform; there is one at a time for each token."""

    def __init__(
        self,
        platform: str,
        ledger: Ledger,
        sender: Sender,
        *,
        pacing: Pacing,
        policy: RetryPolicy,
        timing: Timing,
        is_private: Callable[[Destination], bool],
    ) -> None:
        self.platform = platform
        self.stopped_because: str | None = None
        self._ledger = ledger
        self._sender = sender
        self._pacing = pacing
        self._policy = policy
        self._timing = timing
        self._is_private = is_private
        self._epoch = 0
        self._in_flight: dict[Destination, asyncio.Task[None]] = {}
        self._unsent: dict[int, Delivery] = {}
        self._closed: dict[Destination, datetime] = {}
        self._settled: list[Settled] = []
        self._stopping = asyncio.Event()
        self._last_beat: datetime | None = None
        self._is_full = False
        self._has_left = asyncio.Event()

    async def run(self) -> None:
        """Works until `stop` is called or the platform takes nothing any more; then nothing is left in sending."""
        failures = 0
        try:
            while not self._stopping.is_set() and self.stopped_because is None:
                try:
                    await self.beat()
                except Exception as error:  # noqa: BLE001  # the database may be away; posts stay in the ledger
                    failures += 1
                    if failures == 1 or failures % _TOLD_EVERY == 0:
                        _log.warning("courier_failed", platform=self.platform, error=repr(error), failures=failures)
                else:
                    failures = 0
                await self._rest(min(self._timing.beat * (1 + failures), _LONGEST_REST))
        finally:
            await self._finish()

    def stop(self) -> None:
        """Asks `run` to end."""
        self._stopping.set()

    async def beat(self) -> None:
        """Writes what came back, and sends off the next wave."""
        now = self._timing.clock()
        since_last = now - (self._last_beat or now)
        await self._follow_clock(now)
        if not self._epoch:
            self._epoch = await self._ledger.recover(self.platform, now, self._policy.resend_within)
        await self._write()
        busy = frozenset(self._in_flight) | {where for where, opens in self._closed.items() if opens > now + _WAVE}
        self._closed = {where: opens for where, opens in self._closed.items() if where in busy}
        waiting = await self._ledger.due(self.platform, now, _MOST_WAITING, busy)
        moments = self._plan(waiting, now, since_last)
        chosen = [one for one in waiting if one.id in moments]
        # Known before the mark is written: should nobody learn whether it was, they are given back.
        self._unsent |= {one.id: one for one in chosen}
        wave = await self._ledger.begin(chosen, now, self._epoch, self._policy.resend_within)
        for gone in {one.id for one in chosen} - {one.id for one in wave}:
            del self._unsent[gone]
        for delivery in wave:
            task = asyncio.create_task(self._deliver(delivery, moments[delivery.id]))
            self._in_flight[delivery.destination] = task

    def _plan(self, waiting: Sequence[Delivery], now: datetime, since_last: timedelta) -> dict[int, datetime]:
        """The next wave: when each of its posts is to leave."""
        moments: dict[int, datetime] = {}
        # Where the database is slow, the next wave comes later, and must be larger for the pace to be kept.
        until_next = min(max(_WAVE, since_last), 2 * _WAVE)
        room = self._pacing.share(until_next, _MOST_WAITING) - len(self._unsent)
        self._is_full = False
        self._has_left.clear()
        for delivery in waiting:
            self._is_full = len(moments) >= room
            if self._is_full:
                break
            where = delivery.destination
            moment = self._pacing.reserve(where, self._is_private(where), now, now + _WAVE)
            if moment is not None:
                moments[delivery.id] = moment
            elif (opens := self._pacing.opens(where, self._is_private(where), now)) > now + _WAVE:
                self._closed[where] = opens  # others must not wait behind it
        return moments

    async def _follow_clock(self, now: datetime) -> None:
        """After the clock was put back, waits end as early as they would have before."""
        back = timedelta(0) if self._last_beat is None else self._last_beat - now
        if back > _ADJUSTED:
            _log.warning("clock_put_back", platform=self.platform, seconds=round(back.total_seconds()))
            self._pacing.put_back(back)
            self._closed = {where: opens - back for where, opens in self._closed.items()}
            await self._ledger.put_back(self.platform, now, back)
        self._last_beat = now

    async def _deliver(self, delivery: Delivery, moment: datetime) -> None:
        where, clock = delivery.destination, self._timing.clock
        wait = moment - clock()
        while wait > timedelta(0) or (wait := self._pacing.depart(where, self._is_private(where), clock())):
            if self._pacing.is_held(where, clock()):
                return  # a complaint came meanwhile; it stays among the unsent and is released
            await self._timing.sleep(min(wait, _WAVE).total_seconds())
            wait = timedelta(0)
        before = self._unsent.pop(delivery.id, None)
        if not self._unsent:
            self._has_left.set()
        doubted = before.sending_at if before else None
        outcome = await self._outcome(replace(delivery, is_repeat=doubted is not None))
        now = self._timing.clock()
        if isinstance(outcome, Retry) and outcome.after is not None:
            self._pacing.hold(where, now + outcome.after, now, outcome.everywhere)
        if isinstance(outcome, Stopped):
            self.stopped_because = outcome.reason
        jitter = random.random()  # noqa: S311  # no secret
        self._settled.append(settle(delivery, outcome, now, jitter, self._policy, doubted))

    async def _outcome(self, delivery: Delivery) -> Outcome:
        """What comes of a request.  It begins at once, since the moment to leave was counted already."""
        timer = asyncio.create_task(self._interrupt(asyncio.current_task()))
        try:
            return await self._sender.send(delivery)
        except asyncio.CancelledError:
            if timer.done():
                return Uncertain(f"no answer within {self._timing.request:.0f} s")
            return Uncertain("the bot was stopped before the platform answered")
        except Exception as error:  # noqa: BLE001  # a sender's mistake must not lose the post
            _log.exception("sender_failed", platform=self.platform, delivery=delivery.id)
            return Uncertain(in_a_line(f"{type(error).__name__}: {error}"))
        finally:
            timer.cancel()

    async def _interrupt(self, task: asyncio.Task[None] | None) -> None:
        await self._timing.sleep(self._timing.request)
        if task is not None:
            task.cancel()

    async def _write(self) -> None:
        """Writes what came back; what fails to be written is written at the next beat."""
        done = [where for where, task in self._in_flight.items() if task.done()]
        settled, self._settled = self._settled, []
        released = [delivery for delivery in self._unsent.values() if self._is_over(delivery)]
        try:
            if settled:
                await self._settle(settled)
            if released:
                await self._ledger.release(released, self._epoch)
        except BaseException:
            self._settled = settled + self._settled
            raise
        for delivery in released:
            del self._unsent[delivery.id]
        for where in done:
            del self._in_flight[where]
        for one in settled:
            if one.state not in {State.SENT, State.PENDING}:
                _log.warning(
                    "post_failed",
                    delivery=one.delivery.id,
                    chat=str(one.delivery.destination),
                    state=one.state,
                    error=one.error,
                )

    async def _settle(self, settled: list[Settled]) -> None:
        """Writes outcomes together; where one of them cannot be written at all, the others are."""
        try:
            await self._ledger.settle(settled, self._epoch)
        except LedgerRefused:
            for one in settled:
                try:
                    await self._ledger.settle([one], self._epoch)
                except LedgerRefused:  # it stays in sending, and is uncertain after the next start
                    _log.exception("outcome_write_failed", platform=self.platform, delivery=one.delivery.id)

    def _is_over(self, delivery: Delivery) -> bool:
        task = self._in_flight.get(delivery.destination)
        return task is None or task.done()

    async def _rest(self, seconds: float) -> None:
        resting = asyncio.ensure_future(self._timing.sleep(seconds))
        ends = [resting, asyncio.ensure_future(self._stopping.wait())]
        if self._is_full:  # more posts are due: they go as soon as the wave has left
            ends.append(asyncio.ensure_future(self._has_left.wait()))
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in ends:
            task.cancel()

    async def _finish(self) -> None:
        """Gives back what has not left, waits a moment for what has, and writes all of it."""
        for delivery in self._unsent.values():
            if task := self._in_flight.get(delivery.destination):
                task.cancel()
        tasks = list(self._in_flight.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._timing.farewell)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        try:
            await self._write()
        except Exception as error:  # noqa: BLE001  # what cannot be written now is found uncertain at the next start
            _log.warning("courier_failed", platform=self.platform, error=repr(error))
