"""Reads interactions: the command, its options, the channel, the pressed button."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from discord import DMChannel, Interaction, Message, Permissions, Thread
from discord.abc import GuildChannel

from bot.chats import Destination
from bot.commands.table import BY_NAME, Command, OptionKind
from bot.commands.typed import command_in
from bot.platforms.discord.client import PLATFORM, Client
from bot.platforms.discord.layout import PICK, WRITE
from bot.platforms.discord.menus import CHANNEL, PRIVATE
from bot.platforms.discord.posts import ROLES, SEVERAL
from bot.subscriptions.edits import Setting
from bot.views.buttons import Control, ControlVerb

_THREADS = frozenset({10, 11, 12})
#: The types of options that are commands or groups of commands.
_NESTED = frozenset({1, 2})
_ID = re.compile(r"[0-9]{1,20}")
#: The prefix of a story's id in an autocomplete choice.
CHOSEN = "story:"


@dataclass(frozen=True, slots=True)
class Slash:
    """A slash command with its options, as typed text.

    Attributes:
        about: The version that was chosen from the list of stories.
        where: The named channel, or the current one. None if the user cannot see the named channel.
        is_private: Whether only the user sees the answer.
    """

    command: Command
    text: str
    where: Destination | None
    about: tuple[str, ...]
    is_private: bool


def place_of(source: Interaction[Client] | Message) -> Destination:
    """The channel and thread of an interaction or message."""
    channel = source.channel
    number = source.channel_id if isinstance(source, Interaction) else source.channel.id
    if isinstance(channel, Thread):
        return Destination(PLATFORM, str(channel.parent_id), str(channel.id))
    return Destination(PLATFORM, str(number))


def is_alone(interaction: Interaction[Client]) -> bool:
    """Whether this is the bot's private chat with the person."""
    return interaction.guild_id is None and not interaction.context.private_channel


def is_guest(interaction: Interaction[Client]) -> bool:
    """Whether the bot is no member of the server or the conversation. The person has added it to their account."""
    if interaction.guild_id is None:
        return interaction.context.private_channel
    return not interaction.is_guild_integration() and interaction.client.get_guild(interaction.guild_id) is None


def is_overheard(message: Message, question: str, me: int) -> bool:
    """Whether a message replies to the bot without naming it, so that it may be a remark to other people.

    Discord mentions the author of a message in each reply, unless the person switches that off.
    """
    if is_private(message) or message.reference is None:
        return False
    return not is_named(message, me) and command_in(question) is None


def is_named(message: Message, me: int) -> bool:
    """Whether somebody wrote the bot's name in a message."""
    return any(mention in message.content for mention in mentions_of(me))


def mentions_of(me: int) -> tuple[str, str]:
    """The ways in which a message's text mentions the bot."""
    return f"<@{me}>", f"<@!{me}>"


def unwrapped(data: Mapping[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The name and the options of a command, which can be below another: ``/news who``, ``/news story when``."""
    name, options = str(data.get("name")), list(data.get("options") or [])
    while options and options[0].get("type") in _NESTED:
        name, options = str(options[0]["name"]), list(options[0].get("options") or [])
    return name, options


def role_typed(data: Mapping[str, Any], number: str) -> str:
    """A role that was chosen, as it would be typed: its id and its name."""
    role = data.get("resolved", {}).get("roles", {}).get(number, {})
    return " ".join(f"{number} {role.get('name', '')}".replace(";", ",").split())


def known_destination(client: Client, number: str) -> Destination | None:
    """A channel or thread of a server that the bot is in, or None. Whatever a client sends as its id is taken."""
    channel = client.get_channel(int(number)) if _ID.fullmatch(number) else None
    if isinstance(channel, Thread):
        return Destination(PLATFORM, str(channel.parent_id), str(channel.id))
    return Destination(PLATFORM, str(channel.id)) if isinstance(channel, GuildChannel) else None


def slash(interaction: Interaction[Client]) -> Slash | None:
    """The slash command. None if this version does not have it."""
    data: Mapping[str, Any] = dict(interaction.data or {})
    name, options = unwrapped(data)
    command = BY_NAME.get(name)
    if command is None:
        return None
    given = {one["name"]: one.get("value") for one in options}
    about: tuple[str, ...] = ()
    words = []
    for option in command.options:
        value = given.get(option.name)
        if option.kind is OptionKind.STORY and isinstance(value, str) and value.startswith(CHOSEN):
            about = (value.removeprefix(CHOSEN),)
        elif value is not None and option.kind is OptionKind.ROLE:
            words.append(f"; {option.setting}: {role_typed(data, str(value))}")
        elif value is not None and option.setting:
            words.append(f"; {option.setting}: {' '.join(str(value).replace(';', ',').split())}")
        elif value is not None:
            words.append(" ".join(str(value).split()))
    where = _named(interaction, data, given.get(CHANNEL.text))
    is_private = command.is_personal or command.manages or bool(given.get(PRIVATE.text))
    return Slash(command, " ".join([f"/{command.name}", *words]), where, about, is_private)


def _named(interaction: Interaction[Client], data: Mapping[str, Any], number: object) -> Destination | None:
    """The channel option, or the current channel. None if the user cannot see the named channel."""
    if number is None:
        return place_of(interaction)
    if interaction.guild_id is None:
        return known_destination(interaction.client, str(number))
    channel = data.get("resolved", {}).get("channels", {}).get(str(number))
    if channel is None:
        return None
    if not Permissions(int(channel.get("permissions") or 0)).view_channel:
        return None
    if channel.get("type") in _THREADS and channel.get("parent_id"):
        return Destination(PLATFORM, str(channel["parent_id"]), str(number))
    return Destination(PLATFORM, str(number))


def focused(interaction: Interaction[Client]) -> tuple[str, str, dict[str, Any]]:
    """The focused option, its text, and all options."""
    _, options = unwrapped(dict(interaction.data or {}))
    given = {one["name"]: one.get("value") for one in options}
    name = next((one["name"] for one in options if one.get("focused")), "")
    return name, str(given.get(name) or ""), given


def pointed_at(interaction: Interaction[Client]) -> dict[str, Any]:
    """The message that a message command is about."""
    data: Mapping[str, Any] = dict(interaction.data or {})
    found: dict[str, Any] = data.get("resolved", {}).get("messages", {}).get(str(data.get("target_id")), {})
    return found


def is_private(message: Message) -> bool:
    """Whether a message is a direct message. Messages from unknown servers are not."""
    return isinstance(message.channel, DMChannel)


def pressed(data: dict[str, Any]) -> str:
    """The custom id of the pressed button, or the value chosen in a select."""
    if data.get("custom_id") != PICK:
        return str(data.get("custom_id"))
    return str(next(iter(data.get("values") or []), ""))


def setting_to_write(custom_id: str) -> Control | None:
    """The setting whose value is written in a modal or chosen in a list. None if neither is one of the bot's."""
    verb, _, rest = custom_id.partition("|")
    control = Control.decode(f"c1|{ControlVerb.SET}|{rest}|")
    is_ours = verb in {WRITE, SEVERAL, ROLES} and control is not None and control.setting in set(Setting)
    return control if is_ours else None


def is_list_of_values(custom_id: str) -> bool:
    """Whether a select sets the value of a setting. The others press buttons."""
    return custom_id.startswith((f"{SEVERAL}|", f"{ROLES}|"))


def chosen_values(data: Mapping[str, Any]) -> str:
    """The choice in a list of values or roles, as it would be typed."""
    values = [str(one) for one in data.get("values") or []]
    if not values:
        return "none"
    return role_typed(data, values[0]) if str(data.get("custom_id")).startswith(f"{ROLES}|") else " ".join(values)


def written_value(data: dict[str, Any]) -> str:
    """The text of the modal's only field, however Discord nests it."""
    if "value" in data and data.get("custom_id") == "value":
        return " ".join(str(data["value"]).split())
    inner = [*data.get("components", []), *([data["component"]] if "component" in data else [])]
    return next((found for one in inner if (found := written_value(one))), "")
