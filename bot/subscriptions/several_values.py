"""Finds the settings that several words change at once: "rome, weekdays", "9:30 silent"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.subscriptions.edits import Setting, with_value
from bot.subscriptions.model import Settings
from bot.subscriptions.parsing import SettingRefused, ZoneUnclear, hours_at
from bot.subscriptions.typed import typed
from bot.subscriptions.unsuited import Once
from bot.subscriptions.wishes import wished

#: Settings by which a posting time is told. Words for them are recognised without their names.
_OF_TIMES = frozenset({Setting.TIME, Setting.DAYS, Setting.ZONE, Setting.QUIET, Setting.MODE})


def several_values(words: str, settings: Settings, now: datetime) -> Mapping[Setting, str]:
    """Returns the settings that the words change, with the values as they can be typed.

    Raises:
        SettingRefused: A part is not understood.
        ZoneUnclear: Several time zones match.
    """
    bare = replace(settings, schedule=replace(settings.schedule, quiet=None))
    try:
        after = wished(words, bare, now)
    except Once:
        return {}
    return {one: value for one in Setting if (value := typed(after, one)) != typed(bare, one)}


def is_value(words: str, setting: Setting, now: datetime) -> bool:
    """Returns whether a setting can have this value, or whether it names several time zones to choose from."""
    if setting is Setting.QUIET and hours_at(words.split()) == len(words.split()):
        return True
    try:
        with_value(Settings(), setting, words, now)
    except SettingRefused:
        return False
    except ZoneUnclear:
        return setting is Setting.ZONE
    return True


def are_values(words: str, setting: Setting | None, settings: Settings, now: datetime) -> bool:
    """Returns whether words below a setting, or below all of them, are values of others of a post's times."""
    if setting is not None and setting not in _OF_TIMES:
        return False
    try:
        return bool(several_values(words.replace(",", " "), settings, now))
    except (SettingRefused, ZoneUnclear):
        return False
