"""From a subscription that is due to rendered posts in the ledger.

The tick turns due subscriptions and new versions into occasions; the composer turns an occasion into parts, shortly
before they can be sent, and never again once they are written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from bot.access import Access
from bot.answers.digests import Reason, Told, heading, part_view, quiet_view
from bot.answers.schedules import when
from bot.chats import ChatStore, Destination
from bot.delivery.model import Delivery, Op
from bot.delivery.occasions import Arrived, Occasion, OccasionState, OccasionStore, Telling
from bot.i18n import Message, Translator, own
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import Mode, Settings, Subscription, Uncertain
from bot.subscriptions.slots import LATE, due_slot, instant, local_time
from bot.views import View
from briefings.digest import Item, Wishes, choose, is_wanted
from briefings.library import Library, Report
from briefings.model import SectionKind, Version
from briefings.related import Related
from briefings.scope import Viewer

#: Subscriptions in one transaction of the tick: neither the loop nor another writer waits long for it.
_CHUNK = 200
_ARRIVALS = 100
_COMPOSED_AT_ONCE = 50
#: So many posts may wait in the ledger; what comes after them is composed when they have gone.
_AHEAD = 400
_LONGEST_LIFE = timedelta(days=1)
_WINDOW = timedelta(days=1)
#: A story may be written a moment after the time that it says it came in: windows overlap, and nothing is told twice.
_OVERLAP = timedelta(minutes=10)
_MOST_IN_WINDOW = 300
_CACHED = 2_000


class PostRenderer(Protocol):
    """Makes a platform's message of a view."""

    def payload(self, view: View, translator: Translator, silent: bool) -> str:
        """The message, as the platform's sender takes it."""

    def fits(self, view: View, translator: Translator) -> bool:
        """Whether the view is one message there."""


class SubscriptionReader(Protocol):
    """Where a subscription is read when its post is composed: with the settings of that moment."""

    async def get(self, number: int) -> Subscription | None:
        """The subscription of that number."""


class Tick:
    """What happens every few seconds: due slots and new versions become occasions."""

    def __init__(
        self, store: OccasionStore, library: Library, access: Access, renderers: Mapping[str, PostRenderer]
    ) -> None:
        self._store = store
        self._library = library
        self._access = access
        self._renderers = renderers

    async def run(self, now: datetime) -> int:
        """Handles everything that is due; returns how many subscriptions were."""
        handled = 0
        while (chunk := await self._store.advance(now, _CHUNK, partial(step, now=now))) > 0:
            handled += chunk
        while arrivals := await self._store.arrived(_ARRIVALS):
            await self._arrive(arrivals, now)
        return handled

    async def _arrive(self, arrivals: Sequence[Arrived], now: datetime) -> None:
        wanting = await self._store.wanting_arrivals()
        occasions: list[Occasion] = []
        edits: list[Delivery] = []
        for one in arrivals:
            report = await self._library.report_of(one.version)
            if report is None or report.version.id != one.version:
                continue  # it was hidden or removed, or a newer version follows in this very list
            occasions += [found for subscription in wanting if (found := self._occasion(subscription, report, now))]
            for told in await self._store.tellings(report.id, one.number):
                edit = await self._edit(told, report, now)
                edits += [edit] if edit else []
        await self._store.handled([one.id for one in arrivals], occasions, edits, now)

    def _occasion(self, subscription: Subscription, report: Report, now: datetime) -> Occasion | None:
        """A story that arrived, or the end of the quiet hours in which it did."""
        viewer = replace(self._access.viewer(subscription.destination), owner="")
        settings = subscription.settings
        if not viewer.sees(report.scope) or not is_wanted(report, wishes(settings)):
            return None
        if (
            subscription.since is not None
            and report.version.received <= subscription.since
            and settings.mode is Mode.ARRIVAL
        ):
            return None
        schedule = settings.schedule
        local = local_time(now, schedule.tz)
        if schedule.quiet and schedule.quiet.covers(local.time()):
            end = datetime.combine(local.date(), schedule.quiet.end)
            end += timedelta(days=1) if end <= local else timedelta(0)
            return Occasion(0, subscription.id, f"quiet:{end:%Y-%m-%dT%H:%M}", instant(end, schedule.tz), now - _WINDOW)
        key = f"report:{report.id}:v{report.version.number}"
        return Occasion(0, subscription.id, key, now, now, report.version.id)

    async def _edit(self, told: Delivery, report: Report, now: datetime) -> Delivery | None:
        """The edit of a post that told an earlier version, where its subscription asked for it."""
        composition = Composition.read(told.composition)
        if composition is None or not composition.corrections or told.remote_id is None:
            return None
        items = []
        for item in composition.items:
            version = await self._library.get(Viewer(sees_all=True), item["version"])
            if version is None:
                return None
            is_it = item["report"] == report.id
            if is_it:
                item["version"] = report.version.id
            items.append(Told(item["number"], report.version if is_it else version, (), item["update"], is_it))
        view = part_view(_heading(composition), items, composition.kinds, (), composition.is_last)
        renderer = self._renderers[told.destination.platform]
        return Delivery(
            0,
            f"edit:{told.id}:v{report.version.number}:{report.id}",
            told.subscription,
            told.destination,
            renderer.payload(view, Translator(composition.language), composition.silent),
            now,
            now + _LONGEST_LIFE,
            Op.EDIT,
            told.remote_id,
            composition=composition.write(),
            occasion=told.occasion,
        )


def step(subscription: Subscription, now: datetime) -> tuple[Occasion | None, Subscription]:
    """The occasion that is due, of several that were missed only the latest, and the subscription after it."""
    slot = due_slot(subscription.settings.schedule, subscription.cursor, subscription.starts, now)
    if slot is None:
        return None, scheduled(subscription)
    since = subscription.since or slot.at - _WINDOW
    occasion = Occasion(0, subscription.id, f"slot:{slot.local:%Y-%m-%dT%H:%M}", slot.at, since)
    return occasion, scheduled(replace(subscription, cursor=slot.local, since=now - _OVERLAP))


def wishes(settings: Settings) -> Wishes:
    """What a subscription wants to be told."""
    return Wishes(settings.tags, settings.include, settings.exclude, settings.stories)


@dataclass
class Composition:
    """What one part tells, beside its payload, so that an edit can rebuild it."""

    reason: Reason
    language: str
    kinds: tuple[SectionKind, ...]
    silent: bool
    corrections: bool
    part: int
    parts: int
    total: int
    items: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_last(self) -> bool:
        """Whether it is the last part."""
        return self.part == self.parts

    def write(self) -> str:
        """As JSON."""
        return json.dumps(self.__dict__)

    @classmethod
    def read(cls, text: str | None) -> Composition | None:
        """The composition of a delivery, unless it was blanked."""
        if text is None:
            return None
        found = cls(**json.loads(text))
        found.kinds = tuple(map(SectionKind, found.kinds))
        found.reason = Reason(found.reason)
        return found


class Composer:
    """Turns occasions into posts."""

    def __init__(
        self,
        store: OccasionStore,
        *,
        subscriptions: SubscriptionReader,
        library: Library,
        chats: ChatStore,
        access: Access,
        renderers: Mapping[str, PostRenderer],
        clock: Callable[[], datetime],
        language: str = "en",
    ) -> None:
        self._store = store
        self._subscriptions = subscriptions
        self._library = library
        self._chats = chats
        self._access = access
        self._renderers = renderers
        self._clock = clock
        self._language = language
        self._related: dict[tuple[Viewer, str], list[Related]] = {}
        self._payloads: dict[object, list[tuple[str, list[Told]]]] = {}

    async def run(self) -> int:
        """Composes what is due, as far as there is room; returns how many occasions."""
        now = self._clock()
        occasions = await self._store.pending(list(self._renderers), now, _COMPOSED_AT_ONCE, _AHEAD)
        windows: dict[object, list[Report]] = {}
        for occasion in occasions:
            await self._compose(occasion, now, windows)
        return len(occasions)

    async def sample(self, subscription: Subscription) -> View:
        """A digest of the last day as a subscription wishes it, told or not; nothing is written."""
        now = self._clock()
        reports = await self._library.window(self._viewer(subscription), now - _WINDOW, now, _MOST_IN_WINDOW)
        items = choose(reports, {}, (), wishes(subscription.settings))
        return await self._shown(items, subscription)

    async def _shown(self, items: Sequence[Item], subscription: Subscription) -> View:
        told = [
            Told(n, item.version, await self._related_to(item.version), item.is_update)
            for n, item in enumerate(items, 1)
        ]
        if not told:
            return quiet_view((), ())
        title = heading(Reason.SLOT, len(told), 1, 1)
        return part_view(title, told, subscription.settings.sections, (), ending=True)

    def _viewer(self, subscription: Subscription) -> Viewer:
        """For whose eyes a post is: what was pasted in a chat is told to nobody unasked."""
        return replace(self._access.viewer(subscription.destination), owner="")

    async def preview(self, subscription: Subscription) -> list[View]:
        """What a subscription's next digest would be now; nothing is written."""
        now = self._clock()
        occasion = Occasion(0, subscription.id, "preview", now, subscription.since or now - _WINDOW)
        return [await self._shown(await self._items(occasion, subscription, now, {}), subscription)]

    async def _compose(self, occasion: Occasion, now: datetime, windows: dict[object, list[Report]]) -> None:
        subscription = await self._subscriptions.get(occasion.subscription)
        if subscription is None or subscription.paused is not None:
            await self._store.finish(occasion, OccasionState.CANCELLED, (), (), now)
            return
        items = await self._items(occasion, subscription, now, windows)
        # Who is told each story as it arrives is not told every day that there was no other.
        if not items and (_reason(occasion) is not Reason.SLOT or subscription.settings.mode is Mode.BOTH):
            await self._store.finish(occasion, OccasionState.EMPTY, (), (), now)
            return
        parts = await self._parts(occasion, subscription, items, now)
        deliveries = [
            Delivery(
                0,
                f"{subscription.id}:{occasion.key}:{number}",
                subscription.id,
                subscription.destination,
                payload,
                now,
                self._expiry(subscription, now),
                part=number,
                parts=len(parts),
                composition=composition.write(),
                occasion=occasion.id,
                resends=subscription.settings.uncertain is Uncertain.RESEND,
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

    async def _items(
        self, occasion: Occasion, subscription: Subscription, now: datetime, windows: dict[object, list[Report]]
    ) -> list[Item]:
        viewer = self._viewer(subscription)
        if occasion.version is not None:
            report = await self._library.report_of(occasion.version)
            is_there = report is not None and not report.is_hidden and viewer.sees(report.scope)
            reports = [report] if report is not None and is_there else []
        else:
            key = (viewer, occasion.since)
            if key not in windows:
                windows[key] = await self._library.window(viewer, occasion.since, now, _MOST_IN_WINDOW)
            reports = windows[key]
        where = subscription.destination
        told = await self._store.told(where, [report.id for report in reports])
        stories = await self._store.told_stories(where, {report.story for report in reports})
        return choose(reports, told, stories, wishes(subscription.settings))

    async def _parts(
        self, occasion: Occasion, subscription: Subscription, items: Sequence[Item], now: datetime
    ) -> list[tuple[str, Composition]]:
        """The payloads of a post's parts with what each tells; the same for all chats with the same wishes."""
        settings = subscription.settings
        where = subscription.destination
        language = settings.language or await self._chats.language(where) or self._language
        notes = _notes(occasion, subscription, now)
        told = tuple((item.version.id, item.is_update) for item in items)
        key = (_reason(occasion), told, settings.sections, settings.silent, language, where.platform, repr(notes))
        if key not in self._payloads:
            if len(self._payloads) >= _CACHED:
                self._payloads.clear()
            self._payloads[key] = await self._render(
                _reason(occasion), items, settings=settings, language=language, where=where, notes=notes
            )
        rendered = self._payloads[key]
        reports = {item.version.id: item.report.id for item in items}
        return [
            (
                payload,
                Composition(
                    _reason(occasion),
                    language,
                    settings.sections,
                    settings.silent,
                    settings.corrections,
                    number,
                    len(rendered),
                    len(items),
                    [
                        {
                            "report": reports[one.version.id],
                            "version": one.version.id,
                            "number": one.number,
                            "update": one.is_update,
                        }
                        for one in shown
                    ],
                ),
            )
            for number, (payload, shown) in enumerate(rendered, start=1)
        ]

    async def _render(
        self,
        reason: Reason,
        items: Sequence[Item],
        *,
        settings: Settings,
        language: str,
        where: Destination,
        notes: Sequence[Message],
    ) -> list[tuple[str, list[Told]]]:
        renderer, translator = self._renderers[where.platform], Translator(language)
        if not items:
            return [(renderer.payload(quiet_view((), notes), translator, settings.silent), [])]
        told = [
            Told(number, item.version, await self._related_to(item.version), item.is_update)
            for number, item in enumerate(items, start=1)
        ]
        view = partial(part_view, heading(reason, len(told), 9, 9), kinds=settings.sections, notes=notes, ending=True)
        parts: list[list[Told]] = [[]]
        for one in told:
            if parts[-1] and not renderer.fits(view(items=[*parts[-1], one]), translator):
                parts.append([])
            parts[-1].append(one)
        rendered = []
        for number, part in enumerate(parts, start=1):
            title = heading(reason, len(told), number, len(parts))
            is_last = number == len(parts)
            shown = part_view(title, part, settings.sections, notes if number == 1 else (), is_last)
            rendered.append((renderer.payload(shown, translator, settings.silent), part))
        return rendered

    async def _related_to(self, version: Version) -> list[Related]:
        if (known := self._related.get((Viewer(), version.id))) is not None:
            return known
        if len(self._related) >= _CACHED:
            self._related.clear()
        found = await self._library.related(Viewer(), version)
        self._related[Viewer(), version.id] = found
        return found

    def _expiry(self, subscription: Subscription, now: datetime) -> datetime:
        """A post is over when the next one comes, or after a day."""
        latest = now + _LONGEST_LIFE
        return min(latest, subscription.next_due) if subscription.next_due and subscription.next_due > now else latest


def _heading(composition: Composition) -> Message:
    return heading(composition.reason, composition.total, composition.part, composition.parts)


def _reason(occasion: Occasion) -> Reason:
    return Reason(occasion.key.partition(":")[0])


def _notes(occasion: Occasion, subscription: Subscription, now: datetime) -> tuple[Message, ...]:
    """That a digest comes late, if it does."""
    if _reason(occasion) is not Reason.SLOT or now - occasion.due <= LATE:
        return ()
    schedule = subscription.settings.schedule
    local = local_time(occasion.due, schedule.tz)
    is_today = local.date() == local_time(now, schedule.tz).date()
    moment = (
        own("{time}", time=local.time()) if is_today else when(occasion.due, schedule, occasion.due - timedelta(days=3))
    )
    return (own("This is the post of {moment}; it comes late.", moment=moment),)
