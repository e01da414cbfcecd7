"""Rewrites dates with names of months and weekdays in any language as RFC 822 has them."""

from __future__ import annotations

import re
from functools import cache

from briefings import languages
from briefings.phrases import fold

_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST = 100
#: What parsers read: RFC 822 with English names, and ISO 8601.
_STANDARD = re.compile(
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{{1,2}} (?:{'|'.join(_ENGLISH)}) \d{{4}} [\d:]{{5,8}} [A-Z\d+-]{{1,6}}"
    r"|\d{4}-\d\d-\d\d(?:[T ][\d:.,]{5,20} ?(?:Z|[+-][\d:]{2,6})?)?"
)
#: "4 March 2025", "4. März 2025", "4 de junio de 2025".
_WRITTEN = re.compile(
    r"\b(\d{1,2})(?:\.|er|º|°)?[ -](?:[^\W\d_]{2} )?([^\W\d_]{3,12})\.?,?[ -](?:[^\W\d_]{2,3} )?(\d{4})\b"
)
#: "4.3.2025", "3/14/2025".
_IN_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d)\b")
_CLOCK = re.compile(r"\b(\d{1,2})[:h.](\d\d)(:\d\d)?(?: ?([APap])\.?[Mm]\b\.?)?(?: ?([+-]\d\d:?\d\d|[A-Z]{1,5}\b))?")
#: Parsers complete a date without a day or a year from the current day.
_COMPLETE = re.compile(
    r"\d{1,2}\D{1,15}(?:19|20)\d\d\b|(?:19|20)\d\d[-/.]\d|\b\d{1,2}[ -][^\W\d_]{3,9}\.?[ -]\d\d\b|\d{8}"
)


def standard_date(text: str) -> str:
    """The date as parsers read it. Empty if it lacks a day or a year, or if its month is not certain."""
    found = " ".join(text[: _LONGEST + 1].split())
    if _STANDARD.fullmatch(found):
        return text
    if len(found) > _LONGEST or not _COMPLETE.search(found):
        return ""
    if numbers := _IN_NUMBERS.search(found):
        day, month = _day_and_month(int(numbers[1]), int(numbers[3]), is_european=numbers[2] == ".")
        return _standard(day, month, numbers[4], found[numbers.end() :])
    written = _WRITTEN.search(found)
    if written is None:
        return text
    return _standard(int(written[1]), _months().get(fold(written[2])), written[3], found[written.end() :])


def _day_and_month(first: int, second: int, *, is_european: bool) -> tuple[int, int | None]:
    """The day and the month, or None if both numbers can be the month. With a dot between them, the day is first."""
    if is_european or first > len(_ENGLISH) or first == second:
        return first, second
    return second, first if second > len(_ENGLISH) else None


def _standard(day: int, month: int | None, year: str, rest: str) -> str:
    return f"{day} {_ENGLISH[month - 1]} {year}{_time(rest)}" if month and month <= len(_ENGLISH) else ""


def _time(rest: str) -> str:
    found = _CLOCK.search(rest)
    if found is None:
        return ""
    hour, minute, second, half, zone = found.groups()
    if half:
        hour = int(hour) % 12 + (12 if half in "Pp" else 0)
    return f" {int(hour):02}:{minute}{second or ':00'} {zone or ''}".rstrip()


@cache
def _months() -> dict[str, int]:
    """The folded names and abbreviations of months in all languages."""
    return {name: month for code in sorted(languages.codes()) for name, month in languages.load(code).months.items()}
