"""Turns Telegram updates into requests, and views into replies."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import structlog
from telegram import Update
from telegram.error import TelegramError

from bot.answers.access import ONLY_ADMINISTRATORS, lookup_failed
from bot.answers.guide import gone_view
from bot.answers.limits import flooded_view, set_aside_view
from bot.chats import Destination, digest_of
from bot.commands.chats import barred, let_in, moved
from bot.commands.context import LookupFailed, Request
from bot.commands.dispatcher import Dispatcher
from bot.commands.tastes import react
from bot.commands.typed import command_in, is_for_everybody
from bot.delivery.inbox import Incoming
from bot.i18n import Message, Translator, own, supported_locale
from bot.platforms.telegram.albums import Albums
from bot.platforms.telegram.client import Client
from bot.platforms.telegram.elsewhere import Elsewhere
from bot.platforms.telegram.files import sent_file, typing
from bot.platforms.telegram.memberships import Membership
from bot.platforms.telegram.posts import answer, opened
from bot.platforms.telegram.reactions import Reacted
from bot.platforms.telegram.replies import Reply
from bot.platforms.telegram.rights import is_for_managers, may_manage, obstacle_there
from bot.platforms.telegram.updates import (
    PLATFORM,
    Event,
    Malformed,
    Me,
    Moved,
    Posted,
    Pressed,
    Typed,
    chat_of,
    event_of,
)
from bot.views.buttons import OF_LISTS, Control, ControlVerb
from bot.views.model import Paragraph, View
from bot.views.shown import shown_versions

_log = structlog.stdlib.get_logger("nutgraf.telegram")


class Telegram:
    """Answers updates."""

    def __init__(
        self,
        bot: Client,
        me: Me,
        *,
        dispatcher: Dispatcher,
        language: str,
    ) -> None:
        self._bot = bot
        self._me = me
        self._dispatcher = dispatcher
        self._language = language
        self._elsewhere = Elsewhere(bot, me.id, dispatcher)
        self._albums = Albums()

    async def notice(self, incoming: Incoming) -> None:
        """Acknowledges a pressed button at once, except one for administrators only, which may be refused."""
        query = json.loads(incoming.body).get("callback_query") if '"callback_query"' in incoming.body else None
        if query and not is_for_managers(query):
            await self._acknowledge(query)

    async def _acknowledge(self, query: dict[str, Any], said: str | None = None) -> None:
        """Acknowledges a pressed button, with a notice that only the person sees."""
        try:
            await self._bot.answer_callback_query(str(query["id"]), text=said, show_alert=said is not None)
        except (TelegramError, KeyError, TypeError) as error:  # the acknowledgement is not essential
            _log.debug("press_unacknowledged", error=str(error))

    def is_idle(self, incoming: Incoming) -> bool:
        """Whether an update asks nothing of the bot, such as messages between the members of a group."""
        try:
            return self._event(incoming) is None
        except Malformed:
            return False

    def apology(self, incoming: Incoming) -> Reply | None:
        """A reply that says that a message was set aside. None if no person sent it."""
        try:
            event = self._event(incoming)
            if not isinstance(event, Typed | Pressed):
                return None
            replies_to = None if event.is_private else event.message
            return Reply(event.where, answer(set_aside_view(), self._language), replies_to=replies_to)
        except Malformed:  # in a group the message may have been meant for somebody else
            chat = chat_of(incoming.body)
            where = Destination(PLATFORM, str(chat))
            return Reply(where, answer(set_aside_view(), self._language)) if chat > 0 else None

    def refusal(self, incoming: Incoming) -> Reply | None:
        """A reply that tells the person alone that they send too many messages. None if the message must be handled."""
        try:
            event = self._event(incoming)
            is_open = isinstance(event, Typed) and is_for_everybody(event.text)
            if is_open or not isinstance(event, Typed | Pressed):
                return None
            person = _person(event)
            return Reply(person or event.where, answer(flooded_view(), self._language) if person else ())
        except Malformed:
            return None

    async def checked(self, reply: Reply) -> Reply:
        """Checks a stored reply before it is sent. If the chat may no longer see one of its stories, a note replaces
        it.
        """
        context = self._dispatcher.context
        viewer = context.access.viewer(reply.where)
        for version in reply.shows:
            if version and await context.library.get(viewer, version) is None:
                gone = await self._drawn(gone_view(), reply.where, "")
                return replace(reply, drafts=gone.drafts, about=(), shows=(), file=None)
        return reply

    async def reply(self, incoming: Incoming) -> Reply | None:
        """Carries out the request of an update and returns the reply.

        Raises:
            NotHandled: The update cannot be parsed, or the page that it links to cannot be read now.
        """
        event = self._event(incoming)
        return await self._reply_to(event) if event else None

    def _event(self, incoming: Incoming) -> Event | None:
        try:
            return event_of(Update.de_json(json.loads(incoming.body), self._bot), self._me)
        except Exception as error:  # the libraries raise many kinds of errors, such as OverflowError for a date
            raise Malformed from error

    async def _reply_to(self, event: Event) -> Reply | None:
        context = self._dispatcher.context
        match event:
            case Typed():
                return None if self._albums.has_answered(event) else await self._typed(event)
            case Pressed():
                return await self._pressed(event)
            case Posted(post):
                if context.ingest is not None:
                    await context.ingest.channels.take(post)
            case Membership(chat, reason):
                await (let_in(context, chat) if reason is None else barred(context, chat, reason))
            case Reacted():
                await react(context, event.where, f"{PLATFORM}:{event.user}", str(event.message), event.change)
            case Moved(chat, to):
                _log.warning("chat_moved", old=str(chat), new=f"{PLATFORM}:{to}", settings="rename it in allow")
                await moved(context, chat, to)
        return None

    async def _typed(self, typed: Typed) -> Reply | None:
        where, text = typed.where, typed.text
        asked, before, chats = digest_of(text), None, self._dispatcher.context.chats
        if typed.is_edit:
            before = await chats.answer_to(where, str(typed.message))
            if before is None or before.asked == asked:
                return None
        button = _opened(text)
        request = replace(self._requested(typed), text=button or text)
        if first := self._dispatcher.continued(request):
            before = await chats.answer_to(where, first)
        request = request if button else await self._dispatcher.cards.meant(self._dispatcher.context, request)
        text = text if button else request.text
        press, answer_to = self._dispatcher.press, self._elsewhere.answer
        view = await (press(request) if button else answer_to(request, where, typed.user))
        if view is None:
            return None
        if (view.is_refusal or view.document) and not typed.is_private:
            return await self._in_private(view, typed)
        command = command_in(text)
        if not typed.is_private and command is not None and command.name == "help":
            view = replace(view, blocks=(*view.blocks, Paragraph(_HEARING)))
        reply = await self._drawn(view, where, typed.language if typed.is_private else "")
        reply = replace(reply, replies_to=None if typed.is_private else typed.message)
        if view.is_refusal:
            return reply
        if first and before and before.messages:
            is_apart = not view.about or view.about == await chats.about(where, before.messages[0])
            before = None if is_apart else before  # the two messages are no article together
        rewrites = tuple(map(int, before.messages)) if before else ()
        reply = replace(reply, request=str(typed.message), asked=asked, rewrites=rewrites)
        return replace(reply, is_kept=command is not None and command.changes)

    def _requested(self, typed: Typed) -> Request:
        where = typed.where
        return Request(
            where,
            typed.text,
            _user(typed),
            typed.replies_to,
            quote=typed.quote,
            is_private=typed.is_private,
            locale=typed.language,
            is_channel=typed.is_channel,
            title=typed.title,
            may_manage=lambda: may_manage(self._bot, where, typed.user, typed.is_private),
            obstacle=lambda: obstacle_there(self._bot, where, self._me.id),
            file=sent_file(self._bot, typed.file) if typed.file else None,
            working=lambda: typing(self._bot, where),
            message=str(typed.message),
            sent=typed.sent,
            forwarded=typed.forwarded,
            is_edit=typed.is_edit,
            is_overheard=typed.is_overheard,
        )

    async def _in_private(self, view: View, event: Typed | Pressed) -> Reply | None:
        """A reply that only the person sees. If they have never started the bot, Telegram does not deliver it."""
        person = _person(event)
        return await self._drawn(view, person, event.language) if person else None

    async def _pressed(self, pressed: Pressed) -> Reply | None:
        control = Control.decode(pressed.data)
        if control and control.verb in OF_LISTS:
            control = None
        if not pressed.is_private and (control or pressed.is_channel):
            refusal = await self._refusal_of(pressed)
            if control:
                said = Translator(pressed.language or self._language).say(refusal) if refusal else None
                await self._acknowledge({"id": pressed.query}, said)
            if refusal:
                return None  # a reader's press must not post anything
        about = await self._dispatcher.context.chats.about(pressed.where, str(pressed.message))
        request = Request(
            pressed.where,
            pressed.data,
            f"{PLATFORM}:{pressed.user}",
            is_private=pressed.is_private,
            locale=pressed.language,
            title=pressed.title,
            obstacle=lambda: obstacle_there(self._bot, pressed.where, self._me.id),
            may_manage=lambda: may_manage(self._bot, pressed.where, pressed.user, pressed.is_private),
        )
        press = (
            self._elsewhere.pressed(request, pressed.user) if pressed.is_private else self._dispatcher.press(request)
        )
        view = await press
        if view is None:
            return None
        if view.is_refusal and not pressed.is_private:
            return await self._in_private(view, pressed)
        reply = await self._drawn(view, pressed.where, pressed.language if pressed.is_private else "")
        # A list stays, because the reader may want to open another story; so does a story before a note, or a picture.
        is_note = control is None and not view.about
        is_digest = control is not None and control.verb is ControlVerb.DIGEST
        is_kept = len(about) > 1 or pressed.is_on_picture or is_note or is_digest
        if not pressed.is_private and (is_kept or control is None):
            return replace(reply, replies_to=pressed.message)
        return reply if is_kept else replace(reply, replaces=pressed.message)

    async def _refusal_of(self, pressed: Pressed) -> Message | None:
        """Why a press may change nothing in a group or channel, or None if it may."""
        try:
            is_manager = await may_manage(self._bot, pressed.where, pressed.user, is_private=False)
        except LookupFailed as error:
            _log.warning("lookup_failed", chat=str(pressed.where), error=str(error))
            return lookup_failed(error.is_refused)
        return None if is_manager else ONLY_ADMINISTRATORS

    async def _drawn(self, view: View, where: Destination, language: str) -> Reply:
        chosen = await self._dispatcher.context.chats.language(where)
        locale = chosen or supported_locale(language) or self._language
        file = (view.document.name, view.document.text) if view.document else None
        texts = answer(view.without_document(), locale)
        reply = Reply(where, texts, view.about, file=file, shows=shown_versions(view), language=locale)
        return replace(reply, picture=b64encode(view.picture.content).decode()) if view.picture else reply


_HEARING = own(
    "In a group, I receive commands and replies to my messages. I receive other messages that"
    " mention me only if my privacy mode is off or I am an administrator."
)


def _opened(text: str) -> str | None:
    """The button for a deep link: ``/start`` with a story."""
    command, _, payload = text.partition(" ")
    return opened(payload.strip()) if command == "/start" and payload.strip() else None


def _user(typed: Typed) -> str:
    return f"{PLATFORM}:{typed.user}" if typed.user is not None else typed.where.owner


def _person(event: Typed | Pressed) -> Destination | None:
    """The private chat of the person. None if a channel or an anonymous administrator wrote."""
    return Destination(PLATFORM, str(event.user)) if event.user is not None and event.user > 0 else None
