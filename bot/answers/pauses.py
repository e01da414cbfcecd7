"""Answers about pauses: paused, resumed, and what came meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.answers.schedules import summary
from bot.i18n import own, own_n
from bot.subscriptions.model import Subscription
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Bullet, Button, Heading, Paragraph, View

#: Buttons for what came during a pause; and the most digits of a time in minutes.
_MOST_OFFERED, _LONGEST_MOMENT = 3, 9


@dataclass(frozen=True, slots=True)
class Missed:
    """Stories that a subscription missed during a pause.

    Attributes:
        since: The time up to which it had been told of all stories.
    """

    subscription: Subscription
    since: datetime
    count: int

    @property
    def button(self) -> Button:
        """The button that shows them."""
        minutes = str(int(self.since.timestamp()) // 60)
        return Button(own("Show what came meanwhile"), Control(ControlVerb.MISSED, self.subscription.id, "", minutes))

    @staticmethod
    def moment(value: str) -> datetime | None:
        """Returns the time in a button's data, or None if it has none."""
        is_number = value.isascii() and value.isdecimal() and len(value) <= _LONGEST_MOMENT
        return datetime.fromtimestamp(60 * int(value), UTC) if is_number else None


def resumed_view(subscriptions: Sequence[Subscription], now: datetime, missed: Sequence[Missed] = ()) -> View:
    """Confirms that posts are resumed, with the time of the next one, and offers what came meanwhile."""
    count = sum(one.count for one in missed)
    said = (
        [Paragraph(own_n("{count} story came meanwhile.", "{count} stories came meanwhile.", count))] if count else []
    )
    lines = [Bullet(summary(one, now)) for one in subscriptions]
    return View((Heading(own("Resumed.")), *lines, *said), tuple(one.button for one in missed[:_MOST_OFFERED]))


def paused_view(left: int) -> View:
    """Confirms a pause. ``left`` other subscriptions stay active."""
    if left:
        said = own_n(
            "Paused until you send /resume. {count} other subscription stays active.",
            "Paused until you send /resume. {count} other subscriptions stay active.",
            left,
        )
        return View((Paragraph(said),))
    return View((Paragraph(own("Paused. Nothing is posted until you send /resume.")),))
