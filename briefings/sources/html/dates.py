"""Finds the date of publication of a page by comparing all places that name one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from briefings.sources.furniture import Furniture
from briefings.sources.html.metadata import Head, Markup

_METAS = (
    "article:published_time",
    "article:published",
    "article.published",
    "og:published_time",
    "og:article:published_time",
    "article_date_original",
    "datepublished",
    "date_published",
    "publishdate",
    "publish-date",
    "publication_date",
    "published_time",
    "pubdate",
    "pub_date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dc.date",
    "dcterms.date",
    "dcterms.created",
    "dc.date.created",
    "datecreated",
    "citation_publication_date",
    "cxenseparse:recs:publishtime",
    "rnews:datepublished",
    "date",
)
_ADDRESS = re.compile(r"/((?:19|20)\d\d)(?:[/-](\d{1,2})[/-](\d{1,2})|(\d\d)(\d\d))(?!\d)")
_NUMBERS = re.compile(r"\s{0,9}(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:\D|$|\d{4,6}\b)")
_SECONDS = re.compile(r"\s{0,9}(\d{10})(?:\d{3})?\s{0,9}")
_EARLIEST = 1800
_LONGEST = 200


def find_date(head: Head, markup: Markup, shown: Iterable[str], known: Furniture) -> date | None:
    """The date that most places name. In a tie, the one from the most reliable place.

    Args:
        shown: The text between the page's title and its body.
    """
    sources = [
        [day for text in head.structured.dates[:1] if (day := _day(text, known))],
        [day for text in head.said(*_METAS) if (day := _day(text, known))][:1],
        [day for text in markup.dates[:1] if (day := _day(text, known))],
        [day for day in [_of_address(head.url)] if day],
        [day for text in shown if (day := _day(text, known))][:1],
    ]
    named = [day for source in sources for day in source]
    counts = Counter(named)
    # A year alone is read as the first of January, so that date needs two places.
    sure = [day for day in named if (day.month, day.day) != (1, 1) or counts[day] > 1]
    return max(sure, key=lambda day: counts[day], default=None)


def _of_address(url: str | None) -> date | None:
    match = _ADDRESS.search(url or "")
    return _made(*(int(part) for part in match.groups() if part)) if match else None


def _day(text: str, known: Furniture) -> date | None:
    """The date in machine-readable or human-readable form."""
    if match := _NUMBERS.match(text):
        return _made(*map(int, match.groups()))
    if match := _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(match[1]), UTC).date()
    try:
        return parsedate_to_datetime(text).date()
    except ValueError:
        return known.calendar.day(text[:_LONGEST])


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= _EARLIEST else None
    except ValueError:
        return None
