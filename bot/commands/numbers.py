"""Reads the number of a story or a subscription: "2", "#2", "number 2", "the second one". Pure."""

from __future__ import annotations

import re

from bot.commands.courtesies import phrases
from bot.i18n import own
from briefings.phrases import fold

#: A number alone, behind a word such as "number", or behind a command without its slash.
_NUMBER = re.compile(r"(?:(?P<word>\w{1,32})\.? )?#?(?P<number>\d{1,2})[.!?]?")
#: Words before a number that add nothing to it.
_NUMBER_WORDS = own("number, no, nr, story, option")
#: One for each number, from 1.
_ORDINALS = (
    own("first, the first, the first one"),
    own("second, the second, the second one"),
    own("third, the third, the third one"),
    own("fourth, the fourth, the fourth one"),
    own("fifth, the fifth, the fifth one"),
)


def number_in(text: str) -> tuple[str, int] | None:
    """Returns the word before a number and the number that a text consists of: "who 2", "2", "the second one".

    The word is empty if it adds nothing to the number.
    """
    if match := _NUMBER.fullmatch(text):
        word = match["word"] or ""
        return ("" if fold(word) in phrases(_NUMBER_WORDS) else word), int(match["number"])
    said = fold(text)
    return next((("", number) for number, one in enumerate(_ORDINALS, start=1) if said in phrases(one)), None)
