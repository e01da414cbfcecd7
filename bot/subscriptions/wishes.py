"""Reads what a user types after /subscribe: ``weekdays 8:00 rome silent tags politics, science``.

Parts after a semicolon may begin with the name of a setting: ``8:00 rome; days: mon fri; mode: both``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from bot.i18n import own
from bot.subscriptions.edits import Setting, with_value
from bot.subscriptions.model import Mode, Settings
from bot.subscriptions.parsing import (
    DAY_PHRASES,
    LONGEST_WORD,
    MOST_TIMES,
    SettingRefused,
    ZoneUnclear,
    hours_at,
    is_days,
    is_switch,
    is_time,
    parse_times,
    times_in_digits,
)
from bot.subscriptions.setting_names import setting_at, setting_called
from bot.subscriptions.value_names import MODES, choice_called
from bot.subscriptions.zones import find_zones

#: How many spans of words are tried as a time zone when not all words are one.
_MOST_SPANS = 40
#: Words that need not be understood. Some are parts of names, such as Rio de Janeiro.
_FILLERS = frozenset(
    [
        *("at", "in", "on", "and", "every", "each", "the", "time", "times", "o'clock"),
        *("alle", "ore", "e", "ora", "di", "um", "uhr", "und", "jeden", "zeit", "à", "heure", "heures", "de", "chaque"),
        *("a", "las", "y", "hora", "cada"),
    ]
)
_LONGEST_PHRASE = 6
_LISTS = frozenset({Setting.SECTIONS, Setting.TAGS, Setting.INCLUDE, Setting.EXCLUDE})
_SWITCHES = frozenset({Setting.SILENT, Setting.CORRECTIONS, Setting.THREAD, Setting.PUBLISH})
#: What can be typed for these is recognised without the name of the setting.
_NAMELESS = frozenset({Setting.TIME, Setting.DAYS, Setting.ZONE})

_HALF = re.compile(r"(\d)\s([ap]m)\b", re.IGNORECASE)
_DASH = re.compile(r"(\d)\s+(?:[-–—]|to)\s+(\d)")
_SOON = re.compile(
    r"\b(?:in|tra|fra|dans|en)\s"
    r"(?P<count>\d{1,3}|half an|an?|one|mezz|un[ao]?|une demi|une|einer halben|einer?|media)[\s'’-]"
    r"(?P<unit>min\w*|hours?|h|or[ae]|stunden?|heures?|horas?)\b",
    re.IGNORECASE,
)
_HALVES = frozenset({"half an", "mezz", "une demi", "einer halben", "media"})
_OFTEN = re.compile(
    r"\b(?:every|ogni|jede|toutes les|cada)\s(?:\d{1,3}\s)?(?:min\w*|hours?|or[ae]|stunde|heures?|horas?)\b"
    r"|\balle\s\d{1,3}\s(?:min\w*|stunden)\b|\bhourly\b|\bstündlich\b",
    re.IGNORECASE,
)
_ONCE = frozenset(
    [
        *("now", "once", "soon", "today", "tonight", "tomorrow", "adesso", "subito", "oggi", "domani"),
        *("jetzt", "einmal", "heute", "maintenant", "aujourd'hui", "demain", "ahora", "hoy", "mañana"),
    ]
)


class Once(Exception):
    """The user wants one post, at a time of the day or in ``delay``. Subscriptions post again and again."""

    def __init__(self, delay: timedelta, at: time | None = None) -> None:
        super().__init__(delay, at)
        self.delay = delay
        self.at = at


@dataclass
class _Words:
    """The typed words, sorted by their meaning. ``others`` are not recognised: they name the zone."""

    times: list[str] = field(default_factory=list)
    values: list[tuple[Setting, str]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)


def wished(words: str, usual: Settings, now: datetime) -> Settings:
    """Returns the ``usual`` settings with what the words change.

    Raises:
        Once: They ask for one post soon.
        SettingRefused: A part is not understood.
        ZoneUnclear: Several time zones match.
    """
    settings = usual
    parts = [" ".join(part.split()) for part in words.split(";")]
    for place, part in enumerate(parts):
        name, colon, value = part.partition(": ")
        setting, more = setting_called(name) if colon else (None, "")
        if setting is not None and not more:
            settings = with_value(settings, setting, value, now)
        elif part:
            rest = "; ".join(one for one in parts[place + 1 :] if one)
            settings = _with_words(settings, part, now, rest)
    return settings


def _with_words(settings: Settings, words: str, now: datetime, rest: str) -> Settings:
    _refuse_soon(words)
    _refuse_often(words)
    words = times_in_digits(_DASH.sub(r"\1-\2", _HALF.sub(r"\1\2", words)))
    _refuse_once(words)

    def is_zone(text: str) -> bool:
        return find_zones(text, now).is_clear

    found = _sorted_out(words.split(), is_zone)
    if found.times:
        schedule = replace(settings.schedule, times=parse_times(" ".join(found.times)), quiet=None)
        settings = replace(settings, schedule=schedule)
    for setting, value in found.values:
        settings = with_value(settings, setting, value, now)
    if not found.others:
        return settings
    try:
        return with_value(settings, Setting.ZONE, " ".join(found.others), now)
    except ZoneUnclear as unclear:
        others = [" ".join(found.known), *([rest] if rest else [])]
        raise ZoneUnclear(unclear.zones, "; ".join(others)) from unclear
    except SettingRefused as refused:
        raise _not_understood(found.others, is_zone) or refused from refused


def _not_understood(words: list[str], is_zone: Callable[[str], bool]) -> SettingRefused | None:
    """Returns the refusal of the words beside a time zone, or None if no zone is among the words."""
    count = len(words)
    spans = [(start, start + size) for size in range(count - 1, 0, -1) for start in range(count - size + 1)]
    for start, end in spans[:_MOST_SPANS]:
        if is_zone(" ".join(words[start:end])):
            unknown = " ".join([*words[:start], *words[end:]])[:LONGEST_WORD]
            said = own(
                "I do not understand “{words}”. Write days, times, a city, and words such as silent, for example:"
                " weekdays 8:00 rome silent.",
                words=unknown,
            )
            return SettingRefused(said)
    return None


def _refuse_often(words: str) -> None:
    if _OFTEN.search(words):
        said = own(
            "I post at up to {most} times of the day. To get each story soon, choose the mode “{arrival}”.",
            most=MOST_TIMES,
            arrival=MODES[Mode.ARRIVAL],
        )
        raise SettingRefused(said)


def _refuse_soon(words: str) -> None:
    if soon := _SOON.search(words):
        count = int(soon["count"]) if soon["count"].isdecimal() else 1
        unit = timedelta(minutes=1) if soon["unit"].lower().startswith("min") else timedelta(hours=1)
        raise Once(unit / 2 if soon["count"].lower() in _HALVES else count * unit)


def _refuse_once(words: str) -> None:
    """Refuses words for one post. Times are digits here: "once" in "a las once" is eleven in Spanish."""
    typed = words.lower().split()
    if not _ONCE.isdisjoint(typed):
        at = next((parse_times(word)[0] for word in typed if is_time(word)), None)
        raise Once(timedelta(0), at)


def _sorted_out(tokens: list[str], is_zone: Callable[[str], bool]) -> _Words:
    times = [token for token in tokens if is_time(token.strip(","))]
    rest = [token for token in tokens if not is_time(token.strip(","))]
    if rest and is_zone(" ".join(rest)):
        return _Words(times, [], rest, times)
    found = _Words()
    while tokens:
        size = _take(tokens, found)
        tokens = tokens[size:]
    if not is_zone(" ".join(found.others)):  # "in Rome", but "Rio de Janeiro"
        found.others = [token for token in found.others if token.lower() not in _FILLERS]
    return found


def _take(tokens: list[str], found: _Words) -> int:
    """Sorts the first words in, and returns how many that was."""
    for take in (_take_days, _take_mode, _take_setting):
        if taken := take(tokens):
            setting, value, size = taken
            found.known += tokens[:size]
            if value:
                found.values.append((setting, value))
            return size
    if is_time(tokens[0].strip(",")):
        found.times.append(tokens[0])
        found.known.append(tokens[0])
    else:
        found.others.append(tokens[0])
    return 1


_Taken = tuple[Setting, str, int] | None


def _take_days(tokens: list[str]) -> _Taken:
    for size, phrase in _phrases(tokens):
        if phrase in DAY_PHRASES:
            return Setting.DAYS, phrase, size
    size = next((at for at, one in enumerate(tokens) if not is_days(one.lower().strip(","))), len(tokens))
    return (Setting.DAYS, " ".join(tokens[:size]), size) if size else None


def _take_mode(tokens: list[str]) -> _Taken:
    return next(
        ((Setting.MODE, mode, size) for size, phrase in _phrases(tokens) if (mode := choice_called(Mode, phrase))), None
    )


def _take_setting(tokens: list[str]) -> _Taken:
    """Takes the name of a setting with its value: a list, the next word, or "on" where a switch is only named."""
    setting, size = setting_at([token.rstrip(":") for token in tokens])
    if setting is None or setting in _NAMELESS:
        return (setting, "", size) if setting else None
    rest = tokens[size:]
    if setting in _SWITCHES:
        is_told = bool(rest) and is_switch(rest[0].strip(","))
        return setting, rest[0].strip(",") if is_told else "on", size + is_told
    if not rest:
        return None
    if setting in _LISTS:
        most = 1 + next((at for at, one in enumerate(rest) if not one.endswith(",")), len(rest) - 1)
        return setting, " ".join(rest[:most]), size + most
    most = max(1, hours_at(rest)) if setting is Setting.QUIET else 1
    return setting, " ".join(rest[:most]).strip(","), size + most


def _phrases(tokens: list[str]) -> Iterator[tuple[int, str]]:
    """Yields the first words together, the longest phrase first."""
    for size in range(min(_LONGEST_PHRASE, len(tokens)), 0, -1):
        yield size, " ".join(tokens[:size]).lower().strip(",")
