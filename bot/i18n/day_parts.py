"""Parts of the day around hours: "8 and 9 in the evening", "every morning at 7", "from 10 to 6 in the morning"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.i18n.word_lists import word_list

_HALF_DAY, _DAY = 12 * 60, 24 * 60
#: The most times before the last one of a list.
_MOST_EARLIER = 11
#: For each part of the day, the hours that are said in it, each with the hour of the day. Others are not clear.
_HOURS_OF: Mapping[str, Mapping[int, int]] = {
    "morning": {hour: hour for hour in range(12)},
    "midday": {11: 11, **{hour: hour % 12 + 12 for hour in (0, 12, 1, 2, 3, 13, 14, 15)}},
    "afternoon": {hour: hour % 12 + 12 for hour in (0, *range(1, 10), *range(12, 22))},
    "evening": {hour: hour % 12 + 12 for hour in (*range(4, 12), *range(16, 24))},
    "night": {
        **{hour: hour % 12 for hour in (*range(6), 12, 24)},
        **{hour: hour % 12 + 12 for hour in (*range(6, 12), *range(18, 24))},
    },
    "small_hours": {hour: hour % 12 for hour in (*range(7), 12)},
    "noon": {12: 12},
    "midnight": {0: 0, 12: 0, 24: 0},
    "am": {hour: hour % 12 for hour in range(1, 13)},
    "pm": {hour: hour % 12 + 12 for hour in range(1, 13)},
}
#: After another hour these are a time of their own: "8:00 noon".
_NAMED = frozenset({"noon", "midnight"})
#: In these, 0:45 is a quarter to one.
_FROM_NOON = frozenset({"midday", "afternoon"})
#: One hour before these stays as it is: `parse_times` reads "8am".
_HALVES = frozenset({"am", "pm"})
#: The hour that is meant when only a part of the day is said. Answers show it, so that it can be changed.
_USUAL_HOUR = {"morning": 8, "midday": 12, "afternoon": 15, "evening": 20, "night": 22}


class TimeUnclear(Exception):
    """The words can mean several times, or none. ``words`` are these."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class _Language:
    """The patterns of hours with a part of the day, in one language.

    Attributes:
        after: Hours before the words: "8 and 9 in the evening".
        before: Hours after the words: "every evening at 8 and 9".
        hours: The numbers of the words for hours.
    """

    after: re.Pattern[str]
    before: re.Pattern[str]
    clock: re.Pattern[str]
    to: re.Pattern[str]
    hours: Mapping[str, int]


def with_parts_of_the_day(text: str) -> str:
    """Returns a text with the hours of each part of the day as digits: "9 in the evening" is "21:00".

    Raises:
        TimeUnclear: An hour is not said in that part of the day, such as "12 in the evening".
    """
    for language in _languages():
        text = language.after.sub(lambda match, said=language: _hours_before(match, said), text)  # type: ignore[misc]  # bound
        text = language.before.sub(lambda match, said=language: _hours_behind(match, said), text)  # type: ignore[misc]  # bound
    return text


def usual_hour(word: str) -> int | None:
    """Returns the hour that is meant by a part of the day alone, such as "morning", or None for other words."""
    return _usual_hours().get(word.lower())


def without_hour(text: str) -> str:
    """Returns the first word for a time of the day that no clock shows, such as "sunrise", or an empty text."""
    found = _without_hour().search(text)
    return found[0] if found else ""


def number(known: Mapping[str, Any]) -> str:
    """Returns the pattern of an hour in a language, as a number or a word."""
    return rf"(?P<hour>\d{{1,2}}|{'|'.join(known['hours'])})"


def clock(known: Mapping[str, Any]) -> str:
    """Returns the pattern of an hour that may have minutes."""
    return rf"{number(known)}(?:[:.h](?P<minute>[0-5]\d)|h)?"


def languages() -> Mapping[str, Any]:
    """Returns the words for times of the day in each language."""
    return word_list("spoken_times")


def _hours_before(match: re.Match[str], said: _Language) -> str:
    """Returns the hours of a list or a span in the part of the day that is said after the last one."""
    part = _part(match)
    start, earlier = match["start"] or "", match["earlier"]
    last = None if part in _HALVES and not earlier else _in_part(part, match, said)
    if last is None:
        return match[0]
    is_span = bool(start) or said.to.search(earlier) is not None

    def in_part(one: re.Match[str]) -> str:
        hour = _minutes(one, said)
        if is_span:
            both = [hour, (hour + _HALF_DAY) % _DAY] if hour <= _HALF_DAY else [hour]
            return _written(min(both, key=lambda begin: (last - begin - 1) % _DAY))
        moved = _moved(part, hour)
        return _written(moved if moved is not None and 0 < (last - moved) % _DAY < _HALF_DAY else hour)

    return f"{start}{said.clock.sub(in_part, earlier)}{_written(last)}"


def _hours_behind(match: re.Match[str], said: _Language) -> str:
    """Returns the hours of a list in the part of the day that is said before it, or its usual hour."""
    part = _part(match)
    if not match["list"]:
        return f"{_USUAL_HOUR[part]}:00"
    return said.clock.sub(lambda one: _written(_in_part(part, one, said) or 0), match["list"])


def _part(match: re.Match[str]) -> str:
    """Returns the part of the day whose words are in a match."""
    return next(name for name, words in match.groupdict().items() if words and name in _HOURS_OF)


def _in_part(part: str, match: re.Match[str], said: _Language) -> int | None:
    """Returns the minute of the day of an hour in a part of the day; None if that part is a time of its own.

    Raises:
        TimeUnclear: The hour is not said in that part of the day.
    """
    moved = _moved(part, _minutes(match, said))
    if moved is None and part not in _NAMED:
        raise TimeUnclear(match[0])
    return moved


def _moved(part: str, minutes: int) -> int | None:
    hour = _HOURS_OF[part].get(minutes // 60)
    is_clear = hour is not None and (minutes or part not in _FROM_NOON)
    return 60 * hour + minutes % 60 if hour is not None and is_clear else None


def _minutes(match: re.Match[str], said: _Language) -> int:
    hour = match["hour"].lower()
    return 60 * (said.hours.get(hour) or int(hour)) + int(match["minute"] or 0)


def _written(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


@cache
def _languages() -> list[_Language]:
    return [
        _Language(
            _compiled(rf"{_hours(known)}(?:\s(?:{_named(_after_hours(known))})|(?P<am>am)|(?P<pm>pm))"),
            _compiled(rf"(?:{_named(known['every'])})(?:\s(?P<list>{_list(known)}))?"),
            re.compile(rf"(?<![\w:.]){clock(known)}(?![\w:.])", re.IGNORECASE),
            re.compile(rf"[–—-]|\s{_any_of(known['to'])}\s", re.IGNORECASE),
            {word: place for place, word in enumerate(known["hours"], start=1)},
        )
        for known in languages().values()
    ]


def _after_hours(known: Mapping[str, Any]) -> dict[str, list[str]]:
    """Returns the words for parts of the day that may follow an hour: "in the evening", "every evening"."""
    return {name: [*words, *known["every"].get(name, [])] for name, words in known["parts"].items()}


def _compiled(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w:.]){words}\b", re.IGNORECASE)


def _named(parts: Mapping[str, list[str]]) -> str:
    """Returns the pattern of the words for parts of the day, each in a group with its name."""
    return "|".join(rf"(?P<{name}>{_any_of(words)})" for name, words in parts.items())


def _list(known: Mapping[str, Any]) -> str:
    return rf"{_unnamed(known)}(?:{_between(known)}{_unnamed(known)}){{0,{_MOST_EARLIER}}}"


def _hours(known: Mapping[str, Any]) -> str:
    """Returns the pattern of an hour, of several, or of a span that begins with a word for "from"."""
    next_one = rf"(?:{_between(known)}|\s)"
    earlier = rf"(?P<earlier>(?:{_unnamed(known)}{next_one}){{0,{_MOST_EARLIER}}})"
    return rf"(?P<start>{_any_of(known['from'])}\s)?{earlier}{clock(known)}"


def _between(known: Mapping[str, Any]) -> str:
    """Returns the pattern of the words between two hours: "and", "to", a comma, a dash."""
    word = _any_of([*known["and"], *known["to"]])
    return rf"(?:\s?[,–—-]\s?(?:{word}\s)?|\s{word}\s)"


def _unnamed(known: Mapping[str, Any]) -> str:
    return clock(known).replace("?P<hour>", "?:").replace("?P<minute>", "?:")


def _any_of(words: list[str]) -> str:
    return rf"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})"


@cache
def _usual_hours() -> Mapping[str, int]:
    return {
        word: _USUAL_HOUR[part]
        for known in languages().values()
        for part, words in known["alone"].items()
        for word in words
    }


@cache
def _without_hour() -> re.Pattern[str]:
    words = [word for known in languages().values() for word in known["without_hour"]]
    return re.compile(rf"\b{_any_of(words)}\b", re.IGNORECASE)
