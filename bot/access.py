"""Access: who may use the bot, how often, and which stories they may see."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.chats import Destination
from briefings.scope import Viewer, fold_tag

#: The reason for pausing a subscription if the settings do not admit its chat.
NOT_ADMITTED = "the bot's operator does not admit this chat"
#: The reason for pausing a subscription by `nutgraf subscriptions pause`.
PAUSED_BY_OPERATOR = "the bot's operator paused it"


class Policy(StrEnum):
    """The access policy: which users the bot answers."""

    CLOSED = "closed"
    ALLOW_LIST = "allow-list"
    OPEN = "open"


@dataclass
class Access:
    """The operator's access rules. Users and chats are named ``platform:id``. One object serves all parts of the bot.

    Attributes:
        operators: The users with all permissions.
        allowed: The users and chats on the allow-list.
        restricted: Tags whose stories only these chats may see.
        pasted: Whether users may send an article in a private chat, as text or as a file.
        links: The users and chats besides operators that may send links and files to be read.
    """

    policy: Policy = Policy.CLOSED
    operators: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    restricted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    pasted: bool = True
    links: frozenset[str] = frozenset()

    def take_over(self, rules: Access) -> None:
        """Applies new rules from now on, in all parts of the bot that hold this object."""
        for one in fields(rules):
            setattr(self, one.name, getattr(rules, one.name))

    def admits(self, where: Destination, user: str) -> bool:
        """Whether the bot answers ``user`` in this chat."""
        match self.policy:
            case Policy.OPEN:
                return True
            case Policy.ALLOW_LIST:
                return user in self.operators or not self.allowed.isdisjoint({user, where.place})
            case Policy.CLOSED:
                return user in self.operators

    def may_send_links(self, where: Destination, user: str) -> bool:
        """Whether the page behind a link that ``user`` sends there is fetched."""
        return user in self.operators or not self.links.isdisjoint({user, where.place})

    def may_send_files(self, where: Destination, user: str, is_private: bool) -> bool:
        """Whether a file that ``user`` sends there is read: like a link, or in a private chat like a pasted text."""
        return (is_private and self.pasted) or self.may_send_links(where, user)

    def viewer(self, where: Destination, user: str = "", is_private: bool = False) -> Viewer:
        """Returns the viewer for answers in the chat. Operators see restricted stories in their own chat."""
        if where.owner in self.operators or (is_private and user in self.operators):
            return Viewer(where.owner, frozenset())
        barred = (fold_tag(tag) for tag, chats in self.restricted.items() if where.place not in chats)
        return Viewer(where.owner, frozenset(barred))

    def reader(self, where: Destination) -> Viewer:
        """Returns the viewer for posts in the chat. Pasted articles are never posted."""
        return replace(self.viewer(where), owner="")


@dataclass(frozen=True, slots=True)
class Wait:
    """A request that comes too early.

    Attributes:
        time: The time until the next request is accepted.
        is_first: Whether this is the first refusal, so that the user is told only once.
    """

    time: timedelta
    is_first: bool


class Throttle:
    """Limits the requests of each user in a period, so that one user cannot block the others.

    The counts are in memory and start at zero after a restart.
    """

    _MOST_USERS = 10_000

    def __init__(self, most: int, period: timedelta) -> None:
        self._most = most
        self._period = period
        self._requests: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._told: set[str] = set()

    def anew(self) -> Throttle:
        """Another throttle with the same limit and its own counts."""
        return Throttle(self._most, self._period)

    def check(self, user: str, now: datetime) -> Wait | None:
        """Counts a request and returns None. If it comes too early: returns how long ``user`` has to wait."""
        recent = self._requests.setdefault(user, deque())
        self._requests.move_to_end(user)
        if len(self._requests) > self._MOST_USERS:
            self._told.discard(self._requests.popitem(last=False)[0])
        while recent and now - recent[0] >= self._period:
            recent.popleft()
        while recent and recent[-1] > now:  # the clock was set back, so the elapsed time is unknown
            recent.pop()
        if len(recent) < self._most:
            recent.append(now)
            self._told.discard(user)
            return None
        is_first = user not in self._told
        self._told.add(user)
        return Wait(recent[0] + self._period - now, is_first)
