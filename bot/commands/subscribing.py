"""Handlers of the commands about subscriptions, and of the settings buttons."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.answers import guide, pauses, schedules, settings
from bot.answers.access import administrators_only_view
from bot.commands import chat_settings
from bot.commands.context import Context, Request
from bot.delivery.model import State
from bot.subscriptions import edits
from bot.subscriptions.edits import Setting
from bot.subscriptions.model import Mode, Settings, Subscription
from bot.subscriptions.parsing import SettingRefused, ZoneUnclear
from bot.subscriptions.slots import held_until, local_time
from bot.subscriptions.wishes import Once, wished
from bot.views.buttons import Control
from bot.views.model import Paragraph, View

#: The most subscriptions of a chat.
MOST_SUBSCRIPTIONS = 10

_LAST_POSTS = 5
#: A change of these settings can end the wait of stories that are held.
_HOLDING = frozenset({Setting.QUIET, Setting.DAYS, Setting.MODE, Setting.ZONE})
#: The first digest tells what came in before the chat subscribed, too.
_FIRST_WINDOW = timedelta(days=1)
_RESENT_WITHIN = timedelta(hours=6)
_ALL = frozenset({"all", "tutti", "tutte", "alle", "tous", "toutes", "todos", "todas"})

Managing = Callable[[Context, Request, str, list[Subscription]], Awaitable[View]]


def managing(handler: Managing) -> Callable[[Context, Request, str], Awaitable[View]]:
    """Restricts a handler to administrators of the chat, and passes it the chat's subscriptions."""

    async def run(context: Context, request: Request, words: str) -> View:
        if not await request.may_manage():
            return administrators_only_view()
        return await handler(context, request, words, await context.subscriptions.of(request.where))

    return run


@managing
async def subscribe(context: Context, request: Request, words: str, known: list[Subscription]) -> View:
    """Subscribes the chat, at the default time or as ``words`` say. The same subscription twice asks first."""
    return await subscribe_as(context, request, words, known, may_repeat=False)


async def subscribe_as(
    context: Context, request: Request, words: str, known: list[Subscription], may_repeat: bool
) -> View:
    """Subscribes the chat, and asks first about what is unclear.

    Args:
        may_repeat: Whether the chat may get a subscription that it has already.
    """
    now = context.clock()
    if known and (not words or len(known) >= MOST_SUBSCRIPTIONS):
        return schedules.already_subscribed_view(known, now)
    wanted = await _wished(context, request, words, known, may_repeat)
    if isinstance(wanted, View):
        return wanted
    since = now - _FIRST_WINDOW if wanted.mode is Mode.DIGEST else now
    subscription = Subscription(0, request.where, request.user, wanted, now, since=since, is_channel=request.is_channel)
    new = edits.scheduled(subscription)
    kept = await context.subscriptions.add(new, MOST_SUBSCRIPTIONS if words else 1)
    if kept is None:  # another request has added one meanwhile
        return schedules.already_subscribed_view(await context.subscriptions.of(request.where), now)
    if request.title:
        await context.chats.introduce(request.where, title=request.title)
    missing = request.missing(kept.settings)
    return schedules.subscribed_view(kept, now, len(known) + 1, await request.obstacle(), missing)


async def _wished(
    context: Context, request: Request, words: str, known: list[Subscription], may_repeat: bool
) -> Settings | View:
    """Returns the settings that the words ask for, or a view that asks back."""
    now = context.clock()
    usual = known[0].settings if known else await chat_settings.usual_settings(context, request)
    try:
        wanted = wished(words, usual, now)
    except SettingRefused as refused:
        return View((Paragraph(refused.reason),))
    except ZoneUnclear as unclear:
        return schedules.zones_to_subscribe_view(unclear.zones, unclear.others)
    except Once as once:
        return schedules.once_view(local_time(now + once.delay, usual.schedule.tz).time())
    same = next((one for one in known if one.settings == wanted), None)
    return schedules.same_subscription_view(same, words, now) if same and not may_repeat else wanted


@managing
async def unsubscribe(context: Context, request: Request, words: str, known: list[Subscription]) -> View:
    """Ends one subscription or all of them."""
    chosen = _chosen(known, words)
    if chosen is None:
        return _unchosen(context, known, "unsubscribe")
    await context.subscriptions.remove(request.where, [subscription.id for subscription in chosen])
    left = [subscription for subscription in known if subscription not in chosen]
    if left:
        return schedules.one_unsubscribed_view(left, context.clock())
    return schedules.unsubscribed_view(len(chosen))


@managing
async def pause(context: Context, request: Request, words: str, known: list[Subscription]) -> View:
    """Pauses posts."""
    chosen = _chosen(known, words or "all")
    if chosen is None:
        return _unchosen(context, known, "pause")
    for subscription in chosen:
        await context.subscriptions.change(request.where, subscription.id, edits.paused)
    others = [one for one in known if one not in chosen and one.paused is None]
    return pauses.paused_view(len(others))


@managing
async def resume(context: Context, request: Request, words: str, known: list[Subscription]) -> View:
    """Resumes posts. Stories that came meanwhile are not posted, but offered."""
    chosen = _chosen(known, words or "all")
    if chosen is None:
        return _unchosen(context, known, "resume")
    now = context.clock()

    def edit(one: Subscription) -> Subscription:
        again = edits.resumed(one, now)
        # A user with access takes over the subscription of a user who has lost access.
        is_admitted = context.access.admits(one.destination, one.created_by)
        return again if is_admitted else replace(again, created_by=request.user)

    resumed = [
        changed for one in chosen if (changed := await context.subscriptions.change(request.where, one.id, edit))
    ]
    since = {one.id: one.since or one.starts for one in chosen if one.paused is not None}
    missed = [
        pauses.Missed(one, since[one.id], count)
        for one in resumed
        if one.id in since and (count := await context.previews.count_missed(one, since[one.id]))
    ]
    return pauses.resumed_view(resumed, now, missed)


async def show_missed(context: Context, request: Request, control: Control) -> View:
    """Returns a digest of the stories that came during a pause."""
    known = await context.subscriptions.of(request.where)
    subscription = next((one for one in known if one.id == control.subscription), None)
    since = pauses.Missed.moment(control.value)
    if subscription is None or since is None:
        return schedules.not_subscribed_view()
    if not await request.may_manage():
        return administrators_only_view()
    return await context.previews.missed(subscription, since)


@managing
async def change_settings(context: Context, request: Request, words: str, known: list[Subscription]) -> View:
    """Shows the settings, or changes one: ``[number] [setting [value]]``."""
    number, words = _leading_number(words)
    if not known:
        setting, typed = settings.setting_called(words)
        return await (
            chat_settings.change(context, request, setting, typed) if setting else _chat_panel(context, request, words)
        )
    if number > len(known) or (not number and len(known) > 1):
        return _unchosen(context, known, "settings")
    subscription = known[max(0, number - 1)]
    if not words:
        return settings.panel_view(subscription, max(1, number), len(known))
    called, typed = settings.setting_called(words)
    if called is None or called not in edits.settings_of(subscription.destination.platform):
        return settings.no_setting_view(guide.echo(words.split()[0]), request.where.platform)
    if not typed:
        return settings.choices_view(subscription, called, request.locale)
    return await change_one(context, request, subscription, called, typed)


async def _chat_panel(context: Context, request: Request, words: str) -> View:
    platform = request.where.platform
    return (
        settings.no_setting_view(guide.echo(words), platform) if words else await chat_settings.panel(context, request)
    )


async def status(context: Context, request: Request, words: str) -> View:
    """Returns the next posts, in local time, and the state of the last ones."""
    known = await context.subscriptions.of(request.where)
    if not known:
        return schedules.not_subscribed_view()
    posts = await context.posts.latest(_LAST_POSTS, request.where)
    held = {one.id: found for one in known if (found := await context.previews.held(one))}
    return schedules.status_view(known, posts, context.clock(), held)


async def resend(context: Context, request: Request, control: Control) -> View:
    """Sends an uncertain post of this chat again."""
    if not await request.may_manage():
        return administrators_only_view()
    post, now = await context.posts.get(control.subscription), context.clock()
    if post is None or post.destination != request.where or post.attempt != control.value:
        return schedules.nothing_to_resend_view()
    is_resent = await context.posts.decide(post, State.PENDING, now, now + _RESENT_WITHIN)
    return schedules.resent_view() if is_resent else schedules.nothing_to_resend_view()


async def change_one(
    context: Context, request: Request, subscription: Subscription, setting: Setting, typed: str
) -> View:
    """Changes one setting of a subscription."""
    now = context.clock()
    try:
        edit = partial(edits.change, setting=setting, typed=typed, now=now)
        changed = await context.subscriptions.change(subscription.destination, subscription.id, edit)
    except SettingRefused as refused:
        return settings.refused_view(refused.reason, subscription, setting, request.locale)
    except ZoneUnclear as unclear:
        return schedules.zones_view(unclear.zones, subscription.id)
    if changed is None:
        return schedules.not_subscribed_view()
    if setting is Setting.LANGUAGE:
        await context.chats.speak(subscription.destination, changed.settings.language)
    if setting in _HOLDING:
        await context.previews.release(changed, held_until(changed.settings.schedule, now) or now)
    next_due = changed.next_due
    then = schedules.when(next_due, changed.settings.schedule, now) if next_due else None
    missing = request.missing(changed.settings) if setting in edits.OF_DISCORD else ()
    return settings.changed_view(changed, setting, then, request.locale, missing)


def _chosen(known: list[Subscription], words: str) -> list[Subscription] | None:
    """Returns the subscriptions that ``words`` select: the only one, one by its number, or all."""
    if words.lower() in _ALL or (len(known) == 1 and not words):
        return known or None
    number, rest = _leading_number(words)
    return [known[number - 1]] if 0 < number <= len(known) and not rest else None


def _unchosen(context: Context, known: list[Subscription], command: str) -> View:
    if not known:
        return schedules.not_subscribed_view()
    return schedules.which_view(known, context.clock(), command, with_all=command != "settings")


def _leading_number(words: str) -> tuple[int, str]:
    """Returns the number at the start of ``words``, or 0, and the rest."""
    match = re.match(r"#?(\d{1,2})\.?(?:\s+|$)", words)
    return (int(match[1]), words[match.end() :]) if match else (0, words)
