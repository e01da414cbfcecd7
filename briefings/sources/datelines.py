"""Finds dates in the lines of a page, and lines that contain only a date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from briefings.phrases import fold

_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}(?:\s*[ap](?:\. ?)?m\.?)?|\d{1,2}\s*[ap](?:\. ?)?m\.?", re.IGNORECASE)
# The time of day above an entry of a live page: "14:32", "11.48 Uhr", "2:05 p.m.".
_CLOCK_ALONE = re.compile(r"\d{1,2}[:.h]\d{2}(?: ?(?:[A-Z]{2,5}|Uhr|[ap]\.?m\.?))?", re.IGNORECASE)
_AGO = re.compile(
    r"\b\d{1,3} ?(?:(?:second|minute|min|hour|hr|day|week|month)s?|[smhdw]) ago\b"
    r"|\b\d{1,3} (?:or[ae]|giorn[oi]|minut[oi]) fa\b"
    r"|\b(?:há|hace|vor|il y a) \d{1,3} ?"
    r"(?:[Mm]in(?:ut\w{0,3})?|horas?|heures?|Stunden?|h|dias?|días?|jours?|Tag(?:en)?)\b"
)
# A year alone is the heading of a chronicle.
YEAR = re.compile(r"[12]\d{3}")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+(?:st|nd|rd|th|er|o|a)?")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|o)$")
_DIGIT_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})\b|\b\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?")
# With dots the day comes first everywhere; with slashes, in English, it depends on the country.
_SLASHED_DATE = re.compile(r"(?<![\d/])(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b")
_DOTTED_DATE = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?!\d)")
# "2025年3月5日", "2025년 3월 5일".
_EAST_ASIAN_DATE = re.compile(r"(?<!\d)(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]")
# The word for "year" behind its number: "11 жовтня 2025 р.".
_YEAR_MARK = re.compile(r"(?<=\d{4}) [рrг]\.")
_LONGEST_DATELINE = 110
# "12 May 2023 / 4 Comments / in News / by admin": the marks between the parts, and the length of a part.
_MARK = re.compile(r" [/|·•] ")
_FEWEST_PARTS, _PART_WORDS = 3, 6
_MONTHS = 12
# Countries in whose English dates the day, or the month, comes first.
_DAY_FIRST = frozenset({"GB", "IE", "AU", "NZ", "IN", "ZA", "NG", "KE", "GH", "UG", "SG", "MT", "HK", "PK", "JM", "TT"})
_MONTH_FIRST = frozenset({"US"})
_WORDS_BESIDE_DATE = 6
# The place and day at the start of a report, up to a dash, a colon or a full stop behind the year.
_REPORT_DATELINE = re.compile(r"\A([^\n–—]{8,70}?)\)?(?: ?[–—]| -|(?<=\d{4})\)?[.:]) ")
# The longest date at the end of a headline: "Fri 6 Jun 2025 15.02 CEST".
_LAST_WORDS = 7
_DATE_WORDS = frozenset(
    fold(
        "at on am pm et est edt gmt utc bst cet cest ist pst pdt ct cst th st nd rd of de del a las alle ore h um uhr o"
        " kl le om first last modified updated published posted today yesterday heute gestern oggi ieri aujourd'hui hoy"
        " ayer hoje ontem року года roku"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The names of months and weekdays in the languages of a page.

    Attributes:
        months: Folded names and abbreviations of months, to their numbers.
        names: Folded names of months and weekdays.
        is_day_first: Whether the day is before the month in dates with slashes. None if that is not known.
    """

    months: dict[str, int]
    names: frozenset[str]
    is_day_first: bool | None = None

    def is_dateline(self, line: str) -> bool:
        """Whether the line contains only a date or time."""
        if len(line) > _LONGEST_DATELINE or not any(map(str.isdigit, line)):
            return False
        rest = self._beside_date(line)
        has_date = self.names_day(line)
        if has_date and self._has_dated_part(line):
            return True
        # Next to a date: a time zone, a town, the author's name or the section's name.
        if not rest:
            return not YEAR.fullmatch(line)
        is_beside = len(rest) <= _WORDS_BESIDE_DATE and not any(word[0].islower() for word in rest)
        return has_date and is_beside and line[-1] not in ".!?"

    def _has_dated_part(self, line: str) -> bool:
        """Whether the line is a row of short parts, and the first of two, or one of more, is only a date."""
        parts = _MARK.split(line)
        is_row = len(parts) > 1 and all(len(part.split()) <= _PART_WORDS for part in parts)
        dated = parts if len(parts) >= _FEWEST_PARTS else parts[:1]
        return is_row and any(self.names_day(part) and not self._beside_date(part) for part in dated)

    def names_day(self, line: str) -> bool:
        """Whether the line has a full date, in words or in digits."""
        return self.day(line) is not None or bool(_DIGIT_DATE.search(line))

    def _beside_date(self, line: str) -> list[str]:
        for time in (_AGO, _CLOCK, _DIGIT_DATE, _EAST_ASIAN_DATE, _YEAR_MARK):
            line = time.sub(" ", line)
        return [word for word in line.split() if not self.is_of_date(word)]

    def is_of_date(self, word: str) -> bool:
        """Whether the word may be part of a date: a number, a month, "at", "GMT"."""
        return all(part in self.names or part in _DATE_WORDS or _NUMBER.fullmatch(part) for part in fold(word).split())

    def day(self, line: str) -> date | None:
        """The first full date of the line: ISO, or day, name of the month and year in either order."""
        if not _DIGIT.search(line):
            return None
        if match := _ISO_DATE.search(line) or _EAST_ASIAN_DATE.search(line):
            return _date(*map(int, match.groups()))
        if match := _DOTTED_DATE.search(line):
            return _date(int(match[3]), int(match[2]), int(match[1]))
        if match := _SLASHED_DATE.search(line):
            return self._slashed(*map(int, match.groups()))
        words = [word for word in fold(line).split() if word not in _DATE_WORDS]
        for place, word in enumerate(words):
            month = self.months.get(word)
            if month is None:
                continue
            after = words[place + 1 : place + 3]
            before = words[place - 1 : place] if place else []
            numbers = [_ORDINAL.sub("", near) for near in before + after]
            days = [int(near) for near in numbers if near.isdigit() and len(near) <= 2]
            years = [int(near) for near in numbers if near.isdigit() and len(near) == 4]
            if days and years and (found := _date(years[0], month, days[0])):
                return found
        return None

    def _slashed(self, first: int, second: int, year: int) -> date | None:
        """The date of "19/01/2026", unless it is not known which of the two numbers is the month."""
        if first > _MONTHS or second > _MONTHS:
            return _date(year, min(first, second), max(first, second))
        if self.is_day_first is None:
            return None
        return _date(year, second, first) if self.is_day_first else _date(year, first, second)

    def dateline_day(self, paragraph: str) -> date | None:
        """The day before the first sentence of a report: "OSLO, 12 May 2023 – The council …"."""
        match = _REPORT_DATELINE.match(paragraph)
        return self.day(match[1]) if match and self.is_dateline(match[1]) else None

    def without_date(self, line: str) -> str:
        """A headline without the date or time at its end: "Ferry aground 9 Jan 2025" becomes "Ferry aground"."""
        words = line.split()
        for place in range(max(1, len(words) - _LAST_WORDS), len(words)):
            tail = " ".join(words[place:])
            is_date = self.day(tail) or any(time.search(tail) for time in (_DIGIT_DATE, _CLOCK, _AGO))
            if is_date and not self._beside_date(tail) and _begins_date(words[place], self.names):
                return " ".join(words[:place]).rstrip(" |·•,–—-")
        return line


def is_day_first(text: str, region: str | None) -> bool | None:
    """Whether the dates with slashes in a text name the day before the month. None if that is not clear.

    Args:
        region: The country of the page's language: "GB".
    """
    dates = [(int(match[1]), int(match[2])) for match in _SLASHED_DATE.finditer(text)]
    by_day, by_month = any(one > _MONTHS for one, _ in dates), any(other > _MONTHS for _, other in dates)
    if by_day != by_month:
        return by_day
    return True if region in _DAY_FIRST else False if region in _MONTH_FIRST else None


def is_clock(line: str) -> bool:
    """Whether the line contains only the time of day."""
    return _CLOCK_ALONE.fullmatch(line) is not None


def _begins_date(word: str, names: frozenset[str]) -> bool:
    """Whether a date may begin with the word: a number, a month, a weekday."""
    folded = fold(word).partition(" ")[0]
    return folded in names or folded[:1].isdigit()


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
