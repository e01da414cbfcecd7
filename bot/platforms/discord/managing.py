"""Settings that are written in modals and chosen in lists, also from another channel or the bot's private chat."""

from __future__ import annotations

from dataclasses import replace

from discord import Interaction

from bot.answers.access import in_chat
from bot.answers.settings import NO_SUBSCRIPTION
from bot.chats import Destination
from bot.commands.context import Context
from bot.i18n import Translator
from bot.platforms.discord.client import PLATFORM, Client
from bot.platforms.discord.events import known_destination, place_of
from bot.platforms.discord.rights import may_manage, server_of
from bot.platforms.discord.values import value_modal
from bot.subscriptions.edits import Setting
from bot.subscriptions.setting_names import SETTING_NAMES
from bot.subscriptions.typed import EXAMPLES, NONE, typed
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Button, LinkButton, View


async def destination_of(context: Context, interaction: Interaction[Client], control: Control) -> Destination | None:
    """The destination of the subscription or post that a button is about. None: it is not in a server of the bot."""
    number = control.subscription
    if control.chat or control.verb is ControlVerb.SUBSCRIBE:
        return known_destination(interaction.client, control.chat)
    is_post = control.verb is ControlVerb.RESEND
    found = await (context.posts.get(number) if is_post else context.subscriptions.get(number))
    if found is None or found.destination.platform != PLATFORM:
        return None
    where = found.destination
    is_here = where.owner == place_of(interaction).owner
    return where if is_here or await server_of(interaction.client, where) else None


def about_other(view: View, where: Destination, title: str) -> View:
    """Names the other channel that an answer is about, if its name is known. Its buttons are about that one, too."""
    if not title:
        return view
    buttons = [kept for one in view.buttons if (kept := _for(where, one)) is not None]
    return in_chat(replace(view, buttons=tuple(buttons)), title)


def _for(where: Destination, button: Button | LinkButton) -> Button | LinkButton | None:
    """Returns the button as it works in another channel, or None if its data would be too long."""
    if not isinstance(button, Button) or not isinstance(button.action, Control):
        return button
    control = button.action.for_chat(where.thread or where.chat)
    return replace(button, action=control) if control.fits else None


async def ask_for_value(
    context: Context, interaction: Interaction[Client], control: Control, custom_id: str, translator: Translator
) -> None:
    """Opens a modal for the value of a setting."""
    setting = Setting(control.setting)
    current = await _current(context, interaction, control, setting)
    title = translator.say(SETTING_NAMES[setting])
    modal = value_modal(translator, title, custom_id, current, EXAMPLES.get(setting))
    await interaction.response.send_modal(modal)
    modal.stop()


async def _current(context: Context, interaction: Interaction[Client], control: Control, setting: Setting) -> str:
    """The value of a setting for those who may change it, else nothing."""
    where = await destination_of(context, interaction, control)
    found = await context.subscriptions.get(control.subscription)
    is_shown = where is not None and await may_manage(interaction, where)
    current = typed(found.settings, setting) if found and is_shown else ""
    return "" if current == NONE else current


async def command_for(context: Context, where: Destination, control: Control, value: str) -> str:
    """The command that sets the value of a setting of a subscription."""
    known = await context.subscriptions.of(where)
    place = next((place for place, one in enumerate(known, start=1) if one.id == control.subscription), 0)
    number = f"{place} " if place else ""
    is_known = place or control.subscription == NO_SUBSCRIPTION
    return f"/settings {number}{control.setting} {value}" if is_known else "/settings"
