"""A chat in the browser, to try commands and questions. Each page shows one question and its answer."""

from __future__ import annotations

from aiohttp import web

from bot.chats import Destination
from bot.commands.context import Request
from bot.commands.table import COMMANDS
from bot.i18n import Translator
from bot.views.buttons import Action, Control
from bot.web.answers import Answer, answer_of
from bot.web.site import Site, Visitor, field_of

#: The chat's name on the operator's platform. No real chat can have it.
_CHAT = "dashboard"


async def begin(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Shows an empty chat."""
    del request
    return _page(site, visitor, "", None)


async def said(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Answers what was typed, or the button that was pressed."""
    typed, pressed = (await field_of(request, "text")).strip(), await field_of(request, "press")
    dispatcher, where = site.bot.dispatcher, _place(visitor)
    asked = Request(where, pressed or typed, visitor.operator, is_private=True)
    if not asked.text:
        return _page(site, visitor, "", None)
    is_button = Action.decode(pressed) is not None or Control.decode(pressed) is not None
    view = await (dispatcher.press(asked) if is_button else dispatcher.answer(asked))
    language = await site.bot.chats.language(where) or site.bot.policies.language
    label = await field_of(request, "label") if is_button else asked.text
    return _page(site, visitor, label, answer_of(view, Translator(language)) if view else None)


def _page(site: Site, visitor: Visitor, asked: str, answer: Answer | None) -> web.Response:
    commands = [f"/{command.name}" for command in COMMANDS]
    return site.page("chat", visitor, here="/chat", asked=asked, answer=answer, commands=commands)


def _place(visitor: Visitor) -> Destination:
    """The place of the operator's answers. /mydata and /forgetme in any chat of theirs include it."""
    platform, _, person = visitor.operator.partition(":")
    return Destination(platform, _CHAT).for_one(person)
