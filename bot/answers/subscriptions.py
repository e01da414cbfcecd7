"""Lists the subscriptions that a user manages, each with its own card of buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.answers.schedules import summary, times_of
from bot.i18n import own
from bot.subscriptions.model import Subscription
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Bullet, Button, Heading, Paragraph, View

_MOST_SHOWN = 20


def subscriptions_view(subscriptions: Sequence[Subscription], titles: Mapping[int, str], now: datetime) -> View:
    """Lists subscriptions with the names of their chats, each with a button."""
    if not subscriptions:
        return View((Paragraph(own("You have no subscriptions. To add one, send /subscribe where it is to post.")),))
    shown = list(enumerate(subscriptions[:_MOST_SHOWN], start=1))
    lines = [
        Bullet(own("{number}. {chat}: {summary}", number=number, chat=titles[one.id], summary=summary(one, now)))
        for number, one in shown
    ]
    more = len(subscriptions) - len(shown)
    rest = [Paragraph(own("And {count} more.", count=more))] if more else []
    buttons = [
        Button(own("{number}. {chat}", number=number, chat=titles[one.id]), Control(ControlVerb.CARD, one.id))
        for number, one in shown
    ]
    return View((Heading(own("Your subscriptions")), *lines, *rest), tuple(buttons))


def card_view(one: Subscription, now: datetime) -> View:
    """Shows one subscription with buttons for everything that can be done with it."""
    schedule = own("{times} ({zone})", times=times_of(one), zone=one.settings.schedule.zone)
    is_paused = one.paused is not None
    pause = Button(
        own("Resume") if is_paused else own("Pause"),
        Control(ControlVerb.RESUME if is_paused else ControlVerb.PAUSE, one.id),
    )
    return View(
        (Heading(schedule), Paragraph(summary(one, now))),
        (
            Button(own("Change"), Control(ControlVerb.PANEL, one.id)),
            pause,
            Button(own("Show a digest now"), Control(ControlVerb.DIGEST, one.id)),
            Button(own("Send a test now"), Control(ControlVerb.TEST, one.id)),
            Button(own("Unsubscribe"), Control(ControlVerb.LEAVE, one.id)),
        ),
    )


def trial_sent_view() -> View:
    """Confirms that a test post is on its way."""
    return View((Paragraph(own("A test post is on its way. Its stories will be posted at their time, too.")),))


def no_trial_view() -> View:
    """Says that this platform receives no posts."""
    return View((Paragraph(own("Nothing can be posted there.")),))
