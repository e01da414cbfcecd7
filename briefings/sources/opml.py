"""Reads and writes OPML, the format in which feed readers exchange lists of feeds (http://opml.org/spec2.opml)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from lxml import etree

from briefings.addresses import feed_address
from briefings.errors import FeedInvalid, OpmlInvalid, SourceEmpty, SourceUndecodable, SourceUnsupported
from briefings.sources.decode import decode
from briefings.sources.feeds.prolog import without_prolog
from briefings.sources.html.loading import has_overlong_tag
from briefings.sources.text import one_line

#: So many feeds of a list are read.
MOST_FEEDS = 10_000
_MOST_TAGS, _LONGEST_TAG, _LONGEST_TITLE = 20, 100, 200
_ADDRESSES = ("http:", "https:", "feed:", "www.")
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


class FeedList(NamedTuple):
    """The feeds of a list.

    Attributes:
        left_out: The titles of entries that are no feeds here: they have no address that can be read, or there are
            too many of them.
    """

    feeds: list[Outline]
    left_out: list[str]


def read_opml(raw: bytes, name: str) -> FeedList:
    """The feeds of a list. Folders and categories become tags.

    Raises:
        OpmlInvalid: It is not an OPML list, or has no feed.
        FeedUnsafe: It declares entities.
    """
    import listparser  # slow to import

    try:
        # The rest begins with an element, so the parser does not take it for an address.
        text = without_prolog(decode(raw, name), name)
    except (SourceEmpty, SourceUndecodable, SourceUnsupported, FeedInvalid) as error:
        raise OpmlInvalid(name) from error
    if has_overlong_tag(text):
        raise OpmlInvalid(name)
    outlines: dict[str, Outline] = {}
    left_out = _without_address(text)
    # The parser reads other letters as if each byte were one.
    plain = text.encode("ascii", "xmlcharrefreplace").decode()
    for feed in listparser.parse(plain).feeds:
        address, title = feed_address(str(feed.url)), one_line(str(feed.title or ""))[:_LONGEST_TITLE]
        if address is None or (len(outlines) >= MOST_FEEDS and address not in outlines):
            left_out.append(title or str(feed.url))
            continue
        if title.lower().startswith(_ADDRESSES):  # readers write the address there if a feed has no title
            title = ""
        named = [*chain.from_iterable(feed.categories), *feed.tags]
        tags = dict.fromkeys(tag for one in named if (tag := one_line(str(one))[:_LONGEST_TAG]))
        outlines.setdefault(address, Outline(address, title, tuple(tags)[:_MOST_TAGS]))
    if not outlines:
        raise OpmlInvalid(name)
    return FeedList(list(outlines.values()), left_out)


def _without_address(text: str) -> list[str]:
    """The titles of the entries that are no folders and have no address of a feed. The parser does not return them."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return []
    found = []
    for entry in root.iter("{*}outline") if root is not None else ():
        said = {str(name).lower(): str(value).strip() for name, value in entry.attrib.items()}
        if not said.get("xmlurl") and entry.find("{*}outline") is None:
            found.append(one_line(said.get("text") or said.get("title") or said.get("htmlurl") or "?"))
    return found


def write_opml(outlines: Iterable[Outline]) -> str:
    """The list of these feeds as OPML."""
    rows = []
    for outline in outlines:
        category = f" category={quoteattr(','.join(outline.tags))}" if outline.tags else ""
        title = quoteattr(outline.title or outline.address)
        rows.append(f'    <outline type="rss" text={title} xmlUrl={quoteattr(outline.address)}{category}/>\n')
    return f"{_START}{''.join(rows)}  </body>\n</opml>\n"
