"""Ends pauses at their time, and says in the chat what came meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.answers.pauses import RESUMED, resumed_view
from bot.chats import Destination
from bot.posting.notices import Notices
from bot.posting.previews import Previews
from bot.storage.database.errors import StorageError
from bot.subscriptions.model import Subscription, SubscriptionStore
from bot.subscriptions.pauses import resumed
from bot.subscriptions.slots import quiet_until

_log = structlog.stdlib.get_logger("nutgraf.posting")

_EVERY, _A_MOMENT = timedelta(seconds=1), timedelta(seconds=1)


class PauseEnds:
    """Resumes subscriptions whose pause is over."""

    def __init__(self, subscriptions: SubscriptionStore, notices: Notices, previews: Previews) -> None:
        self._subscriptions = subscriptions
        self._notices = notices
        self._previews = previews
        self._looked: datetime | None = None

    async def run(self, now: datetime) -> None:
        """Looks for pauses that are over, once a second."""
        if self._looked is not None and now - self._looked < _EVERY:
            return
        self._looked = now
        chats: dict[Destination, list[Subscription]] = {}
        for one in await self._subscriptions.rested(now):
            chats.setdefault(one.destination, []).append(one)
        for where, rested in chats.items():
            try:
                await self._tell(where, rested, now)
                for one in rested:
                    await self._subscriptions.change(where, one.id, partial(_resumed, now=now))
            except StorageError:
                raise
            except Exception:  # noqa: BLE001  # one chat must not hold up all others
                _log.exception("pause_end_failed", chat=str(where))

    async def _tell(self, where: Destination, rested: Sequence[Subscription], now: datetime) -> None:
        """Tells a chat once what came meanwhile.

        That is before its subscriptions are resumed, the one whose pause ended last as the last one. So the key is the
        same if a crash divides them.
        """
        again = [_resumed(one, now) for one in rested]
        found = [await self._previews.skipped(*both) for both in zip(rested, again, strict=True)]
        missed = [one for one in found if one]
        if not missed:
            return
        view = replace(resumed_view(again, now, missed), name=RESUMED)
        wanted = [one.settings for one in rested]
        at = max(quiet_until(one.schedule, now) or now for one in wanted)
        language, is_silent = wanted[0].language, all(one.silent for one in wanted)
        key = f"resumed:{where}:{rested[-1].paused_until}"
        await self._notices.write(key, where, view, now, at=at, language=language, is_silent=is_silent)


def _resumed(one: Subscription, now: datetime) -> Subscription:
    """Returns the subscription resumed at the end of its pause, unless somebody has changed the pause meanwhile.

    A slot at that very moment is posted.
    """
    end = one.paused_until
    return resumed(one, end - _A_MOMENT) if end is not None and end <= now and not one.paused else one
