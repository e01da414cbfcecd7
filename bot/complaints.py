"""What is told of an input that gives no article: what was wrong, and what to do."""

from __future__ import annotations

from bot.i18n import Message, own
from briefings.errors import (
    ArticleNotFound,
    SourceEmpty,
    SourceError,
    SourceIsAddress,
    SourceIsDirectory,
    SourceMalformed,
    SourceMissing,
    SourceTooLarge,
    SourceUndecodable,
    SourceUnreadable,
    SourceUnsupported,
)

_MEGABYTE = 1_000_000


def complaint(error: SourceError) -> Message:  # noqa: C901, PLR0911  # a table of one line each
    """The one line that a person is told."""
    name = error.name
    match error:
        case SourceMissing():
            return own("{name}: there is no such file. Check the path, or use - for standard input.", name=name)
        case SourceIsDirectory():
            return own("{name} is a directory. Name one file in it.", name=name)
        case SourceIsAddress():
            return own("{name} is an address. Save the page in your browser and give the file.", name=name)
        case SourceUnreadable():
            return own("{name} may not be read. Check its permissions.", name=name)
        case SourceTooLarge(limit=limit):
            size = limit // _MEGABYTE
            return own("{name} has more than {size} MB. Give the article alone.", name=name, size=size)
        case SourceEmpty():
            return own("{name} is empty. Paste an article into it.", name=name)
        case SourceUnsupported(media="binary"):
            return own("{name} is not a text. Give plain text, Markdown or HTML.", name=name)
        case SourceUnsupported(media=media):
            return own(
                "{name} is not an article but {media}. Give plain text, Markdown or HTML.", name=name, media=media
            )
        case SourceUndecodable():
            return own("{name}: its characters cannot be told. Save it as UTF-8.", name=name)
        case SourceMalformed(problem=problem, line=line):
            return own(
                "{name}, line {line}: the front matter is not usable ({problem}). Write lines such as “title: …”.",
                name=name,
                line=line,
                problem=problem,
            )
        case ArticleNotFound():
            return own("{name}: there is no article in it. Give a page or a text with full sentences.", name=name)
        case _:
            return own("{name} cannot be read.", name=name)
