"""Lists the subscriptions that a user manages, each with its own card of buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.answers.described import described, particulars, short_name
from bot.answers.schedules import paused_said, summary
from bot.i18n import Message, own
from bot.subscriptions.edits import Setting
from bot.subscriptions.model import Mode, Subscription
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Bullet, Button, Heading, Paragraph, View

_MOST_SHOWN = 20


def subscriptions_view(subscriptions: Sequence[Subscription], titles: Mapping[int, Message], now: datetime) -> View:
    """Lists subscriptions with the names of their chats, each with a button."""
    if not subscriptions:
        return View((Paragraph(own("You have no subscriptions. To add one, send /subscribe where it is to post.")),))
    shown = list(enumerate(subscriptions[:_MOST_SHOWN], start=1))
    lines = [
        Bullet(own("{number}. {chat} – {summary}", number=number, chat=titles[one.id], summary=_listed(one, now)))
        for number, one in shown
    ]
    more = len(subscriptions) - len(shown)
    rest = [Paragraph(own("And {count} more.", count=more))] if more else []
    chats = [titles[one.id] for one in subscriptions]
    buttons = [
        Button(_button_label(number, one, titles[one.id], chats), Control(ControlVerb.CARD, one.id))
        for number, one in shown
    ]
    return View((Heading(own("Your subscriptions")), *lines, *rest), tuple(buttons))


def _button_label(number: int, one: Subscription, chat: Message, chats: Sequence[Message]) -> Message:
    """Returns the label of a subscription's button, with its times if several subscriptions are of a chat so named."""
    if chats.count(chat) == 1:
        return own("{number}. {chat}", number=number, chat=chat)
    return own("{number}. {chat}: {times}", number=number, chat=chat, times=short_name(one))


def _listed(one: Subscription, now: datetime) -> Message:
    """Returns what a subscription posts, or why it is paused."""
    if one.paused is None:
        return described(one)
    return own("{first}, {second}", first=described(one), second=paused_said(one, now))


def card_view(one: Subscription, title: Message, now: datetime) -> View:
    """Shows one subscription with buttons for everything that can be done with it."""
    is_paused = one.paused is not None
    pause = Button(
        own("Resume") if is_paused else own("Pause"),
        Control(ControlVerb.RESUME if is_paused else ControlVerb.PAUSE, one.id),
    )
    is_arrival = one.settings.mode is Mode.ARRIVAL
    lines = [described(one), *particulars(one, frozenset() if is_arrival else frozenset({Setting.DAYS}))]
    then = [summary(one, now)] if is_paused or not is_arrival else []
    return View(
        (Heading(title), *map(Bullet, (*lines, *then))),
        (
            Button(own("Change"), Control(ControlVerb.PANEL, one.id)),
            pause,
            Button(own("Show a digest now"), Control(ControlVerb.DIGEST, one.id)),
            Button(own("Send a test now"), Control(ControlVerb.TEST, one.id)),
            Button(own("Unsubscribe"), Control(ControlVerb.LEAVE, one.id)),
            Button(own("All subscriptions"), Control(ControlVerb.MINE)),
        ),
    )


def done_view(done: View, card: View) -> View:
    """Confirms what was done with a subscription, above its card, with the buttons of the confirmation first."""
    return replace(card, blocks=(*done.blocks, *card.blocks), buttons=(*done.buttons, *card.buttons))


def paused_view() -> View:
    """Confirms that a subscription is paused."""
    return View((Paragraph(own("Paused.")),))


def trial_view(is_sent: bool) -> View:
    """Says whether a test post was sent."""
    sent = own("A test post is on its way. Its stories will be posted at their time, too.")
    return View((Paragraph(sent if is_sent else own("Nothing can be posted there.")),))


THIS_CHAT, PRIVATE_CHAT = own("this chat"), own("your private chat")
