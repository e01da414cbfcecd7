"""The values of settings: how they are said, and which of them are offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from bot.i18n import LANGUAGE_NAMES, LOCALES, Message, listed, own
from bot.subscriptions.edits import OWN, SHOWN_SECTIONS, Setting
from bot.subscriptions.model import EVERY_DAY, Settings
from bot.subscriptions.tags import marked
from bot.subscriptions.typed import DAYS, NONE, typed
from bot.subscriptions.value_names import MODES, POLICIES, QUIET_DAYS
from bot.subscriptions.zones import offered_zones
from bot.views.choices import Option, SeveralOf
from bot.views.section_names import NAMES
from briefings.scope import fold_tag

_NAMED: dict[Setting, Mapping[StrEnum, Message]] = {
    Setting.MODE: MODES,
    Setting.UNCERTAIN: POLICIES,
    Setting.QUIET_DAYS: QUIET_DAYS,
}
_TIMES = ("06:00", "07:00", "08:00", "09:00", "12:00", "18:00", "20:00", "22:00")
_OFFERED: dict[Setting, tuple[str, ...]] = {
    Setting.TIME: _TIMES,
    Setting.QUIET: ("22:00-07:00", "23:00-08:00"),
    Setting.STORIES: ("1", "3", "5", "8", "10"),
}
#: How an empty value is said. Its button has the same words.
_EMPTY = {
    Setting.QUIET: own("off"),
    Setting.SECTIONS: own("no sections"),
    Setting.TAGS: own("all"),
    Setting.INCLUDE: own("any words"),
    Setting.EXCLUDE: own("nothing"),
    Setting.ROLE: own("none"),
}
_OF_WORDS = (Setting.TAGS, Setting.INCLUDE, Setting.EXCLUDE)
_MOST_ZONES, _MOST_TAGS, _MOST_OPTIONS = 8, 15, 25


def settings_said(settings: Settings) -> Mapping[Setting, Message]:
    """Returns the value of each setting."""
    schedule = settings.schedule
    quiet = schedule.quiet
    return {
        Setting.TIME: _listed([f"{one:%H:%M}" for one in schedule.times]),
        Setting.DAYS: days_said(schedule.days),
        Setting.ZONE: _listed([schedule.zone]),
        Setting.QUIET: own("{start}–{end}", start=quiet.start, end=quiet.end) if quiet else _EMPTY[Setting.QUIET],
        Setting.STORIES: _listed([str(settings.stories)]),
        Setting.SECTIONS: listed([NAMES[kind] for kind in settings.sections])
        if settings.sections
        else _EMPTY[Setting.SECTIONS],
        **{one: _listed(words) if (words := getattr(settings, one)) else _EMPTY[one] for one in _OF_WORDS},
        Setting.LANGUAGE: language_said(settings.language),
        Setting.SILENT: _switch(settings.silent),
        Setting.MODE: MODES[settings.mode],
        Setting.UNCERTAIN: POLICIES[settings.uncertain],
        Setting.CORRECTIONS: _switch(settings.corrections),
        Setting.QUIET_DAYS: QUIET_DAYS[settings.quiet_days],
        Setting.ROLE: own("@{role}", role=(settings.role.name or settings.role.id).lstrip("@"))
        if settings.role
        else _EMPTY[Setting.ROLE],
        Setting.THREAD: _switch(settings.thread),
        Setting.PUBLISH: _switch(settings.publish),
    }


def choices(settings: Settings, setting: Setting, locale: str, tags: Sequence[str] = ()) -> dict[str, Message]:
    """Returns the values that buttons offer, by the text that a user would type. The current value has a mark.

    Args:
        locale: That of the user's client: the time zones of its country come first.
        tags: Those that stories have.
    """
    current = typed(settings, setting)
    offered = _choices(settings, setting, locale) | (_tag_switches(settings, tags) if setting is Setting.TAGS else {})
    return {value: _marked(name) if value == current else name for value, name in offered.items()}


def _marked(name: Message) -> Message:
    return own("✓ {name}", name=name)


def _choices(settings: Settings, setting: Setting, locale: str) -> dict[str, Message]:
    match setting:
        case Setting.ZONE | Setting.LANGUAGE:
            return _zones(locale) if setting is Setting.ZONE else _languages()
        case Setting.DAYS:
            return {"daily": own("every day"), "weekdays": own("Monday to Friday"), "weekend": own("the weekend")}
        case Setting.SILENT | Setting.CORRECTIONS | Setting.THREAD | Setting.PUBLISH:
            return {"on": own("on"), "off": own("off")}
        case Setting.MODE | Setting.UNCERTAIN | Setting.QUIET_DAYS:
            return {choice.value: name for choice, name in _NAMED[setting].items()}
        case Setting.SECTIONS:
            return {
                f"-{name}" if kind in settings.sections else f"+{name}": _marked(NAMES[kind])
                if kind in settings.sections
                else NAMES[kind]
                for name, kind in SHOWN_SECTIONS.items()
            }
        case _:
            offered = {value: _listed([value]) for value in _OFFERED.get(setting, ())}
            return offered | ({NONE: _EMPTY[setting]} if setting in _EMPTY else {})


def _tag_switches(settings: Settings, tags: Sequence[str]) -> dict[str, Message]:
    chosen = {fold_tag(tag): tag for tag in settings.tags}
    on = {f"-{marked(tag)}": _marked(_listed([tag])) for tag in chosen.values()}
    off = {f"+{marked(tag)}": _listed([tag]) for tag in tags[:_MOST_TAGS] if tag not in chosen}
    return on | off


def several_of(settings: Settings, setting: Setting, subscription: int, tags: Sequence[str] = ()) -> SeveralOf | None:
    """Returns the values of a setting of which several can be chosen at once, or None."""
    match setting:
        case Setting.TAGS:
            chosen = {fold_tag(tag) for tag in settings.tags}
            both = list(dict.fromkeys([*settings.tags, *(tag for tag in tags if tag not in chosen)]))[:_MOST_OPTIONS]
            options = [Option(marked(tag), _listed([tag]), tag in settings.tags) for tag in both]
            about = f"{subscription}|{setting}"
            return SeveralOf(about, tuple(options), 0, replaces_buttons=True) if options else None
        case Setting.DAYS:
            days = settings.schedule.days
            options = [Option(day, WEEKDAYS[place], place in days) for place, day in enumerate(DAYS)]
            return SeveralOf(f"{subscription}|{setting}", tuple(options), 1)
        case Setting.SECTIONS:
            shown = settings.sections
            options = [Option(name, NAMES[kind], kind in shown) for name, kind in SHOWN_SECTIONS.items()]
            return SeveralOf(f"{subscription}|{setting}", tuple(options), 0, replaces_buttons=True)
        case _:
            return None


def language_said(code: str | None) -> Message:
    """Returns the name of a language, or that it is the chat's own."""
    return own("{language}", language=LANGUAGE_NAMES[code]) if code in LANGUAGE_NAMES else own("the chat's own")


def _zones(locale: str) -> dict[str, Message]:
    return {zone: own("{zone}", zone=zone) for zone in offered_zones(locale)[:_MOST_ZONES]}


def _languages() -> dict[str, Message]:
    return {code: language_said(code) for code in LOCALES} | {OWN: language_said(None)}


def days_said(days: frozenset[int]) -> Message:
    """Returns the days of a schedule."""
    if days == EVERY_DAY:
        return own("every day")
    if days == frozenset(range(5)):
        return own("Monday to Friday")
    if days == frozenset({5, 6}):
        return own("the weekend")
    return listed([WEEKDAYS[day] for day in sorted(days)])


WEEKDAYS = (
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
    return own("{values}", values=", ".join(values))
