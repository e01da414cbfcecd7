"""Settings of a chat that has no subscription: its language, and the time zone of new subscriptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers import guide, schedules, settings
from bot.commands.context import Context, Request
from bot.i18n import supported_locale
from bot.subscriptions import edits
from bot.subscriptions.edits import Setting
from bot.subscriptions.model import Settings, Subscription
from bot.subscriptions.parsing import SettingRefused, ZoneUnclear
from bot.subscriptions.zones import own_first
from bot.views.model import Paragraph, View


async def usual_settings(context: Context, request: Request, known: Sequence[Subscription] = ()) -> Settings:
    """Returns the settings of the chat's next subscription, unless its user chooses others.

    It has the time zone and the language of those that the chat has already, and nothing else of them.
    """
    usual, zone = context.policies.subscribing, (await context.chats.profile(request.where)).zone
    if known:
        zone, usual = known[0].settings.schedule.zone, replace(usual, language=known[0].settings.language)
    return edits.with_value(usual, Setting.ZONE, zone, context.clock()) if zone else usual


async def changed_or_shown(context: Context, request: Request, setting: Setting | None, typed: str, words: str) -> View:
    """Changes one of the two settings, or shows both. Other words name no setting."""
    if setting is not None:
        return await change(context, request, setting, typed)
    shown = await panel(context, request)
    return settings.no_setting_view(guide.echo(words), shown) if words else shown


async def keep_language(context: Context, request: Request) -> None:
    """Stores the language of the user's client for posts to their private chat, unless they have chosen one."""
    language = supported_locale(request.locale)
    if request.is_private and language and await context.chats.language(request.where) is None:
        await context.chats.speak(request.where, language)


async def panel(context: Context, request: Request) -> View:
    """Shows the language and the time zone of the chat."""
    language = await context.chats.language(request.where)
    return settings.chat_panel_view(language, (await usual_settings(context, request)).schedule.zone)


async def change(context: Context, request: Request, setting: Setting, typed: str) -> View:
    """Changes one of the two settings, or shows its values if nothing is typed."""
    usual = await usual_settings(context, request)
    if setting not in settings.OF_A_CHAT:
        return schedules.not_subscribed_view()
    if not typed:
        return settings.chat_choices_view(usual, setting, request.locale)
    try:
        changed = edits.with_value(usual, setting, typed, context.clock())
    except SettingRefused as refused:
        return View((Paragraph(refused.reason),))
    except ZoneUnclear as unclear:
        return schedules.zones_view(own_first(unclear.zones, request.locale), settings.NO_SUBSCRIPTION)
    if setting is Setting.LANGUAGE:
        await context.chats.speak(request.where, changed.language)
    else:
        await context.chats.introduce(request.where, zone=changed.schedule.zone)
    return settings.with_saved(await panel(context, request))
