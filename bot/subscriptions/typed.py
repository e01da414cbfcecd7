"""The values of settings as a user would type them."""

from __future__ import annotations

from bot.i18n import own
from bot.subscriptions.edits import OWN, Setting
from bot.subscriptions.model import EVERY_DAY, Schedule, Settings

#: The days of the week, as they can be typed in every language.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TOGETHER = {EVERY_DAY: "daily", frozenset(range(5)): "weekdays", frozenset({5, 6}): "weekend"}

#: Typed for an empty list, and to switch something off.
NONE = "none"
#: What to type for each setting whose value is more than one of a few words.
EXAMPLES = {
    Setting.TIME: own("{values}", values="7:30 20:00"),
    Setting.DAYS: own("mon-fri"),
    Setting.ZONE: own("rome"),
    Setting.QUIET: own("{values}", values="22:00-7:00"),
    Setting.STORIES: own("{values}", values="5"),
    Setting.SECTIONS: own("who, why"),
    Setting.TAGS: own("politics, science"),
    Setting.INCLUDE: own("bridge, river"),
    Setting.EXCLUDE: own("football"),
}


def typed(settings: Settings, setting: Setting) -> str:
    """Returns the value of a setting as it can be typed, so that nothing changes if it is."""
    schedule = settings.schedule
    match setting:
        case Setting.TIME | Setting.DAYS | Setting.QUIET | Setting.ZONE:
            return _of_schedule(schedule, setting)
        case Setting.SECTIONS | Setting.TAGS | Setting.INCLUDE | Setting.EXCLUDE:
            values: tuple[str, ...] = getattr(settings, setting)
            return ", ".join(values) or NONE
        case Setting.ROLE:
            return f"{settings.role.id} {settings.role.name}".strip() if settings.role else NONE
        case Setting.SILENT | Setting.CORRECTIONS | Setting.THREAD | Setting.PUBLISH:
            return "on" if getattr(settings, setting) else "off"
        case _:
            return str(getattr(settings, setting) or OWN)


def typed_changes(before: Settings, after: Settings) -> str:
    """Returns what to type to change settings into others, all but the time zone: "20:00 weekdays; silent: on"."""
    changed = {
        setting: value
        for setting in Setting
        if setting is not Setting.ZONE and (value := typed(after, setting)) != typed(before, setting)
    }
    words = " ".join(value for setting in (Setting.TIME, Setting.DAYS) if (value := changed.pop(setting, "")))
    return "; ".join([words, *(f"{setting}: {value}" for setting, value in changed.items())]).strip("; ")


def _of_schedule(schedule: Schedule, setting: Setting) -> str:
    quiet = schedule.quiet
    match setting:
        case Setting.TIME:
            return " ".join(f"{one:%H:%M}" for one in schedule.times)
        case Setting.DAYS:
            return _TOGETHER.get(schedule.days) or " ".join(DAYS[day] for day in sorted(schedule.days))
        case Setting.QUIET:
            return f"{quiet.start:%H:%M}-{quiet.end:%H:%M}" if quiet else NONE
        case _:
            return schedule.zone
