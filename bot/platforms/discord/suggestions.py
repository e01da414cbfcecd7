"""Autocomplete: stories, time zones, settings and their values."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from discord import Guild, Interaction
from discord.app_commands import Choice

from bot.access import Throttle
from bot.answers.common import headline
from bot.answers.setting_values import WEEKDAYS, choices
from bot.chats import Destination
from bot.commands.context import LookupFailed, Request
from bot.commands.dispatcher import Dispatcher
from bot.commands.table import BY_NAME, Option, OptionKind
from bot.i18n import LOCALES, Message, Translator, languages_beginning
from bot.platforms.discord.client import PLATFORM, Client
from bot.platforms.discord.events import CHOSEN, focused, known_destination, place_of, unwrapped
from bot.platforms.discord.menus import CHANNEL
from bot.platforms.discord.outcomes import REQUEST_ERRORS
from bot.platforms.discord.rights import guild_of, may_manage
from bot.storage.database.errors import StorageError
from bot.subscriptions.edits import SHOWN_SECTIONS, Setting
from bot.subscriptions.model import Settings
from bot.subscriptions.setting_names import SETTING_NAMES
from bot.subscriptions.typed import DAYS
from bot.subscriptions.zones import offered_zones, suggested_zones
from bot.views.section_names import NAMES
from briefings.model import Version
from briefings.phrases import fold

_log = structlog.stdlib.get_logger("nutgraf.discord")

_MOST, _MOST_LETTERS = 25, 100
#: Settings whose values are lists. Only what belongs in the list is suggested for a new subscription.
_LISTS = frozenset({Setting.SECTIONS, Setting.TAGS, Setting.INCLUDE, Setting.EXCLUDE})
_AROUND_WORDS = ".,:;!?…“”„«»\"'()"
#: Seconds before autocomplete gives up. Discord waits for three.
_PATIENCE = 2.0
#: The limit of one user. Every typed letter is a request.
_TYPING = (120, timedelta(minutes=1))


class Suggestions:
    """Answers autocomplete requests."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._throttle = Throttle(*_TYPING)

    async def offer(self, interaction: Interaction[Client]) -> None:
        """Answers an autocomplete request. If that fails, offers nothing."""
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await self._found(interaction)
        except (TimeoutError, StorageError, LookupFailed) as error:
            _log.warning("suggestions_failed", error=repr(error))
            found = []
        try:
            await interaction.response.autocomplete(found[:_MOST])
        except REQUEST_ERRORS as error:
            _log.debug("suggestions_failed", error=str(error))

    async def _found(self, interaction: Interaction[Client]) -> list[Choice[str]]:
        where, user = place_of(interaction), f"{PLATFORM}:{interaction.user.id}"
        command = BY_NAME.get(unwrapped(dict(interaction.data or {}))[0])
        name, typed, given = focused(interaction)
        option = next((one for one in command.options if one.name == name), None) if command else None
        context = self._dispatcher.context
        is_answered = context.access.admits(where, user) and not self._throttle.check(user, context.clock())
        if option is None or not is_answered:
            return []
        return await self._fitting(interaction, option, where, typed, given)

    async def _fitting(
        self, interaction: Interaction[Client], option: Option, where: Destination, typed: str, given: dict[str, Any]
    ) -> list[Choice[str]]:
        """The values of an option that fit what was typed."""
        match option.kind:
            case OptionKind.STORY:
                return [_choice(_headline(one), f"{CHOSEN}{one.id}") for one in await self._stories(where, typed)]
            case OptionKind.ZONE:
                return self._zones(interaction, typed)
            case OptionKind.TIME | OptionKind.CHOICE:
                setting = option.setting or Setting.TIME
                found = self._choices(interaction, Settings(), setting, typed) if setting not in _LISTS else []
                return [*found, *await self._listed(interaction, where, setting, typed)]
            case OptionKind.SETTING:
                return self._settings(interaction, typed)
            case OptionKind.VALUE:
                about = await _managed(interaction, given.get(CHANNEL.text))
                return await self._values(interaction, about, str(given.get("setting") or ""), typed) if about else []
            case _:
                return []

    async def _stories(self, where: Destination, typed: str) -> Sequence[Version]:
        """The stories whose titles match, or the newest ones."""
        viewer = self._dispatcher.context.viewer(Request(where, typed))
        return await self._dispatcher.context.library.suggested(viewer, typed, _MOST)

    def _zones(self, interaction: Interaction[Client], typed: str) -> list[Choice[str]]:
        locale = str(interaction.locale)
        found = suggested_zones(typed, self._dispatcher.context.clock()) if typed.strip() else offered_zones(locale)
        return [_choice(zone, zone) for zone in found[:_MOST]]

    def _settings(self, interaction: Interaction[Client], typed: str) -> list[Choice[str]]:
        named = {setting: _say(interaction, title) for setting, title in SETTING_NAMES.items()}
        wanted = typed.casefold()
        return [
            _choice(name, setting.value)
            for setting, name in named.items()
            if wanted in name.casefold() or wanted in setting.value
        ]

    async def _values(
        self, interaction: Interaction[Client], where: Destination, name: str, typed: str
    ) -> list[Choice[str]]:
        if name == Setting.ZONE:
            return self._zones(interaction, typed)
        if name == Setting.ROLE:
            return _roles(guild_of(interaction.client, where), typed)
        known = await self._dispatcher.context.subscriptions.of(where)
        if name not in set(Setting) or not known:
            return []
        found = self._choices(interaction, known[0].settings, Setting(name), typed)
        return [*found, *await self._listed(interaction, where, Setting(name), typed)] if typed else found

    async def _listed(
        self, interaction: Interaction[Client], where: Destination, setting: Setting, typed: str
    ) -> list[Choice[str]]:
        """Values of a list for the last of the words that were typed: "who, why"."""
        earlier, comma, last = typed.rpartition(",")
        before, wanted = f"{earlier}{comma} " if comma else "", fold(last)
        match setting:
            case Setting.SECTIONS:
                named = {name: _say(interaction, NAMES[kind]) for name, kind in SHOWN_SECTIONS.items()}
            case Setting.DAYS:
                named = {day: _say(interaction, said) for day, said in zip(DAYS, WEEKDAYS, strict=True) if wanted}
            case Setting.TAGS:
                context = self._dispatcher.context
                named = {tag: tag for tag in await context.tags.used(context.access.reader(where))}
            case Setting.INCLUDE | Setting.EXCLUDE:
                named = {word: word for word in await self._title_words(where, wanted)}
            case _:
                named = {}
        fitting = {name: said for name, said in named.items() if wanted in fold(said) or wanted in name}
        return [_choice(f"{before}{said}", f"{before}{name}") for name, said in fitting.items()]

    async def _title_words(self, where: Destination, wanted: str) -> list[str]:
        """The words of titles that begin with what was typed."""
        stories = await self._stories(where, wanted) if wanted else []
        words = (word.strip(_AROUND_WORDS) for one in stories for word in _headline(one).split())
        return list(dict.fromkeys(word for word in words if fold(word).startswith(wanted)))

    def _choices(
        self, interaction: Interaction[Client], settings: Settings, setting: Setting, typed: str
    ) -> list[Choice[str]]:
        """Values of a setting that contain what was typed."""
        found = choices(settings, setting, str(interaction.locale))
        offered = {value: _say(interaction, title) for value, title in found.items()}
        wanted = typed.casefold()
        called = languages_beginning(typed) if setting is Setting.LANGUAGE else set()  # "German" for "Deutsch"
        return [
            _choice(said, value)
            for value, said in offered.items()
            if wanted in said.casefold() or wanted in value or value in called
        ]


async def _managed(interaction: Interaction[Client], named: object) -> Destination | None:
    """The channel option, or the current channel. None if the user may not manage it."""
    where: Destination | None = place_of(interaction)
    if named:
        where = known_destination(interaction.client, str(named))
    return where if where and await may_manage(interaction, where) else None


def _roles(guild: Guild | None, typed: str) -> list[Choice[str]]:
    """The roles of a server, without that of everybody, and those of bots."""
    roles = [role for role in (guild.roles if guild else ()) if not role.is_default() and not role.managed]
    return [_choice(role.name, f"{role.id} {role.name}") for role in roles if typed.casefold() in role.name.casefold()]


def _headline(version: Version) -> str:
    return " ".join(headline(version, _MOST_LETTERS).text.split())


def _choice(name: str, value: str) -> Choice[str]:
    return Choice(name=name[:_MOST_LETTERS] or value, value=value[:_MOST_LETTERS])


def _say(interaction: Interaction[Client], message: Message) -> str:
    code = str(interaction.locale).split("-", maxsplit=1)[0].lower()
    return Translator(code if code in LOCALES else LOCALES[0]).say(message)
