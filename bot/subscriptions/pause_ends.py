"""Reads the end of a pause: "until monday", "for 2 weeks", "fino al 15 dicembre", "jusqu'à demain 18:00". Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.i18n import LOCALES
from bot.i18n.word_lists import word_list
from bot.subscriptions.days import all_days
from bot.subscriptions.parsing import SettingRefused, parse_times
from bot.subscriptions.slots import instant, local_time
from briefings.phrases import fold

_LONGEST = timedelta(days=366)
_WEEK, _MONTH = 7, 30
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
#: Only a day above 12 tells the day from the month, or a dot, which no American date has.
_IN_NUMBERS = re.compile(r"(\d{1,2})([./])(\d{1,2})(?:\2(\d{4})?)?")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|º|\.)?")
_LENGTH = re.compile(r"(\d{1,3}) ?([^\W\d_]+)")


def pause_end(words: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Returns the end of a pause, in UTC. A day without a time ends it as the day begins.

    None: the words name no single day or length, or the end is past or more than a year away.
    """
    typed = words.lower().replace("’", " ").replace("'", " ").split()
    left = _without(typed, "before")
    a_week = ["1", *left] if len(left) == 1 < len(typed) else left  # the article was left out with the other words
    end = (_after_length(a_week, now, zone) or _at_day(left, now, zone)) if left else None
    return end if end is not None and now < end <= now + _LONGEST else None


def _after_length(words: Sequence[str], now: datetime, zone: ZoneInfo) -> datetime | None:
    """Returns the end of a pause of some hours, days, weeks or months: "2 weeks", "a month", "3d"."""
    first, *more = words
    match = _LENGTH.fullmatch(" ".join([str(_numbers().get(fold(first), first)), *more]))
    if match is None:
        return None
    number, unit = int(match[1]), fold(match[2])
    if unit in _words("hours"):
        return now + timedelta(hours=number)
    days = next((size for kind, size in (("days", 1), ("weeks", _WEEK), ("months", _MONTH)) if unit in _words(kind)), 0)
    is_sane = 0 < number * days <= _LONGEST.days
    return instant(local_time(now, zone) + timedelta(days=number * days), zone) if is_sane else None


def _at_day(words: Sequence[str], now: datetime, zone: ZoneInfo) -> datetime | None:
    """Returns the beginning of a day, or a time on it. A time alone is its next one."""
    here = local_time(now, zone)
    for size in range(len(words), -1, -1):
        day, again = _day(words[:size], here.date()) if size else (here.date(), 1)
        at = _time(words[size:]) if size < len(words) else time(0)
        if day is None or at is None:
            continue
        end = datetime.combine(day, at)
        return instant(end if end > here else end + timedelta(days=again), zone)
    return None


def _time(words: Sequence[str]) -> time | None:
    try:
        found = parse_times(" ".join(_without(words, "before")))
    except SettingRefused:
        return None
    return found[0] if len(found) == 1 else None


def _day(words: Sequence[str], today: date) -> tuple[date | None, int]:
    """Returns the next day with this name or date, which may be today, and in how many days it comes again, if ever."""
    said = " ".join(map(fold, words))
    for kind, days in (("tomorrow", 1), ("after_tomorrow", 2)):
        if said in _words(kind):
            return today + timedelta(days=days), 0
    plain = _without(words, "before", "next", "this")
    if len(plain) < len(words) and len(plain) == 1 and fold(plain[0]) in _words("weeks"):
        return today + timedelta(days=_WEEK - today.weekday()), 0
    found = all_days(plain)
    if plain and found.size == len(plain) and len(found.days) == 1:
        (weekday,) = found.days
        is_next = len(_without(words, "next")) < len(words)
        first = today + timedelta(days=is_next)  # "next saturday" is never today
        return first + timedelta(days=(weekday - first.weekday()) % _WEEK), _WEEK
    return _date(plain, today), 0


def _date(words: Sequence[str], today: date) -> date | None:
    """Returns the next day with a date: "2026-12-15", "15.12.", "15 december", "december 15th 2026"."""
    said = " ".join(words).rstrip(",")
    if match := _ISO.fullmatch(said):
        return _valid(int(match[1]), int(match[2]), int(match[3]))
    if match := _IN_NUMBERS.fullmatch(said):
        first, second, year = int(match[1]), int(match[3]), int(match[4] or 0)
        if match[2] == "/" and first <= 12 and second <= 12 and first != second:
            return None
        day, month = (second, first) if second > 12 else (first, second)
        return _coming(day, month, year, today)
    year = int(words[-1]) if len(words) == 3 and re.fullmatch(r"\d{4}", words[-1]) else 0
    pair = words[:2] if year else words
    if len(pair) != 2:
        return None
    for number, name in (pair, reversed(pair)):
        match, month = _ORDINAL.fullmatch(number.rstrip(",")), _months().get(fold(name), 0)
        if match and month:
            return _coming(int(match[1]), month, year, today)
    return None


def _coming(day: int, month: int, year: int, today: date) -> date | None:
    if year:
        return _valid(year, month, day)
    found = _valid(today.year, month, day)
    return found if found is None or found >= today else _valid(today.year + 1, month, day)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _without(words: Sequence[str], *kinds: str) -> list[str]:
    """Returns the words without those of some kinds at the beginning, and without "next" words at the end."""
    known = frozenset().union(*map(_words, kinds))
    left = list(words)
    while len(left) > 1 and fold(left[0]) in known:
        del left[0]
    return [word for word in left if len(left) == 1 or fold(word) not in known or word.isdigit()]


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(fold(word) for known in word_list("pause_words").values() for word in known[kind])


@cache
def _numbers() -> dict[str, int]:
    lists = word_list("pause_words").values()
    ones = {fold(word): 1 for known in lists for word in known["one"]}
    return ones | {fold(word): place for known in lists for place, word in enumerate(known["numbers"], start=2)}


@cache
def _months() -> dict[str, int]:
    from babel import Locale  # slow to import, and few commands need it

    widths = [Locale(code).months["format"][width] for code in LOCALES for width in ("wide", "abbreviated")]
    return {fold(names[month]): month for names in widths for month in range(1, 13)}
