"""Tells plain text, Markdown and web pages apart, and what is too much for any article."""

from __future__ import annotations

import re
from enum import StrEnum

from briefings.errors import SourceUnsupported
from briefings.sources import frontmatter

_SAMPLE = 20_000
_PAGE_START = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_FEED_START = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE | re.DOTALL
)
_PAGE_TAG = re.compile(r"</?(?:p|div|article|section|h[1-6]|a|span|ul|li|br|img)\b[^<>]*>", re.IGNORECASE)
_MARKDOWN_MARKS = (
    re.compile(r"^#{1,6} +\S", re.MULTILINE),
    re.compile(r"^\S.*\n(?:={3,}|-{3,})\s*$", re.MULTILINE),
    re.compile(r"(?<!!)\[[^\[\]\n]+\]\((?:https?:|/|#|mailto:)[^()\n]*\)"),
    re.compile(r"(?<!\w)(?:\*\*|__)[^\s*_][^*_\n]*(?:\*\*|__)(?!\w)"),
    re.compile(r"^!\[[^\]\n]*\]\([^)\n]+\)", re.MULTILINE),
)
# One of these is enough: a heading of the second rank or below, or one that the text begins with.
_MARKDOWN_HEADING = re.compile(r"^#{2,6} +[^\s#]|\A\s*# +[^\s#].*\n\s*\n", re.MULTILINE)
_MARKDOWN_NAMES = (".md", ".markdown", ".mdown")

# The time of a Markdown parser grows with the square of what stands in one paragraph or table. No
# article has as many marks as this; what has is read as plain text, which costs the same per line.
_MARKS = "[]*_`<&|\\"
_MOST_MARKS = 20_000
_MOST_MARKDOWN_LINES = 5_000
_MOST_COLUMNS = 32
_LONGEST_LINE = 20_000


class SourceKind(StrEnum):
    """How an article is written down."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"


def tell_kind(text: str, name: str = "") -> SourceKind:
    """What kind of source ``text`` is, by its marks; ``name`` decides only where they are few.

    Raises:
        SourceUnsupported: It is a feed.
    """
    sample = text[:_SAMPLE].replace("\r\n", "\n")
    if _FEED_START.match(sample):
        raise SourceUnsupported(name, "RSS, Atom")
    if _PAGE_START.match(sample) or len(_PAGE_TAG.findall(sample)) >= 6:
        return SourceKind.HTML
    if frontmatter.split(text.replace("\r\n", "\n"))[0] is not None:
        return SourceKind.MARKDOWN
    if not fits_markdown(text):
        return SourceKind.PLAIN
    if _MARKDOWN_HEADING.search(sample):
        return SourceKind.MARKDOWN
    marks = sum(min(len(mark.findall(sample)), 2) for mark in _MARKDOWN_MARKS)
    if name.lower().endswith(_MARKDOWN_NAMES):
        marks += 2
    return SourceKind.MARKDOWN if marks >= 3 else SourceKind.PLAIN


def fits_markdown(text: str) -> bool:
    """Whether a Markdown parser reads ``text`` in a time that grows with its length."""
    if sum(map(text.count, _MARKS)) > _MOST_MARKS:
        return False
    lines = text.split("\n")
    return len(lines) <= _MOST_MARKDOWN_LINES and all(
        len(line) <= _LONGEST_LINE and line.count("|") <= _MOST_COLUMNS for line in lines
    )
