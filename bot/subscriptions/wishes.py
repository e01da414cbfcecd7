"""Reads what a user types after /subscribe: ``weekdays 8:00 rome silent tags politics, science``.

Parts after a semicolon may begin with the name of a setting: ``8:00 rome; days: mon fri; mode: both``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.subscriptions.edits import Setting, with_value
from bot.subscriptions.model import Mode, Settings
from bot.subscriptions.parsing import DAY_PHRASES, ZoneUnclear, is_days, parse_times
from bot.subscriptions.zones import find_zones

#: Other names of settings.
ALSO_CALLED = {
    "times": Setting.TIME,
    "when": Setting.MODE,
    "doubt": Setting.UNCERTAIN,
    "with": Setting.INCLUDE,
    "only": Setting.INCLUDE,
    "not": Setting.EXCLUDE,
    "without": Setting.EXCLUDE,
    "timezone": Setting.ZONE,
    "tag": Setting.TAGS,
    "section": Setting.SECTIONS,
}
_SILENT = ("silent", "silently", "silenzioso", "stumm", "lautlos", "silencieux", "silencioso")
_FILLERS = frozenset({"at", "in", "on", "and", "every", "alle", "ore", "e", "um", "uhr", "und", "à", "a", "las", "y"})
_LONGEST_PHRASE = 3
_LISTS = frozenset({Setting.SECTIONS, Setting.TAGS, Setting.INCLUDE, Setting.EXCLUDE})

_TIME = re.compile(r"\d{1,2}(?:[:.h]\d{2}|h)?(?:[ap]m)?", re.IGNORECASE)
_HALF = re.compile(r"(\d)\s([ap]m)\b", re.IGNORECASE)
_SOON = re.compile(
    r"\b(?:in|tra|fra|dans|en)\s(?P<count>\d{1,3}|an?|one|half an|un[ao]?|une|einer?)[\s'’]"
    r"(?P<unit>min\w*|hours?|h|or[ae]|stunden?|heures?|horas?)\b",
    re.IGNORECASE,
)
_ONCE = frozenset({"now", "once", "soon", "adesso", "ora", "subito", "jetzt", "einmal", "maintenant", "ahora"})


class Once(Exception):
    """The user wants one post, in ``delay``. Subscriptions post again and again."""

    def __init__(self, delay: timedelta) -> None:
        super().__init__(delay)
        self.delay = delay


@dataclass
class _Words:
    """The typed words, sorted by their meaning. ``others`` are not recognised: they name the zone."""

    times: list[str]
    values: list[tuple[Setting, str]]
    others: list[str]
    known: list[str]


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
        setting = _setting(name) if colon else None
        if setting is not None:
            settings = with_value(settings, setting, value, now)
        elif part:
            rest = "; ".join(one for one in parts[place + 1 :] if one)
            settings = _with_words(settings, part, now, rest)
    return settings


def _setting(name: str) -> Setting | None:
    found = ALSO_CALLED.get(name.lower())
    return found or (Setting(name.lower()) if name.lower() in set(Setting) else None)


def _with_words(settings: Settings, words: str, now: datetime, rest: str) -> Settings:
    _refuse_once(words)
    found = _sorted_out(_HALF.sub(r"\1\2", words).split(), lambda text: find_zones(text, now).is_clear)
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


def _refuse_once(words: str) -> None:
    if soon := _SOON.search(words):
        count = int(soon["count"]) if soon["count"].isdecimal() else 1
        unit = timedelta(minutes=1) if soon["unit"].lower().startswith("min") else timedelta(hours=1)
        raise Once(unit / 2 if soon["count"].lower() == "half an" else count * unit)
    if not _ONCE.isdisjoint(words.lower().split()):
        raise Once(timedelta(0))


def _sorted_out(tokens: list[str], is_zone: Callable[[str], bool]) -> _Words:
    times = [token for token in tokens if _TIME.fullmatch(token.strip(","))]
    rest = [token for token in tokens if not _TIME.fullmatch(token.strip(","))]
    if rest and is_zone(" ".join(rest)):
        return _Words(times, [], rest, times)
    found = _Words(times, [], [], list(times))
    while rest:
        size = _take_setting(rest, found)
        found.known += rest[:size]
        rest = rest[size:]
    found.known = [token for token in found.known if token not in found.others]
    return found


def _take_setting(rest: list[str], found: _Words) -> int:
    """Sorts the first words in, and returns how many that was."""
    for size in range(_LONGEST_PHRASE, 0, -1):
        if len(rest) >= size and " ".join(rest[:size]).lower().strip(",") in DAY_PHRASES:
            found.values.append((Setting.DAYS, " ".join(rest[:size]).strip(",")))
            return size
    word = rest[0].lower().strip(",")
    setting = _setting(word.rstrip(":"))
    if setting in _LISTS and len(rest) > 1:
        size = 2 + next((at for at, one in enumerate(rest[1:]) if not one.endswith(",")), len(rest) - 2)
        found.values.append((setting, " ".join(rest[1:size])))
        return size
    if is_days(word):
        size = next((at for at, one in enumerate(rest) if not is_days(one.lower().strip(","))), len(rest))
        found.values.append((Setting.DAYS, " ".join(rest[:size])))
        return size
    if word in _SILENT:
        found.values.append((Setting.SILENT, "on"))
    elif word in set(Mode):
        found.values.append((Setting.MODE, word))
    elif word not in _FILLERS:
        found.others.append(rest[0])
    return 1
