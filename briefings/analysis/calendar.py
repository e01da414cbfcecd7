"""Days of the calendar, such as "Tuesday" or "last month", relative to a given day."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

#: The first and the last day of a period.
Days = tuple[date, date]

_WEEK = 7
_MOST_UNITS = 5000
#: How many times as far a day ahead counts if no word is about the future: 100 days ahead are as far as 250 days ago.
_AHEAD = 2.5
#: How many times as far a past day counts if some word is about the future: 90 days ago are as far as 270 days ahead.
_PAST = 3.0


def day(year: int | None, month: int, number: int) -> Days | None:
    """The day as a range. None if the date does not exist."""
    try:
        found = date(year or 0, month, number)
    except ValueError:
        return None
    return found, found


def nearest_year(published: date | None, month: int, number: int, is_coming: bool) -> int | None:
    """The likeliest year of a day of a month: what is to come is seldom past, and the reverse."""
    if published is None:
        return None
    past, ahead = (_PAST, 1.0) if is_coming else (1.0, _AHEAD)
    years = (published.year - 1, published.year, published.year + 1)
    found = [days[0] for year in years if (days := day(year, month, number))]
    return min(found, key=lambda one: max(past * (published - one), ahead * (one - published))).year if found else None


def of_weekday(published: date, weekday: int, is_coming: bool, *, is_other_day: bool = False) -> Days:
    """The last such day up to ``published``, or the next one from then on.

    Args:
        is_other_day: Whether the day of publication is excluded: "last Tuesday".
    """
    away = (weekday - published.weekday() if is_coming else published.weekday() - weekday) % _WEEK
    days = timedelta(days=away or _WEEK * is_other_day)
    found = published + days if is_coming else published - days
    return found, found


def of_month(published: date, month: int, is_coming: bool) -> Days:
    """The last such month that has begun by ``published``, or the next one."""
    year = published.year + (is_coming and month < published.month) - (not is_coming and month > published.month)
    return of_unit("month", date(year, month, 1))


def of_unit(unit: str, within: date) -> Days:
    """The day, week (from Monday), month or year that contains ``within``."""
    match unit:
        case "week":
            first = within - timedelta(days=within.weekday())
            return first, first + timedelta(days=_WEEK - 1)
        case "month":
            return within.replace(day=1), within.replace(day=calendar.monthrange(within.year, within.month)[1])
        case "year":
            return date(within.year, 1, 1), date(within.year, 12, 31)
        case _:
            return within, within


def shifted(published: date, unit: str, count: int) -> Days | None:
    """The day, week, month or year that is ``count`` units after ``published``, or before it if negative."""
    if abs(count) > _MOST_UNITS:
        return None
    try:
        match unit:
            case "week":
                return of_unit(unit, published + timedelta(weeks=count))
            case "month":
                months = published.year * 12 + published.month - 1 + count
                return of_unit(unit, date(months // 12, months % 12 + 1, 1))
            case "year":
                return of_unit(unit, date(published.year + count, 1, 1))
            case _:
                return of_unit(unit, published + timedelta(days=count))
    except (OverflowError, ValueError):
        return None
