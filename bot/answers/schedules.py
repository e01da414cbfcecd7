"""Answers about subscriptions: subscribing, pausing, status."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from types import MappingProxyType

from bot.answers.described import described, particulars, short_name, times_of
from bot.answers.last_posts import last_posts
from bot.answers.obstacles import cannot_post_note, missing_notes, obstacle_said
from bot.delivery.model import Delivery
from bot.delivery.occasions import Held
from bot.i18n import Day, Message, own, own_n
from bot.subscriptions.edits import Setting
from bot.subscriptions.model import Mode, Schedule, Subscription
from bot.subscriptions.obstacles import Obstacle
from bot.subscriptions.setting_names import SETTING_NAMES
from bot.subscriptions.slots import local_time, next_slots
from bot.views.buttons import ALL, Control, ControlVerb
from bot.views.hints import Hint
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
    chosen = map(Bullet, (*_all_times(subscription), *particulars(subscription)))
    zone = Button(own("Time zone"), Control(ControlVerb.CHOOSE, subscription.id, Setting.ZONE))
    buttons = (*subscription_buttons(subscription), zone)
    return View((Heading(heading), *_first_post(subscription, now), *chosen, *notes), buttons)


def _all_times(subscription: Subscription) -> list[Message]:
    """Returns all times of a new subscription, if there are several: the answer names only the first post."""
    if len(subscription.settings.schedule.times) < 2 or subscription.settings.mode is Mode.ARRIVAL:
        return []
    return [own("{name}: {value}", name=SETTING_NAMES[Setting.TIME], value=times_of(subscription))]


def already_subscribed_view(subscriptions: Sequence[Subscription]) -> View:
    """Lists the existing subscriptions, and says how to add one."""
    heading = own_n("There is a subscription here:", "There are {count} subscriptions here:", len(subscriptions))
    lines = [Bullet(described(subscription)) for subscription in subscriptions]
    more = Paragraph(own("To add another one, use /subscribe with what is different, such as another time."))
    one, *others = subscriptions
    buttons = which_view(subscriptions, _opened).buttons if others else subscription_buttons(one)
    return View((Heading(heading), *lines, more, Hint(own("For example: /subscribe 18:00"))), buttons)


def unsubscribed_view(count: int) -> View:
    """Confirms that all subscriptions have ended."""
    text = own_n("Unsubscribed. Nothing more will be posted.", "Unsubscribed from all {count}.", count)
    return View((Paragraph(text),), (subscribe_button(),))


def one_unsubscribed_view(left: Sequence[Subscription]) -> View:
    """Confirms that one subscription has ended, and lists the others."""
    lines = [Bullet(described(subscription)) for subscription in left]
    said = own_n("Unsubscribed. One subscription remains:", "Unsubscribed. {count} subscriptions remain:", len(left))
    return View((Heading(said), *lines))


def not_subscribed_view() -> View:
    """Says that the chat has no subscription."""
    return View((Paragraph(own("There is no subscription here.")),), (subscribe_button(),))


def subscribe_button() -> Button:
    """Returns the button that subscribes the chat at the usual time."""
    return Button(own("Subscribe"), Control(ControlVerb.SUBSCRIBE))


def which_view(
    subscriptions: Sequence[Subscription],
    choose: Callable[[Subscription], Control],
    *,
    unknown: int = 0,
    note: Message | None = None,
    all_of_them: Control | None = None,
) -> View:
    """Asks which of several subscriptions is meant, with a button for each.

    Args:
        choose: Returns what the button of a subscription does.
        unknown: The number that was typed, if no subscription has it.
        note: What is said first.
        all_of_them: What the button for all of them does.
    """
    lines = [
        Bullet(own("{number}: {summary}", number=number, summary=described(one)))
        for number, one in enumerate(subscriptions, start=1)
    ]
    buttons = [
        Button(own("{number}: {times}", number=number, times=short_name(one)), choose(one))
        for number, one in enumerate(subscriptions, start=1)
    ]
    if all_of_them:
        buttons.append(Button(own("All of them"), all_of_them))
    notes = _notes(unknown, note)
    return View((*notes, Heading(own("Which subscription do you mean?")), *lines), tuple(buttons))


def only_view(subscription: Subscription, control: Control, note: Message | None, unknown: int) -> View:
    """Says what was not understood, with a button that does the same to the only subscription."""
    label = {ControlVerb.PAUSE: own("Pause now"), ControlVerb.RESUME: own("Resume")}.get(
        control.verb, own("Unsubscribe")
    )
    return View((*_notes(unknown, note), Bullet(described(subscription))), (Button(label, control),))


def _notes(unknown: int, note: Message | None) -> list[Paragraph]:
    missing = own("There is no subscription {number}.", number=unknown) if unknown else None
    return [Paragraph(said) for said in (note, missing) if said]


def _opened(subscription: Subscription) -> Control:
    return Control(ControlVerb.PANEL, subscription.id)


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
            blocks.append(Paragraph(paused_said(subscription, now)))
            continue
        if subscription.settings.mode is not Mode.DIGEST:
            blocks.append(Bullet(own("each new story as it arrives")))
        if subscription.settings.mode is not Mode.ARRIVAL:
            slots = next_slots(schedule, subscription.cursor, subscription.starts, now, _NEXT_POSTS)
            blocks += [Bullet(when(slot.at, schedule, now)) for slot in slots]
        if waiting := held.get(subscription.id):
            blocks.append(Bullet(_waiting(waiting, schedule, now)))
    last, resend = last_posts(subscriptions, posts, now)
    paused = [one for one in subscriptions if one.paused is not None]
    resume = [Button(own("Resume"), Control(ControlVerb.RESUME, paused[0].id, value=ALL))] if paused else []
    return View((*blocks, *last), (*resend, *resume, *subscription_buttons(subscriptions[0])))


def _waiting(held: Held, schedule: Schedule, now: datetime) -> Message:
    moment = when(held.until, schedule, now)
    return own_n("{count} story waits: {moment}", "{count} stories wait: {moment}", held.count, moment=moment)


def resent_view() -> View:
    """Confirms that a post will be sent again."""
    return View((Paragraph(own("The post will be sent again.")),))


def nothing_to_resend_view() -> View:
    """Says that the post is no longer uncertain, or belongs to another chat."""
    return View((Paragraph(own("There is nothing to send again.")),))


def zones_view(zones: Sequence[str], subscription: int) -> View:
    """Asks which time zone is meant. The buttons set it for the subscription."""
    buttons = [
        Button(own("{zone}", zone=zone), Control(ControlVerb.SET, subscription, Setting.ZONE, zone))
        for zone in zones[:_MOST_ZONES]
    ]
    back = Button(own("All settings"), Control(ControlVerb.PANEL, subscription))
    return View((Paragraph(_WHICH_ZONE),), (*buttons, back))


def zones_to_subscribe_view(zones: Sequence[str], others: str) -> View:
    """Asks which time zone a new subscription is to have. The buttons subscribe with it.

    Args:
        others: What else was typed after the command.
    """
    typed = {zone: f"{zone} {others}".replace(" ;", ";").strip() for zone in zones[:_MOST_ZONES]}
    controls = {zone: Control(ControlVerb.SUBSCRIBE, value=words) for zone, words in typed.items()}
    buttons = [Button(own("{zone}", zone=zone), control) for zone, control in controls.items() if control.fits]
    too_long = ", ".join(zone for zone, control in controls.items() if not control.fits)
    more = [Paragraph(own("Or send the command again with one of these: {zones}", zones=too_long))] if too_long else []
    example = Hint(own("Or write: /subscribe {words}", words=typed[zones[0]]))
    return View((Paragraph(_WHICH_ZONE), *more, example), tuple(buttons))


_WHICH_ZONE = own("Which time zone do you mean? Choose one, or write a large city in it.")


def once_view(at: time) -> View:
    """Says that a subscription posts every day. The button subscribes at that time of the day."""
    said = own("A subscription posts every day at the same time, not once. /digest shows a digest now.")
    control = Control(ControlVerb.SUBSCRIBE, value=f"{at:%H:%M}")
    return View((Paragraph(said),), (Button(own("Every day at {time}", time=at), control),))


def same_subscription_view(known: Subscription, words: str) -> View:
    """Says that the chat has this subscription already, and asks whether to change it or to add another one."""
    asked = Paragraph(own("Do you want to change it, or add a second one that posts the same?"))
    buttons = [
        Button(own("Change it"), Control(ControlVerb.PANEL, known.id)),
        Button(own("Add a second one"), Control(ControlVerb.SUBSCRIBE, 1, value=words)),
    ]
    shown = [one for one in buttons if isinstance(one.action, Control) and one.action.fits]
    heading = Heading(own("This subscription already exists:"))
    return View((heading, Bullet(described(known)), asked), tuple(shown))


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
    """Returns when a subscription posts next, or that it is paused."""
    schedule = subscription.settings.schedule
    if subscription.paused is not None:
        return paused_said(subscription, now)
    if subscription.next_due is None:
        return own("each new story as it arrives")
    return own("next post {when} ({zone})", when=when(subscription.next_due, schedule, now), zone=schedule.zone)


def paused_said(one: Subscription, now: datetime) -> Message:
    """Returns why a subscription is paused, or when the pause ends if it ends by itself."""
    if one.paused:
        return own("paused: {reason}", reason=obstacle_said(one.paused))
    if one.paused_until is None:
        return own("paused")
    return own("paused, resumes {when}", when=when(one.paused_until, one.settings.schedule, now))
