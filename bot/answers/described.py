"""Describes subscriptions, so that people can tell them apart."""

from __future__ import annotations

from bot.answers.setting_values import days_said, settings_said
from bot.i18n import Message, own
from bot.subscriptions.edits import Setting, settings_of
from bot.subscriptions.model import Mode, Settings, Subscription
from bot.subscriptions.setting_names import SETTING_NAMES

#: What `described` says, and what is of no use to tell subscriptions apart.
_SAID = frozenset({Setting.TIME, Setting.ZONE, Setting.MODE, Setting.LANGUAGE})


def times_of(subscription: Subscription) -> str:
    """Returns the times of a subscription in one line."""
    return ", ".join(f"{one:%H:%M}" for one in subscription.settings.schedule.times)


def short_name(subscription: Subscription) -> Message:
    """Returns the name of a subscription for a button: its times, or that it posts as stories arrive."""
    if subscription.settings.mode is Mode.ARRIVAL:
        return own("as it arrives")
    return own("{times}", times=times_of(subscription))


def described(subscription: Subscription) -> Message:
    """Returns what a subscription posts, and when: "Monday to Friday at 08:00 (Europe/Rome)"."""
    schedule = subscription.settings.schedule
    digest = own(
        "{days} at {times} ({zone})", days=days_said(schedule.days), times=times_of(subscription), zone=schedule.zone
    )
    match subscription.settings.mode:
        case Mode.DIGEST:
            return digest
        case Mode.ARRIVAL:
            return own("each new story as it arrives")
        case Mode.BOTH:
            return own("each new story as it arrives, and a digest {digest}", digest=digest)


def particulars(subscription: Subscription, without: frozenset[Setting] = frozenset()) -> list[Message]:
    """Returns the other settings of a subscription that are not as usual: "Tags: politics"."""
    said, usual = settings_said(subscription.settings), settings_said(Settings())
    return [
        own("{name}: {value}", name=SETTING_NAMES[one], value=said[one])
        for one in settings_of(subscription.destination.platform)
        if one not in _SAID | without and said[one] != usual[one]
    ]
