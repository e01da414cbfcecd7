"""Reads bytes as an `Article`: plain text, Markdown or a web page, detected from the content."""

from __future__ import annotations

from briefings.errors import SourceTooLong
from briefings.model import Article
from briefings.sources.decode import MAX_BYTES, decode
from briefings.sources.kinds import SourceKind, tell_kind
from briefings.sources.mail import is_mail, mail_text
from briefings.sources.plain import parse_plain

__all__ = ["MAX_BYTES", "SourceKind", "read_article", "read_text", "tell_kind"]

#: Longer texts, in characters, are not articles. Stored articles are read often, so they must be short.
MAX_CHARACTERS, MAX_BLOCKS = 1_500_000, 20_000
PDF_SIGNATURE = b"%PDF-"


def read_article(raw: bytes, name: str = "text") -> Article:
    """The article in ``raw``.

    Args:
        name: The file name or address, for messages. Its extension is only a hint.

    Raises:
        SourceError: A subclass says why no article was found.
    """
    if raw.startswith(PDF_SIGNATURE) and len(raw) <= MAX_BYTES:
        from briefings.sources.pdf import pdf_text  # few inputs are PDFs

        return _bounded(parse_plain(pdf_text(raw, name), name), name)
    if len(raw) <= MAX_BYTES and is_mail(raw):
        return read_text(mail_text(raw, name), name)
    return read_text(decode(raw, name), name)


def read_text(text: str, name: str = "text") -> Article:
    """The article in ``text``, which is already decoded.

    Raises:
        SourceError: A subclass says why no article was found.
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
