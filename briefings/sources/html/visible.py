"""Removes everything from a page's tree that a browser would not show."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from briefings.sources.html.tags import UNSEEN

_HIDING_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# Class names of common style libraries for text that is hidden or only for screen readers.
_HIDING_CLASSES = frozenset(
    """
    a11y-hidden assistive-text d-none element-invisible is-hidden offscreen screen-reader-only
    screen-reader-text sr-only sronly u-hidden visually-hidden visuallyhidden
    """.split()  # noqa: SIM905  # one name a line is hard to read
)
# The page itself is often hidden until a script shows it.
_ALWAYS_SHOWN = frozenset(["html", "body"])


def hide_unseen(tree: HtmlElement) -> list[HtmlElement]:
    """Empties menus and the elements of ``tree`` that are not shown. Their tails stay.

    Returns:
        All elements that are left. While they are held, lxml does not create their objects again.
    """
    elements = list(tree.iter("*"))
    for element in elements:
        if element.tag in UNSEEN or element.tag == "nav" or (element.attrib and _is_hidden(element)):
            element.clear(keep_tail=True)
            element.tag = "wbr"
    return list(tree.iter("*"))


def _is_hidden(element: HtmlElement) -> bool:
    if element.tag in _ALWAYS_SHOWN:
        return False
    is_closed_dialog = element.tag == "dialog" and element.get("open") is None
    if is_closed_dialog or element.get("hidden") is not None or _HIDING_STYLE.search(element.get("style", "")):
        return True
    return not _HIDING_CLASSES.isdisjoint(element.get("class", "").lower().split())
