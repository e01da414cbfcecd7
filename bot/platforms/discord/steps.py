"""Steps after a post: a thread below it, and its publishing to the servers that follow the channel.

Discord does either only once for a message and says so, so that both requests can be repeated.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from discord import DiscordException, HTTPException

from bot.delivery.model import Dead, Delivery, Dropped, Op, Outcome, Paused, Retry, Sent
from bot.platforms.discord.client import Client
from bot.platforms.discord.outcomes import UNKNOWN_MESSAGE, outcome_of
from bot.platforms.discord.posts import Draft
from bot.subscriptions.obstacles import Obstacle

#: The message has been published, it has a thread, or somebody has deleted it.
#: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
_DONE = frozenset({40033, 160004, UNKNOWN_MESSAGE})
_MISSING_RIGHT = frozenset({50001, 50013})
_WRONG_CHANNEL = frozenset({50024, 50068})
_RIGHTS = {Op.THREAD: Obstacle.CREATE_THREADS, Op.PUBLISH: Obstacle.SEND_MESSAGES}
_CHANNELS = {Op.THREAD: Obstacle.NO_THREADS_HERE, Op.PUBLISH: Obstacle.NO_ANNOUNCEMENTS}
#: Minutes without a message until clients hide a thread.
_ARCHIVED_AFTER: Final = 1440


async def follow(client: Client, delivery: Delivery, draft: Draft, *, is_in_thread: bool) -> Outcome:
    """Opens a thread below a message, or publishes it.

    Args:
        is_in_thread: Whether the message is in a thread or forum, where neither is possible.

    Raises:
        OSError, aiohttp.ClientError: The connection failed, and other errors of discord.py's requests.
    """
    message = int(delivery.target or 0)
    if is_in_thread:
        return Dropped(_CHANNELS[delivery.op])
    channel = int(delivery.destination.chat)
    try:
        if delivery.op is Op.THREAD:
            await client.http.start_thread_with_message(
                channel, message, name=draft.name, auto_archive_duration=_ARCHIVED_AFTER
            )
        else:
            await client.http.publish_message(channel, message)
    except DiscordException as error:
        return _outcome(error, delivery)
    return Sent(str(message))


def _outcome(error: DiscordException, delivery: Delivery) -> Outcome:
    code = error.code if isinstance(error, HTTPException) else 0
    if code in _DONE:
        return Sent(delivery.target or "")
    if code in _MISSING_RIGHT:
        return Dropped(_RIGHTS[delivery.op])
    if code in _WRONG_CHANNEL:
        return Dropped(_CHANNELS[delivery.op])
    match outcome_of(error):
        case Paused(reason) | Dead(reason):
            return Dropped(reason)
        case Retry(everywhere=False) as wait:  # Discord publishes ten messages an hour; posts do not wait for that
            return replace(wait, same_kind=True)
        case outcome:
            return outcome
