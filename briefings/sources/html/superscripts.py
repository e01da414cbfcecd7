"""Writes superscript numbers in Unicode: "10⁶" for ``10<sup>6</sup>``. Removes the marks of footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from briefings.sources.html.hiding_rules import short_text

_LONGEST = 40
_SUPERSCRIPTS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_NUMBER = re.compile(r"[+\-−]?[0-9]{1,4}")
_FOOTNOTE = re.compile(r"\[[^\[\]]{1,30}\]|[*†‡§]{1,3}")
_MARK = re.compile(r"\W{0,2}\w{0,3}\W{0,2}")


def write_superscripts(elements: Iterable[HtmlElement]) -> None:
    """Rewrites each ``<sup>`` of ``elements`` that is a number, and empties each that marks a footnote."""
    for element in elements:
        if element.tag == "sup":
            text = (short_text(element, _LONGEST) or "").strip()
            if _FOOTNOTE.fullmatch(text) or (_leads_to_note(element) and _MARK.fullmatch(text)):
                _write(element, "")
            elif _NUMBER.fullmatch(text):
                _write(element, text.translate(_SUPERSCRIPTS))


def _leads_to_note(element: HtmlElement) -> bool:
    parent = element.getparent()
    links = [*element.iter("a")]
    if parent is not None and parent.tag == "a":
        links.append(parent)
    return any("#" in link.get("href", "") for link in links)


def _write(element: HtmlElement, text: str) -> None:
    element.clear(keep_tail=True)
    element.text = text
