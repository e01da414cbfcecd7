"""Reads what a command line names: a file, or standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.runtime.clock import clock
from briefings.analysis import brief
from briefings.errors import SourceIsAddress, SourceIsDirectory, SourceMissing, SourceUnreadable
from briefings.model import Article, Version, version_id
from briefings.sources import MAX_BYTES, read_article

STANDARD_INPUT = "-"


def read_input(source: str) -> tuple[str, bytes]:
    """The name and the bytes of ``source``, a path or ``-``; never much more than is allowed.

    Raises:
        SourceMissing: Nothing stands there.
        SourceIsAddress: It is the address of a page.
        SourceIsDirectory: It is a directory.
        SourceUnreadable: The system refuses.
    """
    if source == STANDARD_INPUT:
        return "standard input", sys.stdin.buffer.read(MAX_BYTES + 1) if sys.stdin else b""
    if not source.strip():
        raise SourceMissing('""')
    if source.lower().startswith(("http://", "https://")):
        raise SourceIsAddress(source)
    path = Path(source)
    try:
        with path.open("rb") as file:
            return source, file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SourceMissing(source) from error
    except IsADirectoryError as error:
        raise SourceIsDirectory(source) from error
    except (OSError, ValueError) as error:
        raise SourceUnreadable(source) from error


def read_input_article(source: str) -> Article:
    """The article that a command line names: a file, or ``-`` for standard input.

    Raises:
        SourceError: It gives no article.
    """
    name, raw = read_input(source)
    return read_article(raw, name)


def brief_input(source: str) -> Version:
    """The briefing of that article, as a version received now."""
    article = read_input_article(source)
    return Version(version_id(article), brief(article), clock())
