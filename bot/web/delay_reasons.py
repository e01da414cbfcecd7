"""Why a post is late, as far as its times tell. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.delivery.model import Delivery, State
from bot.runtime.stalls import Stalls

#: Writing and sending take seconds.
_LONG = timedelta(minutes=1)
_MINUTE = timedelta(minutes=1)


def delays(post: Delivery, due: datetime | None, started: datetime, stalls: Stalls, now: datetime) -> list[str]:
    """Returns why a post was written late, and why it was sent late. Empty: it was on time.

    Args:
        due: When it was to be written, if that is known.
        started: When this process started.
        stalls: When it did not run since then.
    """
    found = (_written_late(post, due, started, stalls), _sent_late(post, now))
    return [one for one in found if one]


def _written_late(post: Delivery, due: datetime | None, started: datetime, stalls: Stalls) -> str | None:
    if due is None or post.created is None or post.created - due <= _LONG:
        return None
    late = _minutes(post.created - due)
    if due < started <= post.created:
        return f"Written {late} late: the bot was not running when it was due. It started afterwards."
    if (stalled := stalls.between(due, post.created)) > _LONG / 2:
        why = "It was stopped, its machine slept, or something blocked it"
        return f"Written {late} late: the bot's process did not run for {stalled.total_seconds():,.0f} seconds. {why}."
    return f"Written {late} late: the bot was down, or the database or the machine was slow. See the log."


def _sent_late(post: Delivery, now: datetime) -> str | None:
    waited = _waited(post, now)
    if waited <= _LONG:
        return None
    begin = "Sent {} after it was written" if post.state is State.SENT else "It has waited for {}"
    why = f"the last of {post.attempts} attempts failed: {post.error}" if post.error else "others were sent first"
    return f"{begin.format(_minutes(waited))}: {why}."


def _waited(post: Delivery, now: datetime) -> timedelta:
    """Returns how long a post waited to be sent after it was written. A post that failed has its reason beside it."""
    if post.created is None or post.state not in {State.SENT, State.PENDING}:
        return timedelta()
    return ((post.sending_at or post.created) if post.state is State.SENT else now) - post.created


def _minutes(time: timedelta) -> str:
    count = time // _MINUTE
    return "1 minute" if count == 1 else f"{count:,} minutes"
