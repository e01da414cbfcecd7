"""Answers about pauses: paused, resumed, and what came meanwhile."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.answers.schedules import summary, when
from bot.i18n import Message, own, own_n
from bot.subscriptions.model import ENDLESS, Subscription
from bot.views.buttons import ALL, Control, ControlVerb
from bot.views.hints import Hint
from bot.views.model import Bullet, Button, Heading, Paragraph, View

#: Buttons for what came during a pause; and the most digits of a time in minutes.
_MOST_OFFERED, _LONGEST_MOMENT = 3, 9


RESUMED = own("Resumed.")
#: Said where the end of a pause is not understood.
NO_END = own("I do not understand how long to pause. Write for example “until monday” or “2 weeks”.")


@dataclass(frozen=True, slots=True)
class Missed:
    """Stories that a subscription missed during a pause.

    Attributes:
        since: The time up to which it had been told of all stories.
        until: The time from which the next digest tells them.
    """

    subscription: Subscription
    since: datetime
    until: datetime
    count: int

    def button(self, number: int) -> Button:
        """Returns the button that shows them. The number is that of the subscription, if there are several."""
        minutes = f"{int(self.since.timestamp()) // 60}-{math.ceil(self.until.timestamp() / 60)}"
        label = own("Show what came meanwhile")
        said = own("{number}: {summary}", number=number, summary=label) if number else label
        return Button(said, Control(ControlVerb.MISSED, self.subscription.id, "", minutes))

    @staticmethod
    def times(value: str) -> tuple[datetime | None, datetime | None]:
        """Returns both times in a button's data, or None for one that it does not have."""
        since, _, until = value.partition("-")
        return _moment(since), _moment(until)


def _moment(minutes: str) -> datetime | None:
    is_number = minutes.isascii() and minutes.isdecimal() and len(minutes) <= _LONGEST_MOMENT
    return datetime.fromtimestamp(60 * int(minutes), UTC) if is_number else None


def resumed_view(subscriptions: Sequence[Subscription], now: datetime, missed: Sequence[Missed] = ()) -> View:
    """Confirms that posts are resumed, with the time of the next one, and offers what came meanwhile."""
    counts = {one.subscription.id: one.count for one in missed}
    lines = [Bullet(_resumed(one, now, counts.get(one.id, 0))) for one in subscriptions]
    places = {one.id: place for place, one in enumerate(subscriptions, start=1)}
    buttons = [
        one.button(places[one.subscription.id] if len(subscriptions) > 1 else 0) for one in missed[:_MOST_OFFERED]
    ]
    return View((Heading(RESUMED), *lines), tuple(buttons))


def not_paused_view(subscriptions: Sequence[Subscription], now: datetime) -> View:
    """Says that none of these subscriptions was paused, and when they post next."""
    return View((Heading(own("Nothing is paused here.")), *(Bullet(summary(one, now)) for one in subscriptions)))


def _resumed(one: Subscription, now: datetime, count: int) -> Message:
    """Returns when a subscription posts next, and how many stories it missed."""
    if not count:
        return summary(one, now)
    came = own_n("{count} story came meanwhile", "{count} stories came meanwhile", count)
    return own("{first}, {second}", first=summary(one, now), second=came)


def paused_view(first: Subscription, now: datetime, left: int) -> View:
    """Confirms that all of a chat's subscriptions are paused, or all but ``left``, and says when the pause ends."""
    more = (
        [Paragraph(own_n("{count} other subscription stays active.", "{count} other subscriptions stay active.", left))]
        if left
        else []
    )
    button = Button(own("Resume"), Control(ControlVerb.RESUME, first.id, value="" if left else ALL))
    end = first.paused_until
    until = when(end, first.settings.schedule, now) if end and end != ENDLESS else None
    ends = own("Paused. Posting resumes {when}.", when=until) if until else None
    paused = Paragraph(ends or own("Paused. Nothing is posted until you resume it."))
    return View((paused, *more, Hint(own("To resume: /resume"))), (button,))
