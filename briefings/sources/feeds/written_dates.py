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
_CLOCK = re.compile(r"\b(\d{1,2})[:h.](\d\d)(:\d\d)?(?: ?([APap])\.?[Mm]\b\.?)?(?: ?([+-]\d\d:?\d\d|[A-Z]{1,5}\b))?")
#: Parsers complete a date without a day or a year from the current day.
_COMPLETE = re.compile(
    r"\d{1,2}\D{1,15}(?:19|20)\d\d\b|(?:19|20)\d\d[-/.]\d|\b\d{1,2}[ -][^\W\d_]{3,9}\.?[ -]\d\d\b|\d{8}"
)


def standard_date(text: str) -> str:
    """The date as parsers read it. Empty if it lacks a day or a year, or if its month is not known."""
    found = " ".join(text[: _LONGEST + 1].split())
    if _STANDARD.fullmatch(found):
        return text
    if len(found) > _LONGEST or not _COMPLETE.search(found):
        return ""
    written = _WRITTEN.search(found)
    if written is None:
        return text
    month = _months().get(fold(written[2]))
    if month is None:
        return ""
    return f"{written[1]} {_ENGLISH[month - 1]} {written[3]}{_time(found[written.end() :])}"


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
