"""The words and numbers of a text with their positions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from briefings.caches import text_cache
from briefings.model import Span
from briefings.phrases import fold

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number.

    Attributes:
        folded: The word in lower case without accents.
        gap: The text between the previous token and this one.
    """

    start: int
    end: int
    text: str
    folded: str
    gap: str

    @property
    def is_number(self) -> bool:
        """Whether it is written in digits."""
        return self.text[0].isdecimal()

    @property
    def is_capitalised(self) -> bool:
        """Whether its first letter is a capital."""
        return self.text[0].isupper()


def tokens(text: str, span: Span) -> list[Token]:
    """The tokens of that part of ``text``."""
    return list(_tokens(text, span))


@text_cache(1024)  # each sentence is looked at a dozen times
def _tokens(text: str, span: Span) -> tuple[Token, ...]:
    found = []
    end = span.start
    for match in _TOKEN.finditer(text, span.start, span.end):
        word = match.group()
        found.append(Token(match.start(), match.end(), word, fold(word), text[end : match.start()]))
        end = match.end()
    return tuple(found)
