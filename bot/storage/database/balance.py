"""Shares the groups of a kind of work, such as those of Discord's shards, among the processes that can hold them.

A group is a part whose name has a number, such as ``discord:0``. A process that has no group takes a free one at once.
One that has some leaves a free group to others for a moment. A process that has stood by for a while asks for a group,
and one that has several gives it one of them. Nobody takes a group that another process holds.
"""

from __future__ import annotations

from collections.abc import Collection

#: For each group that it has, a process leaves a free group to others for so many seconds, but not for longer than ...
_PATIENCE = 0.75
#: ... this: when a process died, its groups must be taken within seconds.
_LONGEST_PATIENCE = 2.25
#: Seconds after which a process that has no group asks for one. A process that crashes again and again does not ask.
_SETTLED = 30.0
#: Seconds between two groups that a process gives up.
_BETWEEN_GIFTS = 15.0


def kind_of(part: str) -> str:
    """The kind of work that a group belongs to. Empty for a part that is no group."""
    return part.rpartition(":")[0]


class Balance:
    """Decides what a process takes, asks for and gives up. Pure: the time is an argument, in seconds."""

    def __init__(self, settled: float = _SETTLED) -> None:
        self._settled = settled
        self._free_since: dict[str, float] = {}
        self._idle_since: dict[str, float] = {}
        self._gave: dict[str, float] = {}

    def may_take(self, part: str, held: Collection[str], now: float) -> bool:
        """Whether the process may take a part that is free now."""
        siblings = [one for one in held if kind_of(part) and kind_of(one) == kind_of(part)]
        free_since = self._free_since.setdefault(part, now)
        return now - free_since >= min(_PATIENCE * len(siblings), _LONGEST_PATIENCE)

    def saw_taken(self, part: str) -> None:
        """Notes that a part is not free."""
        self._free_since.pop(part, None)

    def asks(self, groups: Collection[str], kind: str, now: float) -> bool:
        """Whether the process asks others for a group, since it has none of this kind."""
        if groups:
            self._idle_since.pop(kind, None)
            return False
        return now - self._idle_since.setdefault(kind, now) >= self._settled

    def may_give(self, groups: Collection[str], kind: str, now: float) -> bool:
        """Whether the process gives up a group if another one asks."""
        return len(groups) > 1 and now - self._gave.get(kind, -_BETWEEN_GIFTS) >= _BETWEEN_GIFTS

    def gave(self, kind: str, now: float) -> None:
        """Notes that the process gives up a group."""
        self._gave[kind] = now
