"""Answers about subscriptions: subscribing, pausing, status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from types import MappingProxyType

from bot.answers.obstacles import cannot_post_note, missing_notes, obstacle_said
from bot.delivery.model import Delivery, Op, State
from bot.delivery.occasions import Held
from bot.i18n import Day, Message, own, own_n
from bot.subscriptions.edits import Setting
from bot.subscriptions.model import Mode, Schedule, Subscription
from bot.subscriptions.obstacles import Obstacle
from bot.subscriptions.slots import local_time, next_slots
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Block, Bullet, Button, Heading, Paragraph, View

_MOST_ZONES = 12
_NEXT_POSTS = 3


def subscribed_view(
    subscription: Subscription,
    now: datetime,
    number: int,
    obstacle: Obstacle | None = None,
    missing: Sequence[Obstacle] = (),
) -> View:
    """Confirms a new subscription, and says what keeps the bot from posting or a setting from working."""
    heading = own("Subscribed.") if number == 1 else own("Subscribed. This is subscription {number}.", number=number)
    notes = [*([cannot_post_note(obstacle)] if obstacle else []), *missing_notes(missing)]
    return View((Heading(heading), *_first_post(subscription, now), *notes), subscription_buttons(subscription))


def already_subscribed_view(subscriptions: Sequence[Subscription], now: datetime) -> View:
    """Lists the existing subscriptions, and says how to add one."""
    heading = own_n("There is a subscription here:", "There are {count} subscriptions here:", len(subscriptions))
    lines = [Bullet(summary(subscription, now)) for subscription in subscriptions]
    more = Paragraph(own("To add another one: /subscribe 18:00"))
    one, *others = subscriptions
    buttons = (
        which_view(subscriptions, now, "settings", with_all=False).buttons if others else subscription_buttons(one)
    )
    return View((Heading(heading), *lines, more), buttons)


def unsubscribed_view(count: int) -> View:
    """Confirms that all subscriptions have ended."""
    text = own_n("Unsubscribed. Nothing more will be posted here.", "Unsubscribed from all {count}.", count)
    return View((Paragraph(text), Paragraph(own("To subscribe again: /subscribe."))))


def one_unsubscribed_view(left: Sequence[Subscription], now: datetime) -> View:
    """Confirms that one subscription has ended, and lists the others."""
    lines = [Bullet(summary(subscription, now)) for subscription in left]
    return View(
        (
            Heading(
                own_n(
                    "Unsubscribed. One subscription remains:", "Unsubscribed. {count} subscriptions remain:", len(left)
                )
            ),
            *lines,
        )
    )


def not_subscribed_view() -> View:
    """Says that the chat has no subscription."""
    return View((Paragraph(own("There is no subscription here. To add one: /subscribe.")),))


def which_view(subscriptions: Sequence[Subscription], now: datetime, command: str, with_all: bool) -> View:
    """Asks which of several subscriptions is meant, with a button for each."""
    lines = [
        Bullet(own("{number}: {summary}", number=number, summary=summary(subscription, now)))
        for number, subscription in enumerate(subscriptions, start=1)
    ]
    buttons = [
        Button(own("{number}: {times}", number=number, times=times_of(one)), Control(_VERBS[command], one.id))
        for number, one in enumerate(subscriptions, start=1)
    ]
    all_of_them = [Paragraph(own("For all of them: /{command} all", command=command))] if with_all else []
    return View((Heading(own("Which subscription do you mean?")), *lines, *all_of_them), tuple(buttons))


_VERBS = {
    "settings": ControlVerb.PANEL,
    "pause": ControlVerb.PAUSE,
    "resume": ControlVerb.RESUME,
    "unsubscribe": ControlVerb.LEAVE,
}


def times_of(subscription: Subscription) -> str:
    """Returns the times of a subscription in one line."""
    return ", ".join(f"{one:%H:%M}" for one in subscription.settings.schedule.times)


def status_view(
    subscriptions: Sequence[Subscription],
    posts: Sequence[Delivery],
    now: datetime,
    held: Mapping[int, Held] = MappingProxyType({}),
) -> View:
    """Lists the next posts of each subscription, in its local time, and the state of the last ones.

    Args:
        held: The stories that wait, by the number of their subscription.
    """
    blocks: list[Block] = []
    for number, subscription in enumerate(subscriptions, start=1):
        schedule = subscription.settings.schedule
        several = own("Subscription {number} ({zone})", number=number, zone=schedule.zone)
        blocks.append(Heading(several if len(subscriptions) > 1 else own("Next posts ({zone})", zone=schedule.zone)))
        if subscription.paused is not None:
            blocks.append(Paragraph(_paused(subscription.paused)))
            continue
        if subscription.settings.mode is not Mode.DIGEST:
            blocks.append(Bullet(own("each new story as it arrives")))
        if subscription.settings.mode is not Mode.ARRIVAL:
            slots = next_slots(schedule, subscription.cursor, subscription.starts, now, _NEXT_POSTS)
            blocks += [Bullet(when(slot.at, schedule, now)) for slot in slots]
        if waiting := held.get(subscription.id):
            blocks.append(Bullet(_waiting(waiting, schedule, now)))
    schedule = subscriptions[0].settings.schedule
    if posts:
        blocks.append(Heading(own("Last posts")))
        blocks += [Bullet(_became(post, schedule, now)) for post in posts]
    uncertain = [post for post in posts if post.state is State.UNCERTAIN]
    resend = [
        Button(
            own("Resend the post of {moment}", moment=past(post.created or now, schedule, now)),
            Control(ControlVerb.RESEND, post.id, value=post.attempt),
        )
        for post in uncertain
    ]
    return View(tuple(blocks), (*resend, *subscription_buttons(subscriptions[0])))


def _waiting(held: Held, schedule: Schedule, now: datetime) -> Message:
    moment = when(held.until, schedule, now)
    return own_n("{count} story waits: {moment}", "{count} stories wait: {moment}", held.count, moment=moment)


def resent_view() -> View:
    """Confirms that a post will be sent again."""
    return View((Paragraph(own("The post will be sent again.")),))


def nothing_to_resend_view() -> View:
    """Says that the post is no longer uncertain, or belongs to another chat."""
    return View((Paragraph(own("There is nothing to send again.")),))


def _became(post: Delivery, schedule: Schedule, now: datetime) -> Message:
    """Returns the state of a post, with the reason."""
    moment = past(post.created or now, schedule, now)
    if post.op in _STEPS:
        return own("{moment}: {step} ({reason})", moment=moment, step=_STEPS[post.op], reason=_reason(post))
    state = _STATES[post.state]
    if post.error and post.state not in {State.SENT, State.CANCELLED}:  # why it was cancelled stands above
        return own("{moment}: {state} ({reason})", moment=moment, state=state, reason=post.error)
    return own("{moment}: {state}", moment=moment, state=state)


def _reason(post: Delivery) -> Message:
    return obstacle_said(post.error or "")


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


def past(moment: datetime, schedule: Schedule, now: datetime) -> Message:
    """Returns a past moment, in the schedule's local time."""
    local, today = local_time(moment, schedule.tz), local_time(now, schedule.tz).date()
    if local.date() == today:
        return own("today at {time}", time=local.time())
    return own("{day} at {time}", day=Day(local.date()), time=local.time())


def zones_view(zones: Sequence[str], subscription: int) -> View:
    """Asks which time zone is meant. The buttons set it for the subscription."""
    buttons = [
        Button(own("{zone}", zone=zone), Control(ControlVerb.SET, subscription, Setting.ZONE, zone))
        for zone in zones[:_MOST_ZONES]
    ]
    return View((Paragraph(_WHICH_ZONE),), tuple(buttons))


def zones_to_subscribe_view(zones: Sequence[str], others: str) -> View:
    """Asks which time zone a new subscription is to have. The buttons subscribe with it.

    Args:
        others: What else was typed after the command.
    """
    typed = {zone: f"{zone} {others}".replace(" ;", ";").strip() for zone in zones[:_MOST_ZONES]}
    buttons = [
        Button(own("{zone}", zone=zone), control)
        for zone, words in typed.items()
        if (control := Control(ControlVerb.SUBSCRIBE, value=words)).fits
    ]
    example = Paragraph(own("Or write it: /subscribe {words}", words=typed[zones[0]]))
    return View((Paragraph(_WHICH_ZONE), example), tuple(buttons))


_WHICH_ZONE = own("Which time zone do you mean? Choose one, or write a large city in it.")


def once_view(at: time) -> View:
    """Says that a subscription posts every day. The button subscribes at that time of the day."""
    said = own("A subscription posts every day at the same time, not once. /digest shows a digest now.")
    control = Control(ControlVerb.SUBSCRIBE, value=f"{at:%H:%M}")
    return View((Paragraph(said),), (Button(own("Every day at {time}", time=at), control),))


def same_subscription_view(known: Subscription, words: str, now: datetime) -> View:
    """Says that the chat has this subscription already, and asks whether to change it or to add another one."""
    asked = Paragraph(own("Do you want to change it, or add a second one that posts the same?"))
    buttons = [
        Button(own("Change it"), Control(ControlVerb.PANEL, known.id)),
        Button(own("Add a second one"), Control(ControlVerb.SUBSCRIBE, 1, value=words)),
    ]
    shown = [one for one in buttons if isinstance(one.action, Control) and one.action.fits]
    heading = Heading(own("This subscription already exists here:"))
    return View((heading, Bullet(summary(known, now)), asked), tuple(shown))


def when(moment: datetime, schedule: Schedule, now: datetime) -> Message:
    """Returns a moment in the schedule's local time, relative to ``now``: "today at 18:00"."""
    return replace(_said(moment, schedule, now), moment=moment)


def _said(moment: datetime, schedule: Schedule, now: datetime) -> Message:
    local, today = local_time(moment, schedule.tz), local_time(now, schedule.tz).date()
    if moment <= now:
        return own("now")
    if local.date() == today:
        return own("today at {time}", time=local.time())
    if local.date() == today + timedelta(days=1):
        return own("tomorrow at {time}", time=local.time())
    return own("{day} at {time}", day=Day(local.date()), time=local.time())


def subscription_buttons(subscription: Subscription) -> tuple[Button, ...]:
    """Returns the buttons of every answer about a subscription."""
    return (
        Button(own("Show a digest now"), Control(ControlVerb.DIGEST, subscription.id)),
        Button(own("Change"), Control(ControlVerb.PANEL, subscription.id)),
    )


def _first_post(subscription: Subscription, now: datetime) -> list[Block]:
    schedule = subscription.settings.schedule
    blocks: list[Block] = []
    if subscription.next_due is not None:
        first = own("First post {when} ({zone})", when=when(subscription.next_due, schedule, now), zone=schedule.zone)
        blocks.append(Paragraph(first))
    if subscription.settings.mode is not Mode.DIGEST:
        blocks.append(Paragraph(own("Each new story is posted as it arrives.")))
    return blocks


def summary(subscription: Subscription, now: datetime) -> Message:
    """Returns when a subscription posts next, or why it is paused."""
    """Returns when a subscription posts next, or that it is paused."""
    schedule = subscription.settings.schedule
    if subscription.paused is not None:
        return _paused(subscription.paused)
    if subscription.next_due is None:
        return own("each new story as it arrives")
    return own("next post {when} ({zone})", when=when(subscription.next_due, schedule, now), zone=schedule.zone)


def _paused(reason: str) -> Message:
    """Returns why a subscription is paused. The reason is empty if a user paused it."""
    return own("paused: {reason}", reason=obstacle_said(reason)) if reason else own("paused until you send /resume")
