"""Registers the commands on Discord if they have changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from discord import Permissions
from discord.http import Route

from bot.commands.table import COMMANDS, Command, Option, OptionKind
from bot.i18n import LOCALES, Message, Translator, own
from bot.platforms.discord.client import Client

#: https://docs.discord.com/developers/interactions/application-commands
_CHAT_INPUT, ON_MESSAGE = 1, 3
_STRING, _INTEGER, _BOOLEAN, _CHANNEL = 3, 4, 5, 7
_GUILD_INSTALL, _IN_GUILD, _IN_DM = 0, 0, 1
#: Channel types for posts: text, announcement, threads, forum.
_CHANNEL_TYPES = [0, 5, 10, 11, 12, 15]
_MOST_NUMBER = 99
#: Languages that Discord divides: https://docs.discord.com/developers/reference#locales
_CODES = {"es": ("es-ES", "es-419")}

#: Options on Discord that the command table does not have.
PRIVATE, CHANNEL = own("private"), own("channel")
_PRIVATE_HELP = own("Show the answer only to you")
_CHANNEL_HELP = own("The channel, thread or forum for the digest (default: here)")

ASK, BRIEF = own("Ask about this"), own("Brief this")


def payloads() -> list[dict[str, Any]]:
    """All commands as JSON for Discord."""
    return [*map(_command, COMMANDS), _on_message(ASK), _on_message(BRIEF)]


async def are_commands_current(client: Client, guild: int | None = None) -> bool:
    """Whether Discord has the commands of this version.

    Raises:
        discord.DiscordException: The commands could not be read.
    """
    shown = await client.http.request(_route("GET", client, guild), params={"with_localizations": "true"})
    ours = {(one["type"], one["name"]): one for one in payloads()}
    theirs = {(one.get("type", _CHAT_INPUT), one["name"]): one for one in shown}
    return ours.keys() == theirs.keys() and all(_holds(theirs[key], one) for key, one in ours.items())


async def register(client: Client, guild: int | None = None) -> bool:
    """Registers the commands if they differ. Returns whether they did.

    Raises:
        discord.DiscordException: Discord does not accept them.
    """
    if await are_commands_current(client, guild):
        return False
    await client.http.request(_route("PUT", client, guild), json=payloads())
    return True


def _route(method: str, client: Client, guild: int | None) -> Route:
    application = client.application_id
    if guild is None:
        return Route(method, "/applications/{application_id}/commands", application_id=application)
    path = "/applications/{application_id}/guilds/{guild_id}/commands"
    return Route(method, path, application_id=application, guild_id=guild)


def _command(command: Command) -> dict[str, Any]:
    options = [_option(option) for option in command.options]
    if command.manages or command.name == "status":
        options.append(_described(CHANNEL, _CHANNEL_HELP) | {"type": _CHANNEL, "channel_types": _CHANNEL_TYPES})
    elif not command.is_personal:
        options.append(_described(PRIVATE, _PRIVATE_HELP) | {"type": _BOOLEAN})
    found = {"type": _CHAT_INPUT, **_described(command.title, command.help), **_everywhere()}
    if options:
        found["options"] = options
    if (
        command.manages
    ):  # Discord hides the command from everybody else. The permission is checked again when the command is used
        found["default_member_permissions"] = Permissions(manage_guild=True).value
    return found


def _on_message(title: Message) -> dict[str, Any]:
    return {"type": ON_MESSAGE, "name": title.text, "name_localizations": _localized(title), **_everywhere()}


def _everywhere() -> dict[str, Any]:
    return {"integration_types": [_GUILD_INSTALL], "contexts": [_IN_GUILD, _IN_DM]}


def _option(option: Option) -> dict[str, Any]:
    found = _described(option.title, option.help)
    match option.kind:
        case OptionKind.NUMBER:
            found |= {"type": _INTEGER, "min_value": 1, "max_value": _MOST_NUMBER}
        case OptionKind.STORY | OptionKind.ZONE | OptionKind.SETTING | OptionKind.VALUE | OptionKind.CHOICE:
            found |= {"type": _STRING, "autocomplete": True}
        case _:
            found |= {"type": _STRING}
    return found | ({"required": True} if option.is_required else {})


def _described(title: Message, explained: Message) -> dict[str, Any]:
    return {
        "name": title.text,
        "name_localizations": _localized(title),
        "description": Translator(LOCALES[0]).say(explained),
        "description_localizations": _localized(explained),
    }


def _localized(message: Message) -> dict[str, str]:
    """The translations of a message by Discord's codes of languages."""
    return {code: Translator(one).say(message) for one in LOCALES[1:] for code in _CODES.get(one, (one,))}


def _holds(shown: Any, ours: Any) -> bool:
    """Whether Discord's value contains ours. Discord adds fields."""
    if isinstance(ours, dict):
        return isinstance(shown, dict) and all(_holds(shown.get(name), value) for name, value in ours.items())
    if isinstance(ours, list) and all(isinstance(one, dict) for one in ours):
        return _is_list(shown, ours) and all(_holds(one, other) for one, other in zip(shown, ours, strict=True))
    if isinstance(ours, list):
        return isinstance(shown, Iterable) and sorted(shown) == sorted(ours)
    if isinstance(ours, int) and isinstance(shown, str):  # Discord sends permissions as a string
        return shown == str(ours)
    return bool(shown == ours)


def _is_list(shown: Any, ours: list[Any]) -> bool:
    return isinstance(shown, list) and len(shown) == len(ours)
