"""Bytes to an `Article`: plain text, Markdown or a page, told apart by what they hold."""

from __future__ import annotations

from briefings.model import Article
from briefings.sources.decode import MAX_BYTES, decode
from briefings.sources.kinds import SourceKind, tell_kind

__all__ = ["MAX_BYTES", "SourceKind", "read_article", "tell_kind"]


def read_article(raw: bytes, name: str = "text") -> Article:
    """The article in ``raw``.

    Args:
        name: What its owner calls it, for messages; its ending is a hint and no more.

    Raises:
        SourceError: One of its kinds, saying why there is no article in it.
    """
    text = decode(raw, name)
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
