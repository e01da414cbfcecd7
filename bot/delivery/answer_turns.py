"""Gives answers priority over posts: somebody is waiting for an answer."""

from __future__ import annotations

from datetime import timedelta

from bot.chats import Destination
from bot.delivery.courier import Timing
from bot.delivery.pacing import Pacing


class AnswerTurns:
    """Has each answer wait for its turn, at the pace that a platform allows."""

    def __init__(self, pacing: Pacing, timing: Timing) -> None:
        self._pacing = pacing
        self._timing = timing

    def hold(self, where: Destination, wait: timedelta) -> None:
        """Gives nobody a turn for a while because the platform asked for a pause."""
        now = self._timing.clock()
        self._pacing.hold(where, now + wait, now)

    async def turn(self, where: Destination, is_private: bool) -> None:
        """Waits until an answer may be sent to ``where``."""
        self._pacing.answer_waits(1)
        try:
            while wait := self._pacing.depart(where, is_private, self._timing.clock(), is_answer=True):
                await self._timing.sleep(wait.total_seconds())
        finally:
            self._pacing.answer_waits(-1)
