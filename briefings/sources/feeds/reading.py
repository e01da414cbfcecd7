"""Parses bytes as a `Feed`, with fastfeedparser or, if that fails, with feedparser."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from briefings.addresses import linked_address, web_address
from briefings.errors import FeedEmpty, FeedInvalid, SourceEmpty, SourceUndecodable, SourceUnsupported
from briefings.sources.decode import decode
from briefings.sources.feeds.model import Feed, FeedItem
from briefings.sources.feeds.normalize import ID_MARK, leads_to_page, normalized
from briefings.sources.feeds.prolog import without_prolog
from briefings.sources.feeds.repair import repaired_json, repaired_xml
from briefings.sources.html.loading import has_overlong_tag
from briefings.sources.links import without_trackers
from briefings.sources.text import one_line

#: The largest number of items. The newest are kept, or the first ones if items have no dates.
MOST_ITEMS = 500
_LONGEST_TITLE = 500
_LONGEST_TEXT = 1_000_000
_LONGEST_ID = 2_000
_ROOT = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_ITEM = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)\b", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-z][^<>]{0,300}>", re.IGNORECASE)
_BASE = re.compile(r"""\bxml:base\s{0,9}=\s{0,9}["']([^"'<>]{1,2000})["']""")
_MINUTES = re.compile(r"<ttl>\s{0,9}(\d{1,6})\s{0,9}</ttl>", re.IGNORECASE)
_PERIOD = re.compile(r"<sy:updatePeriod>\s{0,9}(hourly|daily|weekly|monthly)\s{0,9}</", re.IGNORECASE)
_FREQUENCY = re.compile(r"<sy:updateFrequency>\s{0,9}(\d{1,4})\s{0,9}</", re.IGNORECASE)
#: Unix counts time from 1 January 1970, in any time zone. Others count from earlier days.
_CALENDAR_STARTS = datetime(1970, 1, 2, tzinfo=UTC)
_TO_PAGE = (None, "alternate")
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
}


def read_feed(raw: bytes, url: str, charset: str | None = None) -> Feed:
    """The feed in ``raw``.

    Args:
        url: Its address. Relative addresses in it are relative to this.
        charset: The encoding that the server declares.

    Raises:
        FeedInvalid: It is not a feed.
        FeedUnsafe: It declares entities.
        FeedEmpty: It has no items.
        SourceTooLarge: It is larger than any input may be.
    """
    try:
        text = decode(raw, url, charset).lstrip("\ufeff \t\r\n")
    except (SourceEmpty, SourceUndecodable, SourceUnsupported) as error:
        raise FeedInvalid(url) from error
    if text.startswith("{"):
        text = repaired_json(text)
    else:
        text = without_prolog(text, url)
        if not _ROOT.match(text) or has_overlong_tag(text):
            raise FeedInvalid(url)
        text = normalized(repaired_xml(text))
    parsed = _parsed(text, url)
    head = text[: found.start() if (found := _ITEM.search(text)) else 20_000]
    base = _base(head, url)
    about = parsed.get("feed") or {}
    site = web_address(link, base) if (link := _text(about.get("link"))) else None
    items = tuple(_items(_entries(parsed), base, site))
    if not items:
        raise FeedEmpty(url)
    return Feed(_words(about.get("title")), items, site, _interval(head))


def _base(head: str, url: str) -> str:
    """The address to which those in the feed are relative: that of ``xml:base`` before its items, or else its own."""
    found = _BASE.search(head)
    return (web_address(unescape(found[1]), url) if found else None) or url


def _parsed(text: str, url: str) -> Mapping[str, Any]:
    """The result of the first parser that succeeds.

    Raises:
        FeedInvalid: No parser finds a feed.
    """
    import fastfeedparser  # slow to import

    # Always bytes: fastfeedparser would fetch a text that begins with http://.
    raw = text.encode("utf-8", "replace")
    try:
        found: Mapping[str, Any] = fastfeedparser.parse(
            raw, include_tags=False, include_media=False, include_enclosures=False
        )
    except MemoryError:
        raise
    except Exception as error:  # any failure of a parser is the feed's fault
        if text.startswith("{"):
            raise FeedInvalid(url) from error
    else:
        if _entries(found) or not _ITEM.search(text):
            return found
    return _parsed_slowly(raw, url)


def _parsed_slowly(raw: bytes, url: str) -> Mapping[str, Any]:
    import feedparser  # slow to import

    try:
        # Always a stream: feedparser might take bytes for a file name.
        found: Mapping[str, Any] = feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=False)
    except MemoryError:
        raise
    except Exception as error:  # as above
        raise FeedInvalid(url) from error
    return found


def _entries(parsed: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = parsed.get("entries")
    return [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []


def _items(entries: Iterable[Mapping[str, Any]], url: str, site: str | None) -> list[FeedItem]:
    """The items with any content, without duplicates, newest first."""
    found = [item for entry in entries if (item := _item(entry, url)) is not None]
    items: dict[str, FeedItem] = {}
    for item in _told_apart(found, site):
        items.setdefault(item.key, item)
    oldest = datetime.min.replace(tzinfo=UTC)
    return sorted(items.values(), key=lambda item: item.published or oldest, reverse=True)[:MOST_ITEMS]


def _told_apart(items: Sequence[FeedItem], site: str | None) -> list[FeedItem]:
    """The items without the addresses and ids that identify none of them, because several different items have them.

    An address that identifies none is often that of the site's front page.
    """
    places = _shared((item.url, item) for item in items) | {site, bare := (site or "").rstrip("/"), f"{bare}/"}
    placed = [replace(item, url=None, id=_other(item.id, item.url)) if item.url in places else item for item in items]
    ids = _shared((item.id, item) for item in placed if item.url is None)
    return [replace(item, id="") if item.id in ids else item for item in placed]


def _shared(named: Iterable[tuple[str | None, FeedItem]]) -> set[str | None]:
    """The names that different items have."""
    first: dict[str, FeedItem] = {}
    return {name for name, item in named if name and _are_different(first.setdefault(name, item), item)}


def _are_different(one: FeedItem, other: FeedItem) -> bool:
    """Whether two items are not one item before and after an edit, which seldom changes both title and text."""
    return one.title != other.title and one.text != other.text


def _other(name: str, address: str | None) -> str:
    """The id, unless it is the address again."""
    return "" if name.rstrip("/") == (address or "").rstrip("/") else name


def _item(entry: Mapping[str, Any], url: str) -> FeedItem | None:
    title, text = _words(entry.get("title")), _content(entry)
    link = next(iter(_hrefs(entry.get("links"))), "") or _text(entry.get("link"))
    address = linked_address(link, url) if link else None
    if not (title or text) and not address:
        return None
    return FeedItem(
        without_trackers(address) if address else None,
        one_line(_text(entry.get("id"))).removeprefix(ID_MARK)[:_LONGEST_ID],
        title,
        text,
        _moment(entry),
    )


def _content(entry: Mapping[str, Any]) -> str:
    """The longest text of an entry."""
    contents = entry.get("content")
    texts = (
        [_text(one.get("value")) for one in contents if isinstance(one, Mapping)] if isinstance(contents, list) else []
    )
    found = max([*texts, _text(entry.get("description")), _text(entry.get("summary"))], key=len)
    return found[:_LONGEST_TEXT].strip()


def _hrefs(links: Any) -> list[str]:
    """The links of an entry to its page, best first. One without ``rel`` is one, too (RFC 4287, section 4.2.7.2)."""
    if not isinstance(links, list):
        return []
    found = [one for one in links if isinstance(one, Mapping) and one.get("rel") in _TO_PAGE]
    return [_text(one.get("href")) for one in sorted(found, key=lambda one: not leads_to_page(one.get("type")))]


def _words(value: Any) -> str:
    """A title as plain text. Some feeds put markup in it, and some encode it twice."""
    text = unescape(_text(value)[: 4 * _LONGEST_TITLE])
    return one_line(unescape(_MARKUP.sub("", text)))[:_LONGEST_TITLE]


def _text(value: Any) -> str:
    if isinstance(value, int | float):
        return str(value)
    return value if isinstance(value, str) else ""


def _moment(entry: Mapping[str, Any]) -> datetime | None:
    """The time at which an entry was published, or else updated."""
    return next((moment for name in ("published", "updated") if (moment := _time(entry, name)) is not None), None)


def _time(entry: Mapping[str, Any], name: str) -> datetime | None:
    """A time of an entry. None if it has none, or the one that programs write in its place: the start of a calendar."""
    parts = entry.get(f"{name}_parsed")
    try:
        if parts:
            year, month, day, hour, minute, second = parts[:6]
            moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        else:
            moment = datetime.fromisoformat(_text(entry.get(name)))
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment > _CALENDAR_STARTS else None


def _interval(head: str) -> timedelta | None:
    """The wait that a feed asks for: RSS's ``ttl``, or period and frequency of the RSS syndication module."""
    if found := _MINUTES.search(head):
        return timedelta(minutes=int(found[1])) or None
    if period := _PERIOD.search(head):
        frequency = _FREQUENCY.search(head)
        return _PERIODS[period[1].lower()] / max(1, int(frequency[1]) if frequency else 1)
    return None
