"""The first page: what is wrong, what was posted, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from bot.answers.feeds import state_message
from bot.delivery.model import State
from bot.i18n import Translator
from bot.subscriptions.model import Subscription
from bot.web.charts import STATES, posts_chart
from bot.web.pages.feeds import visible_feeds
from bot.web.site import Site, Visitor

_DAYS, _NEXT, _TROUBLES, _FAILING = 14, 8, 5, 10
#: The tick takes what is due within seconds. Later is a sign that something hinders it.
_OVERDUE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class NextPost:
    """A post that comes next."""

    subscription: Subscription
    due: datetime | None
    is_overdue: bool


async def overview(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Shows health, counts, the chart, the next posts and the newest troubles."""
    del request
    health = await site.checkup.run()
    vitals = await site.checkup.vitals.read(site.checkup.platforms)
    days = await site.day_counts.last(_DAYS)
    coming = await _next_posts(site) if visitor.operator else []
    troubles = await site.listings.troubles(_TROUBLES) if visitor.operator else []
    halted = await site.listings.halted(_TROUBLES) if visitor.operator else []
    feeds = await _failing_feeds(site, visitor)
    places = [*(one.destination for one in troubles), *(one.destination for one in halted)]
    places += [one.subscription.destination for one in coming]
    return site.page(
        "overview",
        visitor,
        here="/",
        health=health,
        started=site.checkup.started,
        queues=vitals.queues,
        waiting=_by_state(vitals.posts),
        chart=posts_chart(days, has_links=bool(visitor.operator)),
        states=STATES,
        totals={state: sum(day.posts.get(state, 0) for day in days) for state in STATES},
        days=_DAYS,
        coming=coming,
        troubles=troubles,
        halted=halted,
        titles=await site.listings.titles(places),
        feeds=feeds[:_FAILING],
        has_more_feeds=len(feeds) > _FAILING,
    )


async def _next_posts(site: Site) -> list[NextPost]:
    now = site.bot.clock()
    return [
        NextPost(one, one.next_due, one.next_due is not None and now - one.next_due > _OVERDUE)
        for one in await site.listings.next_posts(_NEXT)
    ]


async def _failing_feeds(site: Site, visitor: Visitor) -> Sequence[tuple[str, str]]:
    """Returns the names of the feeds that cannot be read, with the reason."""
    say, now = Translator("en").say, site.bot.clock()
    failing = visible_feeds(site, visitor, await site.listings.failing_feeds(_FAILING + 1))
    return [(feed.name if visitor.operator else feed.public_name, say(state_message(feed, now))) for feed in failing]


def _by_state(posts: dict[tuple[str, State], int]) -> dict[State, int]:
    found: dict[State, int] = {}
    for (_, state), count in posts.items():
        found[state] = found.get(state, 0) + count
    return found
