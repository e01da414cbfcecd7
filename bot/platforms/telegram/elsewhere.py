"""Commands and buttons in the private chat that are about a channel or group."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from telegram import Bot
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.answers.access import in_chat, not_administrator_view
from bot.chats import Destination
from bot.commands.context import LookupFailed, Request
from bot.commands.dispatcher import Dispatcher
from bot.commands.typed import command_in, is_for_everybody
from bot.platforms.telegram.rights import may_manage, obstacle_there
from bot.platforms.telegram.updates import PLATFORM
from bot.views.buttons import Action, Control, ControlVerb, Verb
from bot.views.hints import without_hints
from bot.views.model import Button, LinkButton, View

#: Buttons whose number is not that of a subscription.
_ABOUT_OTHERS = frozenset(
    {
        ControlVerb.RESEND,
        ControlVerb.LATEST,
        ControlVerb.FORGET,
        ControlVerb.MINE,
        ControlVerb.SEND_ALL,
        ControlVerb.LEAVE_ALL,
        ControlVerb.SHOW_ALL,
    }
)
#: Commands that can name the chat that they are about.
_OF_CHANNELS = frozenset({"subscribe", "unsubscribe", "settings", "status", "pause", "resume", "source", "digest"})


def _names_a_channel(text: str) -> bool:
    """Whether a command names the chat that it is about."""
    command = command_in(text)
    name = text.partition(" ")[2].strip().partition(" ")[0]
    is_number = name.startswith("-") and name[1:].isdigit()
    return command is not None and command.name in _OF_CHANNELS and (name.startswith("@") or is_number)


class Elsewhere:
    """Answers messages and presses, in private also those about chats that the user manages."""

    def __init__(self, bot: Bot, me: int, dispatcher: Dispatcher) -> None:
        self._bot = bot
        self._me = me
        self._dispatcher = dispatcher

    async def answer(self, request: Request, where: Destination, user: int | None) -> View | None:
        """The answer to a message. In private it can be about a chat that it names or whose settings came last."""
        if request.where != where:
            there = await self._known(request, request.where, user)
            return await self._answered(where, there, self._dispatcher.answer)
        if request.is_private and _names_a_channel(request.text):
            is_open = is_for_everybody(request.text)
            return await self._dispatcher.guarded(request, lambda: self._typed(request, user), is_open)
        return await self._dispatcher.answer(request)

    async def _typed(self, request: Request, user: int | None) -> View:
        """The answer to a command about a named chat, if the user is an administrator there."""
        command, _, rest = request.text.partition(" ")
        name, _, words = rest.strip().partition(" ")
        try:
            chat = await self._bot.get_chat(name)
        except (BadRequest, Forbidden):
            return not_administrator_view(name)
        except TelegramError as error:
            raise LookupFailed(error.message) from error
        where, title = Destination(PLATFORM, str(chat.id)), chat.title or name
        there = self._there(replace(request, text=f"{command} {words}".strip()), where, title, user)
        there = replace(there, is_channel=chat.type == ChatType.CHANNEL)
        if not await there.surely_manages():
            return not_administrator_view(title)
        view = await self._answered(request.where, there, self._dispatcher.answer)
        # Buttons know the number only. This is after the answer, since no transaction may wait for the platform.
        await self._dispatcher.context.chats.introduce(where, title=title)
        return view or not_administrator_view(title)

    async def pressed(self, request: Request, user: int) -> View | None:
        """The answer to a button in the private chat, about the chat that its subscription posts in."""
        where = await self._about(request)
        if where.owner == request.where.owner:
            return await self._dispatcher.press(request)
        there = await self._known(replace(request, text=_in_its_chat(request.text)), where, user)
        return await self._answered(request.where, there, self._dispatcher.press)

    async def _known(self, request: Request, where: Destination, user: int | None) -> Request:
        """The request as one in a chat, whose name was stored when the user first asked about it."""
        title = (await self._dispatcher.context.chats.profile(where)).title or where.chat
        return self._there(request, where, title, user)

    async def _about(self, request: Request) -> Destination:
        control = Control.decode(request.text)
        if control is None or control.verb in _ABOUT_OTHERS:
            return request.where
        if control.chat:
            return Destination(PLATFORM, control.chat)
        if control.verb is ControlVerb.SUBSCRIBE:
            return request.where
        found = await self._dispatcher.context.subscriptions.get(control.subscription)
        return found.destination if found and found.destination.platform == PLATFORM else request.where

    def _there(self, request: Request, where: Destination, title: str, user: int | None) -> Request:
        return replace(
            request,
            where=where,
            is_private=False,
            replies_to=None,
            title=title,
            may_manage=lambda: may_manage(self._bot, where, user, is_private=False),
            obstacle=lambda: obstacle_there(self._bot, where, self._me),
        )

    async def _answered(
        self, private: Destination, there: Request, answer: Callable[[Request], Awaitable[View | None]]
    ) -> View | None:
        """The answer to a request about another chat, as the private chat shows it."""
        view = await answer(there)
        if view is None:
            return None
        if view.about:  # a number that the user types next is that of a story of this answer
            await self._dispatcher.context.chats.remember(private, view.about, is_list=True)
        buttons = [kept for one in view.buttons if (kept := _for(there.where, one)) is not None]
        shown = in_chat(replace(without_hints(view), buttons=tuple(buttons)), there.title)
        self._dispatcher.cards.keep(private, shown)
        return shown


def _in_its_chat(data: str) -> str:
    control = Control.decode(data)
    return control.in_its_chat.encode() if control and control.chat else data


def _for(where: Destination, button: Button | LinkButton) -> Button | None:
    """The button as it works in the private chat. None if it cannot."""
    if not isinstance(button, Button):
        return None
    if isinstance(button.action, Action):
        return button if button.action.verb is Verb.BRIEF else None
    control = button.action
    if control.verb is ControlVerb.MINE:
        return button
    control = control.for_chat(where.chat)
    is_about_it = control.chat or control.subscription
    return (
        replace(button, action=control) if is_about_it and control.verb not in _ABOUT_OTHERS and control.fits else None
    )
