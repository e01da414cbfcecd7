"""Collects a page's statements about itself from its head and markup. They are compared elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from briefings.addresses import web_address
from briefings.sources.html.structured import Structured, read_structured
from briefings.sources.html.tags import BLOCKS
from briefings.sources.text import one_line

_MOST_METAS = 500
_MOST_TITLES = 5
_LONGEST_VALUE = 2000
_LONGEST_BYLINE = 200
_MOST_BYLINES = 12
_MOST_EVENTS = 200
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?line|authors?|author-?names?|writer|reporter|contributor|autore?|autor)(?:[\s_-]|$|__|s?names?\b)"
    r"|byline|authorname",
    re.IGNORECASE,
)
_REGION = re.compile(r"[a-z]{2,3}[-_]([a-z]{2})", re.IGNORECASE)
_NAMING_ATTRIBUTES = ("class", "id", "data-testid", "data-component")
_NOT_OF_ARTICLE = frozenset(["aside", "blockquote", "footer", "form", "nav"])
_OTHERS = re.compile(r"comment|related|recommend|sidebar|teaser|promo|popular|trending|bio\b", re.IGNORECASE)


@dataclass(frozen=True)
class Head:
    """The metadata in the head of the page.

    Attributes:
        metas: The contents of ``<meta>`` elements, by name, property or itemprop in lower case.
        title: The text of ``<title>``.
        url: The canonical address.
        region: The country of the page's language, such as "GB".
    """

    metas: dict[str, list[str]]
    structured: Structured
    title: str | None
    url: str | None
    region: str | None = None

    def said(self, *names: str) -> list[str]:
        """The contents of the ``<meta>`` elements with these names, in the order of the names."""
        return [content for name in names for content in self.metas.get(name, ())]


@dataclass(frozen=True)
class Markup:
    """Statements about the article in the page's body.

    Attributes:
        bylines: The texts of elements that are marked as the author.
        dates: The contents of elements that are marked as the date of publication.
    """

    bylines: list[str]
    dates: list[str]


def read_head(tree: HtmlElement, place: str) -> Head:
    """The head of the page. JSON-LD is read from anywhere in the page.

    Args:
        place: The page's address or the name of its file.
    """
    metas: dict[str, list[str]] = {}
    for element in islice(tree.iter("meta"), _MOST_METAS):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = one_line(unescape(unescape(element.get("content", "")[:_LONGEST_VALUE])))
        if name and content:
            metas.setdefault(name.lower(), []).append(content)
    title = next(
        (one_line(unescape(each.text or "")) for each in tree.iter("title") if each.getparent().tag != "svg"), None
    )
    shown = [short_text(each) for each in islice(tree.iter("h1"), _MOST_TITLES)]
    titles = [title or "", *metas.get("og:title", ()), *shown]
    return Head(metas, read_structured(tree, titles), title or None, _address(tree, metas, place), _region(tree, metas))


def _region(tree: HtmlElement, metas: dict[str, list[str]]) -> str | None:
    """The country in the language of the page: "en-GB", or "en_GB" as OpenGraph writes it."""
    said = [tree.get("lang") or "", *metas.get("og:locale", [])]
    return next((match[1].upper() for each in said if (match := _REGION.fullmatch(each))), None)


def _address(tree: HtmlElement, metas: dict[str, list[str]], place: str) -> str | None:
    """The canonical address. If that is the site's front page, OpenGraph's address is used."""
    links = [link.get("href", "") for link in tree.iter("link") if "canonical" in link.get("rel", "").lower().split()]
    shared = metas.get("og:url", [])
    base = next(filter(web_address, [*shared, place]), None)
    addresses = [address for each in [*links, *shared] if (address := web_address(each, base))]
    return next((each for each in addresses if each.split("/", 3)[3:] not in ([], [""])), next(iter(addresses), None))


def read_markup(elements: Iterable[HtmlElement]) -> Markup:
    """The bylines and dates that are marked in the visible elements of a page."""
    bylines: dict[str, None] = {}
    dates: list[str] = []
    below_title: list[str] = []
    is_below_title = False
    for element in elements:
        if element.tag in {"h1", "p"}:
            is_below_title = element.tag == "h1"
        if not element.attrib:
            continue
        if is_below_title and element.tag == "time" and (said := element.get("datetime")):
            below_title.append(said)
        prop = element.get("itemprop", "")
        if prop == "datePublished" or element.get("pubdate") is not None:
            stated = (element.get(key) for key in ("datetime", "content", "title"))
            dates.append(next(filter(None, stated), None) or short_text(element))
        elif len(bylines) < _MOST_BYLINES and _names_author(element, prop) and not _stands_aside(element):
            bylines.setdefault(_byline_text(element), None)
    bylines.pop("", None)
    return Markup(list(bylines), [*dates, *below_title])


def _names_author(element: HtmlElement, prop: str) -> bool:
    if "author" in prop or element.get("rel") == "author":
        return True
    return any((value := element.get(key)) and _BYLINE.search(value) for key in _NAMING_ATTRIBUTES)


def _byline_text(element: HtmlElement) -> str:
    """The words of a byline; several links or other elements of two words each are a name each."""
    text = short_text(element)
    if not text or len(element) == 0:
        return text
    links = [name for link in islice(element.iter("a"), _MOST_BYLINES) if (name := short_text(link))]
    children = [name for child in islice(_without_wrappers(element), _MOST_BYLINES) if (name := short_text(child))]
    for names in (links, children if all(" " in name for name in children) else []):
        if len(names) > 1 and "".join(names).replace(" ", "") == text.replace(" ", ""):
            return "; ".join(names)
    return text


def _without_wrappers(element: HtmlElement) -> HtmlElement:
    """The element, or the one within it that is its only content."""
    while len(element) == 1 and not one_line(f"{element.text or ''}{element[0].tail or ''}"):
        element = element[0]
    return element


def _stands_aside(element: HtmlElement) -> bool:
    return any(
        each.tag in _NOT_OF_ARTICLE or _OTHERS.search(f"{each.get('class', '')} {each.get('id', '')}")
        for each in islice(element.iterancestors(), 12)
        if each.tag not in {"body", "html"}
    )


def short_text(element: HtmlElement) -> str:
    """The visible words of an element. Empty if they are longer than a line."""
    parts: list[str] = []
    length = 0
    for part in _parts(element):
        parts.append(part)
        length += len(part)
        if length > _LONGEST_BYLINE * 2:
            return ""
    text = one_line("".join(parts))
    return text if len(text) <= _LONGEST_BYLINE else ""


def _parts(element: HtmlElement) -> Iterator[str]:
    for event, each in islice(iterwalk(element, events=("start", "end")), _MOST_EVENTS):
        if each.tag in BLOCKS or each.tag == "br":
            yield " "
        if event == "start":
            yield each.text or ""
        elif each is not element:
            yield each.tail or ""
