"""Answers about the settings of a subscription, and the choices for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from bot.answers.guide import with_note
from bot.answers.obstacles import missing_notes
from bot.answers.setting_values import choices, language_said, settings_said, several_of
from bot.i18n import LOCALES, Message, Translator, own
from bot.subscriptions.edits import Setting, settings_of
from bot.subscriptions.model import Settings, Subscription
from bot.subscriptions.obstacles import Obstacle
from bot.subscriptions.wishes import ALSO_CALLED
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Bullet, Button, Heading, Paragraph, View
from briefings.phrases import fold

#: The label of each setting. `setting_called` finds the setting by it.
SETTING_NAMES: dict[Setting, Message] = {
    Setting.TIME: own("Time"),
    Setting.DAYS: own("Days"),
    Setting.ZONE: own("Time zone"),
    Setting.QUIET: own("Quiet hours"),
    Setting.STORIES: own("Stories"),
    Setting.SECTIONS: own("Sections"),
    Setting.TAGS: own("Tags"),
    Setting.INCLUDE: own("Include"),
    Setting.EXCLUDE: own("Exclude"),
    Setting.LANGUAGE: own("Language"),
    Setting.SILENT: own("Silent"),
    Setting.MODE: own("Mode"),
    Setting.UNCERTAIN: own("Uncertain"),
    Setting.CORRECTIONS: own("Corrections"),
    Setting.QUIET_DAYS: own("Quiet days"),
    Setting.ROLE: own("Role"),
    Setting.THREAD: own("Thread"),
    Setting.PUBLISH: own("Publish"),
}

#: The explanation of each setting, with an example.
_EXPLANATIONS: dict[Setting, Message] = {
    Setting.TIME: own("The time of the digest, or several times: /settings time 7:30 20:00"),
    Setting.DAYS: own("The days on which digests are posted: /settings days mon-fri"),
    Setting.ZONE: own("The time zone: a large city or an offset. /settings zone rome"),
    Setting.QUIET: own(
        "Hours without posts. Stories from these hours come in one post afterwards: /settings quiet 22:00-7:00"
    ),
    Setting.STORIES: own("The most stories in a digest: /settings stories 5"),
    Setting.SECTIONS: own("The sections shown for each story, one line each: /settings sections who why"),
    Setting.TAGS: own("Only stories from sources with one of these tags: /settings tags politics, science"),
    Setting.INCLUDE: own("Only stories with one of these words: /settings include bridge, river"),
    Setting.EXCLUDE: own("Leave out stories with one of these words: /settings exclude football"),
    Setting.LANGUAGE: own("The bot's language. Articles are not translated: /settings language it"),
    Setting.SILENT: own("Post without a notification sound: /settings silent on"),
    Setting.MODE: own("A digest, each story as it arrives, or both: /settings mode both"),
    Setting.UNCERTAIN: own(
        "If it is uncertain whether a post has arrived: hold it and report it, or send it again. "
        "/settings uncertain resend"
    ),
    Setting.CORRECTIONS: own("Edit a post when its story is corrected: /settings corrections on"),
    Setting.QUIET_DAYS: own("What happens when a digest has no news: say so, or skip it. /settings quiet_days say"),
    Setting.ROLE: own("The role that each post pings. Nobody else is ever pinged."),
    Setting.THREAD: own("Open a thread below each post, for its discussion: /settings thread on"),
    Setting.PUBLISH: own(
        "In an announcement channel: publish each post to the servers that follow it. Discord publishes at most ten"
        " an hour, so some may come later. /settings publish on"
    ),
}

#: The number in buttons about a chat that has no subscription, and its settings.
NO_SUBSCRIPTION = 0
OF_A_CHAT = frozenset({Setting.LANGUAGE, Setting.ZONE})
_LONGEST_LABEL = 4


def setting_called(words: str) -> tuple[Setting | None, str]:
    """Returns the setting whose name or label the words begin with, in any of the bot's languages, and the rest."""
    typed = words.split()
    for size in range(min(_LONGEST_LABEL, len(typed)), 0, -1):
        if found := _labels().get(fold(" ".join(typed[:size]).replace("_", " "))):
            return found, " ".join(typed[size:])
    return None, words


@cache
def _labels() -> dict[str, Setting]:
    labels = {fold(Translator(one).say(label)): setting for one in LOCALES for setting, label in SETTING_NAMES.items()}
    return ALSO_CALLED | labels | {fold(setting.replace("_", " ")): setting for setting in Setting}


def panel_view(subscription: Subscription, number: int, count: int) -> View:
    """Lists all settings of a subscription, each with a button."""
    said = settings_said(subscription.settings)
    shown = {one: said[one] for one in settings_of(subscription.destination.platform)}
    heading = own("Settings") if count == 1 else own("Settings of subscription {number}", number=number)
    lines = [Bullet(own("{name}: {value}", name=SETTING_NAMES[one], value=value)) for one, value in shown.items()]
    buttons = [Button(SETTING_NAMES[one], Control(ControlVerb.CHOOSE, subscription.id, one)) for one in shown]
    how = Paragraph(own("Press a setting to change it, or write: /settings time 7:30"))
    return View((Heading(heading), *lines, how), tuple(buttons))


def choices_view(subscription: Subscription, setting: Setting, locale: str) -> View:
    """Shows the value of a setting, with buttons for other values."""
    value = settings_said(subscription.settings)[setting]
    offered = choices(subscription.settings, setting, locale)
    buttons = [
        Button(label, Control(ControlVerb.SET, subscription.id, setting, typed)) for typed, label in offered.items()
    ]
    back = Button(own("All settings"), Control(ControlVerb.PANEL, subscription.id))
    return View(
        (
            Heading(own("{name}: {value}", name=SETTING_NAMES[setting], value=value)),
            Paragraph(_EXPLANATIONS[setting]),
        ),
        (*buttons, back),
        several=several_of(subscription.settings, setting, subscription.id),
    )


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
    more = Paragraph(own("There is no subscription here. To add one: /subscribe."))
    return View((Heading(own("Settings")), *lines, more), tuple(buttons))


def chat_choices_view(usual: Settings, setting: Setting, locale: str) -> View:
    """Shows the values of a setting of a chat without a subscription, as buttons."""
    offered = choices(usual, setting, locale)
    buttons = [
        Button(label, Control(ControlVerb.SET, NO_SUBSCRIPTION, setting, typed)) for typed, label in offered.items()
    ]
    back = Button(own("All settings"), Control(ControlVerb.PANEL, NO_SUBSCRIPTION))
    return View((Heading(SETTING_NAMES[setting]), Paragraph(_EXPLANATIONS[setting])), (*buttons, back))


def with_saved(view: View) -> View:
    """Confirms that a setting was changed."""
    return with_note(view, Paragraph(own("Saved.")))


def changed_view(
    subscription: Subscription, setting: Setting, then: Message | None, locale: str, missing: Sequence[Obstacle] = ()
) -> View:
    """Confirms that a setting was changed, with the time of the next post, and says what keeps it from working."""
    view = choices_view(subscription, setting, locale)
    saved = own("Saved. Next post {when}.", when=then) if then else own("Saved.")
    blocks = (*view.blocks[:1], *missing_notes(missing))
    return with_note(replace(view, blocks=blocks), Paragraph(saved))


def refused_view(reason: Message, subscription: Subscription, setting: Setting, locale: str) -> View:
    """Says why a value is not valid, with buttons for valid ones."""
    return with_note(choices_view(subscription, setting, locale), Paragraph(reason))


def no_setting_view(typed: str, platform: str) -> View:
    """Says that a platform has no setting with that name."""
    known = ", ".join(settings_of(platform))
    return View(
        (Paragraph(own("There is no setting “{typed}”. The settings are: {known}.", typed=typed, known=known)),)
    )
