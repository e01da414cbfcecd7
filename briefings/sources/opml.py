"""Reads and writes OPML, the format in which feed readers exchange lists of feeds (http://opml.org/spec2.opml)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from xml.sax.saxutils import quoteattr

from briefings.addresses import feed_address
from briefings.errors import FeedEmpty, FeedInvalid, SourceEmpty, SourceUndecodable, SourceUnsupported
from briefings.sources.decode import decode
from briefings.sources.feeds.prolog import without_prolog
from briefings.sources.html.loading import has_overlong_tag
from briefings.sources.text import one_line

_MOST_FEEDS = 10_000
_MOST_TAGS, _LONGEST_TAG = 20, 100
_START = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>Nutgraf</title></head>
  <body>
"""


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in a list."""

    address: str
    title: str = ""
    tags: tuple[str, ...] = ()


def read_opml(raw: bytes, name: str) -> list[Outline]:
    """The feeds of a list. Folders and categories become tags.

    Raises:
        FeedInvalid: It is not an OPML list.
        FeedUnsafe: It declares entities.
        FeedEmpty: It contains no feed.
    """
    import listparser  # slow to import

    try:
        # The rest begins with an element, so the parser does not take it for an address.
        text = without_prolog(decode(raw, name), name)
    except (SourceEmpty, SourceUndecodable, SourceUnsupported) as error:
        raise FeedInvalid(name) from error
    if has_overlong_tag(text):
        raise FeedInvalid(name)
    found = listparser.parse(text)
    if not found.version and not found.feeds:
        raise FeedInvalid(name)
    outlines: dict[str, Outline] = {}
    for feed in found.feeds[:_MOST_FEEDS]:
        address = feed_address(str(feed.url))
        if address:
            named = [*chain.from_iterable(feed.categories), *feed.tags]
            tags = dict.fromkeys(tag for one in named if (tag := one_line(str(one))[:_LONGEST_TAG]))
            outlines.setdefault(address, Outline(address, one_line(str(feed.title or "")), tuple(tags)[:_MOST_TAGS]))
    if not outlines:
        raise FeedEmpty(name)
    return list(outlines.values())


def write_opml(outlines: Iterable[Outline]) -> str:
    """The list of these feeds as OPML."""
    rows = []
    for outline in outlines:
        category = f" category={quoteattr(','.join(outline.tags))}" if outline.tags else ""
        title = quoteattr(outline.title or outline.address)
        rows.append(f'    <outline type="rss" text={title} xmlUrl={quoteattr(outline.address)}{category}/>\n')
    return f"{_START}{''.join(rows)}  </body>\n</opml>\n"
