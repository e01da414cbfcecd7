"""Handlers of the buttons below an alert: what is to become of all posts that failed in one way."""

from __future__ import annotations

from bot.answers import guide, troubles
from bot.commands import decisions
from bot.commands.context import Context, Request
from bot.delivery.model import State
from bot.delivery.troubles import FAILED, Trouble
from bot.views.buttons import Control, ControlVerb
from bot.views.model import View

#: Minutes since 1970 that a date can hold.
_LATEST = 100_000_000


async def decide(context: Context, request: Request, control: Control) -> View:
    """Sends all of them again, leaves all, or lists them; whoever presses must be an operator at that moment."""
    if request.user not in context.access.operators:
        return troubles.operators_only_view()
    if control.setting not in FAILED or control.subscription > _LATEST:
        return guide.gone_view()
    trouble = Trouble(control.subscription, State(control.setting), control.value)
    posts = await context.posts.failed(trouble)
    if control.verb is ControlVerb.SHOW_ALL:
        return troubles.listed_view(trouble, posts)
    now = context.clock()
    state = State.PENDING if control.verb is ControlVerb.SEND_ALL else State.SENT
    count = sum([await decisions.decide(context.posts, post, state, now) for post in posts])
    if not count:
        return troubles.nothing_to_decide_view()
    return troubles.sent_again_view(count) if state is State.PENDING else troubles.left_view(count)
