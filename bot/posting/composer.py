"""Composes occasions into rendered posts in the ledger.

The tick turns due subscriptions and new versions into occasions. Shortly before a post can be sent, the composer turns
its occasion into parts. A part that was written is never composed again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.access import Access
from bot.answers.digests import Place, Reason, heading, part_view, quiet_view
from bot.answers.schedules import when
from bot.chats import ChatStore
from bot.delivery.model import Delivery, State
from bot.delivery.occasions import Occasion, OccasionState, OccasionStore, Telling
from bot.feeds.intervals import unread_sources
from bot.feeds.model import Feed
from bot.i18n import Message, own
from bot.posting.compositions import Composition, PostRenderer, wishes
from bot.posting.parts import PartRenderer, PostContent
from bot.posting.window import News, NewsWindow, with_outlets
from bot.runtime import metrics
from bot.storage.database.errors import StorageError
from bot.subscriptions.model import Mode, QuietDays, Subscription, Uncertain
from bot.subscriptions.slots import LATE, instant, local_time, quiet_until
from bot.views.model import View
from briefings.digest import Item, best, news
from briefings.library import Library

_log = structlog.stdlib.get_logger("nutgraf.compose")

_COMPOSED_AT_ONCE = 50
#: The largest number of posts that wait in the ledger. Further posts are composed when these have left.
_AHEAD = 400
_LONGEST_LIFE = timedelta(days=1)
_WINDOW = timedelta(days=1)
#: A story that did not fit into a digest may still appear this much later.
_LEFT_OVER = timedelta(days=1)


class SubscriptionReader(Protocol):
    """Reads the current settings of a subscription."""

    async def get(self, number: int) -> Subscription | None:
        """The subscription with this number, or None."""


class FeedReader(Protocol):
    """Reads how the feeds are."""

    async def all(self) -> list[Feed]:
        """All feeds."""


class Composer:
    """Turns occasions into posts."""

    def __init__(
        self,
        store: OccasionStore,
        subscriptions: SubscriptionReader,
        library: Library,
        chats: ChatStore,
        access: Access,
        *,
        feeds: FeedReader,
        renderers: Mapping[str, PostRenderer],
        clock: Callable[[], datetime],
        language: str = "en",
    ) -> None:
        self._store = store
        self._subscriptions = subscriptions
        self._library = library
        self._chats = chats
        self._access = access
        self._feeds = feeds
        self._renderers = renderers
        self._clock = clock
        self._language = language
        self._parts_renderer = PartRenderer(library, renderers)

    async def run(self) -> int:
        """Composes due occasions while the ledger has room. Returns how many."""
        now = self._clock()
        occasions = await self._store.pending(list(self._renderers), now, _COMPOSED_AT_ONCE, _AHEAD)
        window = NewsWindow(self._library, self._store, now)
        for occasion in occasions:
            try:
                await self._compose(occasion, now, window)
            except StorageError:
                raise
            except Exception as error:  # noqa: BLE001  # one chat's post must not hold up all others
                _log.exception("composing_failed", subscription=occasion.subscription, occasion=occasion.key)
                await self._give_up(occasion, now, error)
        return len(occasions)

    async def _give_up(self, occasion: Occasion, now: datetime, error: Exception) -> None:
        """Writes a dead post if composing failed, so that the chat's status and an alert show it."""
        subscription = await self._subscriptions.get(occasion.subscription)
        if subscription is not None:
            said = f"it could not be composed: {type(error).__name__}"
            post = self._post(occasion, subscription, now, 1, 1)
            await self._store.finish(
                occasion, OccasionState.COMPOSED, [replace(post, state=State.DEAD, error=said)], (), now
            )

    async def sample(self, subscription: Subscription) -> View:
        """A sample digest of the last day. Nothing is stored."""
        now = self._clock()
        reader = self._access.reader(subscription.destination)
        window = NewsWindow(self._library, self._store, now)
        return await self._shown(
            await window.best(reader, now - _WINDOW, wishes(subscription.settings)), subscription, now
        )

    async def _shown(self, found: News, subscription: Subscription, now: datetime) -> View:
        items = best(found.items, wishes(subscription.settings), now)
        told = await self._parts_renderer.told(items, self._access.reader(subscription.destination))
        if not told:
            return quiet_view((), ())
        day = local_time(now, subscription.settings.schedule.tz).date()
        title = heading(Reason.SLOT, len(told), 1, 1, day)
        left, place = len(found.items) - len(items) + found.unread, Place.ANSWER
        return part_view(title, told, subscription.settings.sections, (), ending=True, left=left, place=place)

    async def preview(self, subscription: Subscription) -> list[View]:
        """The next digest as it would be now. Nothing is stored."""
        now = self._clock()
        occasion = Occasion(0, subscription.id, f"slot:{now:%Y-%m-%dT%H:%M}", now, subscription.since or now - _WINDOW)
        window = NewsWindow(self._library, self._store, now)
        return [await self._shown(await self._news(occasion, subscription, window), subscription, now)]

    async def _compose(self, occasion: Occasion, now: datetime, window: NewsWindow) -> None:
        subscription = await self._subscriptions.get(occasion.subscription)
        if subscription is None or subscription.paused is not None:
            await self._store.finish(occasion, OccasionState.CANCELLED, (), (), now)
            return
        if _reason(occasion) is Reason.SLOT and (end := quiet_until(subscription.settings.schedule, now)):
            await self._store.postpone(occasion.id, end)  # the post waits for the end of the quiet hours
            return
        found = await self._news(occasion, subscription, window)
        if not found.items and not _tells_of_no_news(occasion, subscription, now):
            await self._store.finish(occasion, OccasionState.EMPTY, (), (), now)
            return
        wanted = wishes(subscription.settings)
        if _reason(occasion) is Reason.QUIET:  # without quiet hours each story would have been a post of its own
            wanted = replace(wanted, most=len(found.items))
        items = best(found.items, wanted, now)
        left = len(found.items) - len(items) + found.unread
        parts = await self._parts(occasion, subscription, items, left, now)
        deliveries = [
            replace(
                self._post(occasion, subscription, now, number, len(parts)),
                payload=payload,
                composition=composition.write(),
            )
            for number, (payload, composition) in enumerate(parts, start=1)
        ]
        by_version = {item.version.id: item.report for item in items}
        tellings = [
            Telling(by_version[one["version"]].id, by_version[one["version"]].version.number, composition.part)
            for _, composition in parts
            for one in composition.items
        ]
        await self._store.finish(occasion, OccasionState.COMPOSED, deliveries, tellings, now)
        _tell(occasion, subscription, len(items), len(parts), now)

    def _post(self, occasion: Occasion, subscription: Subscription, now: datetime, part: int, parts: int) -> Delivery:
        """A part of a post, without its content."""
        return Delivery(
            0,
            f"{subscription.id}:{occasion.key}:{part}",
            subscription.id,
            subscription.destination,
            None,
            now,
            self._expiry(subscription, now),
            part=part,
            parts=parts,
            occasion=occasion.id,
            resends=subscription.settings.uncertain is Uncertain.RESEND,
        )

    async def _news(self, occasion: Occasion, subscription: Subscription, window: NewsWindow) -> News:
        """Returns the stories that the chat wants and has not been told."""
        viewer, wanted = self._access.reader(subscription.destination), wishes(subscription.settings)
        if occasion.version is None:
            every = _reason(occasion) is Reason.QUIET
            since = _since(occasion, subscription)
            return await window.untold(subscription.destination, viewer, since, wanted, every)
        report = await self._library.report_of(occasion.version)
        if report is None or report.is_hidden or not viewer.sees(report.scope):
            return News(())
        told = await self._store.told(subscription.destination, [report.id])
        stories = await self._store.told_stories(subscription.destination, [report.story])
        return News(await with_outlets(self._library, news([report], told, stories, wanted), viewer))

    async def _parts(
        self, occasion: Occasion, subscription: Subscription, items: Sequence[Item], left: int, now: datetime
    ) -> list[tuple[str, Composition]]:
        """Returns the payload of each part, with its composition.

        Args:
            left: How many more stories there are than the digest has room for.
        """
        settings, where = subscription.settings, subscription.destination
        content = PostContent(
            _reason(occasion),
            tuple(items),
            settings.sections,
            settings.silent,
            settings.language or await self._chats.language(where) or self._language,
            where.platform,
            _notes(occasion, subscription, now),
            self._access.reader(where),
            left,
            await self._unread(occasion, subscription),
            Place.CHANNEL if subscription.is_channel else Place.CHAT,
            local_time(now, settings.schedule.tz).date(),
        )
        rendered = await self._parts_renderer.parts(content)
        return [
            (part.payload, content.composition(part, number, len(rendered), settings.corrections))
            for number, part in enumerate(rendered, start=1)
        ]

    async def _unread(self, occasion: Occasion, subscription: Subscription) -> tuple[str, ...]:
        """Returns the sources that the chat wants and that could not be read since its last digest."""
        if _reason(occasion) is not Reason.SLOT:
            return ()
        viewer, tags = self._access.reader(subscription.destination), subscription.settings.tags
        return tuple(unread_sources(await self._feeds.all(), occasion.since, tags, viewer))

    def _expiry(self, subscription: Subscription, now: datetime) -> datetime:
        """A post expires when the next one is due, or after a day."""
        latest = now + _LONGEST_LIFE
        return min(latest, subscription.next_due) if subscription.next_due and subscription.next_due > now else latest


def _tell(occasion: Occasion, subscription: Subscription, stories: int, parts: int, now: datetime) -> None:
    """Logs a post that was written to the ledger, and how late that was."""
    late = max(0.0, (now - occasion.due).total_seconds())
    metrics.SLOT_LAG.observe(late)
    chat, key = str(subscription.destination), occasion.key
    counts = {"stories": stories, "parts": parts, "seconds_late": round(late)}
    _log.info("post_composed", subscription=subscription.id, chat=chat, occasion=key, **counts)


def _reason(occasion: Occasion) -> Reason:
    return Reason(occasion.key.partition(":")[0])


def _since(occasion: Occasion, subscription: Subscription) -> datetime:
    """Stories that arrived after this time are included. A digest looks back one day more, for stories that did not
    fit.
    """
    if _reason(occasion) is not Reason.SLOT:
        return occasion.since
    return min(occasion.since, max(subscription.starts, occasion.since - _LEFT_OVER))


def _tells_of_no_news(occasion: Occasion, subscription: Subscription, now: datetime) -> bool:
    """Whether a digest without stories is posted. A late one is not."""
    settings = subscription.settings
    is_wanted = settings.quiet_days is QuietDays.SAY and settings.mode is Mode.DIGEST
    return is_wanted and _reason(occasion) is Reason.SLOT and not _is_late(_due(occasion, subscription), now)


def _due(occasion: Occasion, subscription: Subscription) -> datetime:
    """The time of a digest's slot. The occasion itself may have been postponed by quiet hours."""
    local = datetime.fromisoformat(occasion.key.partition(":")[2])
    return instant(local, subscription.settings.schedule.tz)


def _is_late(due: datetime, now: datetime) -> bool:
    return now - due > LATE


def _notes(occasion: Occasion, subscription: Subscription, now: datetime) -> tuple[Message, ...]:
    """A note that the digest is late, if it is."""
    if _reason(occasion) is not Reason.SLOT:
        return ()
    schedule = subscription.settings.schedule
    local = datetime.fromisoformat(occasion.key.partition(":")[2])
    due = _due(occasion, subscription)
    if not _is_late(due, now):
        return ()
    is_today = local.date() == local_time(now, schedule.tz).date()
    moment = own("{time}", time=local.time()) if is_today else when(due, schedule, due - timedelta(days=3))
    return (own("This post is late. It was due {moment}.", moment=moment),)
