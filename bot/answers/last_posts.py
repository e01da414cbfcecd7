"""The last posts of a chat, in the answer to /status."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.answers.obstacles import obstacle_said
from bot.delivery.model import Delivery, Op, State
from bot.i18n import Day, Message, own
from bot.subscriptions.model import Schedule, Subscription
from bot.subscriptions.slots import local_time
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Block, Bullet, Button, Heading

_STEPS: dict[Op, Message] = {
    Op.THREAD: own("no thread below the post"),
    Op.PUBLISH: own("the post was not published"),
}
_STATES: dict[State, Message] = {
    State.PENDING: own("waiting"),
    State.SENDING: own("being sent"),
    State.SENT: own("sent"),
    State.UNCERTAIN: own("uncertain: it may or may not have arrived"),
    State.DEAD: own("not sent"),
    State.EXPIRED: own("not sent: it was too late"),
    State.CANCELLED: own("cancelled"),
}


def last_posts(
    subscriptions: Sequence[Subscription], posts: Sequence[Delivery], now: datetime
) -> tuple[list[Block], list[Button]]:
    """Returns the state of each post, and a button for each that may not have arrived.

    If there are several subscriptions, a post is told with the number of its own, in its local time.
    """
    if not posts:
        return [], []
    moments = {post.id: _moment(post, subscriptions, now) for post in posts}
    lines = [Bullet(_became(post, moments[post.id])) for post in posts]
    resend = [
        Button(
            own("Resend the post of {moment}", moment=moments[post.id]),
            Control(ControlVerb.RESEND, post.id, value=post.attempt),
        )
        for post in posts
        if post.state is State.UNCERTAIN
    ]
    return [Heading(own("Last posts")), *lines], resend


def past(moment: datetime, schedule: Schedule, now: datetime) -> Message:
    """Returns a past moment, in the schedule's local time."""
    local, today = local_time(moment, schedule.tz), local_time(now, schedule.tz).date()
    if local.date() == today:
        return own("today at {time}", time=local.time())
    return own("{day} at {time}", day=Day(local.date()), time=local.time())


def _moment(post: Delivery, subscriptions: Sequence[Subscription], now: datetime) -> Message:
    """Returns when a post was made. The subscription of an old post may have ended: then it has no number."""
    ids = [one.id for one in subscriptions]
    place = ids.index(post.subscription) if post.subscription in ids else None
    moment = past(post.created or now, subscriptions[place or 0].settings.schedule, now)
    if place is None or len(subscriptions) == 1:
        return moment
    return own("{moment} (subscription {number})", moment=moment, number=place + 1)


def _became(post: Delivery, moment: Message) -> Message:
    """Returns the state of a post, with the reason."""
    if post.op in _STEPS:
        reason = obstacle_said(post.error or "")
        return own("{moment}: {step} ({reason})", moment=moment, step=_STEPS[post.op], reason=reason)
    state = _STATES[post.state]
    if post.error and post.state not in {State.SENT, State.CANCELLED}:  # why it was cancelled stands above
        return own("{moment}: {state} ({reason})", moment=moment, state=state, reason=post.error)
    return own("{moment}: {state}", moment=moment, state=state)
