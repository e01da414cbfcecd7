"""Rewrites parts of an XML feed that its parsers do not understand: titles, addresses and dates of items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree

from briefings.addresses import linked_address, web_address
from briefings.sources.feeds.written_dates import standard_date

_ITEM = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)\b", re.IGNORECASE)
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
#: Marks of an address that the parsers would miss, and of a title or text that they would mistake for the item's own.
_MARKS = re.compile(
    r"\bxml:base\b|:origLink\b|<(?:\w{1,20}:)?content\b[^<>]{0,300}\ssrc\s{0,9}="
    r"|<\w{1,20}:(?:title|description|summary)\b",
    re.IGNORECASE,
)
_WORDS = frozenset({"title", "description", "summary"})
_OPAQUE = re.compile(r"""\sisPermaLink\s{0,9}=\s{0,9}["']false["']""", re.IGNORECASE)
_LINK = re.compile(r"<link>(?:\s|<!\[CDATA\[){0,99}[^\s<]", re.IGNORECASE)
_DATE_NAMES = frozenset({"pubdate", "date", "published", "updated", "issued", "modified"})
_DATE = re.compile(
    rf"<(?:\w{{1,20}}:)?(?:{'|'.join(sorted(_DATE_NAMES))})>\s{{0,99}}(?:<!\[CDATA\[)?([^<>\[\]]{{1,200}})",
    re.IGNORECASE,
)
#: Proxies of feeds, such as FeedBurner and Pheedo, name the address of the page so.
_ORIGINAL = "origlink"
#: Put before ids, because parsers take some for links, and some for dates.
ID_MARK = "only-an-id:"
_MEDIA = ("audio/", "image/", "video/")
_PAGES = frozenset({"text/html", "application/xhtml+xml"})


def normalized(text: str) -> str:
    """The feed with the address of each item's page in its link, and its dates as RFC 822 has them.

    Feeds that need no change are returned as they are, and so are those that cannot be parsed.
    """
    if not _needs_change(text):
        return text
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, strip_cdata=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return text
    if root is None:
        return text
    for item in list(root.iter("{*}item", "{*}entry")):
        _normalize(item)
    return etree.tostring(root, encoding="unicode")


def leads_to_page(media: object) -> bool:
    """Whether a link with this media type, or with none, leads to a page for people."""
    return not media or media in _PAGES


def _needs_change(text: str) -> bool:
    first, *items = _ITEM.split(text)
    return _MARKS.search(text, len(first)) is not None or any(map(_is_misread, items))


def _is_misread(item: str) -> bool:
    """Whether a parser would misread a date, or would take the item's id for its link or its date."""
    dates = _DATE.findall(item)
    if any(standard_date(date) != date for date in dates):
        return True
    return "<guid" in item and (not dates or (_OPAQUE.search(item) is not None and not _LINK.search(item)))


def _normalize(item: etree._Element) -> None:
    children = [(_local_name(child), child) for child in item.iterchildren(tag=etree.Element)]
    for name, child in children:
        if name in _DATE_NAMES:
            child.text = standard_date(child.text or "")
    own = {name for name, child in children if _is_own(child, item)}
    for name, child in children:
        if name in _WORDS & own and not _is_own(child, item):
            item.remove(child)
    links = [child for name, child in children if name == "link" and _is_to_page(child, item)]
    address = next(_page_addresses(item, children, links), None)
    if address:
        for link in links:
            item.remove(link)
        _add_link(item, address)
    for name, child in children:
        if name == "guid" and _is_only_an_id(child):
            child.text = f"{ID_MARK}{child.text or ''}"


def _page_addresses(
    item: etree._Element, children: list[tuple[str, etree._Element]], links: list[etree._Element]
) -> Iterator[str]:
    """The addresses of an item's page, best first: the original one, its link, and that of its content."""
    for name, child in children:
        if name == _ORIGINAL and (original := linked_address(child.text or "")):
            yield original
    for child in sorted(links, key=lambda link: not leads_to_page(link.get("type"))):
        if address := (child.get("href") or child.text or "").strip():
            yield _resolved(address, child, item)
    for name, child in children:
        is_page = name == "content" and not (child.get("type") or "").startswith(_MEDIA)
        if is_page and (address := (child.get("src") or "").strip()):
            yield _resolved(address, child, item)


def _resolved(address: str, child: etree._Element, item: etree._Element) -> str:
    """The address relative to ``xml:base`` of its element and of its item."""
    for element in (child, item):
        try:
            address = urljoin(element.get(_BASE) or "", address)
        except ValueError:
            continue
    return address


def _add_link(item: etree._Element, address: str) -> None:
    name = etree.QName(item)
    link = etree.SubElement(item, etree.QName(name.namespace, "link"))
    if name.localname.lower() == "entry":
        link.set("href", address)
    else:
        link.text = address


def _is_to_page(link: etree._Element, item: etree._Element) -> bool:
    """Whether it links to the item's page. RSS feeds contain links of Atom, too, which are to other things."""
    return link.get("rel") in (None, "alternate") and etree.QName(link).namespace == etree.QName(item).namespace


def _is_own(child: etree._Element, item: etree._Element) -> bool:
    """Whether it is of the item's own format. Others are about its pictures (``media:title``), or repeat it."""
    name = etree.QName(child)
    return ":" not in name.localname and name.namespace == etree.QName(item).namespace


def _is_only_an_id(guid: etree._Element) -> bool:
    """Whether it is not also the link. It is if it has an address, unless ``isPermaLink`` says that it is not."""
    is_opaque = (guid.get("isPermaLink") or "").lower() == "false"
    return is_opaque or not web_address(guid.text or "")


def _local_name(element: etree._Element) -> str:
    """The name of an element without its namespace or prefix, in lower case."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()
