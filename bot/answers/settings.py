"""Answers about the settings of a subscription, and the choices for each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from bot.answers.guide import with_note
from bot.i18n import LANGUAGE_NAMES, LOCALES, Message, Translator, own
from bot.subscriptions.edits import OWN, SHOWN_SECTIONS, Setting
from bot.subscriptions.model import EVERY_DAY, Mode, QuietDays, Settings, Subscription, Uncertain
from bot.subscriptions.wishes import ALSO_CALLED
from bot.subscriptions.zones import offered_zones
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Bullet, Button, Heading, Paragraph, View
from bot.views.section_names import NAMES
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
}

_MODES: dict[StrEnum, Message] = {
    Mode.DIGEST: own("as a digest"),
    Mode.ARRIVAL: own("as it arrives"),
    Mode.BOTH: own("as it arrives, and a digest"),
}
_POLICIES: dict[StrEnum, Message] = {Uncertain.HOLD: own("hold"), Uncertain.RESEND: own("send again")}
_QUIET_DAYS: dict[StrEnum, Message] = {QuietDays.SAY: own("say so"), QuietDays.SKIP: own("skip")}
_NAMED: dict[Setting, Mapping[StrEnum, Message]] = {
    Setting.MODE: _MODES,
    Setting.UNCERTAIN: _POLICIES,
    Setting.QUIET_DAYS: _QUIET_DAYS,
}
_TIMES = ("06:00", "07:00", "08:00", "09:00", "12:00", "18:00", "20:00", "22:00")
_OFFERED: dict[Setting, tuple[str, ...]] = {
    Setting.TIME: _TIMES,
    Setting.QUIET: ("22:00-07:00", "23:00-08:00"),
    Setting.STORIES: ("1", "3", "5", "8", "10"),
}
_NONE = "none"
#: The number in buttons about a chat that has no subscription, and its settings.
NO_SUBSCRIPTION = 0
OF_A_CHAT = frozenset({Setting.LANGUAGE, Setting.ZONE})
_MOST_ZONES = 8
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
    shown = settings_said(subscription.settings)
    heading = own("Settings") if count == 1 else own("Settings of subscription {number}", number=number)
    lines = [Bullet(own("{name}: {value}", name=SETTING_NAMES[one], value=value)) for one, value in shown.items()]
    buttons = [
        Button(name, Control(ControlVerb.CHOOSE, subscription.id, setting)) for setting, name in SETTING_NAMES.items()
    ]
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
    )


def chat_panel_view(language: str | None, zone: str) -> View:
    """Lists the settings of a chat without a subscription, each with a button."""
    lines = [
        Bullet(own("{name}: {value}", name=SETTING_NAMES[Setting.LANGUAGE], value=_language(language))),
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


def changed_view(subscription: Subscription, setting: Setting, then: Message | None, locale: str) -> View:
    """Confirms that a setting was changed, with the time of the next post."""
    view = choices_view(subscription, setting, locale)
    saved = own("Saved. Next post {when}.", when=then) if then else own("Saved.")
    return with_note(View(view.blocks[:1], view.buttons), Paragraph(saved))


def refused_view(reason: Message, subscription: Subscription, setting: Setting, locale: str) -> View:
    """Says why a value is not valid, with buttons for valid ones."""
    return with_note(choices_view(subscription, setting, locale), Paragraph(reason))


def no_setting_view(typed: str) -> View:
    """Says that there is no setting with that name."""
    known = ", ".join(Setting)
    return View(
        (Paragraph(own("There is no setting “{typed}”. The settings are: {known}.", typed=typed, known=known)),)
    )


def settings_said(settings: Settings) -> Mapping[Setting, Message]:
    """Returns the value of each setting."""
    schedule = settings.schedule
    quiet = schedule.quiet
    return {
        Setting.TIME: _listed([f"{one:%H:%M}" for one in schedule.times]),
        Setting.DAYS: _days(schedule.days),
        Setting.ZONE: _listed([schedule.zone]),
        Setting.QUIET: own("{start}–{end}", start=quiet.start, end=quiet.end) if quiet else own("none"),
        Setting.STORIES: _listed([str(settings.stories)]),
        Setting.SECTIONS: _joined([NAMES[kind] for kind in settings.sections]),
        Setting.TAGS: _listed(settings.tags) if settings.tags else own("all"),
        Setting.INCLUDE: _listed(settings.include) if settings.include else own("any words"),
        Setting.EXCLUDE: _listed(settings.exclude),
        Setting.LANGUAGE: _language(settings.language),
        Setting.SILENT: _switch(settings.silent),
        Setting.MODE: _MODES[settings.mode],
        Setting.UNCERTAIN: _POLICIES[settings.uncertain],
        Setting.CORRECTIONS: _switch(settings.corrections),
        Setting.QUIET_DAYS: _QUIET_DAYS[settings.quiet_days],
    }


def choices(settings: Settings, setting: Setting, locale: str) -> dict[str, Message]:
    """Returns the values that buttons offer, by the text that a user would type.

    Args:
        locale: That of the user's client: the time zones of its country come first.
    """
    match setting:
        case Setting.ZONE | Setting.LANGUAGE:
            return _zones(locale) if setting is Setting.ZONE else _languages()
        case Setting.DAYS:
            return {"daily": own("every day"), "weekdays": own("Monday to Friday"), "weekend": own("the weekend")}
        case Setting.SILENT | Setting.CORRECTIONS:
            return {"on": own("on"), "off": own("off")}
        case Setting.MODE | Setting.UNCERTAIN | Setting.QUIET_DAYS:
            return {choice.value: name for choice, name in _NAMED[setting].items()}
        case Setting.SECTIONS:
            return {
                f"-{name}" if kind in settings.sections else f"+{name}": own("✓ {name}", name=NAMES[kind])
                if kind in settings.sections
                else NAMES[kind]
                for name, kind in SHOWN_SECTIONS.items()
            }
        case _:
            offered = {typed: _listed([typed]) for typed in _OFFERED.get(setting, ())}
            clears = setting in {Setting.QUIET, Setting.TAGS, Setting.INCLUDE, Setting.EXCLUDE}
            return {**offered, **({_NONE: own("none")} if clears else {})}


def _language(code: str | None) -> Message:
    return own("{language}", language=LANGUAGE_NAMES[code]) if code in LANGUAGE_NAMES else own("the chat's own")


def _zones(locale: str) -> dict[str, Message]:
    return {zone: own("{zone}", zone=zone) for zone in offered_zones(locale)[:_MOST_ZONES]}


def _languages() -> dict[str, Message]:
    return {code: _language(code) for code in LOCALES} | {OWN: _language(None)}


def _days(days: frozenset[int]) -> Message:
    if days == EVERY_DAY:
        return own("every day")
    if days == frozenset(range(5)):
        return own("Monday to Friday")
    if days == frozenset({5, 6}):
        return own("the weekend")
    return _joined([_WEEKDAYS[day] for day in sorted(days)])


_WEEKDAYS = (
    own("Monday"),
    own("Tuesday"),
    own("Wednesday"),
    own("Thursday"),
    own("Friday"),
    own("Saturday"),
    own("Sunday"),
)


def _switch(is_on: bool) -> Message:
    return own("on") if is_on else own("off")


def _listed(values: tuple[str, ...] | list[str]) -> Message:
    return own("{values}", values=", ".join(values)) if values else own("none")


def _joined(messages: list[Message]) -> Message:
    if not messages:
        return own("none")
    joined = messages[0]
    for message in messages[1:]:
        joined = own("{first}, {second}", first=joined, second=message)
    return joined
