"""Composes occasions into rendered posts in the ledger.

The tick turns due subscriptions and new versions into occasions. Shortly before a post can be sent, the composer turns
its occasion into parts. A part that was written is never composed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.access import Access
from bot.answers.digests import Place, Reason
from bot.chats import ChatStore, Destination
from bot.delivery.model import Delivery, State
from bot.delivery.occasions import ALL, Finished, Occasion, OccasionState, OccasionStore, Share, Telling
from bot.feeds.intervals import unread_sources
from bot.feeds.model import Feed
from bot.posting.compositions import Composition, steps_after, wishes
from bot.posting.finishing import FinishedPosts
from bot.posting.lateness import late_notes, says_no_news
from bot.posting.news import NewsFinder, reason_of
from bot.posting.parts import PartRenderer, PostContent
from bot.posting.window import News, NewsWindow
from bot.queues.model import Job, JobQueue, Task
from bot.runtime import metrics
from bot.storage.database.errors import StorageError
from bot.subscriptions.model import Subscription, Uncertain
from bot.subscriptions.slots import LATE, held_until, local_time, quiet_until
from briefings.digest import Item, best

_log = structlog.stdlib.get_logger("nutgraf.compose")

_COMPOSED_AT_ONCE = 50
#: The largest number of posts that wait in the ledger. Further posts are composed when these have left.
_AHEAD = 400
_LONGEST_LIFE = timedelta(days=1)


class SubscriptionReader(Protocol):
    """Reads the current settings of a subscription."""

    async def some(self, numbers: Iterable[int]) -> Mapping[int, Subscription]:
        """Returns those of the subscriptions that exist, by their numbers."""


class FeedReader(Protocol):
    """Reads how the feeds are."""

    async def all(self) -> list[Feed]:
        """All feeds."""


@dataclass(frozen=True)
class _Run:
    """Values that the occasions of one run share."""

    now: datetime
    window: NewsWindow
    subscriptions: Mapping[int, Subscription]
    feeds: Sequence[Feed]
    finished: FinishedPosts


class Composer:
    """Turns occasions into posts."""

    def __init__(
        self,
        store: OccasionStore,
        subscriptions: SubscriptionReader,
        chats: ChatStore,
        access: Access,
        *,
        queue: JobQueue,
        finder: NewsFinder,
        parts: PartRenderer,
        feeds: FeedReader,
        platforms: Sequence[str],
        clock: Callable[[], datetime],
        language: str = "en",
    ) -> None:
        self._store = store
        self._subscriptions = subscriptions
        self._chats = chats
        self._access = access
        self._queue = queue
        self._finder = finder
        self._parts_renderer = parts
        self._feeds = feeds
        self._platforms = platforms
        self._clock = clock
        self._language = language

    async def request(self) -> None:
        """Puts a job into the queue for each share of the chats that has due occasions."""
        numbers = await self._store.due_shares(self._clock(), self._queue.shares)
        await self._queue.put(Job(Task.COMPOSE, number, f"share:{number}") for number in numbers)

    async def take(self, number: int) -> None:
        """Composes due occasions of a share."""
        await self.run(Share(number, self._queue.shares))

    async def run(self, share: Share = ALL) -> int:
        """Composes due occasions while the ledger has room. Returns how many."""
        now = self._clock()
        occasions = await self._store.pending(self._platforms, now, _COMPOSED_AT_ONCE, _AHEAD, share)
        if not occasions:
            return 0
        run = await self._begin(occasions, now)
        joined = _late_together(occasions, run)
        absorbed = {one.id for others in joined.values() for one in others}
        for occasion in (one for one in occasions if one.id not in absorbed):
            try:
                await self._compose(occasion, run, joined.get(occasion.id, ()))
            except StorageError:
                raise
            except Exception as error:  # noqa: BLE001  # one chat's post must not hold up all others
                _log.exception("composing_failed", subscription=occasion.subscription, occasion=occasion.key)
                await self._give_up(occasion, run, error)
        await run.finished.store()
        return len(occasions)

    async def _begin(self, occasions: Sequence[Occasion], now: datetime) -> _Run:
        subscriptions = await self._subscriptions.some(one.subscription for one in occasions)
        feeds = await self._feeds.all()

        async def refused(one: Finished, error: Exception) -> None:
            _log.warning("composing_failed", occasion=one.occasion.key, error=repr(error))
            await self._give_up(one.occasion, run, error)

        finished = FinishedPosts(self._store, now, refused)
        run = _Run(now, self._finder.window(now), subscriptions, feeds, finished)
        return run

    async def _give_up(self, occasion: Occasion, run: _Run, error: Exception) -> None:
        """Writes a dead post if composing failed, so that the chat's status and an alert show it."""
        subscription = run.subscriptions.get(occasion.subscription)
        if subscription is not None:
            said = f"the post could not be created (internal error {type(error).__name__})"
            post = replace(self._post(occasion, subscription, run.now, 1, 1), state=State.DEAD, error=said)
            await self._store.finish([Finished(occasion, OccasionState.COMPOSED, [post])], run.now)

    async def _compose(self, occasion: Occasion, run: _Run, joined: Sequence[Occasion] = ()) -> None:
        """Writes the post of an occasion, with the news of late digests that are ``joined`` to it."""
        now, subscription = run.now, run.subscriptions.get(occasion.subscription)
        if subscription is None or subscription.paused is not None:
            run.finished.add(Finished(occasion, OccasionState.CANCELLED))
            return
        if end := _waits_until(occasion, subscription, now):
            await self._store.postpone(occasion.id, end)
            return
        if run.finished.has_post_for(subscription.destination):
            await run.finished.store()  # a chat's second post must not repeat the stories of its first
        found = await self._news(occasion, subscription, run, joined)
        if not found.items and not says_no_news(occasion, subscription, now):
            run.finished.add(*(Finished(one, OccasionState.EMPTY) for one in (occasion, *joined)))
            return
        wanted = wishes(subscription.settings)
        if reason_of(occasion) is Reason.QUIET:  # without quiet hours each story would have been a post of its own
            wanted = replace(wanted, most=len(found.items))
        items = best(found.items, wanted, now)
        left = len(found.items) - len(items) + found.unread
        parts = await self._parts(occasion, subscription, items, left, run)
        deliveries = [
            replace(
                self._post(occasion, subscription, now, number, len(parts)),
                payload=payload,
                composition=composition.write(),
            )
            for number, (payload, composition) in enumerate(parts, start=1)
        ]
        run.finished.add(
            Finished(occasion, OccasionState.COMPOSED, deliveries, _tellings(items, parts)),
            *(Finished(one, OccasionState.EMPTY) for one in joined),
        )
        _tell(occasion, subscription, len(items), len(parts), now)

    async def _news(
        self, occasion: Occasion, subscription: Subscription, run: _Run, joined: Sequence[Occasion]
    ) -> News:
        """Returns the news of an occasion and of those that are joined to it, each story once."""
        first = await self._finder.of(occasion, subscription, run.window)
        if not joined:
            return first
        found, unread = {item.report.story: item for item in first.items}, first.unread
        for other in joined:
            its = run.subscriptions.get(other.subscription)
            more = await self._finder.of(other, its, run.window) if its else News(())
            unread += more.unread
            for item in more.items:
                found.setdefault(item.report.story, item)
        return News(list(found.values()), unread)

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

    async def _parts(
        self, occasion: Occasion, subscription: Subscription, items: Sequence[Item], left: int, run: _Run
    ) -> list[tuple[str, Composition]]:
        """Returns the payload of each part, with its composition.

        Args:
            left: How many more stories there are than the digest has room for.
        """
        settings, where = subscription.settings, subscription.destination
        content = PostContent(
            reason_of(occasion),
            tuple(items),
            settings.sections,
            settings.silent,
            settings.language or await self._chats.language(where) or self._language,
            where.platform,
            late_notes(occasion, subscription, items, run.now),
            self._access.reader(where),
            left,
            self._unread(occasion, subscription, run.feeds),
            Place.CHANNEL if subscription.is_channel else Place.CHAT,
            local_time(run.now, settings.schedule.tz).date(),
            settings.role.id if settings.role and items else "",
        )
        rendered = await self._parts_renderer.parts(content)
        parts = []
        for number, part in enumerate(rendered, start=1):
            composition = content.composition(part, number, len(rendered), settings.corrections)
            parts.append((part.payload, replace(composition, steps=steps_after(settings, number) if items else [])))
        return parts

    def _unread(self, occasion: Occasion, subscription: Subscription, feeds: Sequence[Feed]) -> tuple[str, ...]:
        """Returns the sources that the chat wants and that could not be read since its last digest."""
        if reason_of(occasion) is not Reason.SLOT:
            return ()
        viewer, tags = self._access.reader(subscription.destination), subscription.settings.tags
        return tuple(unread_sources(feeds, occasion.since, tags, viewer))

    def _expiry(self, subscription: Subscription, now: datetime) -> datetime:
        """A post expires when the next one is due, or after a day."""
        latest = now + _LONGEST_LIFE
        return min(latest, subscription.next_due) if subscription.next_due and subscription.next_due > now else latest


def _late_together(occasions: Sequence[Occasion], run: _Run) -> dict[int, list[Occasion]]:
    """Returns the late digests that come in the post of a later one of the same chat, by the id of that one."""
    late: dict[Destination, list[Occasion]] = {}
    for occasion in occasions:
        if not occasion.key.startswith(f"{Reason.SLOT}:") or run.now - occasion.due <= LATE:
            continue
        found = run.subscriptions.get(occasion.subscription)
        if found and found.paused is None and not quiet_until(found.settings.schedule, run.now):
            late.setdefault(found.destination, []).append(occasion)
    return {ones[-1].id: ones[:-1] for ones in late.values() if len(ones) > 1}


def _tellings(items: Sequence[Item], parts: Sequence[tuple[str, Composition]]) -> list[Telling]:
    """Returns which versions the parts tell."""
    reports = {item.version.id: item.report for item in items}
    return [
        Telling(reports[one["version"]].id, reports[one["version"]].version.number, composition.part)
        for _, composition in parts
        for one in composition.items
    ]


def _tell(occasion: Occasion, subscription: Subscription, stories: int, parts: int, now: datetime) -> None:
    """Logs a post that was written to the ledger, and how late that was."""
    late = max(0.0, (now - occasion.due).total_seconds())
    metrics.SLOT_LAG.observe(late)
    chat, key = str(subscription.destination), occasion.key
    counts = {"stories": stories, "parts": parts, "seconds_late": round(late)}
    _log.info("post_composed", subscription=subscription.id, chat=chat, occasion=key, **counts)


def _waits_until(occasion: Occasion, subscription: Subscription, now: datetime) -> datetime | None:
    """The time for which a post waits: a digest for the end of the quiet hours, new stories also for a chosen day."""
    schedule = subscription.settings.schedule
    match reason_of(occasion):
        case Reason.SLOT:
            return quiet_until(schedule, now)
        case Reason.QUIET | Reason.HELD:
            return held_until(schedule, now)
        case _:
            return None
