"""Turns Discord interactions and messages into requests, and views into replies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import cache
from typing import Any

import structlog
from discord import Interaction, InteractionType, Message

from bot.answers import guide
from bot.answers.access import no_member_view, not_administrator_view, unavailable_view
from bot.answers.limits import busy_view, too_fast_view
from bot.chats import Destination
from bot.commands.dispatcher import Dispatcher
from bot.i18n import Translator, own, supported_locale
from bot.platforms.discord.client import PLATFORM, Client
from bot.platforms.discord.events import (
    Slash,
    chosen_values,
    is_alone,
    is_guest,
    is_list_of_values,
    place_of,
    pointed_at,
    pressed,
    setting_to_write,
    slash,
    written_value,
)
from bot.platforms.discord.files import file_pointed_at
from bot.platforms.discord.layout import WRITE
from bot.platforms.discord.managing import about_other, ask_for_value, command_for, destination_of
from bot.platforms.discord.menus import ASK, BRIEF, ON_MESSAGE
from bot.platforms.discord.posts import answer, setting_of
from bot.platforms.discord.replies import Reply, Speaker
from bot.platforms.discord.requests import request_from, request_of, request_there
from bot.platforms.discord.rights import may_manage, title_of
from bot.platforms.discord.suggestions import Suggestions
from bot.platforms.discord.values import with_writing
from bot.storage.database.errors import StorageError
from bot.subscriptions.edits import Setting
from bot.subscriptions.typed import EXAMPLES
from bot.views.buttons import Control, ControlVerb
from bot.views.model import View

_log = structlog.stdlib.get_logger("nutgraf.discord")

HINT = own("Choose…")


class Discord:
    """Answers interactions and messages."""

    def __init__(self, dispatcher: Dispatcher, speaker: Speaker, language: str) -> None:
        self._dispatcher = dispatcher
        self._speaker = speaker
        self._language = language
        self._suggestions = Suggestions(dispatcher)

    async def hear(self, interaction: Interaction[Client]) -> None:
        """Answers an interaction."""
        data: dict[str, Any] = dict(interaction.data or {})
        is_shared = not is_alone(interaction)
        match interaction.type:
            case InteractionType.application_command if data.get("type") == ON_MESSAGE:
                name = str(data.get("name"))
                await self._answer(interaction, lambda: self._on_message(interaction, name), is_shared)
            case InteractionType.application_command:
                given = slash(interaction)
                # Only the person who asked sees a refusal.
                is_answered = given is not None and self._answers(interaction, given)
                is_told = given is not None and not given.is_private and is_answered and not is_guest(interaction)
                is_for_one = is_shared and not is_told
                await self._answer(interaction, lambda: self._slash(interaction, given, is_for_one), is_for_one)
            case InteractionType.autocomplete:
                await self._suggestions.offer(interaction)
            case InteractionType.component if str(data.get("custom_id")).startswith(f"{WRITE}|"):
                await self._ask_for_value(interaction, str(data["custom_id"]))
            case InteractionType.component if is_list_of_values(str(data.get("custom_id"))):
                await self._answer(interaction, lambda: self._set(interaction, chosen_values(data)), is_shared)
            case InteractionType.component:
                button = pressed(data)
                await self._answer(interaction, lambda: self._press(interaction, button), is_shared)
            case InteractionType.modal_submit:
                await self._answer(interaction, lambda: self._set(interaction, written_value(data)), is_shared)
            case _:
                _log.debug("interaction_expired", type=interaction.type)

    async def decline(self, interaction: Interaction[Client]) -> None:
        """Answers that the bot is too busy."""
        if interaction.type is InteractionType.autocomplete:
            return

        async def reply() -> Reply:
            return self.busy(place_of(interaction), supported_locale(str(interaction.locale)) or self._language)

        await self._speaker.answer(interaction, reply, is_for_one=not is_alone(interaction))

    def busy(self, where: Destination, language: str = "") -> Reply:
        """A reply that says that the bot is too busy."""
        spoken = language or self._language
        return Reply(where, answer(busy_view(), spoken), "", is_for_one=True, language=spoken)

    async def reply_to(self, client: Client, message: Message, question: str, *, is_edit: bool = False) -> Reply | None:
        """The reply to a message that mentions the bot, or to any message in a private chat."""
        where = place_of(message)
        request = request_from(message, question, client.me, is_edit=is_edit)

        async def reply() -> Reply | None:
            meant = await self._dispatcher.cards.meant(self._dispatcher.context, request)
            meant = meant if meant.where == where else request_there(client, message, meant)
            view = await self._dispatcher.answer(meant)
            if view is None:
                return None
            view = self._from(where, view, meant.where, meant.title, is_kept=True)
            return await self._drawn(view, where, "")

        return await self._or_regret(reply, where, self._language)

    async def _answer(
        self, interaction: Interaction[Client], work: Callable[[], Awaitable[Reply | None]], is_for_one: bool
    ) -> None:
        language = supported_locale(str(interaction.locale)) or self._language

        async def reply() -> Reply | None:
            made = await self._or_regret(work, place_of(interaction), language)
            if made is None:  # told before; without an answer the client would show an error
                return Reply(place_of(interaction), answer(too_fast_view(), language), "", is_for_one=True)
            return replace(made, is_for_one=is_for_one or made.is_for_one)

        await self._speaker.answer(interaction, reply, is_for_one)

    async def _or_regret(
        self, work: Callable[[], Awaitable[Reply | None]], where: Destination, language: str
    ) -> Reply | None:
        """The result of ``work``. If it fails, a reply that says so."""
        try:
            return await work()
        except StorageError as error:
            _log.warning("answer_failed", error=repr(error))
        except Exception:  # noqa: BLE001  # a mistake of ours must not leave the person without an answer
            _log.exception("answer_failed")
        return Reply(where, answer(unavailable_view(), language), "", language=language)

    async def _slash(self, interaction: Interaction[Client], given: Slash | None, is_for_one: bool) -> Reply | None:
        if given is None:
            return await self._gone(interaction)
        where, here = given.where, place_of(interaction)
        if given.command.manages and is_guest(interaction):
            return await self._said(interaction, no_member_view(), here, is_for_one)
        if where is not None and where.place != here.place and is_alone(interaction):
            where = where if await may_manage(interaction, where) else None
        if where is None:
            return await self._said(interaction, not_administrator_view("#?"), here, is_for_one)
        if not self._answers(interaction, given):
            where = here  # whoever may not use the bot here may not use it for another channel either
        if is_for_one and not given.command.manages and not given.command.is_personal:
            where = where.for_one(str(interaction.user.id))
        view = await self._dispatcher.answer(request_of(interaction, where, given.text, given.about))
        reply = await self._said(interaction, view, where, is_for_one)
        if reply and view and (control := setting_of(view)):
            return self._with_inputs(interaction, reply, control, is_for_one)
        return reply

    async def _on_message(self, interaction: Interaction[Client], name: str) -> Reply | None:
        is_for_one = not is_alone(interaction)
        where, message = place_of(interaction), pointed_at(interaction)
        asker = where.for_one(str(interaction.user.id)) if is_for_one else where
        if name == BRIEF.text:
            request = request_of(interaction, asker, str(message.get("content", "")))
            request = replace(request, is_private=True, file=file_pointed_at(message))
            return await self._said(interaction, await self._dispatcher.brief(request), asker, is_for_one)
        if name != ASK.text:
            return await self._gone(interaction)
        if str(message.get("author", {}).get("id")) != str(interaction.client.me):
            return await self._said(interaction, guide.not_mine_view(), asker, is_for_one)
        about = await self._dispatcher.context.chats.about(where, str(message.get("id")))
        view = await self._dispatcher.about(request_of(interaction, asker, "", about))
        return await self._said(interaction, view, asker, is_for_one)

    async def _press(self, interaction: Interaction[Client], data: str) -> Reply | None:
        where, is_for_one = place_of(interaction), not is_alone(interaction)
        control = Control.decode(data)
        asker = where.for_one(str(interaction.user.id)) if is_for_one and not control else where
        if control and (about := await destination_of(self._dispatcher.context, interaction, control)):
            asker, data = about, control.in_its_chat.encode()
        view = await self._dispatcher.press(request_of(interaction, asker, data))
        reply = await self._said(interaction, view, asker, is_for_one)
        if reply is None:
            return None
        if control and control.verb in {ControlVerb.CHOOSE, ControlVerb.SET} and control.setting in set(Setting):
            reply = self._with_inputs(interaction, reply, control, is_for_one)
        if control is None and not reply.about:  # a mere note replaces no story
            return reply
        shown = where.for_one(str(interaction.user.id)) if is_for_one else where
        return replace(reply, replaces=await self._replaces(interaction, shown, control))

    async def _replaces(self, interaction: Interaction[Client], where: Destination, control: Control | None) -> bool:
        """Whether the answer replaces the message of the button: only private ones without a list or a picture."""
        message = interaction.message
        if message is None or message.attachments or (not is_alone(interaction) and not message.flags.ephemeral):
            return False
        is_list = len(await self._dispatcher.context.chats.about(where, str(message.id))) > 1
        return not is_list and (control is None or control.verb is not ControlVerb.DIGEST)

    async def _ask_for_value(self, interaction: Interaction[Client], custom_id: str) -> None:
        """Opens a modal for the value of a setting."""
        control = setting_to_write(custom_id)
        if control is None:
            await self._answer(interaction, lambda: self._press(interaction, ""), not is_alone(interaction))
            return
        translator = Translator(supported_locale(str(interaction.locale)) or self._language)
        await ask_for_value(self._dispatcher.context, interaction, control, custom_id, translator)

    async def _set(self, interaction: Interaction[Client], value: str) -> Reply | None:
        """Sets a setting to what was written in a modal or chosen in a list."""
        where, is_for_one = place_of(interaction), not is_alone(interaction)
        control = setting_to_write(str(dict(interaction.data or {}).get("custom_id")))
        if control is None:
            return await self._press(interaction, "")
        context = self._dispatcher.context
        where = await destination_of(context, interaction, control) or where
        text = await command_for(context, where, control, value)
        view = await self._dispatcher.answer(request_of(interaction, where, text))
        reply = await self._said(interaction, view, where, is_for_one)
        if reply is None:
            return None
        reply = self._with_inputs(interaction, reply, control, is_for_one)
        return replace(reply, replaces=interaction.message is not None)

    def _with_inputs(self, interaction: Interaction[Client], reply: Reply, control: Control, is_for_one: bool) -> Reply:
        """Adds what else a setting is changed with. The list of roles is there only in their server."""
        if control.setting in EXAMPLES:  # of the other settings, every value is offered
            return with_writing(reply, control, self._translator_of(interaction, is_for_one))
        *first, last = reply.drafts
        return reply if interaction.guild_id else replace(reply, drafts=(*first, replace(last, roles="")))

    async def _gone(self, interaction: Interaction[Client]) -> Reply | None:
        """The answer to a command that this version does not have."""
        view = await self._dispatcher.answer(request_of(interaction, place_of(interaction), "/help"))
        return await self._said(interaction, view, place_of(interaction), not is_alone(interaction))

    def _answers(self, interaction: Interaction[Client], given: Slash) -> bool:
        """Whether the user may use this command."""
        if given.command.is_for_everybody:
            return True
        user = f"{PLATFORM}:{interaction.user.id}"
        return self._dispatcher.context.access.admits(place_of(interaction), user)

    async def _said(
        self, interaction: Interaction[Client], view: View | None, where: Destination, is_for_one: bool
    ) -> Reply | None:
        if view is None:
            return None
        language = str(interaction.locale) if is_for_one or is_alone(interaction) else ""
        view = self._from(place_of(interaction), view, where, title_of(interaction, where), is_kept=not is_for_one)
        return await self._drawn(view, where, language, is_for_one)

    def _from(self, here: Destination, view: View, where: Destination, title: str, *, is_kept: bool) -> View:
        """An answer about a channel as it is shown in another one, or in the private chat, where a value may follow."""
        if (where.place, where.thread) == (here.place, here.thread):
            return view
        view = about_other(view, where, title)
        if is_kept:
            self._dispatcher.cards.keep(here, view)
        return view

    async def _drawn(self, view: View, where: Destination, language: str, is_for_one: bool = False) -> Reply:
        chosen, theirs = await self._dispatcher.context.chats.language(where), supported_locale(language)
        preferred = (theirs, chosen) if is_for_one else (chosen, theirs)  # the chat's language is that of its people
        translator = Translator(next(filter(None, preferred), self._language))
        file = (view.document.name, view.document.text) if view.document else None
        texts = answer(view.without_document(), translator.locale)
        picture = view.picture
        if picture:
            texts = (*texts[:-1], replace(texts[-1], attached=(picture.name, translator.say(picture.description))))
        return Reply(
            where,
            texts,
            _hint(translator.locale),
            view.about,
            file,
            is_for_one=is_for_one or view.is_refusal,
            language=translator.locale,
            picture=picture.content if picture else None,
        )

    def _translator_of(self, interaction: Interaction[Client], is_for_one: bool) -> Translator:
        return Translator((supported_locale(str(interaction.locale)) if is_for_one else None) or self._language)


@cache
def _hint(locale: str) -> str:
    return Translator(locale).say(HINT)
