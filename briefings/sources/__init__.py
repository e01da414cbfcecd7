"""Bytes to an `Article`: plain text, Markdown, a page or a PDF, told apart by what they hold."""

from __future__ import annotations

from briefings.errors import SourceTooLong
from briefings.model import Article
from briefings.sources.decode import MAX_BYTES, decode
from briefings.sources.kinds import SourceKind, tell_kind
from briefings.sources.plain import parse_plain

__all__ = ["MAX_BYTES", "SourceKind", "read_article", "read_text", "tell_kind"]

#: More is no article; what is kept is read again and again, and must not hold up others.
MAX_CHARACTERS, MAX_BLOCKS = 1_500_000, 20_000
PDF_SIGNATURE = b"%PDF-"


def read_article(raw: bytes, name: str = "text") -> Article:
    """The article in ``raw``.

    Args:
        name: What its owner calls it, for messages; its ending is a hint and no more.

    Raises:
        SourceError: One of its kinds, saying why there is no article in it.
    """
    if raw.startswith(PDF_SIGNATURE) and len(raw) <= MAX_BYTES:
        from briefings.sources.pdf import pdf_text  # few inputs are PDFs

        return _bounded(parse_plain(pdf_text(raw, name), name), name)
    return read_text(decode(raw, name), name)


def read_text(text: str, name: str = "text") -> Article:
    """The article in ``text``, which was decoded already.

    Raises:
        SourceError: One of its kinds, saying why there is no article in it.
    """
    return _bounded(_parsed(text, name), name)


def _bounded(article: Article, name: str) -> Article:
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
            return parse_plain(text, name)
