"""Reads a reply with a value to an answer about settings: "9:30" below the setting of the time."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime

from bot.chats import Destination
from bot.commands.context import Context, Request
from bot.commands.courtesies import is_greeting, is_thanks
from bot.commands.typed import asks
from bot.subscriptions.edits import Setting
from bot.subscriptions.implied import implied_setting
from bot.subscriptions.model import Settings, Subscription
from bot.subscriptions.setting_names import setting_called
from bot.subscriptions.several_values import are_values, is_value
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Button, View
from briefings.caches import register

_MOST_KEPT = 2_000
_ABOUT_SETTINGS = frozenset({ControlVerb.PANEL, ControlVerb.CHOOSE, ControlVerb.SET})
#: Settings that take any words: only a reply that asks nothing is surely a value.
_OF_WORDS = frozenset({Setting.TAGS, Setting.INCLUDE, Setting.EXCLUDE})


@dataclass(frozen=True, slots=True)
class Card:
    """An answer with buttons about the settings of one subscription.

    Attributes:
        subscription: Its number; 0 for a chat that has none.
        setting: The setting that it is about, whose value may be the next private message. None: all of them.
    """

    subscription: int
    setting: Setting | None


class OpenCards:
    """Keeps the last card of each chat in memory. After a restart there is none."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Card] = OrderedDict()
        register(self)

    def clear(self) -> None:
        """Forgets all cards."""
        self._kept.clear()

    def keep(self, where: Destination, view: View) -> None:
        """Keeps the card that an answer is, until another answer. One that refuses or is unsure leaves it."""
        chat = str(where)
        if card := card_of(view):
            self._kept[chat] = card
            self._kept.move_to_end(chat)
        elif not (view.is_unsure or view.is_refusal):
            self._kept.pop(chat, None)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)

    async def meant(self, context: Context, request: Request) -> Request:
        """Returns the request with the command that a message with a value means, or any other request as it is.

        If the command is about another chat, as it may be in private, the request is one there, and allows nothing: the
        platform has to ask whether the user manages that chat.
        """
        text = " ".join(request.text.split())
        card = self._kept.get(str(request.where))
        if card is None or not _may_be_value(request, text):
            return request
        is_reply = bool(request.replies_to)
        if is_reply and (request.about or await context.chats.about(request.where, request.replies_to or "")):
            return request  # a reply to a story
        if not is_reply and not (card.setting and request.is_private):
            return request
        found = await context.subscriptions.get(card.subscription) if card.subscription else None
        command = await self._command(context, request, card, text, found)
        where = found.destination if found else request.where
        if command is None or not (where == request.where or request.is_private):
            return request
        meant = replace(request, text=command, is_overheard=False)
        if where == request.where:
            return meant
        return replace(meant, where=where, is_private=False, replies_to=None, may_manage=_never)

    async def _command(
        self, context: Context, request: Request, card: Card, text: str, found: Subscription | None
    ) -> str | None:
        if card.subscription and found is None:
            return None
        settings = found.settings if found else Settings()
        value = _value(card, text, settings, context.clock(), is_reply=bool(request.replies_to))
        if value is None:
            return None
        known = await context.subscriptions.of(found.destination if found else request.where)
        place = next((at for at, one in enumerate(known, start=1) if one.id == card.subscription), 0)
        number = [str(place)] if len(known) > 1 else []
        return " ".join(["/settings", *number, value])


async def _never() -> bool:
    return False


def card_of(view: View) -> Card | None:
    """Returns the card that an answer is, or None if it is about no subscription or several."""
    controls = [one.action for one in view.buttons if isinstance(one, Button) and isinstance(one.action, Control)]
    ours = [one.in_its_chat for one in controls if one.verb in _ABOUT_SETTINGS]
    if len({one.subscription for one in ours}) != 1:
        return None
    named = {one.setting for one in ours if one.verb is ControlVerb.SET}
    setting = Setting(named.pop()) if len(named) == 1 and named <= set(Setting) else None
    return Card(ours[0].subscription, setting)


def _may_be_value(request: Request, text: str) -> bool:
    """Whether a message is none of these: a command, a question, a file, a forwarded post, a courtesy."""
    is_question = text.rstrip(" !").endswith(("?", "？"))
    is_other = not text or text.startswith("/") or request.file is not None or request.forwarded is not None
    return not (is_other or is_question or is_greeting(text) or is_thanks(text))


def _value(card: Card, text: str, settings: Settings, now: datetime, *, is_reply: bool) -> str | None:
    """Returns the words after ``/settings`` if the text is a value, perhaps with the name of a setting."""
    setting, is_question = card.setting, len(text.split()) > 1 and asks(text)
    named, value = setting_called(text)
    if named and value and is_value(value, named, now) and (named not in _OF_WORDS or not is_question):
        return text
    if setting in _OF_WORDS and (is_question or not is_reply):
        return None
    if setting and is_value(text, setting, now):
        return f"{setting} {text}"
    implied = None if text.isdecimal() else implied_setting(text, now)
    if is_reply and (implied or are_values(text, setting, settings, now)):
        return text
    return f"{setting} {text}" if setting and is_reply and not asks(text) else None
