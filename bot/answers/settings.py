"""Answers about the settings of a subscription, and the choices for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers.guide import with_note
from bot.answers.obstacles import missing_notes
from bot.answers.schedules import subscribe_button
from bot.answers.setting_values import choices, language_said, settings_said, several_of
from bot.i18n import LANGUAGE_NAMES, Message, own
from bot.subscriptions.edits import Setting, settings_of
from bot.subscriptions.model import Settings, Subscription
from bot.subscriptions.obstacles import Obstacle
from bot.subscriptions.setting_names import SETTING_NAMES
from bot.subscriptions.typed import EXAMPLES
from bot.views.buttons import Control, ControlVerb
from bot.views.hints import Hint
from bot.views.model import Bullet, Button, Heading, Paragraph, View
from briefings.scope import fold_tag

_EXPLANATIONS: dict[Setting, Message] = {
    Setting.TIME: own("The time of the digest, or several times."),
    Setting.DAYS: own("The days on which stories are posted."),
    Setting.ZONE: own("The time zone: a large city or an offset."),
    Setting.QUIET: own("Hours without posts. Stories from these hours come in one post afterwards."),
    Setting.STORIES: own("The most stories in a digest."),
    Setting.SECTIONS: own("The sections shown for each story, one line each."),
    Setting.TAGS: own("Only stories from sources with one of these tags."),
    Setting.INCLUDE: own("Only stories with one of these words."),
    Setting.EXCLUDE: own("Leave out stories with one of these words."),
    Setting.LANGUAGE: own("The bot's language. Articles are not translated."),
    Setting.SILENT: own("Post without a notification sound."),
    Setting.MODE: own("A digest, each story as it arrives, or both."),
    Setting.UNCERTAIN: own("If it is uncertain whether a post has arrived: hold it and report it, or send it again."),
    Setting.CORRECTIONS: own("Edit a post when its story is corrected."),
    Setting.QUIET_DAYS: own("What happens when a digest has no news: say so, or skip it."),
    Setting.ROLE: own("The role that each post pings. Nobody else is ever pinged."),
    Setting.THREAD: own("Open a thread below each post, for its discussion."),
    Setting.PUBLISH: own(
        "In an announcement channel: publish each post to the servers that follow it. Discord publishes at most ten"
        " an hour, so some may come later."
    ),
}

#: How many tags are named as an example, and in a list.
_MOST_EXAMPLES, _MOST_NAMED = 2, 12
#: The number in buttons about a chat that has no subscription, and its settings.
NO_SUBSCRIPTION = 0
OF_A_CHAT = frozenset({Setting.LANGUAGE, Setting.ZONE})


def panel_view(subscription: Subscription, number: int = 0) -> View:
    """Lists all settings of a subscription, each with a button.

    Args:
        number: Its number, if the chat has several.
    """
    said = settings_said(subscription.settings)
    shown = {one: said[one] for one in settings_of(subscription.destination.platform)}
    heading = own("Settings of subscription {number}", number=number) if number else own("Settings")
    lines = [Bullet(own("{name}: {value}", name=SETTING_NAMES[one], value=value)) for one, value in shown.items()]
    buttons = [Button(SETTING_NAMES[one], Control(ControlVerb.CHOOSE, subscription.id, one)) for one in shown]
    how = Paragraph(own("Choose a setting to change it."))
    return View((Heading(heading), *lines, how, _example(Setting.TIME, number)), tuple(buttons))


def choices_view(
    subscription: Subscription, setting: Setting, locale: str, number: int = 0, tags: Sequence[str] = ()
) -> View:
    """Shows the value of a setting, with buttons for other values.

    Args:
        number: The number of the subscription, if the chat has several.
        tags: Those that stories have.
    """
    value = settings_said(subscription.settings)[setting]
    offered = choices(subscription.settings, setting, locale, tags)
    buttons = [
        Button(label, control)
        for typed, label in offered.items()
        if (control := Control(ControlVerb.SET, subscription.id, setting, typed)).fits
    ]
    heading = Heading(own("{name}: {value}", name=SETTING_NAMES[setting], value=value))
    example = [_example(setting, number, tags)] if setting in EXAMPLES else []
    return View(
        (heading, Paragraph(_EXPLANATIONS[setting]), *example),
        (*buttons, _back(subscription.id)),
        several=several_of(subscription.settings, setting, subscription.id, tags),
    )


def _example(setting: Setting, number: int, tags: Sequence[str] = ()) -> Hint:
    """Returns how a setting is typed, with the number of the subscription if the chat has several."""
    name, value = SETTING_NAMES[setting], EXAMPLES[setting]
    if setting is Setting.TAGS and tags:
        value = own("{values}", values=", ".join(tags[:_MOST_EXAMPLES]))
    if number:
        return Hint(own("Or write: /settings {number} {name} {value}", number=number, name=name, value=value))
    return Hint(own("Or write: /settings {name} {value}", name=name, value=value))


def _back(subscription: int) -> Button:
    return Button(own("All settings"), Control(ControlVerb.PANEL, subscription))


def chat_panel_view(language: str | None, zone: str) -> View:
    """Lists the settings of a chat without a subscription, each with a button."""
    lines = [
        Bullet(own("{name}: {value}", name=SETTING_NAMES[Setting.LANGUAGE], value=language_said(language))),
        Bullet(own("{name}: {value}", name=SETTING_NAMES[Setting.ZONE], value=own("{zone}", zone=zone))),
    ]
    buttons = [
        Button(SETTING_NAMES[one], Control(ControlVerb.CHOOSE, NO_SUBSCRIPTION, one))
        for one in (Setting.LANGUAGE, Setting.ZONE)
    ]
    more = Paragraph(own("There is no subscription here."))
    return View((Heading(own("Settings")), *lines, more), (*buttons, subscribe_button()))


def chat_choices_view(usual: Settings, setting: Setting, locale: str) -> View:
    """Shows the values of a setting of a chat without a subscription, as buttons."""
    offered = choices(usual, setting, locale)
    buttons = [
        Button(label, Control(ControlVerb.SET, NO_SUBSCRIPTION, setting, typed)) for typed, label in offered.items()
    ]
    back = _back(NO_SUBSCRIPTION)
    example = [_example(setting, 0)] if setting in EXAMPLES else []
    return View((Heading(SETTING_NAMES[setting]), Paragraph(_EXPLANATIONS[setting]), *example), (*buttons, back))


def with_saved(view: View, then: Message | None = None, number: int = 0) -> View:
    """Confirms that settings were changed.

    Args:
        then: When the next post comes.
        number: The number of the subscription, if the chat has several.
    """
    return with_note(view, Paragraph(_saved(then, number)))


def changed_view(
    subscription: Subscription,
    setting: Setting,
    then: Message | None,
    locale: str,
    *,
    number: int = 0,
    missing: Sequence[Obstacle] = (),
    tags: Sequence[str] = (),
) -> View:
    """Confirms that a setting was changed, with the time of the next post, and says what keeps it from working.

    Args:
        number: The number of the subscription, if the chat has several.
    """
    view = choices_view(subscription, setting, locale, tags=tags)
    saved = _saved(then, number)
    unknown = unknown_tags_notes(subscription.settings, tags) if setting is Setting.TAGS else []
    blocks = (*view.blocks[:1], *missing_notes(missing), *unknown)
    buttons = (_back(subscription.id),) if setting is Setting.ZONE else view.buttons
    return with_note(replace(view, blocks=blocks, buttons=buttons), Paragraph(saved))


def _saved(then: Message | None, number: int) -> Message:
    if number and then:
        return own("Saved for subscription {number}. Next post {when}.", number=number, when=then)
    if number:
        return own("Saved for subscription {number}.", number=number)
    return own("Saved. Next post {when}.", when=then) if then else own("Saved.")


def with_language_note(view: View, language: str, subscription: int) -> View:
    """Adds the language of a chat's posts, and a button that changes it."""
    note = Paragraph(own("Posts here are in {language}.", language=LANGUAGE_NAMES[language]))
    button = Button(SETTING_NAMES[Setting.LANGUAGE], Control(ControlVerb.CHOOSE, subscription, Setting.LANGUAGE))
    return replace(view, blocks=(*view.blocks, note), buttons=(*view.buttons, button))


def unknown_tags_notes(chosen: Settings, tags: Sequence[str]) -> list[Paragraph]:
    """Says which of the chosen tags no recent story has, and which tags there are.

    Args:
        tags: Those that stories have.
    """
    unknown = [one for one in chosen.tags if fold_tag(one) not in tags]
    if not unknown:
        return []
    said = own("No recent story has the tag: {unknown}.", unknown=", ".join(unknown))
    known = own("Tags in use: {tags}", tags=", ".join(tags[:_MOST_NAMED]))
    return [Paragraph(said), *([Paragraph(known)] if tags else [])]


def refused_view(reason: Message, subscription: Subscription, setting: Setting, locale: str, number: int = 0) -> View:
    """Says why a value is not valid, with buttons for valid ones."""
    return with_note(choices_view(subscription, setting, locale, number), Paragraph(reason))


def no_setting_view(typed: str, panel: View) -> View:
    """Says that there is no setting with that name, above the settings that there are."""
    return with_note(panel, Paragraph(own("There is no setting “{typed}”.", typed=typed)))
