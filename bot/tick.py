"""What happens every few seconds: due slots and new versions become occasions, and corrections become edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.access import Access
from bot.answers.digests import Told, heading, part_view
from bot.compositions import Composition, PostRenderer, wishes
from bot.delivery.model import Delivery, Op
from bot.delivery.occasions import Arrived, Occasion, OccasionStore
from bot.i18n import Message, Translator
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import Mode, Subscription
from bot.subscriptions.slots import due_slot, instant, local_time
from briefings.digest import is_wanted
from briefings.library import Library, Report
from briefings.scope import Viewer

#: Subscriptions in one transaction of the tick: neither the loop nor another writer waits long for it.
_CHUNK = 200
_ARRIVALS = 100
_LONGEST_LIFE = timedelta(days=1)
_WINDOW = timedelta(days=1)
#: A story may be written a moment after the time that it says it came in: windows overlap, and nothing is told twice.
_OVERLAP = timedelta(minutes=10)


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


def _heading(composition: Composition) -> Message:
    return heading(composition.reason, composition.total, composition.part, composition.parts)
