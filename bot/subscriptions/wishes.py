"""Reads what a user types after /subscribe: ``weekdays 8:00 rome silent tags politics, science``.

Parts after a semicolon may begin with the name of a setting: ``8:00 rome; days: mon fri; mode: both``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from bot.i18n import own
from bot.subscriptions.days import days_at
from bot.subscriptions.edits import Setting, with_value
from bot.subscriptions.model import Mode, Settings
from bot.subscriptions.parsing import (
    LONGEST_WORD,
    SettingRefused,
    ZoneUnclear,
    hours_at,
    is_switch,
    is_time,
    list_size,
    parse_times,
    times_in_digits,
)
from bot.subscriptions.setting_names import setting_at, setting_called
from bot.subscriptions.typed import typed_changes
from bot.subscriptions.unsuited import refuse_hours, refuse_often, refuse_once, refuse_soon, refuse_without_hour
from bot.subscriptions.value_names import choice_called
from bot.subscriptions.zones import find_zones

#: How many spans of words are tried as a time zone when not all words are one.
_MOST_SPANS = 40
#: Words that need not be understood. Some are parts of names, such as Rio de Janeiro.
_FILLERS = frozenset(
    [
        *("at", "in", "on", "and", "or", "every", "each", "the", "of", "for", "my"),
        *("time", "times", "o'clock", "please"),
        *("alle", "ore", "e", "o", "ora", "di", "del", "della", "dei", "il", "la", "i", "le", "al", "mia", "ogni"),
        *("um", "uhr", "und", "oder", "am", "der", "die", "das", "den", "jeden", "zeit", "meine", "meiner"),
        *("à", "heure", "heures", "h", "et", "ou", "de", "du", "des", "les", "ma", "chaque"),
        *("a", "las", "los", "el", "y", "hora", "horas", "mi", "cada"),
    ]
)
#: Words between times and days. They are left out first when a zone is looked for.
_JOINING = frozenset({"and", "or", "e", "o", "und", "oder", "et", "ou", "y", "h"})
_LONGEST_PHRASE = 6
_LISTS = frozenset({Setting.SECTIONS, Setting.TAGS, Setting.INCLUDE, Setting.EXCLUDE})
_SWITCHES = frozenset({Setting.SILENT, Setting.CORRECTIONS, Setting.THREAD, Setting.PUBLISH})
#: What can be typed for these is recognised without the name of the setting.
_NAMELESS = frozenset({Setting.TIME, Setting.DAYS, Setting.ZONE})

_DASH = re.compile(r"(\d)\s+(?:[-–—]|to)\s+(\d)")


@dataclass
class _Words:
    """The typed words, sorted by their meaning.

    Attributes:
        others: Words that are not recognised: they name the zone.
        times_before_days: How many times were typed before each group of days.
    """

    times: list[str] = field(default_factory=list)
    values: list[tuple[Setting, str]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    times_before_days: list[int] = field(default_factory=list)


def wished(words: str, usual: Settings, now: datetime) -> Settings:
    """Returns the ``usual`` settings with what the words change.

    Raises:
        Once: They ask for one post soon.
        SettingRefused: A part is not understood.
        ZoneUnclear: Several time zones match.
    """
    settings, zone = usual, ""
    for part in (" ".join(one.split()) for one in words.split(";")):
        name, colon, value = part.partition(": ")
        setting, more = setting_called(name) if colon else (None, "")
        if setting is Setting.ZONE and not more:
            zone = value
        elif setting is not None and not more:
            settings = with_value(settings, setting, value, now)
        elif part:
            settings, others = _with_words(settings, part, now)
            zone = others or zone
    return _with_zone(settings, zone, usual, now) if zone else settings


def _with_zone(settings: Settings, zone: str, usual: Settings, now: datetime) -> Settings:
    try:
        return with_value(settings, Setting.ZONE, zone, now)
    except ZoneUnclear as unclear:
        raise ZoneUnclear(unclear.zones, typed_changes(usual, settings)) from unclear
    except SettingRefused as refused:
        raise _not_understood(zone.split(), now) or refused from refused


def _with_words(settings: Settings, words: str, now: datetime) -> tuple[Settings, str]:
    """Returns the settings with what the words change, and the words that name the time zone."""
    refuse_soon(words)
    refuse_often(words)
    words = times_in_digits(_DASH.sub(r"\1-\2", words))
    refuse_once(words)
    refuse_without_hour(words)
    found = _sorted_out(words.split(), now)
    if found.times:
        schedule = replace(settings.schedule, times=parse_times(" ".join(found.times)), quiet=None)
        settings = replace(settings, schedule=schedule)
    if found.days:
        _refuse_several_schedules(found)
        found.values.append((Setting.DAYS, " ".join(found.days)))
    for setting, value in found.values:
        settings = with_value(settings, setting, value, now)
    return settings, " ".join(found.others)


def _not_understood(words: list[str], now: datetime) -> SettingRefused | None:
    """Returns the refusal of the words beside a time zone, or None if no zone is among the words."""
    count = len(words)
    spans = [(start, start + size) for size in range(count - 1, 0, -1) for start in range(count - size + 1)]
    for start, end in spans[:_MOST_SPANS]:
        if find_zones(" ".join(words[start:end]), now).is_clear:
            unknown = " ".join([*words[:start], *words[end:]])[:LONGEST_WORD]
            said = own(
                "I do not understand “{words}”. Write days, times, a city, and words such as silent, for example:"
                " weekdays 8:00 rome silent.",
                words=unknown,
            )
            return SettingRefused(said)
    return None


def _refuse_several_schedules(found: _Words) -> None:
    """Refuses days that have times of their own: "monday 8:00, friday 9:00"."""
    for earlier, later in pairwise(found.times_before_days):
        if later > earlier and (earlier or len(found.times) > later):
            raise SettingRefused(
                own("A subscription has the same times on all its days. Subscribe once for each of these times.")
            )


def _sorted_out(tokens: list[str], now: datetime) -> _Words:
    times = [token for token in tokens if is_time(token.strip(","))]
    rest = [token for token in tokens if not is_time(token.strip(","))]
    if _is_zone(rest, now):
        return _Words(times, [], rest)
    found = _Words()
    while tokens:
        size = _take(tokens, found)
        tokens = tokens[size:]
    found.others = _zone_words(found.others, now)
    return found


def _zone_words(words: list[str], now: datetime) -> list[str]:
    """Returns the words without those that need not be understood, as far as these are no part of a zone's name."""
    for needless in (frozenset(), _JOINING, _FILLERS):
        left = [word for word in words if word.lower() not in needless]
        if _is_zone(left, now):
            return left
    return left


def _is_zone(words: list[str], now: datetime) -> bool:
    """Returns whether all the words are the name of a zone, or of several: "Central European Time"."""
    if all(word.lower() in _FILLERS for word in words):  # also codes, such as MY and DE
        return False
    zones = find_zones(" ".join(words), now)
    return zones.is_clear or (zones.is_named and len(words) > 1)


def _take(tokens: list[str], found: _Words) -> int:
    """Sorts the first words in, and returns how many that was."""
    if size := days_at(tokens).size:
        found.days += tokens[:size]
        found.times_before_days.append(len(found.times))
        return size
    for take in (_take_mode, _take_setting):
        if taken := take(tokens):
            setting, value, size = taken
            if value:
                found.values.append((setting, value))
            return size
    refuse_hours(tokens)
    (found.times if is_time(tokens[0].strip(",")) else found.others).append(tokens[0])
    return 1


_Taken = tuple[Setting, str, int] | None


def _take_mode(tokens: list[str]) -> _Taken:
    return next(
        ((Setting.MODE, mode, size) for size, phrase in _phrases(tokens) if (mode := choice_called(Mode, phrase))), None
    )


def _take_setting(tokens: list[str]) -> _Taken:
    """Takes the name of a setting with its value: a list, the next word, or "on" where a switch is only named."""
    setting, size = setting_at([token.rstrip(":") for token in tokens])
    rest = tokens[size:]
    if setting is Setting.TIME and not (rest and is_time(rest[0].strip(","))):
        return None  # "rome time"
    if setting is None or setting in _NAMELESS:
        return (setting, "", size) if setting else None
    if setting in _SWITCHES:
        is_told = bool(rest) and is_switch(rest[0].strip(","))
        return setting, rest[0].strip(",") if is_told else "on", size + is_told
    if not rest:
        return None
    if setting in _LISTS:
        most = list_size(rest)
        return setting, " ".join(rest[:most]), size + most
    most = max(1, hours_at(rest)) if setting is Setting.QUIET else 1
    return setting, " ".join(rest[:most]).strip(","), size + most


def _phrases(tokens: list[str]) -> Iterator[tuple[int, str]]:
    """Yields the first words together, the longest phrase first."""
    for size in range(min(_LONGEST_PHRASE, len(tokens)), 0, -1):
        yield size, " ".join(tokens[:size]).lower().strip(",")
