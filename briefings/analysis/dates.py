"""Finds dates and times in a text and resolves them to days.

A sentence becomes letters (`briefings.analysis.date_letters`). Regular expressions over them are the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from briefings.analysis.calendar import Days, day, nearest_year, of_month, of_unit, of_weekday, shifted
from briefings.analysis.coming import is_to_come, tells_future
from briefings.analysis.date_letters import Lettered, lettered
from briefings.languages.dates import date_words
from briefings.model import Moment, Span

_ATOMS = r"""
    (?P<iso>Y/D/D) | (?P<figures>A|D/D/Y)
  | (?P<days>D\^?(?:o?M(?:o?Y)?)?/D\^?o?M(?:o?Y)? | Mo?D\^?Y?/(?:Mo?)?D\^?Y?)
  | (?P<day>D\^?o?M(?:o?Y)? | Mo?D\^?Y?)
  | (?P<month>Mo?Y)
  | (?<=[sq])(?P<month_alone>M) | (?P<that_month>[LHX]M)
  | (?P<ago>[DN]Ug | G[DN]U)
  | (?P<span>[LX][DN]U) | (?P<that>[LHX][UWP]) %s
  | (?P<relative>R) | (?P<weekday>W)
  | (?P<clock>C | F[DN] | [Dt]h+ | (?<=c)t)
  | (?P<part>P)
  | (?<=[sq])(?P<year>Y)
  | (?P<season>So?Y | [LHX]S | (?<=[sj])S(?!o))
"""
_SUFFIXED = "| (?P<that_behind>[UWP][LX] | M[LX]) | (?P<season_behind>S[LX])"
_JOIN = re.compile(r"[jcqo]{0,3}")
#: Parts of a moment beside the part that gives the day, or beside a weekday and a written date.
_WRITTEN = frozenset({"iso", "figures", "day"})
_DAYS = _WRITTEN | {"weekday", "that", "that_behind", "relative", "ago"}
_PARTS = frozenset({"clock", "part"})
#: If several parts of a moment give a day, the first kind in this list is used.
_DAY_BY = ("iso", "figures", "day", "weekday", "that", "that_behind", "relative", "ago", "span")


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
    read = lettered(text, span, words, language, published)
    joined = list(_joined(read, words.is_suffixed))
    if not joined:
        return []
    is_future = tells_future(text, read.found, language, words)
    read = replace(read, near=published or near, is_future=is_future, is_announced=is_coming)
    found = []
    for atoms in joined:
        if all(kind == "part" for kind, _, _ in atoms):
            continue
        days = _days(read, atoms)
        first, last = _extent(read, atoms)
        found.append(Moment(Span(first, last), *(days or (None, None))))
    return found


@cache
def _grammar(is_suffixed: bool) -> re.Pattern[str]:
    return re.compile(_ATOMS % (_SUFFIXED if is_suffixed else ""), re.VERBOSE)


#: The kind of an atom and the range ``[start, end)`` of letters that it covers.
_Atom = tuple[str, int, int]


def _joined(read: Lettered, is_suffixed: bool) -> Iterator[list[_Atom]]:
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


def _belongs(read: Lettered, pending: Sequence[_Atom], atom: _Atom) -> bool:
    if not _JOIN.fullmatch(read.letters, pending[-1][2], atom[1]):
        return False
    kinds = {kind for kind, _, _ in pending}
    if atom[0] in kinds or not (kinds | {atom[0]}) <= _PARTS | _DAYS:
        return False
    days = (kinds | {atom[0]}) & _DAYS
    return len(days) < 2 or ("weekday" in days and len(days - _WRITTEN) == 1 and len(days) == 2)


def _extent(read: Lettered, atoms: Sequence[_Atom]) -> tuple[int, int]:
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


def _days(read: Lettered, atoms: Sequence[_Atom]) -> Days | None:
    kinds = {kind: (start, end) for kind, start, end in atoms}
    for kind in (*_DAY_BY, "month", "month_alone", "that_month", "season", "year", "days"):
        if kind in kinds and (days := _resolved(read, kind, *kinds[kind])):
            return days
    return None


def _resolved(read: Lettered, kind: str, start: int, end: int) -> Days | None:  # noqa: C901, PLR0911, PLR0912  # a table
    published, is_coming = read.published, _is_coming(read, start, end)
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
            return _day(read, number, number["D"], is_coming)
        case "days":
            return _range(read, start, letters, is_coming)
        case "month":
            return of_unit("month", date(number["Y"], number["M"], 1))
        case "year" | "season" if "Y" in number:  # the months of a season depend on the hemisphere
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


def _day(read: Lettered, number: dict[str, int], which: int, is_coming: bool) -> Days | None:
    """A day of a month, in the year that is named or else the likeliest."""
    month = number["M"]
    return day(number.get("Y") or nearest_year(read.near, month, which, is_coming), month, which)


def _range(read: Lettered, start: int, letters: str, is_coming: bool) -> Days | None:
    """Days from one to another: "3-5 May", "from 30 May to 2 June"."""
    numbers: dict[str, list[int]] = {"D": [], "M": [], "Y": []}
    for place, letter in enumerate(letters):
        if letter in numbers:
            numbers[letter].append(int(read.values[start + place]))
    days, months, years = numbers["D"], numbers["M"], numbers["Y"]
    last = _day(read, {"M": months[-1]} | ({"Y": years[-1]} if years else {}), days[-1], is_coming)
    if last is None:
        return None
    is_year_before = len(years) < 2 and months[0] > months[-1]
    first = day(years[0] if len(years) > 1 else last[0].year - is_year_before, months[0], days[0])
    return (first[0], last[0]) if first and first < last else None


def _is_coming(read: Lettered, start: int, end: int) -> bool:
    """Whether the date in the letters ``[start, end)`` is to come."""
    last, length = read.places[end - 1]
    extent = (read.places[start][0], last + length)
    return read.is_announced or (
        read.is_future and is_to_come(read.text, read.found, extent, read.language, read.words)
    )


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


def _figures(read: Lettered, start: int, letters: str) -> Days | None:
    if letters == "A":
        first, second, year = (int(part) for part in str(read.values[start]).split("."))
    else:
        first, second, year = (int(read.values[start + place]) for place in (0, 2, 4))
    if second > 12:
        first, second = second, first
    return day(year, second, first)
