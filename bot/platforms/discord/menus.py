"""Registers the commands on Discord if they have changed."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from discord import Permissions
from discord.http import Route

from bot.commands.table import COMMANDS, Command, Option, OptionKind
from bot.i18n import LOCALES, Message, Translator, own
from bot.platforms.discord.client import Client

#: https://docs.discord.com/developers/interactions/application-commands
_CHAT_INPUT, ON_MESSAGE = 1, 3
_SUBCOMMAND, _GROUP, _STRING, _INTEGER, _BOOLEAN, _CHANNEL, _ROLE = 1, 2, 3, 4, 5, 7, 8
_GUILD_INSTALL, _USER_INSTALL = 0, 1
_IN_GUILD, _IN_DM, _IN_PRIVATE_CHANNEL = 0, 1, 2
_ANYWHERE = frozenset({"integration_types", "contexts"})
#: Channel types for posts: text, announcement, threads, forum.
_CHANNEL_TYPES = [0, 5, 10, 11, 12, 15]
_MOST_NUMBER = 99
#: Languages that Discord divides: https://docs.discord.com/developers/reference#locales
_CODES = {"es": ("es-ES", "es-419")}

#: Options on Discord that the command table does not have.
PRIVATE, CHANNEL = own("private"), own("channel")
_PRIVATE_HELP = own("Show the answer only to you")
_CHANNEL_HELP = own("The channel, thread or forum for the digest (default: here)")

_NEWS = "news"
_NEWS_HELP, _SETUP_HELP = own("Ask about the news"), own("Choose what is posted here")
_STORY, _STORY_HELP = own("story"), own("A part of a story")
_BOT, _BOT_HELP = own("bot"), own("About the bot and your data")

ASK, BRIEF = own("Ask about this"), own("Brief this")


class Naming(StrEnum):
    """Whether commands have names of their own, are below ``/news``, or both."""

    SHORT = "short"
    GROUPED = "grouped"
    BOTH = "both"


def payloads(naming: Naming = Naming.SHORT) -> list[dict[str, Any]]:
    """All commands as JSON for Discord."""
    short = [] if naming is Naming.GROUPED else [_command(one) for one in COMMANDS]
    grouped = [] if naming is Naming.SHORT else _groups()
    return [*short, *grouped, _on_message(ASK), _on_message(BRIEF)]


async def are_commands_current(client: Client, guild: int | None = None, naming: Naming = Naming.SHORT) -> bool:
    """Whether Discord has the commands of this version.

    Raises:
        discord.DiscordException: The commands could not be read.
    """
    return _are_current(await _registered(client, guild), _wanted(client, guild, naming))


async def register(client: Client, guild: int | None = None, naming: Naming = Naming.SHORT) -> bool:
    """Registers the commands if they differ, and tells the client their ids. Returns whether they did.

    Raises:
        discord.DiscordException: Discord does not accept them.
    """
    known, wanted = await _registered(client, guild), _wanted(client, guild, naming)
    is_current = _are_current(known, wanted)
    if not is_current:
        known = await client.http.request(_route("PUT", client, guild), json=wanted)
    client.links.learn(known)
    return not is_current


async def _registered(client: Client, guild: int | None) -> list[dict[str, Any]]:
    route = _route("GET", client, guild)
    found: list[dict[str, Any]] = await client.http.request(route, params={"with_localizations": "true"})
    return found


def _wanted(client: Client, guild: int | None, naming: Naming) -> list[dict[str, Any]]:
    """The commands for one server, which have no contexts, or for all. People get them only if they can add the bot."""
    found = payloads(naming)
    if guild is not None:
        return [{key: value for key, value in one.items() if key not in _ANYWHERE} for one in found]
    if client.application is not None and client.application.user_integration_config is not None:
        return found
    return [one | {"integration_types": [_GUILD_INSTALL], "contexts": [_IN_GUILD, _IN_DM]} for one in found]


def _are_current(shown: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> bool:
    ours = {(one["type"], one["name"]): one for one in wanted}
    theirs = {(one.get("type", _CHAT_INPUT), one["name"]): one for one in shown}
    return ours.keys() == theirs.keys() and all(_holds(theirs[key], one) for key, one in ours.items())


def _route(method: str, client: Client, guild: int | None) -> Route:
    application = client.application_id
    if guild is None:
        return Route(method, "/applications/{application_id}/commands", application_id=application)
    path = "/applications/{application_id}/guilds/{guild_id}/commands"
    return Route(method, path, application_id=application, guild_id=guild)


def _command(command: Command) -> dict[str, Any]:
    return {"type": _CHAT_INPUT, **_described(command.title, command.help), **_options(command), **_where(command)}


def _options(command: Command) -> dict[str, Any]:
    options = [_option(option) for option in command.options]
    if command.manages or command.name == "status":
        options.append(_described(CHANNEL, _CHANNEL_HELP) | {"type": _CHANNEL, "channel_types": _CHANNEL_TYPES})
    elif not command.is_personal:
        options.append(_described(PRIVATE, _PRIVATE_HELP) | {"type": _BOOLEAN})
    return {"options": options} if options else {}


def _where(command: Command) -> dict[str, Any]:
    """Where a command can be given, and by whom. The right is checked again when the command is given."""
    return _for_managers() if command.manages else _everywhere()


def _for_managers() -> dict[str, Any]:
    rights = {"default_member_permissions": Permissions(manage_guild=True).value}
    return _everywhere() | {"contexts": [_IN_GUILD, _IN_DM]} | rights


def _groups() -> list[dict[str, Any]]:
    """The commands below ``/news``, and those that managers give below ``/news-setup``.

    A command has room for 25 others, so that those about the parts of a story and about the bot are a level deeper.
    """
    managing = [one for one in COMMANDS if one.manages]
    parts = [one for one in COMMANDS if not one.in_menu and _is_about_a_story(one)]
    first = [one for one in COMMANDS if not one.manages and (one.in_menu or one.name == "subscriptions")]
    about_bot = [one for one in COMMANDS if one not in {*managing, *parts, *first}]
    inner = [*map(_subcommand, first), _group(_STORY, _STORY_HELP, parts), _group(_BOT, _BOT_HELP, about_bot)]
    news = {"type": _CHAT_INPUT, "name": _NEWS, **_helped(_NEWS_HELP), "options": inner, **_everywhere()}
    setup = {"type": _CHAT_INPUT, "name": f"{_NEWS}-setup", **_helped(_SETUP_HELP), **_for_managers()}
    return [news, setup | {"options": [*map(_subcommand, managing)]}]


def _is_about_a_story(command: Command) -> bool:
    return any(option.kind is OptionKind.STORY for option in command.options)


def _group(title: Message, explained: Message, commands: Iterable[Command]) -> dict[str, Any]:
    return {"type": _GROUP, **_described(title, explained), "options": [*map(_subcommand, commands)]}


def _subcommand(command: Command) -> dict[str, Any]:
    return {"type": _SUBCOMMAND, **_described(command.title, command.help), **_options(command)}


def _on_message(title: Message) -> dict[str, Any]:
    return {"type": ON_MESSAGE, "name": title.text, "name_localizations": _localized(title), **_everywhere()}


def _everywhere() -> dict[str, Any]:
    """A server or a person can add the bot. A person gives its commands also where the bot is no member."""
    return {"integration_types": [_GUILD_INSTALL, _USER_INSTALL], "contexts": [_IN_GUILD, _IN_DM, _IN_PRIVATE_CHANNEL]}


def _option(option: Option) -> dict[str, Any]:
    found = _described(option.title, option.help)
    match option.kind:
        case OptionKind.ROLE:
            found |= {"type": _ROLE}
        case OptionKind.NUMBER:
            found |= {"type": _INTEGER, "min_value": 1, "max_value": _MOST_NUMBER}
        case OptionKind.WORDS:
            found |= {"type": _STRING}
        case _:
            found |= {"type": _STRING, "autocomplete": True}
    return found | ({"required": True} if option.is_required else {})


def _described(title: Message, explained: Message) -> dict[str, Any]:
    return {
        "name": title.text,
        "name_localizations": _localized(title),
        **_helped(explained),
    }


def _helped(explained: Message) -> dict[str, Any]:
    return {
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
