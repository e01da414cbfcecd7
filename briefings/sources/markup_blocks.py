"""Reads blocks of HTML within Markdown, such as the call-outs of Notion (``<aside>``), as paragraphs."""

from __future__ import annotations

from lxml import etree, html

from briefings.sources.lines import PICTOGRAPH
from briefings.sources.text import one_line

_BLOCKS = ("p", "div", "li", "br", "summary", "h1", "h2", "h3", "h4", "h5", "h6")
_UNREAD = ("script", "style", "figure", "iframe", "svg", "template", "noscript", "nav", "table", "button", "form")


def paragraphs_of_markup(block: str) -> list[str]:
    """The visible text of a block, by paragraph, without the pictograph before it."""
    try:
        root = html.fragment_fromstring(block, create_parent="div")
    except (etree.ParserError, ValueError):
        return []
    etree.strip_elements(root, etree.Comment, etree.ProcessingInstruction, *_UNREAD, with_tail=False)
    for element in root.iter(*_BLOCKS):
        element.tail = f"\n\n{element.tail or ''}"
    lines = (one_line(part) for part in "".join(root.itertext()).split("\n\n"))
    return [PICTOGRAPH.sub("", line, count=1) if PICTOGRAPH.match(line) else line for line in lines if line]
