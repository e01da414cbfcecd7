"""Pauses and resumes subscriptions. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.subscriptions.edits import from_now, scheduled
from bot.subscriptions.model import ENDLESS, Mode, Subscription
from bot.subscriptions.slots import due_slot


def paused(subscription: Subscription, until: datetime | None = None) -> Subscription:
    """Returns the subscription paused by a user. A pause for another reason stays, and theirs goes on after it."""
    if subscription.paused:
        return replace(subscription, paused_until=until or ENDLESS)
    return scheduled(replace(subscription, paused="", paused_until=until))


def freed(subscription: Subscription, now: datetime) -> Subscription:
    """Returns the subscription when the bot may post again. The pause of a user below another one goes on."""
    until = subscription.paused_until
    if until is None or not subscription.paused:
        return resumed(subscription, now)
    return replace(subscription, paused="", paused_until=None if until == ENDLESS else until)


def resumed(subscription: Subscription, now: datetime) -> Subscription:
    """Returns the subscription resumed. Digests that were missed meanwhile are skipped.

    If none was missed, the next one has what came during the pause.
    """
    if subscription.paused is None:
        return subscription
    again = replace(subscription, paused=None, paused_until=None)
    if again.settings.mode is Mode.DIGEST and _missed_none(again, now):
        return scheduled(again)
    return from_now(replace(again, since=now), now)


def _missed_none(one: Subscription, now: datetime) -> bool:
    return due_slot(one.settings.schedule, one.cursor, one.starts, now) is None
