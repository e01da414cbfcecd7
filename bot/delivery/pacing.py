"""Keeps the rate limits of a platform, so that it never has to reject a message. Pure: the clock is an argument."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil, sqrt

from bot.chats import Destination

_TWO_CHATS = timedelta(seconds=5)
_MOST_CHATS = 20_000
_SECOND = timedelta(seconds=1)
#: Periods are stretched by this factor, because clocks and network delays differ.
_MARGIN = 1.025
#: Bursts of answers in a second. If a larger burst were delayed by the network, it would collide with the next one.
_BURSTS = 5
#: Places that posts always leave to answers. Without any, the next answer would wait for a tenth of a second
#: (`python -m tests.benchmarks.pacing`).
_FREE = 1
#: So many standard deviations of the number of answers in a second fit into the places that posts leave to them.
_SPREAD = 1.5
#: A plan that is late by up to this much is caught up with.
_CATCH_UP = timedelta(seconds=0.2)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` messages in any stretch of ``period``."""

    most: int
    period: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """The rate limits of a platform.

    Attributes:
        rate: Messages a second for all chats together. None for no limit.
        answers: The largest number of these that is reserved for answers while answers wait or many are expected.
        private: The limits of a private chat.
        group: The limits of any other chat.
    """

    rate: int | None = None
    answers: int = 0
    private: tuple[Limit, ...] = ()
    group: tuple[Limit, ...] = ()

    def divided(self, processes: int, *, sends_posts: bool, are_posts_due: bool) -> Limits:
        """The share of one of several processes that send with the same token. Only one of them sends posts."""
        if self.rate is None or processes == 1:
            return self
        if not are_posts_due:
            return replace(self, rate=max(1, self.rate // processes))
        answers = max(1, self.answers // processes)
        rate = self.rate - (processes - 1) * answers if sends_posts else answers
        return replace(self, rate=max(1, rate), answers=answers)


#: No limits, for the terminal.
UNLIMITED = Limits()


@dataclass(slots=True)
class _Log:
    """The times at which messages left, as far back as the limits look."""

    limits: tuple[Limit, ...]
    left: deque[datetime] = field(default_factory=deque)
    not_before: datetime | None = None

    def opens(self, now: datetime, kept: int = 0) -> datetime:
        """The earliest time for the next message. ``kept`` places of the first limit stay free."""
        moments = [now] if self.not_before is None else [now, self.not_before]
        for limit in self.limits:
            most, kept = max(limit.most - kept, 1), 0
            if len(self.left) >= most:
                moments.append(self.left[-most] + limit.period * _MARGIN)
        return max(moments)

    def add(self, moment: datetime) -> None:
        """Records that a message leaves."""
        self.left.append(moment)
        while len(self.left) > max((limit.most for limit in self.limits), default=1):
            self.left.popleft()


class Pacing:
    """Decides when each message may leave.

    `reserve` plans posts ahead, evenly spaced. `depart` enforces the limits at the moment when a message really leaves.
    Even if a plan is carried out late, no period has more messages than its limit.
    """

    def __init__(self, limits: Limits) -> None:
        self._all, self._burst = _Log(()), _Log(())
        self.limit_to(limits)
        self._chats: OrderedDict[str, _Log] = OrderedDict()
        self._next: datetime | None = None
        self._complaints: dict[str, datetime] = {}
        self._answers_waiting = 0
        self._answers: deque[datetime] = deque(maxlen=2 * limits.answers + 1)

    def limit_to(self, limits: Limits) -> None:
        """Changes the limits for all chats together."""
        self._limits = limits
        self._all.limits = (Limit(limits.rate, _SECOND),) if limits.rate else ()
        self._burst.limits = (Limit(ceil(limits.rate / _BURSTS), _SECOND / _BURSTS),) if limits.rate else ()

    def reserve(self, where: Destination, is_private: bool, now: datetime, until: datetime) -> datetime | None:
        """The planned moment for a post to ``where``, at most ``until``. None if the post has to wait longer."""
        planned = max(self._next or now, now - _CATCH_UP)
        moment = max(self._all.not_before or now, planned, now)
        if moment > until or self._chat(where, is_private).opens(moment) > moment:
            return None
        if self._limits.rate is not None:
            kept = max(self._kept(now), self._limits.answers if self._answers_waiting else 0)
            late = min(now - planned, _CATCH_UP) if moment == now else timedelta(0)
            self._next = moment - late + _SECOND / max(self._limits.rate - kept, 1)
        return moment

    def share(self, period: timedelta, most: int) -> int:
        """The number of messages that may leave within ``period``: at least 1 and at most ``most``."""
        return most if self._limits.rate is None else min(max(1, round(self._limits.rate * (period / _SECOND))), most)

    def put_back(self, by: timedelta) -> None:
        """Adjusts all times after the clock was put back, so that nothing waits longer."""
        self._next = None
        for log in (self._all, self._burst, *self._chats.values()):
            log.not_before = log.not_before - by if log.not_before is not None else None
            log.left = deque(moment - by for moment in log.left)
        self._complaints = {name: at - by for name, at in self._complaints.items()}

    def opens(self, where: Destination, is_private: bool, now: datetime) -> datetime:
        """The earliest time at which the chat's own limits allow a message."""
        return self._chat(where, is_private).opens(now)

    def depart(self, where: Destination, is_private: bool, now: datetime, is_answer: bool = False) -> timedelta:
        """The time that a message still has to wait. If it is zero, the message is counted as sent at ``now``.

        Posts leave room for the answers that are waiting and for those that are expected.
        """
        chat = self._chat(where, is_private)
        opens = max(self._all.opens(now, 0 if is_answer else self._kept(now)), chat.opens(now))
        wait = (max(opens, self._burst.opens(now)) if is_answer else opens) - now
        if not wait:
            if is_answer:
                self._answers.append(now)
                self._burst.add(now)
            self._all.add(now)
            chat.add(now)
        return wait

    def answer_waits(self, by: int) -> None:
        """Changes the number of waiting answers. While there are any, posts leave room for them."""
        self._answers_waiting += by

    def _kept(self, now: datetime) -> int:
        """The number of messages a second that posts leave to answers."""
        # As many will follow as there were lately, give or take the square root: they come at random.
        lately = sum(timedelta(0) <= now - one < _SECOND for one in self._answers)
        expected = max(_FREE, ceil(_SPREAD * sqrt(lately)))
        return max(self._answers_waiting, min(expected, self._limits.answers))

    def hold(self, where: Destination, until: datetime, now: datetime, everywhere: bool = False) -> None:
        """Stops messages to a chat because the platform asked for a pause.

        If a second chat is paused within a few seconds, or ``everywhere`` is set, all chats are stopped.
        """
        chat = self._chat(where, is_private=True)
        chat.not_before = max(until, chat.not_before or until)
        self._complaints = {name: at for name, at in self._complaints.items() if now - at <= _TWO_CHATS}
        self._complaints[where.owner] = now
        if everywhere or len(self._complaints) > 1:
            self._all.not_before = max(until, self._all.not_before or until)

    def is_held(self, where: Destination, now: datetime) -> bool:
        """Whether the platform has asked for a pause that is not over."""
        chat = self._chats.get(where.owner)
        held = [self._all.not_before, chat.not_before if chat else None]
        return any(until is not None and until > now for until in held)

    def _chat(self, where: Destination, is_private: bool) -> _Log:
        limits = self._limits.private if is_private else self._limits.group
        chat = self._chats.setdefault(where.owner, _Log(limits))
        if not is_private:
            chat.limits = limits
        self._chats.move_to_end(where.owner)
        while len(self._chats) > _MOST_CHATS:
            self._chats.popitem(last=False)
        return chat
