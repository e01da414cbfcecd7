"""Reads a sentence as letters, one for the class of each word, for the grammar of dates.

======  ==============================  ======  ==============================
``D``   1 to 31                         ``N``   another number
``Y``   a year                          ``t``   digits such as 6.10 or 20:15
``A``   26.03.2024                      ``M``   a month
``W``   a weekday                       ``U``   a unit: day, week ...
``R``   today, yesterday                ``P``   a part of the day
``C``   noon, midnight                  ``h``   am, o'clock
``F``   half past                       ``c``   at
``L``   last                            ``H``   this
``X``   next                            ``g``   ago, behind the number
``G``   ago, before the number          ``o``   of
``j``   words between two parts         ``q``   early, around
``s``   in, since                       ``^``   the ending of 1st
``/``   a stroke or "to" between days   ``|``   a sentence or a clause ends
``S``   a season                        ``x``   any other word
======  ==============================  ======  ==============================
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from briefings.analysis.tokens import Token, tokens
from briefings.languages.dates import DateWords
from briefings.languages.numbers import number_words
from briefings.model import Span

_ORDINALS = frozenset({"st", "nd", "rd", "th", "er", "º", "ª", "o", "a", "го", "е"})
_CLOCK_FIGURES = re.compile(r"(?:[01]?\d|2[0-4])[.:][0-5]\d")
_SHORT_DATE = re.compile(r"(\d{1,2})[.](\d{1,2})[.]((?:19|20)\d\d)")
_BREAKS = frozenset('!?;()\n"“”„«»…|•')
_LONGEST_PHRASE = 4
#: The letters of a day, at the end of those read so far.
_DAY_BEFORE = re.compile(r"D\^?(?:o?M(?:o?Y)?|Y)?$")
_ON_MONTH = re.compile(r"jMo?$")
_LONGEST_DAY = 9
#: The most tokens from "between" to the first day's end: "between 3 May 2024 and", "between the 3rd of May and".
_BETWEEN = 5
#: Of a weekday: "thurs".
_LONGEST_SHORT_NAME = 5


@dataclass(frozen=True, slots=True)
class Lettered:
    """The tokens of a sentence as letters with their values.

    Attributes:
        found: The tokens.
        places: For each letter, the number of its first token and how many tokens it covers.
        near: Another day of the story.
        is_future: Whether some words of the sentence are about the future.
        is_announced: Whether the whole sentence is about the future.
    """

    text: str
    found: Sequence[Token]
    letters: str
    places: Sequence[tuple[int, int]]
    values: Sequence[int | str]
    published: date | None
    language: str | None
    words: DateWords
    near: date | None = None
    is_future: bool = False
    is_announced: bool = False


def lettered(text: str, span: Span, words: DateWords, language: str | None, published: date | None) -> Lettered:
    """The words of the sentence ``span`` as letters. Whether they are about the future is not looked at."""
    found = tokens(text, span)
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    values: list[int | str] = []
    numbers = number_words(language)
    place = 0
    while place < len(found):
        token = found[place]
        if place and (mark := _mark(found[place - 1], token)):
            letters.append(mark)
            places.append((place, 0))
            values.append(0)
        if token.is_number:
            letter, value, length = *_figure(token), 1
        elif (length := _until(found, place, words)) and _is_behind_day("".join(letters[-_LONGEST_DAY:])):
            letter, value = "/", 0
        else:
            letter, value, length = _word(found, place, words, numbers)
        letters.append(letter)
        places.append((place, length))
        values.append(value)
        place += length
    return Lettered(text, found, "".join(letters), places, values, published, language, words)


def _is_behind_day(letters: str) -> bool:
    """Whether the letters end with a day that a range may begin with: the 12 of "on May 3 to 12" is no day."""
    day = _DAY_BEFORE.search(letters)
    return day is not None and not _ON_MONTH.search(letters[: day.start()])


def _mark(before: Token, token: Token) -> str:
    if token.gap in {"-", "–", "/"} and before.is_number and token.is_number:
        return "/"
    if not _BREAKS.isdisjoint(token.gap):
        return "|"
    if ". " in token.gap and token.is_capitalised:
        # "3. Mai", "6 a.m. Thursday", "Nov. 10"
        return "" if len(before.text) < (3 if before.is_number else 2) else "|"
    return "|" if ": " in token.gap else ""


def _figure(token: Token) -> tuple[str, int | str]:
    digits = token.text
    if digits.isdigit() and digits.isascii():
        number = int(digits) if len(digits) < 9 else 0
        if len(digits) < 3:
            return ("D" if 1 <= number <= 31 else "N"), number
        return ("Y" if 1000 <= number < 2200 and len(digits) == 4 else "N"), number
    if _SHORT_DATE.fullmatch(digits):
        return "A", digits
    return ("t" if _CLOCK_FIGURES.fullmatch(digits) else "N"), 0


def _word(found: Sequence[Token], place: int, words: DateWords, numbers: dict[str, int]) -> tuple[str, int | str, int]:
    token = found[place]
    longest = min(_LONGEST_PHRASE, len(found) - place) if token.folded in words.first_words else 0
    for length in range(longest, 0, -1):
        phrase = found[place : place + length]
        if any(not _BREAKS.isdisjoint(word.gap) for word in phrase[1:]):
            continue
        known = words.phrases.get(tuple(word.folded for word in phrase))
        if known and not _is_other_word(known[0], found, place, words):
            return *known, length
    if place and found[place - 1].is_number and not token.gap and token.folded in _ORDINALS:
        return "^", 0, 1
    if token.folded in numbers:
        return "N", numbers[token.folded], 1
    return "x", 0, 1


def _until(found: Sequence[Token], place: int, words: DateWords) -> int:
    """The number of words at ``place`` that lead from one day to another: "3 to 5 May", "between 3 and 5 May"."""
    if found[place].folded not in words.until_first:
        return 0
    for length in (2, 1):
        phrase = tuple(token.folded for token in found[place : place + length])
        behind = found[place + length] if place + length < len(found) else None
        is_day = behind and (behind.is_number or words.phrases.get((behind.folded,), ("",))[0] == "M")
        is_between = any(token.folded in words.between for token in found[max(0, place - _BETWEEN) : place])
        if is_day and (phrase in words.until or (is_between and phrase in words.between_and)):
            return length
    return 0


def _is_other_word(letter: str, found: Sequence[Token], place: int, words: DateWords) -> bool:
    """Whether a word is no date: a part of "USA Today" or "Mar-a-Lago", or a verb as in "it may" and "an owl sat"."""
    token = found[place]
    if letter == "M" and place + 1 < len(found) and found[place + 1].gap == "-":
        behind = found[place + 1]
        return not behind.is_number and words.phrases.get((behind.folded,), ("",))[0] != "M"
    if letter == "R":
        is_capital = token.is_capitalised and not token.text.isupper() and token.gap == " "
        return is_capital and place > 0 and found[place - 1].is_capitalised
    is_short_name = letter == "W" and len(token.text) <= _LONGEST_SHORT_NAME
    return words.names_are_capitalised and (letter == "M" or is_short_name) and not token.is_capitalised
