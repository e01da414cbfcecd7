"""Posts: the list with filters, one post with its preview, and decisions about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from aiohttp import web

from bot.chats import Destination
from bot.commands import decisions
from bot.delivery.model import Delivery, State
from bot.storage.listings import PAGE, PostFilter
from bot.web.delay_reasons import delays
from bot.web.previews import preview
from bot.web.site import Site, Visitor, field_of, missing, number_in, redirect

#: What a form decides, and the state of the post then.
_VERBS = {"arrived": State.SENT, "lost": State.DEAD, "resend": State.PENDING}
_DECIDABLE = frozenset({State.UNCERTAIN, State.DEAD, State.EXPIRED})
_SAID = {
    "arrived": "Marked as arrived.",
    "lost": "Marked as lost.",
    "resend": "It will be sent again within seconds.",
    "no": "Nothing was changed: it is being sent, is settled, has lost its content, or its chat has unsubscribed or "
    "got its stories with a later post.",
    "old": "Nothing was changed: your page was old, and the post was sent again since then. This is its state now.",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """The filter as its form shows it, and the mistake in it, if there is one."""

    wanted: PostFilter
    fields: Mapping[str, str]
    mistake: str = ""


async def listed(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Lists posts, the newest first."""
    filled = _filled(request)
    before = number_in(request.query.get("before"))
    found = [] if filled.mistake else await site.listings.posts(filled.wanted, before)
    older = urlencode({**filled.fields, "before": found[-1].id}) if len(found) == PAGE else ""
    titles = await site.listings.titles(one.destination for one in found)
    newest = urlencode(filled.fields) if before is not None else None
    return site.page(
        "posts",
        visitor,
        here="/posts",
        posts=found,
        filled=filled,
        states=list(State),
        older=older,
        newest=newest,
        titles=titles,
    )


async def one(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Shows one post: its times, its attempts, and how the platform shows it."""
    post = await _post(site, request)
    if post is None:
        return missing(site, visitor, "There is no such post.")
    due = await site.listings.due(post.occasion) if post.occasion else None
    return site.page(
        "post",
        visitor,
        here="/posts",
        post=post,
        due=due,
        delays=delays(post, due.due if due else None, site.checkup.started, site.checkup.stalls, site.bot.clock()),
        shown=preview(post.destination.platform, post.payload) if post.payload else None,
        may_decide=post.state in _DECIDABLE and post.payload is not None,
        said=_SAID.get(request.query.get("said", ""), ""),
        titles=await site.listings.titles([post.destination]),
    )


async def decided(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Marks a post as arrived or lost, or has it sent again, unless it was sent again since the page was made."""
    post, verb = await _post(site, request), request.match_info["verb"]
    if post is None or verb not in _VERBS:
        return missing(site, visitor, "There is no such post.")
    if await field_of(request, "attempt") != post.attempt:
        return redirect(f"/posts/{post.id}", said="old")
    is_done = await decisions.decide(site.bot.ledger, post, _VERBS[verb], site.bot.clock())
    return redirect(f"/posts/{post.id}", said=verb if is_done else "no")


async def _post(site: Site, request: web.Request) -> Delivery | None:
    number = number_in(request.match_info["number"])
    return await site.bot.ledger.get(number) if number is not None else None


def _filled(request: web.Request) -> Filled:
    """Reads the filter of a request. Empty fields do not count."""
    names = ("state", "chat", "subscription", "day")
    fields = {name: value.strip() for name in names if (value := request.query.get(name, "")).strip()}
    state, day, where = fields.get("state"), fields.get("day"), fields.get("chat")
    number = number_in(fields.get("subscription"))
    try:
        wanted = PostFilter(
            State(state) if state else None,
            _destination(where) if where else None,
            number,
            _day(day) if day else None,
        )
    except ValueError:
        return Filled(
            PostFilter(), fields, "Write a chat as platform:id, such as telegram:123, and a day as 2025-03-14."
        )
    if "subscription" in fields and number is None:
        return Filled(PostFilter(), fields, "Write a subscription as its number.")
    return Filled(wanted, fields)


def _day(text: str) -> date:
    found = date.fromisoformat(text)
    if found == date.max:  # no day follows, at which the list would end
        raise ValueError(text)
    return found


def _destination(text: str) -> Destination:
    if not text.isprintable():
        raise ValueError(text)
    return Destination.parse(text)
