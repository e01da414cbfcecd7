"""Reads the input of a command: a file or standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.runtime.clock import clock
from briefings.analysis import brief
from briefings.errors import AddressInvalid, SourceIsAddress, SourceIsDirectory, SourceMissing, SourceUnreadable
from briefings.model import Article, Version, version_id
from briefings.sources import MAX_BYTES, read_article

STANDARD_INPUT = "-"


def read_input(source: str) -> tuple[str, bytes]:
    """Returns the name and the bytes of ``source``, a path or ``-``. Reads at most one byte above the limit.

    Raises:
        SourceMissing: The file does not exist.
        SourceIsAddress: It is a web address.
        AddressInvalid: It is another address, such as one of FTP.
        SourceIsDirectory: It is a directory.
        SourceUnreadable: The file cannot be opened.
    """
    if source == STANDARD_INPUT:
        return "standard input", sys.stdin.buffer.read(MAX_BYTES + 1) if sys.stdin else b""
    if not source.strip():
        raise SourceMissing('""')
    if source.lower().startswith(("http://", "https://")):
        raise SourceIsAddress(source)
    if "://" in source:
        raise AddressInvalid(source)
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
    """Returns the article in a file, or on standard input for ``-``.

    Raises:
        SourceError: No article can be read from it.
    """
    name, raw = read_input(source)
    return read_article(raw, name)


def brief_input(source: str) -> Version:
    """Returns the briefing of that article, as a version received now."""
    article = read_input_article(source)
    return Version(version_id(article), brief(article), clock())
