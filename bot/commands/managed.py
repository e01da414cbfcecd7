"""The list of the subscriptions that a user manages, and the buttons of subscriptions."""

from __future__ import annotations

from bot.answers import guide, schedules, settings, subscriptions
from bot.answers.access import administrators_only_view, named
from bot.commands import changing, chat_settings, subscribing
from bot.commands.context import Context, Request
from bot.i18n import Message
from bot.subscriptions.edits import Setting
from bot.subscriptions.model import Subscription
from bot.subscriptions.pauses import paused
from bot.views.buttons import ALL, Control, ControlVerb
from bot.views.model import View
from briefings.sources.text import one_line


async def list_subscriptions(context: Context, request: Request, words: str) -> View:
    """Lists the subscriptions of this chat, of the server that the user manages, and those that the user added.

    Those of other chats are listed only where nobody else reads the answer.
    """
    others = request.manages()
    chats = others | {request.where.owner} if await request.surely_manages() else others
    by = request.user if request.is_private or others else ""
    found = await context.subscriptions.managed(by, chats)
    titles = {one.id: await _title(context, request, one) for one in found}
    return subscriptions.subscriptions_view(found, titles, context.clock())


async def _title(context: Context, request: Request, one: Subscription) -> Message:
    title = (await context.chats.profile(one.destination)).title
    if not title and one.destination == request.where:
        title = request.title
    if title:
        return named(title)
    if one.destination.owner == request.where.owner:
        return subscriptions.THIS_CHAT
    is_own = request.user in {one.created_by, one.destination.owner}
    return subscriptions.PRIVATE_CHAT if is_own else named(str(one.destination))


async def pressed(context: Context, request: Request, control: Control) -> View:
    """Returns the answer to a subscription button. Buttons of other chats' subscriptions are refused."""
    if control.verb is ControlVerb.RESEND:
        return await subscribing.resend(context, request, control)
    if control.verb is ControlVerb.MINE:
        return await list_subscriptions(context, request, "")
    if not await request.may_manage():
        return administrators_only_view()
    known = await context.subscriptions.of(request.where)
    if control.verb is ControlVerb.SUBSCRIBE:
        may_repeat = bool(control.subscription)
        return await subscribing.subscribe_as(context, request, one_line(control.value), known, may_repeat)
    subscription = next((one for one in known if one.id == control.subscription), None)
    if subscription is not None:
        return await _pressed_about(context, request, control, subscription, known)
    return await _pressed_about_chat(context, request, control, known)


async def _pressed_about_chat(context: Context, request: Request, control: Control, known: list[Subscription]) -> View:
    if control.subscription != settings.NO_SUBSCRIPTION or known:
        return schedules.not_subscribed_view()
    setting, typed = _setting_and_value(control)
    if setting is None:
        return await chat_settings.panel(context, request)
    return await chat_settings.change(context, request, setting, typed)


async def _pressed_about(
    context: Context, request: Request, control: Control, subscription: Subscription, known: list[Subscription]
) -> View:
    number = known.index(subscription) + 1
    place = number if len(known) > 1 else 0
    if control.verb in _CHANGING and control.value == ALL:
        return await _CHANGING[control.verb](context, request, ALL)
    match control.verb:
        case ControlVerb.PANEL:
            return settings.panel_view(subscription, place)
        case ControlVerb.LEAVE:
            return await subscribing.unsubscribe(context, request, str(number))
        case ControlVerb.CARD:
            return await _card(context, request, subscription)
        case ControlVerb.PAUSE | ControlVerb.TEST | ControlVerb.RESUME:
            done = await _carried_out(context, request, control.verb, subscription, number)
            now = await context.subscriptions.get(subscription.id) or subscription
            return subscriptions.done_view(done, await _card(context, request, now))
        case _:
            return await _pressed_setting(context, request, control, subscription, place)


async def _card(context: Context, request: Request, subscription: Subscription) -> View:
    return subscriptions.card_view(subscription, await _title(context, request, subscription), context.clock())


async def _carried_out(
    context: Context, request: Request, verb: ControlVerb, subscription: Subscription, number: int
) -> View:
    """Pauses or resumes a subscription or sends a test, and returns what was done."""
    if verb is ControlVerb.RESUME:
        return await subscribing.resume(context, request, str(number))
    if verb is ControlVerb.PAUSE:
        await context.subscriptions.change(subscription.destination, subscription.id, paused)
        return subscriptions.paused_view()
    return subscriptions.trial_view(is_sent=await context.trials.send(subscription))


async def _pressed_setting(
    context: Context, request: Request, control: Control, subscription: Subscription, place: int
) -> View:
    setting, typed = _setting_and_value(control)
    if setting is None:
        return guide.gone_view()
    if not typed:
        return await changing.choices(context, request, subscription, setting, place)
    return await changing.change_one(context, request, subscription, setting, typed, place=place)


def _setting_and_value(control: Control) -> tuple[Setting | None, str]:
    """Returns the setting of a button, and the value that it sets, if it sets one."""
    setting = Setting(control.setting) if control.setting in set(Setting) else None
    return setting, one_line(control.value) if control.verb is ControlVerb.SET else ""


_CHANGING = {
    ControlVerb.PAUSE: subscribing.pause,
    ControlVerb.RESUME: subscribing.resume,
    ControlVerb.LEAVE: subscribing.unsubscribe,
}
