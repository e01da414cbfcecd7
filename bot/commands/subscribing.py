"""Handlers of the commands about subscriptions, and of the settings buttons."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.access import PAUSED_BY_OPERATOR
from bot.answers import guide, pauses, schedules, settings
from bot.answers.access import administrators_only_view
from bot.commands import chat_settings, roles
from bot.commands.choosing import Chosen, chosen, chosen_until
from bot.commands.context import Context, Request
from bot.delivery.model import State
from bot.i18n import own, supported_locale
from bot.subscriptions import edits
from bot.subscriptions.model import Mode, Settings, Subscription
from bot.subscriptions.parsing import SettingRefused, ZoneUnclear
from bot.subscriptions.pauses import paused as paused_by_user
from bot.subscriptions.pauses import resumed as resumed_after
from bot.subscriptions.slots import local_time
from bot.subscriptions.unsuited import Once
from bot.subscriptions.wishes import wished
from bot.subscriptions.zones import own_first
from bot.views.buttons import ALL, Control, ControlVerb
from bot.views.model import Paragraph, View

#: The most subscriptions of a chat.
MOST_SUBSCRIPTIONS = 10

_LAST_POSTS = 5
#: The first digest tells what came in before the chat subscribed, too.
_FIRST_WINDOW = timedelta(days=1)
_RESENT_WITHIN = timedelta(hours=6)

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
        return schedules.already_subscribed_view(known)
    wanted = await _wished(context, request, words, known, may_repeat)
    if isinstance(wanted, View):
        return wanted
    since = now - _FIRST_WINDOW if wanted.mode is Mode.DIGEST else now
    subscription = Subscription(0, request.where, request.user, wanted, now, since=since, is_channel=request.is_channel)
    new = edits.scheduled(subscription)
    obstacle = await request.obstacle()  # before the first write, since no transaction may wait for the platform
    kept = await context.subscriptions.add(new, MOST_SUBSCRIPTIONS if words else 1)
    if kept is None:  # another request has added one meanwhile
        return schedules.already_subscribed_view(await context.subscriptions.of(request.where))
    await chat_settings.keep_language(context, request)
    if request.title:
        await context.chats.introduce(request.where, title=request.title)
    missing = request.missing(kept.settings)
    view = schedules.subscribed_view(kept, now, len(known) + 1, obstacle, missing)
    tags = await context.tags.used(context.access.reader(kept.destination)) if kept.settings.tags else []
    view = replace(view, blocks=(*view.blocks, *settings.unknown_tags_notes(kept.settings, tags)))
    return await _with_language(context, request, kept, view)


async def _with_language(context: Context, request: Request, kept: Subscription, view: View) -> View:
    """Says in which language the chat gets posts, if it is not that of the user's client."""
    spoken = kept.settings.language or await context.chats.language(request.where) or context.policies.language
    is_theirs = supported_locale(request.locale) in {None, spoken}
    return view if is_theirs or request.is_private else settings.with_language_note(view, spoken, kept.id)


async def _wished(
    context: Context, request: Request, words: str, known: list[Subscription], may_repeat: bool
) -> Settings | View:
    """Returns the settings that the words ask for, or a view that asks back."""
    now = context.clock()
    usual = await chat_settings.usual_settings(context, request, known)
    try:
        wanted = wished(words, usual, now)
        roles.refuse_role(request, wanted)
    except SettingRefused as refused:
        return View((Paragraph(refused.reason),))
    except ZoneUnclear as unclear:
        return schedules.zones_to_subscribe_view(own_first(unclear.zones, request.locale), unclear.others)
    except Once as once:
        return schedules.once_view(once.at or local_time(now + once.delay, usual.schedule.tz).time())
    same = next((one for one in known if one.settings == wanted), None)
    return schedules.same_subscription_view(same, words) if same and not may_repeat else wanted


@managing
async def unsubscribe(context: Context, request: Request, words: str, known: list[Subscription]) -> View:
    """Ends one subscription, several or all of them."""
    meant = chosen(known, words)
    if not meant.subscriptions:
        return _unchosen(known, words, meant, ControlVerb.LEAVE)
    await context.subscriptions.remove(request.where, [one.id for one in meant.subscriptions])
    left = [one for one in known if one not in meant.subscriptions]
    if left:
        return schedules.one_unsubscribed_view(left)
    return schedules.unsubscribed_view(len(meant.subscriptions))


@managing
async def pause(context: Context, request: Request, words: str, known: list[Subscription]) -> View:
    """Pauses posts: ``[number] [until monday]``."""
    now, (meant, until) = context.clock(), chosen_until(known, words, context.clock())
    if not meant.subscriptions:
        return _unchosen(known, words, meant, ControlVerb.PAUSE)
    edit = partial(paused_by_user, until=until)
    paused = [await context.subscriptions.change(request.where, one.id, edit) for one in meant.subscriptions]
    others = [one for one in known if one not in meant.subscriptions and one.paused is None]
    return pauses.paused_view(paused[0] or meant.subscriptions[0], now, len(others))


@managing
async def resume(context: Context, request: Request, words: str, known: list[Subscription]) -> View:
    """Resumes posts. Stories that came meanwhile are not posted, but offered."""
    meant = chosen(known, words or ALL)
    if not meant.subscriptions:
        return _unchosen(known, words, meant, ControlVerb.RESUME)
    now = context.clock()
    stopped = {one.id: one for one in meant.subscriptions if one.paused is not None}
    if not stopped:
        return pauses.not_paused_view(meant.subscriptions, now)

    def edit(one: Subscription) -> Subscription:
        if one.paused == PAUSED_BY_OPERATOR:
            return replace(one, paused_until=None)  # only the chat's own pause ends
        again = resumed_after(one, now)
        # A user with access takes over the subscription of a user who has lost access.
        is_admitted = context.access.admits(one.destination, one.created_by)
        return again if is_admitted else replace(again, created_by=request.user)

    resumed = [
        changed
        for one in stopped.values()
        if (changed := await context.subscriptions.change(request.where, one.id, edit))
    ]
    if all(one.paused for one in resumed):
        return await status(context, request, "")
    missed = [found for one in resumed if (found := await context.previews.skipped(stopped[one.id], one))]
    return pauses.resumed_view(resumed, now, missed)


async def show_missed(context: Context, request: Request, control: Control) -> View:
    """Returns a digest of the stories that came during a pause."""
    known = await context.subscriptions.of(request.where)
    subscription = next((one for one in known if one.id == control.subscription), None)
    since, until = pauses.Missed.times(control.value)
    if subscription is None or since is None:
        return schedules.not_subscribed_view()
    if not await request.may_manage():
        return administrators_only_view()
    return await context.previews.missed(subscription, since, until)


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


def _unchosen(known: list[Subscription], words: str, meant: Chosen, verb: ControlVerb) -> View:
    """Returns the question which subscription is meant, or what was not understood if there is only one."""
    if not known:
        return schedules.not_subscribed_view()
    is_pause = verb is ControlVerb.PAUSE
    unclear = pauses.NO_END if is_pause else own("I do not understand “{words}”.", words=guide.echo(words))
    note = unclear if words and not meant.unknown else None
    if len(known) == 1:
        return schedules.only_view(known[0], Control(verb, known[0].id), note, unknown=meant.unknown)
    all_of_them = Control(verb, known[0].id, value=ALL)
    return schedules.which_view(
        known, lambda one: Control(verb, one.id), unknown=meant.unknown, note=note, all_of_them=all_of_them
    )
