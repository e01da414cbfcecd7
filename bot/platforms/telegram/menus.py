"""The bot's profile on Telegram: the command menus for each scope and language, and the descriptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    MenuButtonCommands,
)
from telegram.constants import MenuButtonType
from telegram.error import BadRequest

from bot.commands.names import plain_name
from bot.commands.table import COMMANDS, Command
from bot.i18n import LOCALES, Translator, own

#: The description that a person sees before starting the bot, and the one on its profile.
_DESCRIPTION = own(
    "Ask about the news, with a command or in your own words: who, what, why, and the "
    "consequences. Every line is quoted from its article. In a channel or group, an "
    "administrator subscribes to a digest with /subscribe."
)
_SHORT = own("Briefings of the news: who, what, why, word for word from the article.")


@dataclass(frozen=True, slots=True)
class Menu:
    """The commands that one kind of chat sees, in one language.

    Attributes:
        language: The language's code. Empty for the menu of all other languages.
    """

    scope: BotCommandScope
    language: str
    commands: tuple[tuple[str, str], ...]


def menus() -> list[Menu]:
    """All menus. Members of a group do not see the commands for administrators."""
    shown = [command for command in COMMANDS if command.in_menu]
    for_all = [command for command in shown if not command.changes]
    scopes: list[tuple[BotCommandScope, Sequence[Command]]] = [
        (BotCommandScopeAllPrivateChats(), shown),
        (BotCommandScopeAllGroupChats(), for_all),
        (BotCommandScopeAllChatAdministrators(), shown),
    ]
    return [
        Menu(
            scope,
            code,
            tuple((plain_name(command, locale), Translator(locale).say(command.help)) for command in commands),
        )
        for scope, commands in scopes
        for locale, code in _LANGUAGES
    ]


#: People whose language the bot does not have see English.
_LANGUAGES = [(locale, "" if locale == LOCALES[0] else locale) for locale in LOCALES]


async def are_menus_current(bot: Bot) -> bool:
    """Whether Telegram has the commands of this version.

    Raises:
        telegram.error.TelegramError: The request failed.
    """
    return not [menu for menu in menus() if await _shown(bot, menu) != menu.commands]


async def has_none(bot: Bot) -> bool:
    """Whether no commands were ever registered.

    Raises:
        telegram.error.TelegramError: The request failed.
    """
    return not [menu for menu in menus() if await _shown(bot, menu)]


async def register(bot: Bot) -> int:
    """Updates the menus and descriptions that differ. Returns how many did.

    Raises:
        telegram.error.TelegramError: The request failed.
    """
    changed = 0
    refused: list[BadRequest] = []
    for tell in [
        partial(_tell_menu_button, bot),
        *(partial(_tell_commands, bot, menu) for menu in menus()),
        *(partial(tell, bot, locale, code) for locale, code in _LANGUAGES for tell in (_tell_description, _tell_short)),
    ]:
        try:
            changed += await tell()
        except BadRequest as error:  # a refused menu must not block the other languages
            refused.append(error)
    if refused:
        raise refused[0]
    return changed


async def _tell_menu_button(bot: Bot) -> bool:
    """Has the button beside the text field open the commands, unless the operator has set up another one."""
    if (await bot.get_chat_menu_button()).type != MenuButtonType.DEFAULT:
        return False
    return await bot.set_chat_menu_button(menu_button=MenuButtonCommands())


async def _tell_commands(bot: Bot, menu: Menu) -> bool:
    if await _shown(bot, menu) == menu.commands:
        return False
    commands = [BotCommand(name, said) for name, said in menu.commands]
    return await bot.set_my_commands(commands, scope=menu.scope, language_code=menu.language or None)


async def _tell_description(bot: Bot, locale: str, code: str) -> bool:
    said = Translator(locale).say(_DESCRIPTION)
    if (await bot.get_my_description(code or None)).description == said:
        return False
    return await bot.set_my_description(said, code or None)


async def _tell_short(bot: Bot, locale: str, code: str) -> bool:
    short = Translator(locale).say(_SHORT)
    if (await bot.get_my_short_description(code or None)).short_description == short:
        return False
    return await bot.set_my_short_description(short, code or None)


async def _shown(bot: Bot, menu: Menu) -> tuple[tuple[str, str], ...]:
    found = await bot.get_my_commands(scope=menu.scope, language_code=menu.language or None)
    return tuple((one.command, one.description) for one in found)
