"""Removes everything from a page's tree that a browser would not show."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from briefings.sources.html.hiding_rules import HidingRules, short_text
from briefings.sources.html.tags import UNSEEN, VOID

# "opacity: 0" is not among them: scripts fade such text in.
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|(?:left|text-indent)\s*:\s*-\d{4}",
    re.IGNORECASE,
)
_NO_HEIGHT = re.compile(r"(?:^|[;\s-])height\s*:\s*0(?![.\d])", re.IGNORECASE)
_CLIPPED = re.compile(r"overflow\s*:\s*hidden", re.IGNORECASE)
# Class names of common style libraries for text that is hidden or only for screen readers.
_HIDING_CLASSES = frozenset(
    """
    a11y-hidden assistive-text d-none element-invisible is-hidden offscreen screen-reader-only
    screen-reader-text sr-only sronly u-hidden visually-hidden visuallyhidden
    """.split()  # noqa: SIM905  # one name a line is hard to read
)
# What MediaWiki, the program of many encyclopedias, puts around an article.
_HIDING_CLASSES |= {"hatnote", "infobox", "mw-editsection", "navbox", "reflist", "references", "toc"}
# Cards about a person or a term that are only shown when somebody points at them.
_CARD = re.compile(
    r"(?:^|\s)(?:rollover|popover|hover-?card|tooltip)[a-z_-]{0,20}(?:block|box|card|content|text|inner)", re.IGNORECASE
)
_LONGEST_ANCHOR = 20
# Between a topic and its headline, pages hide these marks from the eye only.
_JOINING_MARKS = frozenset([":", "–", "—", ","])
# The page itself is often hidden until a script shows it.
_ALWAYS_SHOWN = frozenset(["html", "body"])


def hide_unseen(tree: HtmlElement) -> list[HtmlElement]:
    """Empties menus and the elements of ``tree`` that are not shown. Their tails stay.

    Returns:
        All elements that are left. While they are held, lxml does not create their objects again.
    """
    elements = list(tree.iter("*"))
    rules = HidingRules(elements)
    for element in elements:
        if element.tag in VOID:
            element.tag = "wbr"
        elif element.tag in UNSEEN or element.tag == "nav" or _is_hidden(element, rules):
            element.clear(keep_tail=True)
            element.tag = "wbr"
    return list(tree.iter("*"))


def _is_hidden(element: HtmlElement, rules: HidingRules) -> bool:
    if element.tag == "dialog" and element.get("open") is None:
        return True
    if not element.attrib or element.tag in _ALWAYS_SHOWN:
        return False
    if (
        element.get("role") == "tooltip"
        or element.get("hidden") is not None
        or _has_hiding_style(element.get("style", ""))
        or _is_anchor(element)
    ):
        return True
    if _CARD.search(element.get("class", "")):
        return True
    classes = element.get("class", "").split()
    if (element.text or "").strip() in _JOINING_MARKS and len(element) == 0:
        return False
    return not _HIDING_CLASSES.isdisjoint(map(str.lower, classes)) or rules.hides(element, classes)


def _has_hiding_style(style: str) -> bool:
    return bool(_HIDING_STYLE.search(style) or (_NO_HEIGHT.search(style) and _CLIPPED.search(style)))


def _is_anchor(element: HtmlElement) -> bool:
    """Whether a link without words, such as "#" or "¶", leads to its own heading."""
    is_own = element.tag == "a" and element.get("href", "").startswith("#")
    words = short_text(element, _LONGEST_ANCHOR) if is_own else None
    return words is not None and not any(map(str.isalnum, words))
