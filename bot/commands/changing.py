"""Handlers of /settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.answers import guide, schedules, settings
from bot.commands import chat_settings, roles
from bot.commands.choosing import leading_number
from bot.commands.context import Context, Request
from bot.commands.subscribing import managing
from bot.i18n import Message
from bot.subscriptions import edits
from bot.subscriptions.edits import Setting
from bot.subscriptions.implied import implied_setting
from bot.subscriptions.model import Settings, Subscription
from bot.subscriptions.parsing import SettingRefused, ZoneUnclear
from bot.subscriptions.setting_names import setting_called
from bot.subscriptions.several_values import several_values
from bot.subscriptions.slots import held_until
from bot.subscriptions.zones import own_first
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Paragraph, View

#: A change of these settings can end the wait of stories that are held.
_HOLDING = frozenset({Setting.QUIET, Setting.DAYS, Setting.MODE, Setting.ZONE})


@managing
async def change_settings(context: Context, request: Request, words: str, known: list[Subscription]) -> View:
    """Shows the settings, or changes one: ``[number] [setting [value]]``."""
    number, words = leading_number(words)
    setting, typed = _setting_and_value(words, context.clock())
    if not known:
        return await chat_settings.changed_or_shown(context, request, setting, typed, words)
    if setting is Setting.LANGUAGE and typed and not number:
        return await _speak(context, request, known, typed)
    if number > len(known) or (not number and len(known) > 1):
        return schedules.which_view(known, partial(_setting_chosen, setting, typed), unknown=number)
    place = number if len(known) > 1 else 0
    return await _changed_or_shown(context, request, known[max(0, number - 1)], words, place)


async def _changed_or_shown(
    context: Context, request: Request, subscription: Subscription, words: str, place: int
) -> View:
    setting, typed = _setting_and_value(words, context.clock())
    panel = settings.panel_view(subscription, place)
    if setting is None and (changed := await _change_several(context, subscription, words, place)):
        return changed
    if setting is None or setting not in edits.settings_of(subscription.destination.platform):
        return settings.no_setting_view(guide.echo(words.split(maxsplit=1)[0]), panel) if words else panel
    if not typed:
        return await choices(context, request, subscription, setting, place)
    return await change_one(context, request, subscription, setting, typed, place=place)


async def _change_several(context: Context, subscription: Subscription, words: str, place: int) -> View | None:
    """Changes the settings that the words have values for: "rome, weekdays". None: they have none."""
    now = context.clock()
    try:
        values = several_values(words.replace(",", " "), subscription.settings, now)
    except (SettingRefused, ZoneUnclear):
        return None

    def edit(one: Subscription) -> Subscription:
        for setting, typed in values.items():
            one = edits.change(one, setting, typed, now)
        return one

    try:
        changed = (
            await context.subscriptions.change(subscription.destination, subscription.id, edit) if values else None
        )
    except SettingRefused as refused:
        return guide.with_note(settings.panel_view(subscription, place), Paragraph(refused.reason))
    if changed is None:
        return None
    await _release(context, changed, *values)
    return settings.with_saved(settings.panel_view(changed, place), _next_post(changed, now), place)


async def _release(context: Context, changed: Subscription, *chosen: Setting) -> None:
    """Has the stories posted that no longer have to wait."""
    if not _HOLDING.isdisjoint(chosen):
        now = context.clock()
        await context.previews.release(changed, held_until(changed.settings.schedule, now) or now)


def _next_post(changed: Subscription, now: datetime) -> Message | None:
    return schedules.when(changed.next_due, changed.settings.schedule, now) if changed.next_due else None


def _setting_and_value(words: str, now: datetime) -> tuple[Setting | None, str]:
    """Returns the setting that the words name, or that only can have them as its value: "weekdays"."""
    setting, typed = setting_called(words)
    if setting is None and (implied := implied_setting(words, now)):
        return implied, words
    return setting, typed


def _setting_chosen(setting: Setting | None, typed: str, one: Subscription) -> Control:
    """Returns what the button of one of several subscriptions does: what was typed, as far as a button can carry it."""
    if setting is None:
        return Control(ControlVerb.PANEL, one.id)
    whole = Control(ControlVerb.SET, one.id, setting, typed)
    return whole if typed and whole.fits else Control(ControlVerb.CHOOSE, one.id, setting)


async def _speak(context: Context, request: Request, known: list[Subscription], typed: str) -> View:
    """Changes the language of the chat and of all its subscriptions."""
    for other in known[1:]:
        await change_one(context, request, other, Setting.LANGUAGE, typed)
    return await change_one(context, request, known[0], Setting.LANGUAGE, typed)


async def change_one(
    context: Context, request: Request, subscription: Subscription, setting: Setting, typed: str, *, place: int = 0
) -> View:
    """Changes one setting of a subscription.

    Args:
        place: The number of the subscription, if the chat has several.
    """
    now = context.clock()
    typed = request.role(typed) if setting is Setting.ROLE else typed
    try:
        if setting is Setting.ROLE:
            roles.refuse_role(request, edits.with_value(Settings(), setting, typed, now))
        edit = partial(edits.change, setting=setting, typed=typed, now=now)
        changed = await context.subscriptions.change(subscription.destination, subscription.id, edit)
    except SettingRefused as refused:
        return settings.refused_view(refused.reason, subscription, setting, request.locale, place)
    except ZoneUnclear as unclear:
        return schedules.zones_view(own_first(unclear.zones, request.locale), subscription.id)
    if changed is None:
        return schedules.not_subscribed_view()
    if setting is Setting.LANGUAGE:
        await context.chats.speak(subscription.destination, changed.settings.language)
    await _release(context, changed, setting)
    then = _next_post(changed, now)
    missing = request.missing(_only(changed.settings, setting)) if setting in edits.OF_DISCORD else ()
    tags = await _tags(context, changed, setting)
    return settings.changed_view(changed, setting, then, request.locale, number=place, missing=missing, tags=tags)


def _only(chosen: Settings, setting: Setting) -> Settings:
    """Returns settings of which only this one is chosen."""
    return replace(Settings(), **{setting.value: getattr(chosen, setting)})


async def choices(context: Context, request: Request, subscription: Subscription, setting: Setting, place: int) -> View:
    """Returns the values that a setting can have."""
    tags = await _tags(context, subscription, setting)
    return settings.choices_view(subscription, setting, request.locale, place, tags)


async def _tags(context: Context, subscription: Subscription, setting: Setting) -> list[str]:
    """Returns the tags to choose from, if the setting is that of tags."""
    reader = context.access.reader(subscription.destination)
    return await context.tags.used(reader) if setting is Setting.TAGS else []
