"""Turns Discord's errors into outcomes of a post. Pure."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
from discord import DiscordException, DiscordServerError, Forbidden, HTTPException, NotFound, RateLimited

from bot.delivery.model import Dead, Outcome, Paused, Retry, Stopped, Uncertain
from bot.delivery.request_errors import UNTOLD_WAIT, describe, in_a_line, never_arrived
from bot.subscriptions.obstacles import Obstacle

#: Errors of discord.py for a response that it cannot read. The request may have been carried out.
UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)
#: Whatever a request may raise: discord.py's errors, and those of others that it does not wrap.
REQUEST_ERRORS = (DiscordException, aiohttp.ClientError, OSError, RuntimeError, *UNREADABLE)
#: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE = 10003, 10004, 10008
_OBSTACLES = {
    UNKNOWN_CHANNEL: Obstacle.CHAT_GONE,
    UNKNOWN_GUILD: Obstacle.SERVER_LEFT,
    50001: Obstacle.VIEW_CHANNEL,
    50007: Obstacle.DIRECT_MESSAGES,
    50013: Obstacle.SEND_MESSAGES,
    50083: Obstacle.THREAD_CLOSED,
    160005: Obstacle.THREAD_CLOSED,
}
_TOO_MANY, _UNAUTHORIZED, _BAD_REQUEST = 429, 401, 400
#: Without the header ``Via`` the response is from Cloudflare, which blocks for longer.
_CLOUDFLARE_WAIT = timedelta(minutes=10)


def outcome_of(error: Exception) -> Outcome:  # noqa: PLR0911  # a table of outcomes
    """The outcome of an error. discord.py raises 429, 500, 502, 504 and 524 only after five attempts."""
    match error:
        case RateLimited():
            return Retry("Discord wants to be left alone", timedelta(seconds=error.retry_after))
        case HTTPException() if error.status == _UNAUTHORIZED:
            return Stopped(f"Discord refuses the token: {said(error)}")
        case HTTPException() if error.status == _TOO_MANY:
            return Retry("Discord wants to be left alone", _wait(error), everywhere=True)
        case HTTPException() if error.code in _OBSTACLES:
            return Paused(_OBSTACLES[error.code])
        case Forbidden():
            return Paused(Obstacle.SEND_MESSAGES)
        case DiscordServerError():
            return Uncertain(said(error))
        case NotFound() | HTTPException():
            return Dead(said(error))
        case aiohttp.ClientError() if never_arrived(error):
            return Retry(describe(error))
        case _:
            return Uncertain(describe(error))


def is_refused(error: HTTPException) -> bool:
    """Whether Discord refuses the message itself, not the channel."""
    return error.status == _BAD_REQUEST and error.code not in _OBSTACLES


def said(error: HTTPException) -> str:
    """Discord's error message in one line, without the HTML of a proxy."""
    return in_a_line(error.text, f"HTTP {error.status}")


def describe_error(error: BaseException) -> str:
    """An error of discord.py or aiohttp in one line for operators."""
    return in_a_line(str(error)) if isinstance(error, DiscordException) else describe(error)


def _wait(error: HTTPException) -> timedelta:
    headers = error.response.headers
    if not headers.get("Via"):
        return _CLOUDFLARE_WAIT
    try:
        return timedelta(seconds=float(headers.get("Retry-After", "")))
    except ValueError:
        return UNTOLD_WAIT
