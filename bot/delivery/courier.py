"""The courier takes due posts from the ledger, sends them at the allowed pace and stores the outcomes.

It sends in waves. A wave is the posts that may leave within the next tenth of a second. One durable transaction marks
the whole wave as being sent before any post of it leaves. After a crash, every marked post is in doubt. For this reason
only one wave is marked at a time. Outcomes are stored together, at each beat.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from structlog.contextvars import bind_contextvars

from bot.chats import Destination
from bot.delivery.model import (
    Delivery,
    Ledger,
    LedgerRefused,
    Op,
    Outcome,
    Retry,
    Sender,
    Settled,
    State,
    Stopped,
    Uncertain,
)
from bot.delivery.pacing import Pacing
from bot.delivery.request_errors import in_a_line
from bot.delivery.retry import RetryPolicy, settle
from bot.runtime import metrics

_log = structlog.stdlib.get_logger("nutgraf.courier")

_WAVE = timedelta(seconds=0.1)
#: A clock that jumps back by less than this was only adjusted, and is ignored.
_ADJUSTED = timedelta(seconds=1)
_MOST_WAITING = 120
#: The longest pause between two tries while the database is down, in seconds. Every fiftieth failure is logged.
_LONGEST_REST, _TOLD_EVERY = 5.0, 50


@dataclass(frozen=True)
class Timing:
    """The clock and the durations of a courier. All numbers are seconds of ``clock``.

    Attributes:
        beat: The time between two beats. Beats come sooner while more posts are due than fit into a wave.
        request: The longest time that a request may take. After it the outcome is uncertain.
        farewell: How long running requests may still take after `Courier.stop`.
    """

    clock: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    beat: float = 0.1
    request: float = 30
    farewell: float = 6


class Courier:
    """Sends the posts of one platform. Only one courier may run for each token."""

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
        self.platform = self.part = platform
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
        """Works until `stop` is called or the platform rejects the token. No post is left in the state ``sending``."""
        failures = 0
        self._epoch = 0
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

    @property
    def is_connected(self) -> bool:
        """Whether posts are sent: the courier of the console is always connected."""
        return self.stopped_because is None

    def stop(self) -> None:
        """Asks `run` to end."""
        self._stopping.set()

    async def beat(self) -> None:
        """Stores the outcomes of finished requests and sends the next wave."""
        now = self._timing.clock()
        self._is_full = False  # if the database fails before the next wave is planned, a rest follows
        await self._follow_clock(now)
        if not self._epoch:
            self._epoch = await self._ledger.recover(self.platform, now, self._policy.resend_within)
        await self._write()
        busy = frozenset(self._in_flight) | {where for where, opens in self._closed.items() if opens > now + _WAVE}
        self._closed = {where: opens for where, opens in self._closed.items() if where in busy}
        waiting = await self._ledger.due(self.platform, now, _MOST_WAITING, busy)
        moments = self._plan(waiting, now)
        chosen = [one for one in waiting if one.id in moments]
        # Noted before the mark is written: if writing fails, the posts are released.
        self._unsent |= {one.id: one for one in chosen}
        wave = await self._ledger.begin(chosen, now, self._epoch, self._policy.resend_within)
        for gone in {one.id for one in chosen} - {one.id for one in wave}:
            del self._unsent[gone]
        for delivery in wave:
            task = asyncio.create_task(self._deliver(delivery, moments[delivery.id]))
            self._in_flight[delivery.destination] = task

    def _plan(self, waiting: Sequence[Delivery], now: datetime) -> dict[int, datetime]:
        """Returns the planned moments of the next wave.

        A wave is no larger where the database is slow: after a crash, all of it is in doubt.
        """
        moments: dict[int, datetime] = {}
        room = self._pacing.share(_WAVE, _MOST_WAITING) - len(self._unsent)
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
                self._closed[where] = opens  # posts to other chats must not wait for this one
        return moments

    async def _follow_clock(self, now: datetime) -> None:
        """Shortens all waits after the clock was put back, so that they end as early as before."""
        back = timedelta(0) if self._last_beat is None else self._last_beat - now
        if back > _ADJUSTED:
            _log.warning("clock_put_back", platform=self.platform, seconds=round(back.total_seconds()))
            self._pacing.put_back(back)
            self._closed = {where: opens - back for where, opens in self._closed.items()}
            await self._ledger.put_back(self.platform, now, back)
        self._last_beat = now

    async def _deliver(self, delivery: Delivery, moment: datetime) -> None:
        bind_contextvars(delivery=delivery.id)  # every line of the log about this request has it
        where, clock = delivery.destination, self._timing.clock
        wait = moment - clock()
        while wait > timedelta(0) or (wait := self._pacing.depart(where, self._is_private(where), clock())):
            if self._pacing.is_held(where, clock()):
                return  # the platform asked for a pause: the post stays unsent and is released
            await self._timing.sleep(min(wait, _WAVE).total_seconds())
            wait = timedelta(0)
        if not self._ledger.may_send():  # this process was stopped for a while, and another may have taken over
            return
        before = self._unsent.pop(delivery.id, None)
        if not self._unsent:
            self._has_left.set()
        doubted = before.sending_at if before else None
        outcome = await self._outcome(replace(delivery, is_repeat=doubted is not None))
        now = self._timing.clock()
        if isinstance(outcome, Retry) and outcome.after is not None and not outcome.same_kind:
            self._pacing.hold(where, now + outcome.after, now, outcome.everywhere)
        if isinstance(outcome, Stopped):
            self.stopped_because = outcome.reason
        jitter = random.random()  # noqa: S311  # no secret
        settled = settle(delivery, outcome, now, jitter, self._policy, doubted)
        self._settled.append(settled)
        _log.debug("post_attempted", attempt=delivery.attempts, state=settled.state, error=settled.error)
        metrics.REQUESTS.labels(self.platform, settled.state).inc()
        if settled.state is State.SENT and delivery.created is not None:
            metrics.POST_LAG.labels(self.platform).observe(max(0.0, (now - delivery.created).total_seconds()))

    async def _outcome(self, delivery: Delivery) -> Outcome:
        """Sends a post and returns the outcome. The request starts at once: pacing has already counted it."""
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
        """Stores outcomes. What cannot be stored now is tried again at the next beat."""
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
            _tell(one)

    async def _settle(self, settled: list[Settled]) -> None:
        """Stores outcomes together. If the database refuses one of them, the others are stored one by one."""
        try:
            await self._ledger.settle(settled, self._epoch)
        except LedgerRefused:
            for one in settled:
                try:
                    await self._ledger.settle([one], self._epoch)
                except LedgerRefused:  # it stays in the state "sending" and becomes uncertain after the next start
                    _log.exception("outcome_write_failed", platform=self.platform, delivery=one.delivery.id)

    def _is_over(self, delivery: Delivery) -> bool:
        task = self._in_flight.get(delivery.destination)
        return task is None or task.done()

    async def _rest(self, seconds: float) -> None:
        resting = asyncio.ensure_future(self._timing.sleep(seconds))
        ends = [resting, asyncio.ensure_future(self._stopping.wait())]
        if self._is_full:  # more posts are due: send them as soon as this wave has left
            ends.append(asyncio.ensure_future(self._has_left.wait()))
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in ends:
            task.cancel()

    async def _finish(self) -> None:
        """Releases unsent posts, waits a moment for running requests, and stores all outcomes."""
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
        except Exception as error:  # noqa: BLE001  # these posts become uncertain at the next start
            _log.warning("courier_failed", platform=self.platform, error=repr(error))


def _tell(settled: Settled) -> None:
    """Logs the end of a post."""
    post = settled.delivery
    if settled.state is State.SENT:
        if post.subscription and post.op is Op.POST and post.part == post.parts:
            _log.info("post_sent", delivery=post.id, chat=str(post.destination), parts=post.parts)
    elif settled.state is not State.PENDING:
        chat, error = str(post.destination), settled.error
        _log.warning("post_failed", delivery=post.id, chat=chat, state=settled.state, error=error)
        if settled.paused is not None:
            _log.warning("chat_paused", chat=chat, reason=settled.paused)
