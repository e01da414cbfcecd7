"""Finds dates and times in a text and resolves them to days.

Each word becomes a letter for its class. Regular expressions over these letters are the grammar:

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
``/``   a stroke between numbers        ``|``   a sentence or a clause ends
``x``   any other word
======  ==============================  ======  ==============================
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from briefings.analysis.calendar import Days, day, nearest_year, of_month, of_unit, of_weekday, shifted
from briefings.analysis.tokens import Token, tokens
from briefings.languages.dates import DateWords, date_words
from briefings.languages.numbers import number_words
from briefings.languages.roles import CueGroup, role_cues
from briefings.model import Moment, Span

_ATOMS = r"""
    (?P<iso>Y/D/D) | (?P<figures>A|D/D/Y)
  | (?P<day>D\^?o?M(?:o?Y)? | Mo?D\^?Y?)
  | (?P<month>Mo?Y)
  | (?<=[sq])(?P<month_alone>M) | (?P<that_month>[LHX]M)
  | (?P<ago>[DN]Ug | G[DN]U)
  | (?P<span>[LX][DN]U) | (?P<that>[LHX][UWP]) %s
  | (?P<relative>R) | (?P<weekday>W)
  | (?P<clock>C | F[DN] | [Dt]h+ | (?<=c)t)
  | (?P<part>P)
  | (?<=[sq])(?P<year>Y)
"""
_SUFFIXED = "| (?P<that_behind>[UWP][LX] | M[LX])"
_JOIN = re.compile(r"[jcqo]{0,3}")
_ORDINALS = frozenset({"st", "nd", "rd", "th", "er", "º", "ª", "o", "a", "го", "е"})
_CLOCK_FIGURES = re.compile(r"(?:[01]?\d|2[0-4])[.:][0-5]\d")
_SHORT_DATE = re.compile(r"(\d{1,2})[.](\d{1,2})[.]((?:19|20)\d\d)")
_BREAKS = frozenset('!?;()\n"“”„«»…|•')
_LONGEST_PHRASE = 4
#: Of a weekday: "thurs".
_LONGEST_SHORT_NAME = 5
#: Parts of a moment beside the part that gives the day, or beside a weekday and a written date.
_WRITTEN = frozenset({"iso", "figures", "day"})
_DAYS = _WRITTEN | {"weekday", "that", "that_behind", "relative", "ago"}
_PARTS = frozenset({"clock", "part"})
#: If several parts of a moment give a day, the first kind in this list is used.
_DAY_BY = ("iso", "figures", "day", "weekday", "that", "that_behind", "relative", "ago", "span")


@dataclass(frozen=True, slots=True)
class _Classed:
    """The tokens of a text as letters with their values."""

    text: str
    found: Sequence[Token]
    letters: str
    #: For each letter, the number of its first token and how many tokens it covers.
    places: Sequence[tuple[int, int]]
    values: Sequence[int | str]
    published: date | None
    is_coming: bool
    near: date | None = None


def moments(
    text: str,
    span: Span,
    language: str | None,
    published: date | None = None,
    *,
    near: date | None = None,
    is_coming: bool = False,
) -> list[Moment]:
    """The dates and times in ``span``, in text order.

    Args:
        span: A sentence. If its words are about the future, "on Friday" means the next one.
        language: ISO 639-1. None for English.
        published: The day that "today" means. Without it only dates with a year are resolved.
        near: Another day of the story. It gives the year of "3 May" if ``published`` is unknown.
        is_coming: Whether the sentence is about the future, whatever its words.
    """
    words = date_words(language)
    read = _classed(text, span, words, language, published)
    read = replace(read, near=published or near, is_coming=is_coming or read.is_coming)
    found = []
    for atoms in _joined(read, words.is_suffixed):
        if all(kind == "part" for kind, _, _ in atoms):
            continue
        days = _days(read, atoms)
        first, last = _extent(read, atoms)
        found.append(Moment(Span(first, last), *(days or (None, None))))
    return found


def _classed(text: str, span: Span, words: DateWords, language: str | None, published: date | None) -> _Classed:
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
        else:
            letter, value, length = _word(found, place, words, numbers)
        letters.append(letter)
        places.append((place, length))
        values.append(value)
        place += length
    is_coming = CueGroup.WILL in role_cues(language).groups(span.of(text))  # "giocherà"
    is_coming = is_coming or any(phrase in words.coming for phrase in _phrases_of(found))
    return _Classed(text, found, "".join(letters), places, values, published, is_coming)


def _mark(before: Token, token: Token) -> str:
    if token.gap in {"-", "/"} and before.is_number and token.is_number:
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


def _is_other_word(letter: str, found: Sequence[Token], place: int, words: DateWords) -> bool:
    """Whether a word is no date here, but a part of a name, as in "USA Today", or a verb: "it may", "an owl sat"."""
    token = found[place]
    if letter == "R":
        is_capital = token.is_capitalised and not token.text.isupper() and token.gap == " "
        return is_capital and place > 0 and found[place - 1].is_capitalised
    is_short_name = letter == "W" and len(token.text) <= _LONGEST_SHORT_NAME
    return words.names_are_capitalised and (letter == "M" or is_short_name) and not token.is_capitalised


def _phrases_of(found: Sequence[Token]) -> Iterator[tuple[str, ...]]:
    folded = [token.folded for token in found]
    yield from (tuple(folded[place : place + length]) for place in range(len(folded)) for length in (1, 2))


@cache
def _grammar(is_suffixed: bool) -> re.Pattern[str]:
    return re.compile(_ATOMS % (_SUFFIXED if is_suffixed else ""), re.VERBOSE)


#: The kind of an atom and the range ``[start, end)`` of letters that it covers.
_Atom = tuple[str, int, int]


def _joined(read: _Classed, is_suffixed: bool) -> Iterator[list[_Atom]]:
    """The atoms, grouped into moments: "6.10am on Wednesday" is one."""
    pending: list[_Atom] = []
    for match in _grammar(is_suffixed).finditer(read.letters):
        atom = (match.lastgroup or "", match.start(), match.end())
        if pending and not _belongs(read, pending, atom):
            yield pending
            pending = []
        pending.append(atom)
    if pending:
        yield pending


def _belongs(read: _Classed, pending: Sequence[_Atom], atom: _Atom) -> bool:
    if not _JOIN.fullmatch(read.letters, pending[-1][2], atom[1]):
        return False
    kinds = {kind for kind, _, _ in pending}
    if atom[0] in kinds or not (kinds | {atom[0]}) <= _PARTS | _DAYS:
        return False
    days = (kinds | {atom[0]}) & _DAYS
    return len(days) < 2 or ("weekday" in days and len(days - _WRITTEN) == 1 and len(days) == 2)


def _extent(read: _Classed, atoms: Sequence[_Atom]) -> tuple[int, int]:
    start, end = atoms[0][1], atoms[-1][2]
    while start and (read.letters[start - 1] == "q" or (start > 1 and read.letters[start - 2 : start] in {"qj", "qc"})):
        start -= 1 if read.letters[start - 1] == "q" else 2
    while start < atoms[0][1] and not read.places[start][1]:
        start += 1
    first = read.found[read.places[start][0]]
    place, length = read.places[end - 1]
    last = read.found[place + length - 1]
    is_abbreviated = read.text[last.end - 2 : last.end + 1].lower() == ".m."
    return first.start, last.end + is_abbreviated


def _days(read: _Classed, atoms: Sequence[_Atom]) -> Days | None:
    kinds = {kind: (start, end) for kind, start, end in atoms}
    for kind in (*_DAY_BY, "month", "month_alone", "that_month", "year"):
        if kind in kinds and (days := _resolved(read, kind, *kinds[kind])):
            return days
    return None


def _resolved(read: _Classed, kind: str, start: int, end: int) -> Days | None:  # noqa: C901, PLR0911  # a table of kinds
    published, is_coming = read.published, read.is_coming
    letters = read.letters[start:end]
    way = 1 if "X" in letters else -1 if "L" in letters else 0
    value = {letter: read.values[start + place] for place, letter in enumerate(letters)}
    number = {letter: worth for letter, worth in value.items() if isinstance(worth, int)}
    match kind:
        case "iso":
            return day(number["Y"], int(read.values[start + 2]), int(read.values[start + 4]))
        case "figures":
            return _figures(read, start, letters)
        case "day":
            return day(number.get("Y") or nearest_year(read.near, number["M"], number["D"]), number["M"], number["D"])
        case "month":
            return of_unit("month", date(number["Y"], number["M"], 1))
        case "year":
            return of_unit("year", date(number["Y"], 1, 1))
        case _ if published is None:
            return None
        case "relative":
            return shifted(published, "day", number["R"])
        case "weekday":
            return of_weekday(published, number["W"], is_coming)
        case "ago":
            count = number.get("D") or number.get("N") or 0
            return shifted(published, str(value["U"]).removesuffix("s"), -count)
        case "month_alone" | "that_month":
            return of_month(published, number["M"], is_coming or way > 0)
        case "that" | "that_behind":
            return _that(value, published, way, is_coming)
        case _:
            return None


def _that(value: dict[str, int | str], published: date, way: int, is_coming: bool) -> Days | None:
    """The days of "last week", "next Tuesday", "this morning"."""
    if "U" in value:
        # "the coming weeks" is too vague.
        return None if str(value["U"]).endswith("s") else shifted(published, str(value["U"]), way)
    if "W" in value:
        return of_weekday(published, int(value["W"]), is_coming if way == 0 else way > 0, is_other_day=way != 0)
    if "M" in value:
        return of_month(published, int(value["M"]), way > 0)
    return shifted(published, "day", way)


def _figures(read: _Classed, start: int, letters: str) -> Days | None:
    if letters == "A":
        first, second, year = (int(part) for part in str(read.values[start]).split("."))
    else:
        first, second, year = (int(read.values[start + place]) for place in (0, 2, 4))
    if second > 12:
        first, second = second, first
    return day(year, second, first)
