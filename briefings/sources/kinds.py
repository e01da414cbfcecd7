"""Distinguishes plain text, Markdown and web pages, and finds inputs that are too large for an article."""

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
# One of these marks is enough: a heading of level two or lower, or one at the start of the text.
_MARKDOWN_HEADING = re.compile(r"^#{2,6} +[^\s#]|\A\s*# +[^\s#].*\n\s*\n", re.MULTILINE)
_MARKDOWN_NAMES = (".md", ".markdown", ".mdown", ".mdx")

# The time of a Markdown parser is quadratic in the size of a paragraph or table. No article has
# this many marks. A text that has them is read as plain text, which takes linear time.
_MARKS = "[]*_`<&|\\"
_MOST_MARKS = 20_000
_MOST_MARKDOWN_LINES = 5_000
_MOST_COLUMNS = 32
_LONGEST_LINE = 20_000


class SourceKind(StrEnum):
    """The format of an article."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"


def tell_kind(text: str, name: str = "") -> SourceKind:
    """The format of ``text``, by its marks. ``name`` decides only if there are few.

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
    """Whether a Markdown parser can read ``text`` in linear time."""
    if sum(map(text.count, _MARKS)) > _MOST_MARKS:
        return False
    lines = text.split("\n")
    return len(lines) <= _MOST_MARKDOWN_LINES and all(
        len(line) <= _LONGEST_LINE and line.count("|") <= _MOST_COLUMNS for line in lines
    )
