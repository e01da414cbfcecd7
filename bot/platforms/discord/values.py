"""The button and the modal with which a person writes the value of a setting."""

from __future__ import annotations

from dataclasses import replace

from discord import TextStyle
from discord.ui import Label, Modal, TextInput

from bot.i18n import Message, Translator, own
from bot.platforms.discord.layout import WRITE
from bot.platforms.discord.replies import Reply
from bot.views.buttons import Control
from bot.views.layout import Key

_WRITE = own("Write a value…")
_MOST_TYPED = 200


def value_modal(translator: Translator, title: str, custom_id: str, current: str, example: Message | None) -> Modal:
    """Returns a modal with one line that has the current value, and with an example of a value."""
    modal = Modal(title=title, custom_id=custom_id)
    line = TextInput[Modal](
        custom_id="value",
        style=TextStyle.short,
        default=current[:_MOST_TYPED] or None,
        placeholder=translator.say(example) if example else None,
        max_length=_MOST_TYPED,
    )
    described = translator.say(own("For example: {example}", example=example)) if example else None
    modal.add_item(Label(text=title, description=described, component=line))
    return modal


def with_writing(reply: Reply, control: Control, translator: Translator) -> Reply:
    """Adds a button that opens a modal for another value."""
    *first, last = reply.drafts
    key = Key(translator.say(_WRITE), data=f"{WRITE}|{control.subscription}|{control.setting}")
    return replace(reply, drafts=(*first, replace(last, buttons=((key,), *last.buttons))))
