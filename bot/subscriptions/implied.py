"""Finds the setting that a value belongs to, where a user names none: "weekdays", "8:00", "rome", "german"."""

from __future__ import annotations

from datetime import datetime

from bot.i18n import language_called
from bot.i18n.day_parts import without_hour
from bot.subscriptions.days import days_at
from bot.subscriptions.edits import Setting
from bot.subscriptions.model import Mode
from bot.subscriptions.parsing import SettingRefused, parse_times
from bot.subscriptions.value_names import choice_called
from bot.subscriptions.zones import find_zones


def implied_setting(value: str, now: datetime) -> Setting | None:
    """Returns the setting that can have this value, or None if none or any can."""
    words = value.split()
    if not words:
        return None
    if days_at(words).size == len(words):
        return Setting.DAYS
    if choice_called(Mode, value):
        return Setting.MODE
    if language_called(value):
        return Setting.LANGUAGE
    if without_hour(value) or _are_times(value):  # the setting refuses "sunrise", which is also a town
        return Setting.TIME
    zones = find_zones(value, now)
    return Setting.ZONE if zones.is_clear or (zones.is_named and len(words) > 1) else None


def _are_times(value: str) -> bool:
    try:
        return bool(parse_times(value))
    except SettingRefused:
        return False
