"""Bytes to an `Article`: plain text, Markdown or a page, told apart by what they hold."""

from __future__ import annotations

import re
from enum import StrEnum

from briefings.errors import SourceTooLong, SourceUnsupported
from briefings.model import Article
from briefings.sources.decode import MAX_BYTES, decode

__all__ = ["MAX_BYTES", "SourceKind", "read_article", "tell_kind"]

#: More is no article; what is kept is read again and again, and must not hold up others.
MAX_CHARACTERS, MAX_BLOCKS = 1_500_000, 20_000
_SAMPLE = 20_000
_LONGEST_LINE = 20_000
_PAGE_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_FEED_START = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE | re.DOTALL)
_PAGE_TAG = re.compile(r"</?(?:p|div|article|section|h[1-6]|a|span|ul|li|br|img)\b[^<>]*>", re.IGNORECASE)
_FRONT_MATTER = re.compile(
    r"---[ \t]*\n\s*(?:#.*\n\s*)*(?:[\w\"'][^\n:]*:(?:\s|$)|[-\[{?&])(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|$)"
)
_MARKDOWN_MARKS = (
    re.compile(r"^#{1,6} +\S", re.MULTILINE),
    re.compile(r"^\S.*\n(?:={3,}|-{3,})\s*$", re.MULTILINE),
    re.compile(r"(?<!!)\[[^\]\n]+\]\((?:https?:|/|#|mailto:)[^)\n]*\)"),
    re.compile(r"(?<!\w)(?:\*\*|__)\S[^\n]*?\S(?:\*\*|__)(?!\w)"),
    re.compile(r"^!\[[^\]\n]*\]\([^)\n]+\)", re.MULTILINE),
)
_MARKDOWN_NAMES = (".md", ".markdown", ".mdown")


class SourceKind(StrEnum):
    """How an article is written down."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"


def read_article(raw: bytes, name: str = "text") -> Article:
    """The article in ``raw``.

    Args:
        name: What its owner calls it, for messages; its ending is a hint and no more.

    Raises:
        SourceError: One of its kinds, saying why there is no article in it.
    """
    article = _parsed(decode(raw, name), name)
    if len(article.text) > MAX_CHARACTERS or len(article.blocks) > MAX_BLOCKS:
        raise SourceTooLong(name, MAX_CHARACTERS)
    return article


def _parsed(text: str, name: str) -> Article:
    match tell_kind(text, name):
        case SourceKind.HTML:
            from briefings.sources.html import parse_html  # trafilatura is slow to import

            return parse_html(text, name)
        case SourceKind.MARKDOWN:
            from briefings.sources.markdown import parse_markdown

            return parse_markdown(text, name)
        case SourceKind.PLAIN:
            from briefings.sources.plain import parse_plain

            return parse_plain(text, name)


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
    if _FRONT_MATTER.match(sample):
        return SourceKind.MARKDOWN
    if any(len(line) > _LONGEST_LINE for line in text.split("\n")):
        return SourceKind.PLAIN  # no paragraph is so long, and a Markdown parser may take minutes for it
    marks = sum(min(len(mark.findall(sample)), 2) for mark in _MARKDOWN_MARKS)
    if name.lower().endswith(_MARKDOWN_NAMES):
        marks += 2
    return SourceKind.MARKDOWN if marks >= 3 else SourceKind.PLAIN
