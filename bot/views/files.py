"""Files that come with an answer."""

from __future__ import annotations

from dataclasses import dataclass

from bot.i18n import Message


@dataclass(frozen=True, slots=True)
class Document:
    """A file with an answer, as UTF-8 text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, as PNG.

    Attributes:
        description: What it shows, for people who do not see it.
    """

    name: str
    content: bytes
    description: Message
