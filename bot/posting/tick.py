"""The tick: turns due slots and new versions into occasions, and corrections into edits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.access import Access
from bot.delivery.model import Delivery
from bot.delivery.occasions import Advanced, Arrived, Occasion, OccasionStore
from bot.posting.compositions import Composition, wishes
from bot.posting.followed import FollowedStories
from bot.posting.rebuilding import Rebuilder, edit_of
from bot.storage.database.errors import StorageError
from bot.subscriptions.edits import has_slots, scheduled
from bot.subscriptions.model import Mode, Subscription
from bot.subscriptions.slots import held_until, local_time, quiet_until
from bot.subscriptions.timetable import Timetable
from briefings.digest import is_wanted
from briefings.library import Library
from briefings.story_store import Report

_log = structlog.stdlib.get_logger("nutgraf.tick")

#: Subscriptions in one transaction of the tick. A small number keeps the wait of other writers short.
_CHUNK = 500
_ARRIVALS = 100
#: More stories than these that arrive at once, such as after an outage, come in one post.
_MOST_SINGLE = 3
_A_MOMENT = timedelta(seconds=1)
_WINDOW = timedelta(days=1)


class Tick:
    """Turns due slots and new versions into occasions, every few seconds."""

    def __init__(
        self, store: OccasionStore, library: Library, access: Access, rebuilder: Rebuilder, followed: FollowedStories
    ) -> None:
        self._store = store
        self._library = library
        self._access = access
        self._rebuilder = rebuilder
        self._followed = followed

    async def run(self, now: datetime) -> int:
        """Processes everything that is due. Returns the number of due subscriptions."""
        handled = sum(await asyncio.gather(*(self._advance(Timetable(now)) for _ in range(self._store.lanes))))
        while arrivals := await self._store.arrived(_ARRIVALS):
            await self._arrive(arrivals, now)
        return handled

    async def _advance(self, timetable: Timetable) -> int:
        handled = 0
        while chunk := await self._store.advance(timetable.now, _CHUNK, partial(step, timetable=timetable)):
            handled += chunk
        return handled

    async def _arrive(self, arrivals: Sequence[Arrived], now: datetime) -> None:
        wanting = await self._store.wanting_arrivals()
        occasions: list[Occasion] = []
        edits: list[Delivery] = []
        rewritten: dict[int, str] = {}
        for one in arrivals:
            try:
                report = await self._library.report_of(one.version)
                if report is None or report.version.id != one.version:
                    continue  # it was hidden or removed, or a newer version follows in this list
                found = [made for one_wanting in wanting if (made := self._guarded_occasion(one_wanting, report, now))]
                corrected = await self._edits(report, one.number, rewritten, now)
                told = {made.subscription for made in found}
                chats = [subscription.destination for subscription in wanting if subscription.id in told]
                followed = await self._followed.posts(report, chats, now)
            except StorageError:
                raise
            except Exception:  # noqa: BLE001  # one story must not hold up all others
                _log.exception("arrival_failed", version=one.version)
                continue
            occasions += found
            edits += [*corrected, *followed]
        await self._store.handled([one.id for one in arrivals], gathered(occasions, now), edits, now)

    def _guarded_occasion(self, subscription: Subscription, report: Report, now: datetime) -> Occasion | None:
        try:
            return self._occasion(subscription, report, now)
        except Exception as error:  # noqa: BLE001  # one subscription must not hold up all others
            _log.warning("subscription_skipped", subscription=subscription.id, error=repr(error))
            return None

    def _occasion(self, subscription: Subscription, report: Report, now: datetime) -> Occasion | None:
        """The occasion of a new story: now, or at the end of the quiet hours."""
        settings = subscription.settings
        if report.is_hidden or not self._access.reader(subscription.destination).sees(report.scope):
            return None
        if not is_wanted(report, wishes(settings)):
            return None
        if (
            subscription.since is not None
            and report.version.received <= subscription.since
            and settings.mode is Mode.ARRIVAL
        ):
            return None
        if end := held_until(settings.schedule, now):
            shown = local_time(end, settings.schedule.tz)
            since = max(now - _WINDOW, subscription.since or subscription.starts)
            reason = "quiet" if quiet_until(settings.schedule, now) == end else "held"
            return Occasion(0, subscription.id, f"{reason}:{shown:%Y-%m-%dT%H:%M}", end, since)
        key = f"report:{report.id}:v{report.version.number}"
        return Occasion(0, subscription.id, key, now, report.version.received - _A_MOMENT, report.version.id)

    async def _edits(self, report: Report, number: int, rewritten: dict[int, str], now: datetime) -> list[Delivery]:
        """The edits of all posts with an earlier version. ``rewritten`` holds compositions after earlier edits."""
        edits = []
        for told in await self._store.tellings(report.id, number):
            current = replace(told, composition=rewritten.get(told.id, told.composition))
            try:
                edit = await self._edit(current, report, now)
            except StorageError:
                raise
            except Exception as error:  # noqa: BLE001  # one post must not hold up all others
                _log.warning("correction_failed", delivery=told.id, error=repr(error))
                continue
            if edit:
                edits.append(edit)
                rewritten[told.id] = edit.composition or ""
        return edits

    async def _edit(self, told: Delivery, report: Report, now: datetime) -> Delivery | None:
        """The edit of one post, if its subscription wants corrections."""
        composition = Composition.read(told.composition)
        if composition is None or not composition.corrections or told.remote_id is None:
            return None
        if report.is_hidden or not self._access.reader(told.destination).sees(report.scope):
            return None
        corrected = await self._rebuilder.rebuilt(told, report)
        if corrected is None:
            return None
        return edit_of(corrected, f"v{report.version.number}:{report.id}", now)


def gathered(occasions: Sequence[Occasion], now: datetime) -> list[Occasion]:
    """Returns the occasions, with one instead of many for a chat to which many stories arrive at once.

    Its key is that of the first story, so that a second crowd of stories in the same second has a post of its own.
    """
    single: dict[int, list[Occasion]] = {}
    for one in occasions:
        if one.version is not None:
            single.setdefault(one.subscription, []).append(one)
    bursts = {number: found for number, found in single.items() if len(found) > _MOST_SINGLE}
    kept = [one for one in occasions if one.version is None or one.subscription not in bursts]
    return kept + [
        Occasion(0, number, f"burst:{found[0].key}", now, min(one.since for one in found))
        for number, found in bursts.items()
    ]


def step(subscription: Subscription, timetable: Timetable) -> tuple[Occasion | None, Advanced]:
    """The due occasion and the updated subscription. Of several missed slots only the latest is posted."""
    settings, starts = subscription.settings, subscription.starts
    slot = timetable.due_slot(settings.schedule, subscription.cursor, starts)
    if slot is None:
        return None, Advanced(
            subscription.id, subscription.cursor, subscription.since, scheduled(subscription).next_due
        )
    since = subscription.since or slot.at - _WINDOW
    occasion = Occasion(0, subscription.id, f"slot:{slot.local.isoformat(timespec='minutes')}", slot.at, since)
    following = timetable.next_slot(settings.schedule, slot.local, starts).at if has_slots(subscription) else None
    return occasion, Advanced(subscription.id, slot.local, max(timetable.considered, starts), following)
