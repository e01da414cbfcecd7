"""Checks the bot's setup on Telegram, and says what to change."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from telegram import User
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.answers.obstacles import obstacle_said
from bot.chats import Destination
from bot.delivery.model import Paused
from bot.i18n import Message, own, own_n
from bot.platforms.checks import NO_TITLES, Titles, checked, name_of
from bot.platforms.telegram.client import Client
from bot.platforms.telegram.menus import are_menus_current, has_none
from bot.platforms.telegram.outcomes import outcome_of
from bot.platforms.telegram.posts import is_private_chat
from bot.platforms.telegram.rights import obstacle_of
from bot.platforms.telegram.transport import Flooded
from bot.views.findings import Finding

_LISTENING = 5
#: Telegram takes 30 requests a second, and each chat needs two.
_PAUSE, _TRIES = 0.1, 3


async def check(
    client: Client,
    destinations: Sequence[Destination],
    *,
    has_webhook: bool,
    may_poll: bool,
    listening: int = _LISTENING,
    titles: Titles = NO_TITLES,
) -> list[Finding]:
    """Checks the bot, its menu, its source of updates and each subscribed chat.

    Args:
        has_webhook: Whether the settings want a webhook.
        may_poll: Whether this bot is not running. Polling would take updates from a running bot.
        listening: Seconds to wait for a poll of another program.
        titles: The names of chats that are known already.
    """
    me = await _identity(client)
    if isinstance(me, Finding):
        return [me]
    found = [_owner(me), _privacy(me)]
    if not me.can_join_groups:
        found.append(_wrong(own("The bot may not join groups. To allow it, tell @BotFather: /setjoingroups, Enable.")))
    for question in (_menu(client), _updates(client, has_webhook, listening if may_poll else 0)):
        try:
            found += await question
        except TelegramError as error:
            found.append(_wrong(own("The check failed on Telegram: {error}", error=error.message)))
    return [
        *found,
        *[
            await checked(name_of(one, titles), _rights(client, one, me.id, name_of(one, titles)))
            for one in destinations
        ],
    ]


def _privacy(me: User) -> Finding:
    """Returns which messages of groups the bot receives."""
    if me.can_read_all_group_messages:
        return Finding(own("In groups, the bot receives all messages (privacy mode is off)."))
    return Finding(
        own("In groups, the bot receives commands and replies to its messages (privacy mode is on). That is enough.")
    )


async def identify(client: Client) -> Finding:
    """Checks the token alone, and says whose it is."""
    me = await _identity(client)
    return me if isinstance(me, Finding) else _owner(me)


async def _identity(client: Client) -> User | Finding:
    try:
        return await client.get_me()
    except InvalidToken:
        return _wrong(own("Telegram rejects the token. Copy it from @BotFather: /mybots, your bot, API Token."))
    except TelegramError as error:
        return _wrong(own("Telegram cannot be reached: {error}. Check the network and base_url.", error=error.message))


def _owner(me: User) -> Finding:
    return Finding(own("The token belongs to @{username} ({name}).", username=me.username, name=me.first_name))


async def _menu(client: Client) -> list[Finding]:
    if await are_menus_current(client):
        return [Finding(own("The command menu is up to date."))]
    if await has_none(client):
        return [Finding(own("There is no command menu yet. Start the bot to register it."))]
    return [_wrong(own("The command menu is out of date. Start the bot to update it."))]


async def _updates(  # noqa: PLR0911  # one for each way that it can be
    client: Client, has_webhook: bool, listening: int
) -> list[Finding]:
    info = await client.get_webhook_info()
    if has_webhook:
        if not info.url:
            return [_wrong(own("No webhook is registered yet. Start the bot to register it."))]
        if info.last_error_message:
            said = own(
                "Telegram could not reach the webhook: {error}. Check webhook.url.", error=info.last_error_message
            )
            return [_wrong(said)]
        waiting = own_n(
            "The webhook is registered; {count} update waits.",
            "The webhook is registered; {count} updates wait.",
            info.pending_update_count,
        )
        return [Finding(waiting)]
    if info.url:
        said = own("Telegram has a webhook, but the settings have none. Start the bot to remove it.")
        return [_wrong(said)]
    if not listening:
        return [Finding(own("The bot is running and receives updates."))]
    try:
        # This interrupts another program that polls. The other polls again and interrupts this one.
        await client.raw_updates(None, listening)
    except Conflict:
        said = own("Another program is receiving this bot's updates. Stop that program, or use another token.")
        return [_wrong(said)]
    return [Finding(own("No other program receives this bot's updates."))]


async def _rights(client: Client, where: Destination, me: int, known: str) -> Finding:
    """Returns whether it may post where somebody subscribed. Waits as long as Telegram asks for, a few times.

    Args:
        known: The name of the chat, where Telegram does not tell it.
    """
    for _ in range(_TRIES):
        await asyncio.sleep(_PAUSE)
        try:
            return await _right(client, where, me)
        except Flooded as error:
            await asyncio.sleep(error.wait.total_seconds())
        except TelegramError as error:
            outcome = outcome_of(error)
            reason = outcome.reason if isinstance(outcome, Paused) else error.message
            return _wrong(own("{chat}: {obstacle}", chat=known, obstacle=obstacle_said(reason)))
    return _wrong(own("{chat}: Telegram does not say. Try again later.", chat=known))


async def _right(client: Client, where: Destination, me: int) -> Finding:
    chat = await client.get_chat(where.chat)
    name = f"{chat.title or chat.full_name} ({where})"
    if not is_private_chat(where.chat):
        obstacle = obstacle_of(await client.get_chat_member(where.chat, me), chat)
        if obstacle is not None:
            return _wrong(own("{chat}: {obstacle}", chat=name, obstacle=obstacle_said(obstacle)))
    return Finding(own("{chat}: the bot may post.", chat=name))


def _wrong(said: Message) -> Finding:
    return Finding(said, is_wrong=True)
