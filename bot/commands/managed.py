"""The list of the subscriptions that a user manages, and the buttons of subscriptions."""

from __future__ import annotations

from bot.answers import guide, schedules, settings, subscriptions
from bot.answers.access import administrators_only_view
from bot.commands import chat_settings, subscribing
from bot.commands.context import Context, Request
from bot.subscriptions.edits import Setting
from bot.subscriptions.model import Subscription
from bot.views.buttons import Control, ControlVerb
from bot.views.model import View
from briefings.sources.text import one_line


async def list_subscriptions(context: Context, request: Request, words: str) -> View:
    """Lists the subscriptions of this chat, of the server that the user manages, and those that the user added.

    Those of other chats are listed only where nobody else reads the answer.
    """
    others = request.manages()
    chats = others | {request.where.owner} if await request.may_manage() else others
    by = request.user if request.is_private or others else ""
    found = await context.subscriptions.managed(by, chats)
    titles = {one.id: (await context.chats.profile(one.destination)).title or _place(one, request) for one in found}
    return subscriptions.subscriptions_view(found, titles, context.clock())


def _place(one: Subscription, request: Request) -> str:
    return request.title or one.destination.place if one.destination == request.where else str(one.destination)


async def pressed(context: Context, request: Request, control: Control) -> View:
    """Returns the answer to a subscription button. Buttons of other chats' subscriptions are refused."""
    if control.verb is ControlVerb.RESEND:
        return await subscribing.resend(context, request, control)
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
    if control.verb in _CHANGING:
        return await _CHANGING[control.verb](context, request, str(number))
    match control.verb:
        case ControlVerb.PANEL:
            return settings.panel_view(subscription, number, len(known))
        case ControlVerb.CARD:
            return subscriptions.card_view(subscription, context.clock())
        case ControlVerb.TEST:
            is_sent = await context.trials.send(subscription)
            return subscriptions.trial_sent_view() if is_sent else subscriptions.no_trial_view()
        case _:
            return await _pressed_setting(context, request, control, subscription)


async def _pressed_setting(context: Context, request: Request, control: Control, subscription: Subscription) -> View:
    setting, typed = _setting_and_value(control)
    if setting is None:
        return guide.gone_view()
    if not typed:
        return settings.choices_view(subscription, setting, request.locale)
    return await subscribing.change_one(context, request, subscription, setting, typed)


def _setting_and_value(control: Control) -> tuple[Setting | None, str]:
    """Returns the setting of a button, and the value that it sets, if it sets one."""
    setting = Setting(control.setting) if control.setting in set(Setting) else None
    return setting, one_line(control.value) if control.verb is ControlVerb.SET else ""


_CHANGING = {
    ControlVerb.PAUSE: subscribing.pause,
    ControlVerb.RESUME: subscribing.resume,
    ControlVerb.LEAVE: subscribing.unsubscribe,
}
