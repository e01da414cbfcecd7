"""Content of a picture of a story, as text in one language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the article.

    Attributes:
        is_cut: Whether they end before their sentence. The picture shows an ellipsis.
    """

    text: str
    is_cut: bool = False

    @property
    def shown(self) -> str:
        """The words in one line, as they are drawn."""
        line = " ".join(self.text.split())
        return f"{line}…" if self.is_cut else line


@dataclass(frozen=True, slots=True)
class Line:
    """A line about the story.

    Attributes:
        label: The question that it answers, in the bot's words; empty for the first line.
    """

    label: str
    words: Words


@dataclass(frozen=True, slots=True)
class Card:
    """A picture before it is drawn.

    Attributes:
        origin: The outlet and the day.
        address: Where the article is.
        note: The bot's words at the foot.
    """

    headline: Words
    lines: tuple[Line, ...]
    origin: str
    address: str
    note: str
