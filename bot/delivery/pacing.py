"""How fast a platform may be spoken to: its limits, kept before it has to complain; pure, the clock is an argument."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from bot.chats import Destination

_TWO_CHATS = timedelta(seconds=5)
_MOST_CHATS = 20_000
_SECOND = timedelta(seconds=1)
#: Clocks differ, and the way to the platform is not always equally long.
_MARGIN = 1.025
#: Answers leave in so many bursts a second: a large burst that is held up on its way would run into the next one.
_BURSTS = 5
#: A plan that is late by so much is caught up with.
_CATCH_UP = timedelta(seconds=0.2)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` messages in any stretch of ``period``."""

    most: int
    period: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform allows.

    Attributes:
        rate: Messages a second, for all chats together; None: as many as there are.
        answers: How many of them are kept for answers at the most, while one waits or many come.
        private: What a private chat is allowed, and ``group`` what any other one is.
    """

    rate: int | None = None
    answers: int = 0
    private: tuple[Limit, ...] = ()
    group: tuple[Limit, ...] = ()


#: No limits: what the terminal has.
UNLIMITED = Limits()


@dataclass(slots=True)
class _Log:
    """When messages left, as far as limits look back."""

    limits: tuple[Limit, ...]
    left: deque[datetime] = field(default_factory=deque)
    not_before: datetime | None = None

    def opens(self, now: datetime, kept: int = 0) -> datetime:
        """When the next message may leave, if the first of the limits leaves ``kept`` places free."""
        moments = [now] if self.not_before is None else [now, self.not_before]
        for limit in self.limits:
            most, kept = max(limit.most - kept, 1), 0
            if len(self.left) >= most:
                moments.append(self.left[-most] + limit.period * _MARGIN)
        return max(moments)

    def add(self, moment: datetime) -> None:
        """Counts a message that leaves."""
        self.left.append(moment)
        while len(self.left) > max((limit.most for limit in self.limits), default=1):
            self.left.popleft()


class Pacing:
    """When each message may go.

    Posts are planned ahead, evenly spaced (`reserve`); the law is what really leaves, and when (`depart`): however late
    a plan is carried out, no stretch of time has more than its share.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._all = _Log((Limit(limits.rate, _SECOND),) if limits.rate else ())
        self._burst = _Log((Limit(ceil(limits.rate / _BURSTS), _SECOND / _BURSTS),) if limits.rate else ())
        self._chats: OrderedDict[str, _Log] = OrderedDict()
        self._next: datetime | None = None
        self._complaints: dict[str, datetime] = {}
        self._answers_waiting = 0
        self._answers: deque[datetime] = deque(maxlen=2 * limits.answers + 1)

    def reserve(self, where: Destination, is_private: bool, now: datetime, until: datetime) -> datetime | None:
        """The moment, up to ``until``, that is planned for a post to ``where``; None: not yet."""
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
        """How many messages may leave in a stretch of time, up to ``most``; at least one."""
        return most if self._limits.rate is None else min(max(1, round(self._limits.rate * (period / _SECOND))), most)

    def put_back(self, by: timedelta) -> None:
        """Follows a clock that was put back: what has to wait waits no longer for that."""
        self._next = None
        for log in (self._all, self._burst, *self._chats.values()):
            log.not_before = log.not_before - by if log.not_before is not None else None
            log.left = deque(moment - by for moment in log.left)
        self._complaints = {name: at - by for name, at in self._complaints.items()}

    def opens(self, where: Destination, is_private: bool, now: datetime) -> datetime:
        """When the chat's own limits let the next message go."""
        return self._chat(where, is_private).opens(now)

    def depart(self, where: Destination, is_private: bool, now: datetime, is_answer: bool = False) -> timedelta:
        """How long a message still has to wait; nothing, and it is counted as leaving, if it may go ``now``.

        A post lets the answers go first that wait at that moment, and leaves room for those that come next.
        """
        if is_answer:
            self._answers.append(now)
        chat = self._chat(where, is_private)
        opens = max(self._all.opens(now, 0 if is_answer else self._kept(now)), chat.opens(now))
        wait = (max(opens, self._burst.opens(now)) if is_answer else opens) - now
        if not wait:
            if is_answer:
                self._burst.add(now)
            self._all.add(now)
            chat.add(now)
        return wait

    def answer_waits(self, by: int) -> None:
        """Counts the answers that wait for their moment; while there are any, posts leave them room."""
        self._answers_waiting += by

    def _kept(self, now: datetime) -> int:
        """How many messages a second posts leave to answers."""
        # Where people ask much, more will come at once; a single answer takes a place of its own and needs no other.
        lately = sum(timedelta(0) <= now - one < _SECOND for one in self._answers)
        return max(self._answers_waiting, (lately - 1) // 2)

    def hold(self, where: Destination, until: datetime, now: datetime, everywhere: bool = False) -> None:
        """Obeys a platform that wants to be left alone: by this chat, or by all if a second one is told so soon."""
        chat = self._chat(where, is_private=True)
        chat.not_before = max(until, chat.not_before or until)
        self._complaints = {name: at for name, at in self._complaints.items() if now - at <= _TWO_CHATS}
        self._complaints[where.owner] = now
        if everywhere or len(self._complaints) > 1:
            self._all.not_before = max(until, self._all.not_before or until)

    def is_held(self, where: Destination, now: datetime) -> bool:
        """Whether nothing may go there now, because the platform said so."""
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
