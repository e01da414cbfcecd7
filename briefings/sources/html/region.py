"""Finds the part of a page that contains the article, and the elements in it that do not belong to the article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from lxml.html import HtmlElement

from briefings.sources.html.blocks import PageBlock

_MAIN_SHARE = 0.8
_ASIDE_SHARE = 0.15
_ASIDE_TAGS = frozenset(["aside", "button", "figure", "footer", "form", "menu", "nav"])
# Elements that never belong to the article, unless they contain much of the text.
_ASIDE = re.compile(
    r"newsletter|(?:^|[\s_-])(?:cta|contact|columnist|author-?(?:box|bio))(?:$|[\s_-])|related|recommend|outbrain|taboola|promo|paywall|subscri|sign-?up|most-(?:popular|read)|swiper|carousel"
    r"|trending|shar(?:e|ing)-|social|\bcaption|(?:image|photo|picture)[-_]{1,2}(?:desc|caption|credit)",
    re.IGNORECASE,
)
# Based on the classes that trafilatura discards (OVERALL_DISCARD_XPATH and TEASER_DISCARD_XPATH in its `xpaths`).
_BOILERPLATE = re.compile(
    r"shar(?:e|ing)|syndication|cookie|consent|\btags?\b|sidebar|banner|bread-?crumb|button|author|byline"
    r"|footer|\bnav|menu|premium|\bad-|-ad-|\bads?\b|widget|embed|elated|more-on|\bmeta|rating|timestamp|user-|-icon"
    r"|overlay|\bcomment|caption|credit|teaser|hidden|\bhide|slide|\brail",
    re.IGNORECASE,
)


class Region:
    """The smallest part of the page that contains most of the chosen blocks, and the parts that continue it."""

    def __init__(self, blocks: Sequence[PageBlock], chosen: Iterable[int]) -> None:
        self._held = _text_held(blocks, chosen)
        self._total = max(self._held.values())
        enough = [element for element, length in self._held.items() if length >= _MAIN_SHARE * self._total]
        self._main = max(enough, key=lambda element: sum(1 for _ in element.iterancestors()))
        self._alike = set(_alike(self._main))
        self._known: dict[tuple[re.Pattern[str], HtmlElement], bool] = {}

    def passes(self, block: PageBlock) -> bool:
        """Whether the block is in this part and belongs to the article."""
        return self._stands_in({self._main}, block)

    def continues(self, block: PageBlock) -> bool:
        """Whether the block is in a neighbouring part with the same structure. Long articles are split like that."""
        return bool(self._alike) and self._stands_in(self._alike, block)

    def is_aside(self, block: PageBlock) -> bool:
        """Whether the block is in a box within or beside the article: a sign-up form, other stories."""
        path = _path(block.element, {self._main}) or [block.element, *block.element.iterancestors()]
        return any(self._has_name(_ASIDE, each) and self._held[each] < _ASIDE_SHARE * self._total for each in path)

    def _stands_in(self, roots: set[HtmlElement], block: PageBlock) -> bool:
        path = _path(block.element, roots)
        return path is not None and not any(map(self._is_beside_article, path))

    def _is_beside_article(self, element: HtmlElement) -> bool:
        is_named = self._has_name(_ASIDE, element) or self._has_name(_BOILERPLATE, element)
        is_quote = element.tag == "figure" and element.find(".//blockquote") is not None
        return is_named or (element.tag in _ASIDE_TAGS and not is_quote)

    def _has_name(self, names: re.Pattern[str], element: HtmlElement) -> bool:
        key = (names, element)
        if key not in self._known:
            said = f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}"
            self._known[key] = bool(names.search(said))
        return self._known[key]


def _text_held(blocks: Sequence[PageBlock], chosen: Iterable[int]) -> Counter[HtmlElement]:
    """The number of characters of chosen blocks in each element."""
    held: Counter[HtmlElement] = Counter()
    for number in chosen:
        element, length = blocks[number].element, len(blocks[number].text)
        held[element] += length
        for ancestor in element.iterancestors():
            held[ancestor] += length
    return held


def _path(element: HtmlElement, roots: set[HtmlElement]) -> list[HtmlElement] | None:
    """The elements from ``element`` up to, but not including, one of ``roots``. None if none is above it."""
    path: list[HtmlElement] = []
    for each in (element, *element.iterancestors()):
        if each in roots:
            return path
        path.append(each)
    return None


def _alike(main: HtmlElement) -> Iterator[HtmlElement]:
    """The siblings and cousins of ``main`` with the same tag and class."""
    parent = main.getparent()
    if parent is None or not main.get("class"):
        return
    grandparent = parent.getparent()
    uncles = [parent] if grandparent is None else [each for each in grandparent if _name(each) == _name(parent)]
    for uncle in uncles:
        yield from (each for each in uncle if each is not main and _name(each) == _name(main))


def _name(element: HtmlElement) -> tuple[object, str | None]:
    return element.tag, element.get("class")
