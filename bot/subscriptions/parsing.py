"""Parses times, days, switches and time zones that users type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time

from bot.i18n import Message, own
from bot.i18n.day_parts import usual_hour
from bot.i18n.spoken_times import TimeUnclear, written_times
from bot.i18n.typed_words import typed_words
from bot.subscriptions.days import all_days
from bot.subscriptions.zones import find_zones
from briefings.phrases import fold

LONGEST_WORD = 60
MOST_TIMES = 12


_TIME = re.compile(r"(?P<hour>\d{1,2})(?:(?:[:.h]|(?<=\d\d))(?P<minute>\d{2})|h)?\s*(?P<half>[ap]m)?", re.IGNORECASE)
_NOON = frozenset({"noon", "midday", "mezzogiorno", "mittag", "mittags", "midi", "mediodía", "mediodia"})
_MIDNIGHT = frozenset({"midnight", "mezzanotte", "mitternacht", "mitternachts", "minuit", "medianoche"})


#: Words between times: "8:00 and 18:00".
_BETWEEN = frozenset(
    [
        *("and", "or", "&", "at", "e", "o", "alle", "ore", "und", "oder", "um", "uhr"),
        *("et", "ou", "a", "heures", "h", "y", "las", "horas"),
    ]
)
#: Words around the beginning and the end of hours.
_AROUND = _BETWEEN | frozenset(
    [
        *("from", "to", "until", "till", "between", "o clock", "dalle", "dal", "da", "fino", "tra", "fra", "le"),
        *("von", "ab", "bis", "zwischen", "de", "du", "entre", "jusqu", "desde", "hasta"),
    ]
)


_AND_OR = frozenset({"and", "or", "&", "e", "o", "und", "oder", "et", "ou", "y"})
_QUOTES = '"“”„«»'
_QUOTED = re.compile(f"[{_QUOTES}][^{_QUOTES}]+[{_QUOTES}]")


class SettingRefused(Exception):
    """The typed value is not valid. ``reason`` says what to write instead."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


class ZoneUnclear(Exception):
    """The typed words are not the whole name of one time zone, city or country.

    Attributes:
        zones: Those that may be meant, best first.
        others: What was typed besides the zone.
    """

    def __init__(self, zones: Sequence[str], others: str = "") -> None:
        super().__init__(zones, others)
        self.zones = tuple(zones)
        self.others = others


def times_in_digits(typed: str) -> str:
    """Returns what was typed with its spoken times as digits.

    Raises:
        SettingRefused: A spoken time is not clear.
    """
    try:
        return written_times(" ".join(typed.split()))
    except TimeUnclear as unclear:
        raise not_a_time(unclear.words) from unclear


def parse_times(typed: str) -> tuple[time, ...]:
    """Parses times of the day: ``8``, ``7:30 20:00``, ``8am, 6pm``.

    Raises:
        SettingRefused: It contains something other than times. It also does if a part of the day stands beside an hour,
            as in "sunday evening at 8", which may be one time or two.
    """
    words = [word for word in re.split(r"[,;\s]+(?![ap]m)", times_in_digits(typed)) if word]
    are_usual = {usual_hour(word) is not None for word in words if is_time(word)}
    if len(are_usual) > 1:
        raise not_a_time(" ".join(words))
    found = [parse_time(word) for word in words if (fold(word) or word) not in _BETWEEN or len(words) == 1]
    if not found or len(found) > MOST_TIMES:
        raise SettingRefused(own("Write 1 to {most} times of the day, such as 7:30 20:00.", most=MOST_TIMES))
    return tuple(sorted(set(found)))


def parse_hours(typed: str) -> tuple[time, time]:
    """Parses the beginning and the end of hours of the day: ``22:00-7:00``, ``from 10pm to 7am``, ``von 22 bis 7 Uhr``.

    Raises:
        SettingRefused: It contains something other than two times.
    """
    words = re.split(r"[\s,–—-]+(?![ap]m)", times_in_digits(typed))
    found = [word for word in words if word and fold(word) not in _AROUND]
    hours = [parse_time(word) for word in found] if all(map(is_time, found)) else []
    if len(hours) != 2 or hours[0] == hours[1]:  # a beginning and an end
        raise SettingRefused(own("Write quiet hours as 22:00-7:00, or {none}.", none=own("off")))
    return hours[0], hours[1]


def hours_at(words: Sequence[str]) -> int:
    """Returns how many of the first words are the beginning and the end of hours, as `parse_hours` takes them."""
    times = 0
    for size, word in enumerate(words, start=1):
        parts = [part for part in re.split("[-–—]", word.strip(",")) if part and fold(part) not in _AROUND]
        times += len(parts)
        if times >= 2 or not all(map(is_time, parts)):
            return size if times == 2 and all(map(is_time, parts)) else 0
    return 0


def parse_time(word: str) -> time:
    """Parses one time of the day.

    Raises:
        SettingRefused: It is not a time.
    """
    if word.lower() in _NOON | _MIDNIGHT:
        return time(12 if word.lower() in _NOON else 0)
    if (usual := usual_hour(word)) is not None:
        return time(usual)
    match = _TIME.fullmatch(word)
    if match:
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        if match["half"]:
            hour = hour % 12 + (12 if match["half"].lower() == "pm" else 0) if 1 <= hour <= 12 else 99
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise not_a_time(word)


def not_a_time(typed: str) -> SettingRefused:
    """Returns the refusal of words that are no time of the day."""
    return SettingRefused(own("“{typed}” is not a time of the day. Write for example 8:00 or 7:30 20:00.", typed=typed))


def is_time(word: str) -> bool:
    """Returns whether a word is written like a time of the day, even if there is no such time."""
    return _TIME.fullmatch(word) is not None or word.lower() in _NOON | _MIDNIGHT or usual_hour(word) is not None


def listed_words(typed: str) -> list[str]:
    """Returns the words of a list, in order: ``who, why``, ``politics and science``, ``"red line" river``.

    Between commas, and within quotation marks, several words are one.
    """
    quoted = [one.strip(_QUOTES) for one in _QUOTED.findall(typed)]
    rest = _QUOTED.sub(", " if quoted else "", typed)
    if not re.search("[,;]", typed) and not quoted:
        parts = [word for word in rest.split() if word.lower() not in _AND_OR]
        return parts or rest.split()
    parts = [part for one in re.split("[,;]", rest) if (part := _without_joining(one))]
    *most, last = parts or [""]
    words = last.split()
    is_two = len(words) == 3 and words[1].lower() in _AND_OR  # "b and c" at the end of "a, b and c"
    return [*quoted, *most, *([words[0], words[2]] if is_two else [last] if last else [])]


def list_size(words: Sequence[str]) -> int:
    """Returns how many of the first words are one list: "politics, science", "politics and science", a quotation."""
    size = 1
    if words[0][0] in _QUOTES:
        size = 1 + next((at for at, word in enumerate(words) if at + len(word) > 1 and word[-1] in _QUOTES), 0)
    while size < len(words) - 1 and words[size].lower() in _AND_OR:
        size += 2
    is_more = size < len(words) and words[size - 1].endswith(",")
    return size + list_size(words[size:]) if is_more else size


def _without_joining(part: str) -> str:
    """Returns a part of a list without "and" or "or" around it."""
    words = part.split()
    while words and words[0].lower() in _AND_OR:
        del words[0]
    while words and words[-1].lower() in _AND_OR:
        del words[-1]
    return " ".join(words)


def parse_days(typed: str) -> frozenset[int]:
    """Parses days of the week: ``daily``, ``mon wed``, ``weekdays except friday``, in each of the bot's languages.

    Raises:
        SettingRefused: It contains something other than days.
    """
    words = typed.replace(",", " ").replace(";", " ").split()
    found = all_days(words)
    if not words or found.size < len(words):
        word = (words[found.size] if words else typed)[:LONGEST_WORD]
        raise SettingRefused(
            own("“{typed}” is not a day. Write daily, weekdays, or days such as mon wed fri.", typed=word)
        )
    return found.days


def one_zone(typed: str, now: datetime) -> str:
    """Finds the time zone that ``typed`` names.

    Raises:
        SettingRefused: No time zone matches.
        ZoneUnclear: Several time zones match, or one by a part of its name.
    """
    found = find_zones(typed, now)
    if not found.names:
        raise SettingRefused(
            own(
                "Unknown time zone “{typed}”. Write a large city in your time zone, or an offset such as +2.",
                typed=typed[:LONGEST_WORD],
            )
        )
    if not found.is_clear:
        raise ZoneUnclear(found.names)
    return found.names[0]


def is_switch(word: str) -> bool:
    """Returns whether a word means on or off."""
    return fold(word) in typed_words("switches")


def is_on(typed: str) -> bool:
    """Returns whether ``typed`` means on.

    Raises:
        SettingRefused: It means neither on nor off.
    """
    found = typed_words("switches").get(fold(typed))
    if found is None:
        raise SettingRefused(own("Write “{on}” or “{off}”.", on=own("on"), off=own("off")))
    return found == "on"
