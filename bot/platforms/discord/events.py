"""What an interaction asks for, in the terms of the commands; pure but for discord.py's objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from discord import DMChannel, Interaction, Message, Permissions, Thread

from bot.chats import Destination
from bot.commands.table import BY_NAME, Command, OptionKind
from bot.platforms.discord.client import PLATFORM, Client
from bot.platforms.discord.layout import PICK
from bot.platforms.discord.menus import CHANNEL, PRIVATE

_THREADS = frozenset({10, 11, 12})
#: What a choice of the autocompletion stands for: a story by its id.
CHOSEN = "story:"


@dataclass(frozen=True, slots=True)
class Slash:
    """A command with its options, as a person would type it.

    Attributes:
        about: The version that was chosen from the list of stories.
        where: What it is about: the chat, or the one that was named; None if that is none that the person sees.
        is_private: Whether nobody else is to see the answer.
    """

    command: Command
    text: str
    where: Destination | None
    about: tuple[str, ...]
    is_private: bool


def place_of(source: Interaction[Client] | Message) -> Destination:
    """Where something happened: the channel, with the thread in it."""
    channel = source.channel
    number = source.channel_id if isinstance(source, Interaction) else source.channel.id
    if isinstance(channel, Thread):
        return Destination(PLATFORM, str(channel.parent_id), str(channel.id))
    return Destination(PLATFORM, str(number))


def slash(interaction: Interaction[Client]) -> Slash | None:
    """The command that was given; None: it is none of ours (any more)."""
    data: Mapping[str, Any] = dict(interaction.data or {})
    command = BY_NAME.get(str(data.get("name")))
    if command is None:
        return None
    given = {one["name"]: one.get("value") for one in data.get("options", [])}
    about: tuple[str, ...] = ()
    words = []
    for option in command.options:
        value = given.get(option.name)
        if option.kind is OptionKind.STORY and isinstance(value, str) and value.startswith(CHOSEN):
            about = (value.removeprefix(CHOSEN),)
        elif value is not None:
            words.append(" ".join(str(value).split()))
    where = _named(interaction, data, given.get(CHANNEL.text))
    is_private = command.is_personal or command.manages or bool(given.get(PRIVATE.text))
    return Slash(command, " ".join([f"/{command.name}", *words]), where, about, is_private)


def _named(interaction: Interaction[Client], data: Mapping[str, Any], number: object) -> Destination | None:
    """The channel that an option names, or the one where that is; None: it is none that the person sees."""
    if number is None:
        return place_of(interaction)
    channel = data.get("resolved", {}).get("channels", {}).get(str(number))
    if channel is None or interaction.guild_id is None:
        return None
    if not Permissions(int(channel.get("permissions") or 0)).view_channel:
        return None
    if channel.get("type") in _THREADS and channel.get("parent_id"):
        return Destination(PLATFORM, str(channel["parent_id"]), str(number))
    return Destination(PLATFORM, str(number))


def focused(interaction: Interaction[Client]) -> tuple[str, str, dict[str, Any]]:
    """The option that is being typed, what stands in it, and all options."""
    options: list[dict[str, Any]] = dict(interaction.data or {}).get("options", [])  # type: ignore[assignment]  # TypedDicts
    given = {one["name"]: one.get("value") for one in options}
    name = next((one["name"] for one in options if one.get("focused")), "")
    return name, str(given.get(name) or ""), given


def pointed_at(interaction: Interaction[Client]) -> dict[str, Any]:
    """The message that a command on a message is about, as Discord tells it."""
    data: Mapping[str, Any] = dict(interaction.data or {})
    found: dict[str, Any] = data.get("resolved", {}).get("messages", {}).get(str(data.get("target_id")), {})
    return found


def is_private(message: Message) -> bool:
    """Whether nobody else reads it; a server that is not known (yet) is one all the same."""
    return isinstance(message.channel, DMChannel)


def pressed(data: dict[str, Any]) -> str:
    """What the pressed button sends, or the choice that was made in a list."""
    if data.get("custom_id") != PICK:
        return str(data.get("custom_id"))
    return str(next(iter(data.get("values") or []), ""))


def written_value(data: dict[str, Any]) -> str:
    """What was written in the window's only field, in whichever way Discord nests it."""
    if "value" in data and data.get("custom_id") == "value":
        return " ".join(str(data["value"]).split())
    inner = [*data.get("components", []), *([data["component"]] if "component" in data else [])]
    return next((found for one in inner if (found := written_value(one))), "")
