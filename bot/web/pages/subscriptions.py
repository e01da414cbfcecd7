"""Subscriptions: the list, one with its next digest, and pausing, resuming and removing it."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web
from markupsafe import Markup

from bot.commands import decisions
from bot.delivery.occasions import OccasionState
from bot.i18n import Translator
from bot.storage.listings import PAGE
from bot.subscriptions.model import Mode, Subscription
from bot.subscriptions.slots import next_slots
from bot.web.previews import preview_view
from bot.web.site import Site, Visitor, missing, number_in, redirect

_SLOTS = 5
#: What became of a time at which something could be posted.
_BECAME = {
    OccasionState.PENDING: "waits to be composed",
    OccasionState.COMPOSED: "a post was written",
    OccasionState.EMPTY: "nothing new to tell",
    OccasionState.CANCELLED: "cancelled: paused or unsubscribed",
}
_SAID = {
    "pause": "Paused. Its waiting posts are cancelled.",
    "resume": "Resumed, from its next time on.",
    "kept": "Resumed, but its chat has paused it itself.",
    "refused": "The settings do not admit this chat. Add it to `allow` first.",
}


async def listed(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Lists the subscriptions by their numbers."""
    after = number_in(request.query.get("after")) or 0
    found = await site.listings.subscriptions(after)
    later = found[-1].id if len(found) == PAGE else None
    return site.page(
        "subscriptions",
        visitor,
        here="/subscriptions",
        subscriptions=found,
        later=later,
        is_first=not after,
        titles=await site.listings.titles(one.destination for one in found),
    )


async def one(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Shows one subscription, and its next digest as its platform would show it now."""
    found = await _asked(site, request)
    if found is None:
        return missing(site, visitor, "There is no such subscription.")
    return site.page(
        "subscription",
        visitor,
        here="/subscriptions",
        one=found,
        slots=_slots(found, site.bot.clock()),
        last=[(one, _BECAME[one.state]) for one in await site.listings.last_due(found.id, _SLOTS)],
        shown=await _next_digest(site, found),
        said=_SAID.get(request.query.get("said", ""), ""),
        titles=await site.listings.titles([found.destination]),
    )


async def changed(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Pauses, resumes or removes a subscription."""
    found, verb = await _asked(site, request), request.match_info["verb"]
    if found is None or verb not in {"pause", "resume", "remove"}:
        return missing(site, visitor, "There is no such subscription.")
    store, access = site.bot.subscriptions, site.bot.dispatcher.context.access
    if verb == "remove":
        await store.remove(found.destination, [found.id])
        return redirect("/subscriptions")
    if verb == "pause":
        await decisions.pause(store, found)
        return redirect(f"/subscriptions/{found.id}", said=verb)
    try:
        again = await decisions.resume(store, access, found, site.bot.clock())
        verb = "kept" if again and again.paused is not None else verb
    except decisions.NotAdmitted:
        verb = "refused"
    return redirect(f"/subscriptions/{found.id}", said=verb)


async def _asked(site: Site, request: web.Request) -> Subscription | None:
    number = number_in(request.match_info["number"])
    return await site.bot.subscriptions.get(number) if number is not None else None


def _slots(one: Subscription, now: datetime) -> list[datetime]:
    """Returns the next times at which it posts a digest."""
    if one.paused is not None or one.settings.mode is Mode.ARRIVAL:
        return []
    return [slot.at for slot in next_slots(one.settings.schedule, one.cursor, one.starts, now, _SLOTS)]


async def _next_digest(site: Site, one: Subscription) -> Markup:
    language = one.settings.language or await site.bot.chats.language(one.destination) or site.bot.policies.language
    view = await site.bot.posting.previews.preview(one)
    return preview_view(one.destination.platform, view, Translator(language))
